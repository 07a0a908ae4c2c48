import { Button, Form, Input } from 'antd'
import { type Absence, absences } from '#contract/tasks.ts'
import { useMe } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { useAbsences } from './AwayNote.tsx'
import { localTime } from './typed.ts'
import '../kit/page.css'
import { w } from './words.ts'

type Values = { personId: string; deputyId: string | null; from: string; until: string; note: string }
const refresh = () =>
  Promise.all(['absences', 'work', 'tasks', 'approvals'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))

/** From when until when, and who stands in; leaders say it for their people too. */
export default function Away({ close }: { close: () => void }) {
  const me = useMe()
  const all = useAbsences()
  const end = useAct(absences.end, { also: ['work', 'tasks', 'approvals'], done: () => tell(w.awayEnded) })
  const forOthers = me !== undefined && me.permissions['task:write'] !== 'own'
  const begin = new Date()
  begin.setSeconds(0, 0)
  const tomorrow = new Date(begin.getTime() + 86_400_000)
  tomorrow.setHours(18, 0)
  const save = async ({ personId, deputyId, from, until, note }: Values) => {
    await call(absences.set, {
      body: {
        personId: personId ?? me?.user.id,
        deputyId: deputyId ?? null,
        fromAt: new Date(from),
        untilAt: new Date(until),
        note: note ?? '',
      },
    })
    await refresh()
    tell(w.awaySet)
  }
  return (
    <FormDrawer<Values>
      open
      title={w.awayTitle}
      values={{ ...(me ? { personId: me.user.id } : {}), deputyId: null, from: localTime(begin), until: localTime(tomorrow), note: '' }}
      save={save}
      close={close}
    >
      <p className="t3" style={{ marginBottom: 12 }}>
        {w.awayHint}
      </p>
      <Form.Item name="personId" label={w.person} hidden={!forOthers}>
        <PersonSelect allowClear={false} />
      </Form.Item>
      <div className="two">
        <Form.Item name="from" label={w.from} rules={[{ required: true, message: w.must }]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="until" label={w.until} rules={[{ required: true, message: w.must }]}>
          <Input type="datetime-local" />
        </Form.Item>
      </div>
      <Form.Item name="deputyId" label={w.deputy}>
        <PersonSelect />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input maxLength={200} />
      </Form.Item>
      {all.length > 0 && (
        <section className="awaylist">
          <h3>{w.awayList}</h3>
          <ul>
            {all.map(a => (
              <One key={a.id} absence={a} {...(forOthers || a.personId === me?.user.id ? { end: () => void end.act({ id: a.id }) } : {})} />
            ))}
          </ul>
        </section>
      )}
    </FormDrawer>
  )
}

const One = ({ absence: a, end }: { absence: Absence; end?: () => void }) => (
  <li className="row">
    <span className="grow">
      <b className="m5">{a.personName}</b> {full(a.fromAt)} – {full(a.untilAt)}
      <span className="t3 f12" style={{ display: 'block' }}>
        {[a.deputyName && w.standsIn(a.deputyName), a.note].filter(Boolean).join(' ')}
      </span>
    </span>
    {end && (
      <Button size="small" onClick={end}>
        {a.fromAt.getTime() <= Date.now() ? w.imBack : w.takeBack}
      </Button>
    )}
  </li>
)

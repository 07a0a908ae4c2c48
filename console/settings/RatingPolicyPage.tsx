import { Button, Form, Segmented } from 'antd'
import type * as z from 'zod'
import { type RatingPolicy, surveys } from '#contract/surveys.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { Failure, Kbd, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { CalendarPick, MinutesField, PersonPick } from './fields.tsx'
import { w } from './words.ts'

export default function RatingPolicyPage() {
  const policy = useFetch(surveys.policy, {})
  return (
    <div className="page" style={{ maxWidth: 520 }}>
      <header>
        <h1>{w.policy}</h1>
        <span className="t3 cut">{w.policyHint}</span>
      </header>
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending ? <Waiting /> : policy.data && <PolicyForm policy={policy.data} />}
    </div>
  )
}

function PolicyForm({ policy }: { policy: z.output<typeof RatingPolicy> }) {
  const [form] = Form.useForm<z.output<typeof RatingPolicy>>()
  const { act, acting } = useAct(surveys.setPolicy)
  useHotkey('mod+enter', form.submit, !acting)
  const save = async (p: z.output<typeof RatingPolicy>) => {
    if (await act({ body: { ...p, ownerId: p.ownerId ?? null, calendarId: p.calendarId ?? null } })) tell(w.saved)
  }
  return (
    <div className="card">
      <div className="body">
        <Form form={form} layout="vertical" initialValues={policy} onFinish={p => void save(p)} validateTrigger="onBlur">
          <Form.Item name="lowScore" label={w.lowScore}>
            <Segmented options={[1, 2, 3, 4].map(n => ({ value: n, label: `${n} ${w.points}` }))} />
          </Form.Item>
          <MinutesField name="dueMinutes" label={w.dueMinutes} extra={w.dueHint} />
          <PersonPick name="ownerId" label={w.owner} extra={w.ownerHint} placeholder={w.ownerNone} />
          <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} />
          <Button type="primary" htmlType="submit" loading={acting}>
            {w.save} <Kbd>{withCommand('Enter')}</Kbd>
          </Button>
        </Form>
      </div>
    </div>
  )
}

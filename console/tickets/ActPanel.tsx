import { Button, Drawer, Input, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Ticket } from '#contract/tickets.ts'
import { PersonSelect } from '../app/people.tsx'
import { submitKey, useDraft, useHotkey, withCommand } from '../kit/hotkeys.ts'
import { Kbd } from '../kit/parts.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { nameOf } from '../kit/words.ts'
import { actWord } from './Buttons.tsx'
import { useDepartments } from './lookups.ts'
import { type Act, acts } from './rules.ts'
import type { Said } from './useSteps.ts'
import { w } from './words.ts'

const titles = {
  dispatch: () => [w.dispatchTitle, w.dispatchHint],
  wait: () => [w.waitTitle, w.waitHint],
  resume: () => [w.resumeTitle, ''],
  giveBack: () => [w.giveBackTitle, w.giveBackHint],
  resolve: () => [w.resolveTitle, w.resolveHint],
  close: () => [w.closeTitle, w.closeHint],
  reopen: () => [w.reopenTitle, w.reopenHint],
  urge: () => [w.urgeTitle, w.urgeHint],
  take: () => [w.take, ''],
} satisfies Record<Act, () => readonly [string, string] | string[]>

type Props = { act: Act; ticket: Ticket; run: (act: Act, said: Said) => Promise<boolean>; close: () => void }

/** The few words a step needs, where one is: at the head of the page, or from below on a phone. */
export function ActPanel(props: Props) {
  const phone = usePhone()
  const [title = '', hint = ''] = titles[props.act]()
  if (phone)
    return (
      <Drawer open placement="bottom" size="default" title={title} onClose={props.close} styles={{ body: { paddingBottom: 20 } }}>
        <ActForm {...props} hint={hint} large />
      </Drawer>
    )
  return (
    <section className="card act" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span className="t3 f12">{hint}</span>
      </header>
      <div className="body">
        <ActForm {...props} hint="" large={false} />
      </div>
    </section>
  )
}

function ActForm({ act, ticket, run, close, hint, large }: Props & { hint: string; large: boolean }) {
  const departments = useDepartments()
  const [text, write] = useDraft(`ticket.${ticket.id}.${act}`)
  const [to, setTo] = useState<{ departmentId: string | undefined; assigneeId: string | null }>({
    departmentId: ticket.departmentId ?? undefined,
    assigneeId: null,
  })
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const dispatching = act === 'dispatch'
  useEffect(() => {
    const timer = setTimeout(() => box.current?.querySelector<HTMLElement>('input, textarea')?.focus(), large ? 250 : 0)
    return () => clearTimeout(timer)
  }, [large])
  const ready = !busy && (acts[act].words !== 'must' || text.trim() !== '') && (!dispatching || to.departmentId !== undefined)
  const submit = async () => {
    if (!ready) return
    setBusy(true)
    const done = await run(act, {
      text: text.trim(),
      ...(to.departmentId ? { departmentId: to.departmentId } : {}),
      assigneeId: to.assigneeId,
    })
    setBusy(false)
    if (!done) return
    write('')
    close()
  }
  useHotkey('mod+enter', () => void submit())
  const size = large ? 'large' : 'middle'
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc is a way out besides the button
    <div
      ref={box}
      className="col"
      style={{ gap: 12 }}
      onKeyDownCapture={submitKey(() => void submit())}
      onKeyDown={e => {
        if (e.key === 'Escape' && !e.defaultPrevented) close()
      }}
    >
      {dispatching && (
        <div className="two">
          <Select
            size={size}
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={w.department}
            placeholder={w.chooseDepartment}
            value={to.departmentId}
            onChange={departmentId => setTo({ departmentId, assigneeId: null })}
            options={departments.open.map(d => ({ value: d.id, label: nameOf(d) }))}
          />
          <PersonSelect
            size={size}
            aria-label={w.assignee}
            placeholder={w.anyone}
            value={to.assigneeId}
            disabled={!to.departmentId}
            among={{ departmentId: to.departmentId }}
            onChange={assigneeId => setTo({ ...to, assigneeId })}
          />
        </div>
      )}
      <Input.TextArea
        size={size}
        value={text}
        maxLength={4000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        aria-label={w.saying}
        placeholder={acts[act].words === 'must' ? w.must : w.optional}
        onChange={e => write(e.target.value)}
      />
      <div className="row wrap">
        {hint && <span className="t3 f12">{hint}</span>}
        <span className="end row">
          <Button size={size} onClick={close}>
            {w.cancel} <Kbd>Esc</Kbd>
          </Button>
          <Button size={size} type="primary" danger={act === 'giveBack'} disabled={!ready} loading={busy} onClick={() => void submit()}>
            {actWord(act, ticket)} <Kbd>{withCommand('Enter')}</Kbd>
          </Button>
        </span>
      </div>
    </div>
  )
}

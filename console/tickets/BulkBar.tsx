import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import { type TicketLine, ticketCan, tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { IconCheck, IconSpeakerphone, IconTransfer } from '../kit/icons.ts'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { useDepartments } from './lookups.ts'
import { w } from './words.ts'

/** What can be done with several at once. One by one, so that one refusal stops none of the others. */
export function BulkBar({ rows, clear }: { rows: readonly TicketLine[]; clear: () => void }) {
  const may = useMay()
  const departments = useDepartments()
  const [busy, setBusy] = useState(false)
  const run = async (what: string, one: (ticket: TicketLine) => Promise<unknown>) => {
    setBusy(true)
    let done = 0
    let refused: RefusalError | null = null
    for (const ticket of rows)
      await one(ticket)
        .then(() => done++)
        .catch((error: unknown) => {
          if (!(error instanceof RefusalError)) throw error
          refused = error
        })
    setBusy(false)
    await queryClient.invalidateQueries({ queryKey: ['tickets'] })
    if (done > 0) tell(w.doneSome(done, what))
    if (refused) tellRefusal(refused)
    clear()
  }
  const all = (act: 'dispatch' | 'take' | 'urge') => rows.every(t => ticketCan[act](t))
  return (
    <div className="bulk" role="toolbar" aria-label={w.chosen(rows.length)}>
      <b className="nowrap">{w.chosen(rows.length)}</b>
      {may('ticket:dispatch') && (
        <Popover
          trigger="click"
          placement="top"
          title={w.dispatchTitle}
          content={
            <Select
              autoFocus
              defaultOpen
              style={{ width: 220 }}
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={w.chooseDepartment}
              options={departments.open.map(d => ({ value: d.id, label: nameOf(d) }))}
              onSelect={(departmentId: string) => void run(w.dispatch, t => call(tickets.dispatch, { id: t.id, body: { departmentId } }))}
            />
          }
        >
          <Button type="text" disabled={busy || !all('dispatch')} icon={<IconTransfer size={16} />}>
            {w.redispatch}
          </Button>
        </Popover>
      )}
      {may('ticket:handle') && (
        <Button
          type="text"
          disabled={busy || !all('take')}
          icon={<IconCheck size={16} />}
          onClick={() => void run(w.take, t => call(tickets.take, { id: t.id }))}
        >
          {w.take}
        </Button>
      )}
      <Button
        type="text"
        disabled={busy || !all('urge')}
        icon={<IconSpeakerphone size={16} />}
        onClick={() => void run(w.urge, t => call(tickets.urge, { id: t.id, body: {} }))}
      >
        {w.urge}
      </Button>
      <Button type="text" onClick={clear}>
        <kbd>Esc</kbd>
      </Button>
    </div>
  )
}

import type { ReactNode } from 'react'
import type { TicketLine } from '#contract/tickets.ts'
import { IconRepeat } from '../kit/icons.ts'
import { PriorityBars } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import type { ViewColumn } from '../kit/views/useViews.ts'
import { TicketClock, TicketStatusTag } from './TicketRows.tsx'
import { w } from './words.ts'

export type Names = { department: (id: string | null) => string; person: (id: string | null) => string }
/** `css`: the class of its cells; a phone places them by it. */
export type TicketColumn = ViewColumn & { css: string; cell: (ticket: TicketLine, names: Names) => ReactNode }

const At = ({ at }: { at: Date }) => (
  <time dateTime={at.toISOString()} title={full(at)}>
    {ago(at)}
  </time>
)

const Name = ({ ticket: t }: { ticket: TicketLine }) => (
  <>
    <a
      href={`/tickets/${t.id}`}
      className="cut"
      onClick={e => {
        if (e.metaKey || e.ctrlKey || e.shiftKey) e.stopPropagation()
        else e.preventDefault()
      }}
    >
      {t.title}
    </a>
    {t.urges > 0 && <span className="tag wa">{w.urgedTimes(t.urges)}</span>}
    {t.returns > 0 && (
      <span className="tag ba">
        <IconRepeat size={14} />
        {w.returnedTimes(t.returns)}
      </span>
    )}
  </>
)

/** What a line of the list can show, in the order it begins with. */
export const ticketColumns = (): readonly TicketColumn[] => [
  {
    key: 'priority',
    title: w.priority,
    css: 'bars',
    order: 'priority',
    cell: t => <PriorityBars priority={t.priority} />,
  },
  { key: 'number', title: w.number, css: 'no', cell: t => t.number },
  { key: 'title', title: w.title, css: 'name', cell: t => <Name ticket={t} /> },
  { key: 'customer', title: w.customer, css: 'who', cell: t => t.customerName },
  { key: 'department', title: w.handledBy, css: 'unit', cell: (t, names) => names.department(t.departmentId) },
  { key: 'status', title: w.status, css: 'stand', cell: t => <TicketStatusTag ticket={t} /> },
  { key: 'clock', title: w.clock, css: 'clock', order: 'due', cell: t => <TicketClock ticket={t} /> },
  { key: 'changed', title: w.changed, css: 'when', order: 'changed', cell: t => <At at={t.changedAt} /> },
  { key: 'assignee', title: w.assignee, css: 'who', spare: true, cell: (t, names) => names.person(t.assigneeId) },
  { key: 'place', title: w.place, css: 'who', spare: true, cell: t => t.place },
  { key: 'opened', title: w.openedAt, css: 'when', spare: true, order: 'opened', cell: t => <At at={t.openedAt} /> },
]

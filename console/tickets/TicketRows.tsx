import { Checkbox } from 'antd'
import { useEffect, useRef } from 'react'
import type { TicketLine } from '#contract/tickets.ts'
import { IconRepeat } from '../kit/icons.ts'
import { PriorityBars, SlaChip } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import { statusTone, statusWord, w } from './words.ts'

type Props = {
  rows: readonly TicketLine[]
  cursor: number
  chosen: ReadonlySet<string>
  choose: (ids: ReadonlySet<string>) => void
  toggle: (id: string) => void
  open: (id: string) => void
  department: (id: string | null) => string
}

export const TicketStatusTag = ({ ticket }: { ticket: Pick<TicketLine, 'status'> }) => (
  <span className={`tag ${statusTone[ticket.status]}`}>{statusWord(ticket.status)}</span>
)

export const TicketClock = ({
  ticket,
  label,
}: {
  ticket: Pick<TicketLine, 'dueAt' | 'openedAt' | 'pausedAt' | 'resolvedAt'>
  label?: string
}) => (
  <SlaChip due={ticket.dueAt} start={ticket.openedAt} pausedAt={ticket.pausedAt} doneAt={ticket.resolvedAt} {...(label ? { label } : {})} />
)

/** Rows of 40 px; on a phone each is a card of three lines. */
export function TicketRows({ rows, cursor, chosen, choose, toggle, open, department }: Props) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    body.current?.rows[cursor]?.scrollIntoView({ block: 'nearest' })
  }, [cursor])
  const every = rows.length > 0 && rows.every(t => chosen.has(t.id))
  return (
    <table className="rows">
      <thead>
        <tr>
          <th className="pick">
            <Checkbox
              aria-label={w.chooseAll}
              checked={every}
              indeterminate={!every && chosen.size > 0}
              onChange={() => choose(every ? new Set() : new Set(rows.map(t => t.id)))}
            />
          </th>
          <th className="bars">
            <span className="hidden">{w.priority}</span>
          </th>
          <th className="no">{w.number}</th>
          <th>{w.title}</th>
          <th className="who">{w.customer}</th>
          <th className="unit">{w.handledBy}</th>
          <th className="where">{w.place}</th>
          <th className="stand">{w.status}</th>
          <th className="clock">{w.clock}</th>
          <th className="when">{w.changed}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((t, i) => (
          <tr
            key={t.id}
            className={`${i === cursor ? 'at' : ''} ${chosen.has(t.id) ? 'chosen' : ''}`}
            aria-selected={chosen.has(t.id)}
            onClick={() => open(t.id)}
          >
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box inside has the keys; X chooses the row under the cursor */}
            <td className="pick" onClick={e => e.stopPropagation()}>
              <Checkbox aria-label={`${w.choose} ${t.number}`} checked={chosen.has(t.id)} onChange={() => toggle(t.id)} />
            </td>
            <td className="bars">
              <PriorityBars priority={t.priority} />
            </td>
            <td className="no">{t.number}</td>
            <td className="name">
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
            </td>
            <td className="who">{t.customerName}</td>
            <td className="unit">{department(t.departmentId)}</td>
            <td className="where">{t.place || t.customerName}</td>
            <td className="stand">
              <TicketStatusTag ticket={t} />
            </td>
            <td className="clock">
              <TicketClock ticket={t} />
            </td>
            <td className="when">
              <time dateTime={t.changedAt.toISOString()} title={full(t.changedAt)}>
                {ago(t.changedAt)}
              </time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

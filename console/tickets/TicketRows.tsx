import { Checkbox } from 'antd'
import { useEffect, useRef } from 'react'
import type { TicketLine } from '#contract/tickets.ts'
import { SlaChip } from '../kit/parts.tsx'
import { ariaSort, SortHead } from '../kit/views/SortHead.tsx'
import type { SavedViews } from '../kit/views/useViews.ts'
import type { Names, TicketColumn } from './ticketColumns.tsx'
import { statusTone, statusWord, w } from './words.ts'

type Props = {
  rows: readonly TicketLine[]
  columns: readonly TicketColumn[]
  views: SavedViews
  names: Names
  cursor: number
  chosen: ReadonlySet<string>
  choose: (ids: ReadonlySet<string>) => void
  toggle: (id: string) => void
  open: (id: string) => void
}

export const TicketStatusTag = ({ ticket }: { ticket: Pick<TicketLine, 'status'> }) => (
  <span className={`tag ${statusTone[ticket.status]}`}>{statusWord(ticket.status)}</span>
)

export const TicketClock = ({
  ticket,
  label,
}: {
  ticket: Pick<TicketLine, 'dueAt' | 'warnAt' | 'openedAt' | 'pausedAt' | 'resolvedAt'>
  label?: string
}) => (
  <SlaChip
    due={ticket.dueAt}
    warnAt={ticket.warnAt}
    start={ticket.openedAt}
    pausedAt={ticket.pausedAt}
    doneAt={ticket.resolvedAt}
    {...(label ? { label } : {})}
  />
)

/** Rows of 40 px; on a phone each is a card of three lines. */
export function TicketRows({ rows, columns, views, names, cursor, chosen, choose, toggle, open }: Props) {
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
          {columns.map(c => (
            <th key={c.key} aria-sort={ariaSort(views, c)} {...(c.css === 'name' ? {} : { className: c.css })}>
              <SortHead of={views} column={c} hidden={c.css === 'bars'} />
            </th>
          ))}
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
            {columns.map(c => (
              <td key={c.key} className={c.css}>
                {c.cell(t, names)}
              </td>
            ))}
            <td className="where">{t.place || t.customerName}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

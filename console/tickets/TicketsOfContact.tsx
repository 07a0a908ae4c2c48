import { Link } from '@tanstack/react-router'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { TicketStatusTag } from './TicketRows.tsx'
import { w } from './words.ts'

/** What was opened out of a contact, at one touch. Nothing where nothing was. */
export function TicketsOfContact({ interactionId }: { interactionId: string }) {
  const may = useMay()
  const { data } = useFetch(tickets.list, { query: { box: 'all', interactionId, size: 20 } }, { enabled: may('ticket:read'), keep: false })
  if (!data || data.rows.length === 0) return null
  return (
    <section aria-label={w.ofContact}>
      <h3>{w.ofContact}</h3>
      <ul className="col" style={{ marginTop: 8 }}>
        {data.rows.map(t => (
          <li key={t.id}>
            <Link className="row" to={`/tickets/${t.id}`}>
              <span className="t3 nowrap">{t.number}</span>
              <span className="cut grow">{t.title}</span>
              <TicketStatusTag ticket={t} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

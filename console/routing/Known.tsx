import { customers } from '#contract/customers.ts'
import { interactions } from '#contract/interactions.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { LateChips } from '../customers/accounts/LateChips.tsx'
import { useFetch } from '../kit/data.ts'
import { IconHeart, IconHistory, IconTicket } from '../kit/icons.ts'
import { ChannelGlyph, PriorityBars, Sep } from '../kit/parts.tsx'
import { ago, yuan } from '../kit/time.ts'
import './routing.css'
import { w } from './words.ts'

/** Who the customer is to us: care, money, open tickets and the last contacts. */
export function Known({ customerId }: { customerId: string }) {
  const may = useMay()
  const customer = useFetch(customers.one, { id: customerId }, { enabled: may('customer:read') }).data
  const open = useFetch(tickets.list, { query: { box: 'all', customerId, open: true, size: 5 } }, { enabled: may('ticket:read') }).data
  const contacts = useFetch(interactions.list, { query: { customerId, size: 4 } }, { enabled: may('interaction:read') }).data
  const earlier = contacts?.rows.filter(i => i.state !== 'waiting' && i.state !== 'active').slice(0, 3) ?? []
  return (
    <div className="facts">
      {customer && (
        <div className="line wrap t2">
          <span>{customer.number}</span>
          <Sep />
          <span className="cut">
            {customer.district} {customer.address}
          </span>
          {customer.phone && (
            <>
              <Sep />
              {customer.phone}
            </>
          )}
          {customer.balanceDue > 0 && (
            <span className="tag ba">
              {w.due} {yuan(customer.balanceDue)}
            </span>
          )}
          <LateChips customerId={customerId} />
          {customer.care.map(c => (
            <span key={c} className="tag wa">
              <IconHeart size={12} />
              {w[c]}
            </span>
          ))}
        </div>
      )}
      {open?.rows.slice(0, 3).map(t => (
        <div key={t.id} className="line">
          <IconTicket size={16} className="t3" />
          <PriorityBars priority={t.priority} />
          <span className="t3">{t.number}</span>
          <span className="cut grow">{t.title}</span>
          {t.late && <span className="tag ba">{w.late}</span>}
        </div>
      ))}
      {open?.rows.length === 0 && (
        <div className="line t3">
          <IconTicket size={16} />
          {w.noOpenTickets}
        </div>
      )}
      {earlier.map(i => (
        <div key={i.id} className="line">
          <ChannelGlyph channel={i.channel} />
          <span className="cut grow">{i.subject || i.note}</span>
          {i.rating !== null && <span className={`tag ${i.rating <= 2 ? 'ba' : ''}`}>{w.rated(i.rating)}</span>}
          <span className="t3 f12">{ago(i.startedAt)}</span>
        </div>
      ))}
      {contacts && earlier.length === 0 && (
        <div className="line t3">
          <IconHistory size={16} />
          {w.firstTime}
        </div>
      )}
    </div>
  )
}

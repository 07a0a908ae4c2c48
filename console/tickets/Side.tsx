import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { customers } from '#contract/customers.ts'
import { type Ticket, tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { Traces } from '../automation/Traces.tsx'
import { useMasking } from '../customers/masking.ts'
import { type Full, NoNumber, Reveal } from '../customers/Reveal.tsx'
import { useShown } from '../customers/useShown.ts'
import { OfMatter } from '../documents/OfMatter.tsx'
import { Improve } from '../improvement/Improve.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import {
  IconCopy,
  IconExternalLink,
  IconLink,
  IconMapPin,
  IconMessageCircle,
  IconPhone,
  IconTicket,
  IconTruck,
  IconUser,
} from '../kit/icons.ts'
import { Avatar, Failure, Kbd, PriorityBars, Sep, TierTag, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { clockTime } from '../kit/time.ts'
import { Asked } from '../surveys/Asked.tsx'
import { CallButton } from '../voice/CallButton.tsx'
import { CallOfTicket } from '../voice/records/CallOfTicket.tsx'
import { useDepartments } from './lookups.ts'
import { TicketStatusTag } from './TicketRows.tsx'
import { w } from './words.ts'

const NeedsOf = lazy(() => import('../needs/NeedsOf.tsx'))

export function Side({ ticket, redispatch }: { ticket: Ticket; redispatch: (() => void) | null }) {
  const may = useMay()
  return (
    <aside className="side-of-ticket">
      <Dispatch ticket={ticket} redispatch={redispatch} />
      {may('customer:read') && ticket.customerId && <Whose customerId={ticket.customerId} ticketId={ticket.id} />}
      {ticket.interactionId && <CallOfTicket interactionId={ticket.interactionId} />}
      <Suspense>
        <NeedsOf
          look="card"
          heard={{
            from: { noun: 'ticket', id: ticket.id },
            ...(ticket.customerId ? { customer: { id: ticket.customerId, name: ticket.customerName ?? '' } } : {}),
          }}
        />
      </Suspense>
      <Links ticket={ticket} />
      {may('document:read') && <OfMatter about={{ kind: 'ticket', id: ticket.id }} />}
      <Asked noun="ticket" id={ticket.id} />
      {may('rule:read') && <Traces subjectId={ticket.id} />}
      {ticket.customerId && <Related ticket={ticket} customerId={ticket.customerId} />}
    </aside>
  )
}

function Dispatch({ ticket: t, redispatch }: { ticket: Ticket; redispatch: (() => void) | null }) {
  const departments = useDepartments()
  const personName = useNames([t.assigneeId])
  const unit = departments.name(t.departmentId)
  const person = personName(t.assigneeId)
  return (
    <section className="card">
      <header>
        <IconTruck size={16} stroke={1.75} />
        <h3>{w.dispatchCard}</h3>
        {redispatch && (
          <Button className="end" type="text" size="small" onClick={redispatch}>
            {t.departmentId ? w.redispatch : w.dispatch} <Kbd>R</Kbd>
          </Button>
        )}
      </header>
      <div className="body">
        {t.departmentId ? (
          <div className="row" style={{ gap: 12 }}>
            <Avatar name={person || unit} size={32} />
            <div className="grow">
              <b className="m5">
                {unit}
                {person && (
                  <>
                    <Sep />
                    {person}
                  </>
                )}
              </b>
              <div className="t3 f12">
                {t.dispatchedAt && w.dispatchedAt(clockTime(t.dispatchedAt))}
                <Sep />
                {t.takenAt ? w.takenAt(clockTime(t.takenAt)) : w.notTaken}
              </div>
            </div>
          </div>
        ) : (
          <span className="t3">{w.notDispatched}</span>
        )}
      </div>
    </section>
  )
}

function Whose({ customerId, ticketId }: { customerId: string; ticketId: string }) {
  const mine = useMasking()
  const isHidden = mine?.fields.phone === 'hidden'
  const { data: c, error, refetch } = useFetch(customers.one, { id: customerId }, { keep: false })
  const [full, setFull] = useShown<Full>(`${customerId} ${c?.version}`)
  return (
    <section className="card">
      <header>
        <IconUser size={16} stroke={1.75} />
        <h3>{w.customer}</h3>
        <Link className="end row f12" style={{ gap: 4 }} to={`/customers/${customerId}`}>
          {w.openCustomer}
          <IconExternalLink size={14} />
        </Link>
      </header>
      <div className="body">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {c ? (
          <div className="row" style={{ gap: 12, alignItems: 'flex-start' }}>
            <Avatar name={c.name} size={32} />
            <div className="grow">
              <div className="row" style={{ gap: 6 }}>
                <b className="m5 cut">{c.name}</b>
                <TierTag tier={c.tier} />
              </div>
              <div className="t3 f12 row wrap" style={{ gap: 2 }}>
                {full?.phone ? (
                  <a className="call" href={`tel:${full.phone}`}>
                    <IconPhone size={14} />
                    {full.phone}
                  </a>
                ) : (
                  (c.phone ?? c.email ?? <NoNumber />)
                )}
                {!full && <Reveal customer={c} shown={setFull} />}
                {(c.phone || isHidden) && <CallButton who={c.name} customerId={c.id} ticketId={ticketId} />}
                {(c.phone ?? c.email ?? mine) && <Sep />}
                {c.number}
              </div>
              {(c.address || c.district) && (
                <div className="t2 f12 row" style={{ gap: 4, alignItems: 'flex-start' }}>
                  <IconMapPin size={14} style={{ marginTop: 2, flex: 'none' }} />
                  {c.district} {c.address}
                </div>
              )}
            </div>
          </div>
        ) : error ? null : (
          <Waiting rows={2} />
        )}
      </div>
    </section>
  )
}

/** Where the customer sees it, and the talk it came from. */
function Links({ ticket }: { ticket: Ticket }) {
  const may = useMay()
  const { act, acting } = useAct(tickets.link)
  const address = async () => {
    const link = await act({ id: ticket.id })
    return link ? new URL(link.url, location.origin).href : null
  }
  const copy = async () => {
    const url = await address()
    if (!url) return
    await copyText(url)
    tell(w.copied)
  }
  const look = async () => {
    // Opened before the answer comes: browsers block windows that open later by themselves.
    const tab = window.open('', '_blank')
    const url = await address()
    if (tab && url) tab.location.href = url
    else tab?.close()
  }
  return (
    <section className="card">
      <header>
        <IconLink size={16} stroke={1.75} />
        <h3>{w.progress}</h3>
      </header>
      <div className="body col">
        <span className="t3 f12">{w.progressHint}</span>
        <div className="row wrap">
          <Button size="small" icon={<IconCopy size={14} />} loading={acting} onClick={() => void copy()}>
            {w.copy}
          </Button>
          <Button size="small" icon={<IconExternalLink size={14} />} onClick={() => void look()}>
            {w.look}
          </Button>
          {ticket.conversationId && may('conversation:read') && (
            <Link className="row f12" style={{ gap: 4 }} to="/desk" search={{ c: ticket.conversationId } as never}>
              <IconMessageCircle size={14} />
              {w.openConversation}
            </Link>
          )}
          <Improve small from={{ noun: 'ticket', id: ticket.id, title: `${ticket.number} ${ticket.title}` }} />
        </div>
      </div>
    </section>
  )
}

/** The clipboard of the browser is missing on plain http addresses of an office network. */
async function copyText(text: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

function Related({ ticket, customerId }: { ticket: Ticket; customerId: string }) {
  const { data } = useFetch(tickets.list, { query: { box: 'all', customerId, size: 6 } }, { keep: false })
  const rows = data?.rows.filter(t => t.id !== ticket.id).slice(0, 5) ?? []
  if (rows.length === 0) return null
  return (
    <section className="card">
      <header>
        <IconTicket size={16} stroke={1.75} />
        <h3>{w.related}</h3>
      </header>
      <ul className="body col">
        {rows.map(t => (
          <li key={t.id}>
            <Link to={`/tickets/${t.id}`} className="row related">
              <PriorityBars priority={t.priority} />
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

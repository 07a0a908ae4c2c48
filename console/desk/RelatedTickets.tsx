import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { departments } from '#contract/people.ts'
import { type TicketLine, ticketCan, tickets } from '#contract/tickets.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { keyOf, queryClient, useAct, useFetch } from '../kit/data.ts'
import { IconPlus, IconTicket } from '../kit/icons.ts'
import { FlowSteps, PriorityBars, SlaChip, type Step } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { day, hour } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { ticketCard } from '../messaging/notices.ts'
import { useHeld } from '../messaging/threads.ts'
import type { Talk } from './talk.ts'
import { w } from './words.ts'

const most = 4

/** Open tickets of the customer, and those opened out of this conversation, whoever the customer is. */
export function RelatedTickets({ talk: c, openTicket }: { talk: Talk; openTicket: () => void }) {
  const may = useMay()
  const reads = may('ticket:read')
  const ofCustomer = useFetch(
    tickets.list,
    { query: { box: 'all', customerId: c.customerId ?? '', open: true, size: 50 } },
    { enabled: reads && c.customerId !== null, keep: false },
  )
  const ofCall = useFetch(
    tickets.list,
    { query: { box: 'all', interactionId: c.interactionId ?? '', size: most } },
    { enabled: reads && c.kind === 'call' && c.interactionId !== null, keep: false },
  )
  const { run } = useHeld(c.id)
  const here = [...new Set(run.flatMap(m => ticketCard(m)?.ticketId ?? []))].slice(-most)
  const told = run.filter(m => m.kind === 'card').length
  const seen = useRef(told)
  // Every step of a ticket from here is told in the conversation, new ones too.
  useEffect(() => {
    if (told > seen.current) void queryClient.invalidateQueries({ queryKey: ['tickets'] })
    seen.current = told
  }, [told])
  const fromHere = useQueries({
    queries: reads
      ? here.map(id => ({ queryKey: keyOf(tickets.one, { id }), queryFn: () => call(tickets.one, { id }), staleTime: 5_000 }))
      : [],
  })
  const all = new Map<string, TicketLine>()
  const ofTalk = c.kind === 'call' ? (ofCall.data?.rows ?? []) : fromHere.flatMap(q => q.data ?? [])
  for (const t of [...ofTalk, ...(c.customerId ? (ofCustomer.data?.rows ?? []) : [])]) if (!all.has(t.id)) all.set(t.id, t)
  const rows = [...all.values()].slice(0, most)
  return (
    <section className="sec">
      <div className="sech">
        <IconTicket size={16} stroke={1.75} />
        {w.tickets}
        {may('ticket:open') && (
          <Button className="end" size="small" type="text" icon={<IconPlus size={14} />} onClick={openTicket}>
            {w.create} <kbd>C</kbd>
          </Button>
        )}
      </div>
      {rows.map(t => (
        <TicketCard key={t.id} t={t} />
      ))}
      {rows.length === 0 && !ofCustomer.isLoading && <p className="t3">{w.noTickets}</p>}
    </section>
  )
}

function stepsOf(t: TicketLine): Step[] {
  const at = (when: Date | null) => {
    if (!when) return undefined
    return when.toDateString() === new Date().toDateString() ? hour(when) : day(when)
  }
  const reached = { accepted: 0, dispatched: 1, handling: 2, waiting: 2, resolved: 3, closed: 4 }[t.status]
  const marks = [
    { key: 'accepted', name: w.stepAccepted, at: t.openedAt },
    { key: 'dispatched', name: w.stepDispatched, at: t.dispatchedAt },
    { key: 'handling', name: t.status === 'waiting' ? w.stepWaiting : w.stepHandling, at: t.takenAt },
    { key: 'resolved', name: w.stepResolved, at: t.resolvedAt },
    { key: 'closed', name: w.stepClosed, at: t.closedAt },
  ]
  return marks.map((m, n) => ({
    key: m.key,
    name: m.name,
    state: n < reached || t.status === 'closed' ? 'done' : n === reached ? 'now' : 'later',
    note: n <= reached ? at(m.at) : undefined,
  }))
}

function TicketCard({ t }: { t: TicketLine }) {
  useFresh(t.id, 'tickets')
  const units = useFetch(departments.list, { query: {} }, { staleTime: 300_000 }).data
  const unit = units?.find(d => d.id === t.departmentId)
  const { act, acting } = useAct(tickets.urge, { done: done => tell(w.urged(done.number)) })
  return (
    <article className="ticketcard">
      <div className="row">
        <PriorityBars priority={t.priority} />
        <Link to="/tickets/$id" params={{ id: t.id } as never} className="t3 f12">
          {t.number}
        </Link>
        <span className="end" />
        <SlaChip due={t.dueAt} warnAt={t.warnAt} start={t.openedAt} pausedAt={t.pausedAt} doneAt={t.resolvedAt} label={w.due} />
      </div>
      <Link to="/tickets/$id" params={{ id: t.id } as never}>
        <div className="m6 cut" style={{ marginTop: 4 }}>
          {t.title}
        </div>
      </Link>
      <FlowSteps steps={stepsOf(t)} />
      {(unit || ticketCan.urge(t)) && (
        <div className="row f12 t2" style={{ marginTop: 6 }}>
          <span className="cut grow">{unit && nameOf(unit)}</span>
          {t.urges > 0 && <span className="tag wa">{w.urgedTimes(t.urges)}</span>}
          {ticketCan.urge(t) && (
            <Button
              size="small"
              loading={acting}
              onClick={() => {
                void act({ id: t.id, body: {} })
              }}
            >
              {w.urge}
            </Button>
          )}
        </div>
      )}
    </article>
  )
}

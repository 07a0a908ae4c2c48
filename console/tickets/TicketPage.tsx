import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Ticket, ticketCan, tickets } from '#contract/tickets.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconChevronRight } from '../kit/icons.ts'
import { Failure, FlowSteps, w as house, PriorityBars, Sep, Waiting } from '../kit/parts.tsx'
import { clockTime, roughText, useNow } from '../kit/time.ts'
import { ActPanel } from './ActPanel.tsx'
import { Buttons } from './Buttons.tsx'
import { Clocks } from './Clocks.tsx'
import { Content } from './Content.tsx'
import { Course } from './Course.tsx'
import { useDepartments, useKinds } from './lookups.ts'
import { type Act, actNames, acts, isSoon, standing } from './rules.ts'
import { Side } from './Side.tsx'
import { TicketStatusTag } from './TicketRows.tsx'
import '../kit/page.css'
import './tickets.css'
import { useReach } from './useReach.ts'
import { useSteps } from './useSteps.ts'
import { w } from './words.ts'

export default function TicketPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch, dataUpdatedAt } = useFetch(tickets.one, { id }, { keep: false })
  useFresh(id, 'tickets')
  if (!data)
    return error ? (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} />
        <Link to="/tickets">{w.backToList}</Link>
      </div>
    ) : (
      <Waiting rows={10} />
    )
  return (
    <Shown
      key={data.id}
      ticket={data}
      stale={error ? <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} /> : null}
    />
  )
}

function Shown({ ticket, stale }: { ticket: Ticket; stale: React.ReactNode }) {
  const may = useReach(ticket)
  const [doing, setDoing] = useState<Act | null>(null)
  const { run, running } = useSteps(ticket)
  const { kindName } = useKinds()
  const begin = (act: Act) => {
    if (!may(acts[act].may) || !ticketCan[act](ticket) || running) return
    if (acts[act].words === 'no') void run(act, { text: '' })
    else setDoing(act)
  }
  const possible = actNames.filter(act => may(acts[act].may) && ticketCan[act](ticket))
  // Closing and resolving share a key; only one of them is ever possible.
  useCommands(
    possible.map(act => ({
      id: `ticket.${act}`,
      name: `${w[act]} ${ticket.number}`,
      key: acts[act].key === 'mod+enter' ? withCommand('Enter') : acts[act].key.toUpperCase(),
      run: () => begin(act),
    })),
    `${ticket.id}|${possible.join()}`,
  )
  return (
    <div className="ticket">
      {possible.map(act => (
        <ActKey key={act} act={act} begin={begin} enabled={doing === null} />
      ))}
      <header className="top-of-ticket">
        <div className="row wrap">
          <nav className="row t3 crumbs" aria-label={w.tickets}>
            <Link to="/tickets">{w.tickets}</Link>
            <IconChevronRight size={14} />
            <span className="nowrap">{kindName(ticket.kindId)}</span>
            <span className="nowrap">{ticket.number}</span>
          </nav>
          <Buttons ticket={ticket} begin={begin} busy={running} />
        </div>
        <div className="row wrap title">
          <PriorityBars priority={ticket.priority} />
          <h1>{ticket.title}</h1>
          <TicketStatusTag ticket={ticket} />
          {(ticket.priority === 'urgent' || ticket.priority === 'high') && (
            <span className={`tag ${ticket.priority === 'urgent' ? 'ba' : 'wa'}`}>{house[ticket.priority]}</span>
          )}
          {ticket.late && <span className="tag ba">{w.late1}</span>}
          <Soon ticket={ticket} />
          {ticket.urges > 0 && <span className="tag wa">{w.urgedTimes(ticket.urges)}</span>}
          {ticket.returns > 0 && <span className="tag">{w.returnedTimes(ticket.returns)}</span>}
        </div>
        <Way ticket={ticket} />
      </header>
      <div className="ticketbody">
        {stale}
        <div className="main-of-ticket">
          {doing && <ActPanel key={doing} act={doing} ticket={ticket} run={run} close={() => setDoing(null)} />}
          <Clocks ticket={ticket} />
          <Content ticket={ticket} />
          <Course ticket={ticket} />
        </div>
        <Side ticket={ticket} redispatch={possible.includes('dispatch') ? () => begin('dispatch') : null} />
      </div>
    </div>
  )
}

function ActKey({ act, begin, enabled }: { act: Act; begin: (act: Act) => void; enabled: boolean }) {
  useHotkey(acts[act].key, () => begin(act), enabled)
  return null
}

const Soon = ({ ticket }: { ticket: Ticket }) => (isSoon(ticket, useNow(15_000)) ? <span className="tag wa">{w.soon}</span> : null)

/** Every step with its moment and what it took. */
function Way({ ticket: t }: { ticket: Ticket }) {
  const now = useNow(30_000)
  const departments = useDepartments()
  const personName = useNames([t.assigneeId])
  const state = standing(t)
  const span = (from: Date, to: Date | null) => roughText((to?.getTime() ?? now) - from.getTime())
  const note = (first: React.ReactNode, second: React.ReactNode) => (
    <>
      {first}
      {first && second ? <Sep /> : null}
      {second}
    </>
  )
  const worked = t.takenAt ?? t.dispatchedAt ?? t.openedAt
  const working =
    state.handling === 'now'
      ? t.status === 'waiting' && t.pausedAt
        ? w.waits(span(t.pausedAt, null))
        : w.running(span(worked, null))
      : t.resolvedAt
        ? w.took(span(worked, t.resolvedAt))
        : ''
  const line = useRef<HTMLDivElement>(null)
  // On a phone the line is wider than the screen: what is now comes into sight.
  useEffect(() => {
    const now = line.current?.querySelector<HTMLElement>('[aria-current]')
    const list = now?.parentElement
    if (now && list) list.scrollLeft = now.offsetLeft - list.clientWidth / 2 + now.offsetWidth / 2
  })
  return (
    <div ref={line}>
      <FlowSteps
        steps={[
          {
            key: 'accepted',
            name: w.stepAccepted,
            state: state.accepted,
            note: note(clockTime(t.openedAt), t.dispatchedAt ? w.took(span(t.openedAt, t.dispatchedAt)) : ''),
          },
          {
            key: 'dispatched',
            name: w.stepDispatched,
            state: state.dispatched,
            note: t.dispatchedAt ? note(clockTime(t.dispatchedAt), departments.name(t.departmentId)) : '',
          },
          {
            key: 'taken',
            name: w.stepTaken,
            state: state.taken,
            note: t.takenAt ? note(clockTime(t.takenAt), personName(t.assigneeId)) : '',
          },
          { key: 'handling', name: t.status === 'waiting' ? w.waiting : w.stepHandling, state: state.handling, note: working },
          {
            key: 'resolved',
            name: w.stepResolved,
            state: state.resolved,
            note: t.resolvedAt ? clockTime(t.resolvedAt) : t.dueAt && !t.pausedAt ? w.dueBy(clockTime(t.dueAt)) : '',
          },
          { key: 'closed', name: w.stepClosed, state: state.closed, note: t.closedAt ? clockTime(t.closedAt) : '' },
        ]}
      />
    </div>
  )
}

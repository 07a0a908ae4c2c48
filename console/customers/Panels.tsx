import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Interaction, interactions } from '#contract/interactions.ts'
import { tasks } from '#contract/tasks.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconClipboardCheck } from '../kit/icons.ts'
import { ChannelGlyph, channelWord, Failure, PriorityBars, SlaChip, Waiting } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import { taskTitle } from '../tasks/rules.ts'
import { TicketClock, TicketStatusTag } from '../tickets/TicketRows.tsx'
import { w } from './words.ts'

const ContactOf = lazy(() => import('../interactions/ContactOf.tsx'))

/** Open tickets and tasks of this customer, each on its own page. */
export function OpenMatters({ customerId }: { customerId: string }) {
  const may = useMay()
  const open = useFetch(
    tickets.list,
    { query: { box: 'all', customerId, open: true, size: 50 } },
    { enabled: may('ticket:read'), keep: false },
  )
  const todo = useFetch(tasks.list, { query: { box: 'open', customerId, size: 20 } }, { enabled: may('task:read'), keep: false })
  const error = open.error ?? todo.error
  const n = (open.data?.rows.length ?? 0) + (todo.data?.rows.length ?? 0)
  return (
    <section className="card" aria-label={w.openMatters}>
      <header>
        <h3>{w.openMatters}</h3>
        {n > 0 && <span className="badge n">{n}</span>}
      </header>
      {error && <Failure error={error} retry={() => void Promise.all([open.refetch(), todo.refetch()])} />}
      {n === 0 && !error ? <div className="body t3">{open.isLoading || todo.isLoading ? <Waiting rows={2} /> : w.noMatters}</div> : null}
      <ul className="matters">
        {open.data?.rows.map(t => (
          <li key={t.id}>
            <Link to={`/tickets/${t.id}`}>
              <span className="row">
                <PriorityBars priority={t.priority} />
                <span className="t3 nowrap">{t.number}</span>
                <span className="end row">
                  <TicketClock ticket={t} />
                </span>
              </span>
              <span className="row">
                <span className="m5 what cut grow">{t.title}</span>
                <TicketStatusTag ticket={t} />
              </span>
            </Link>
          </li>
        ))}
        {todo.data?.rows.map(t => (
          <li key={t.id}>
            <Link to="/tasks" search={{ box: 'open', t: t.id } as never}>
              <span className="row">
                <IconClipboardCheck size={16} stroke={1.75} className="t3" />
                <span className="t3 cut">{t.ownerName}</span>
                <span className="end">
                  <SlaChip due={t.dueAt} start={t.openedAt} />
                </span>
              </span>
              <span className="m5 what">{taskTitle(t)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const useContacts = (customerId: string) => useFetch(interactions.list, { query: { customerId, size: 50 } }, { keep: false })

export const contactState = (i: Pick<Interaction, 'state'>): string =>
  i.state === 'active' || i.state === 'wrap'
    ? w.talking
    : i.state === 'waiting'
      ? w.waiting
      : i.state === 'abandoned'
        ? w.abandoned
        : i.state === 'left'
          ? w.left
          : ''

export function Contacts({ customerId }: { customerId: string }) {
  const { data, error, refetch, isPending } = useContacts(customerId)
  const rows = data?.rows.slice(0, 6) ?? []
  const personName = useNames(rows.map(i => i.agentId))
  const [opened, open] = useState<string | null>(null)
  return (
    <section className="card" aria-label={w.contacts}>
      <header>
        <h3>{w.contacts}</h3>
        {data && data.rows.length > rows.length && (
          <Link className="end f12" to="/contacts" search={{ customerId } as never}>
            {w.all}
          </Link>
        )}
      </header>
      <div className="body col" style={{ gap: 10 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {isPending && <Waiting rows={3} />}
        {data && rows.length === 0 && <span className="t3">{w.noContacts}</span>}
        {rows.map(i => (
          <div key={i.id} className="row" style={{ alignItems: 'flex-start' }}>
            <ChannelGlyph channel={i.channel} />
            <div className="grow">
              <Button type="text" size="small" className="opens" title={i.subject} onClick={() => open(i.id)}>
                <span className="cut">{i.subject || contactState(i) || channelWord(i.channel)}</span>
              </Button>
              <div className="t3 f12">
                {personName(i.agentId)} {contactState(i)}
              </div>
            </div>
            <time className="t3 f12 nowrap" dateTime={i.startedAt.toISOString()} title={full(i.startedAt)}>
              {ago(i.startedAt)}
            </time>
          </div>
        ))}
      </div>
      <Suspense>{opened && <ContactOf id={opened} close={() => open(null)} />}</Suspense>
    </section>
  )
}

export function Ratings({ customerId }: { customerId: string }) {
  const { data } = useContacts(customerId)
  const rated = data?.rows.filter(i => i.rating !== null).slice(0, 5) ?? []
  return (
    <section className="card" aria-label={w.ratings}>
      <header>
        <h3>{w.ratings}</h3>
      </header>
      <div className="body col">
        {data && rated.length === 0 && <span className="t3">{w.noRatings}</span>}
        {rated.map(i => (
          <div key={i.id} className="row">
            <Score score={i.rating ?? 0} />
            <span className="cut grow t2">{i.subject}</span>
            <time className="t3 f12 nowrap" dateTime={i.startedAt.toISOString()}>
              {ago(i.startedAt)}
            </time>
          </div>
        ))}
      </div>
    </section>
  )
}

export const Score = ({ score }: { score: number }) => (
  <span className={`tag ${score <= 2 ? 'ba' : score === 3 ? 'wa' : 'ok'}`}>{score} / 5</span>
)

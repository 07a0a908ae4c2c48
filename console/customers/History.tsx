import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, type InputRef } from 'antd'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { customers } from '#contract/customers.ts'
import { Channel, contactOutcomes, contactReasons, type Interaction, interactions } from '#contract/interactions.ts'
import { type Need, needs } from '#contract/needs.ts'
import { type TicketLine, tickets } from '#contract/tickets.ts'
import type { TimelineCounts, TimelineSort } from '#contract/timeline.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { call, RefusalError } from '../kit/call.ts'
import { keyOf, useFetch } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import {
  IconClipboardCheck,
  IconFileText,
  IconMoodSmile,
  IconNote,
  IconSend,
  IconSpeakerphone,
  IconTicket,
  IconUser,
} from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { ChannelGlyph, channelWord, Empty, Failure, Sep, Timeline, type TimelineItem, Waiting } from '../kit/parts.tsx'
import { roughText } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { NeedTag } from '../needs/NeedTag.tsx'
import { w as needWords } from '../needs/words.ts'
import { TicketClock, TicketStatusTag } from '../tickets/TicketRows.tsx'
import { CallDrawer } from '../voice/records/CallDrawer.tsx'
import { w as calling } from '../voice/records/words.ts'
import { Changes } from './Changes.tsx'
import { eventText } from './events.ts'
import { contactState, Score } from './Panels.tsx'
import { w as written } from './profile/words.ts'
import { type Chapter, chapters, turns } from './story.ts'
import { w } from './words.ts'

const ContactOf = lazy(() => import('../interactions/ContactOf.tsx'))
const NeedDrawer = lazy(() => import('../needs/NeedDrawer.tsx'))

const sieves: readonly { sort: TimelineSort | 'all'; word: () => string }[] = [
  { sort: 'all', word: () => w.all },
  { sort: 'contact', word: () => w.sieveContact },
  { sort: 'ticket', word: () => w.sieveTicket },
  { sort: 'rating', word: () => w.sieveRating },
  { sort: 'task', word: () => w.sieveTask },
  { sort: 'message', word: () => w.sieveMessage },
  { sort: 'need', word: () => needWords.title },
  { sort: 'receivable', word: () => w.sieveBill },
  { sort: 'note', word: () => written.notes },
  { sort: 'file', word: () => w.sieveFile },
]

/** Everything that happened with this customer in one line, every domain in its own words. */
export function History({ customerId }: { customerId: string }) {
  const may = useMay()
  const [sieve, setSieve] = useState<TimelineSort | 'all'>('all')
  const [q, setQ] = useState<string>()
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  const asked = { ...(sieve === 'all' ? {} : { sort: sieve }), ...(q ? { q } : {}) }
  const events = useInfiniteQuery({
    queryKey: [...keyOf(customers.timeline, { id: customerId }), asked],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      call(customers.timeline, { id: customerId, query: { ...asked, size: 100, ...(pageParam ? { after: pageParam } : {}) } }),
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
  })
  const counted = useFetch(customers.timelineCounts, { id: customerId }).data
  const contacts = useFetch(interactions.list, { query: { customerId, size: 50 } }, { enabled: may('interaction:read'), keep: false }).data
  const work = useFetch(tickets.list, { query: { box: 'all', customerId, size: 100 } }, { enabled: may('ticket:read'), keep: false }).data
  const wished = useFetch(needs.list, { query: { customerId, size: 100 } }, { enabled: may('need:read'), keep: false }).data
  const [needId, setNeedId] = useState<string | null>(null)
  const [callId, setCallId] = useState<string | null>(null)
  const [talkId, setTalkId] = useState<string | null>(null)
  const tell = useTelling({
    contacts: contacts?.rows ?? [],
    work: work?.rows ?? [],
    wished: wished?.rows ?? [],
    openCall: may('voice:read') ? setCallId : null,
    openTalk: may('interaction:read') ? setTalkId : null,
    openNeed: setNeedId,
  })
  const story = chapters(events.data?.pages.flatMap(page => page.rows) ?? [])
  const found = useFetch(customers.timelineCounts, { id: customerId, query: { q } }, { enabled: q !== undefined, keep: false }).data
  return (
    <section className="card history" aria-label={w.history} id="history">
      <header className="wrap">
        <h3>{w.history}</h3>
        <div className="row wrap" role="tablist">
          {sieves.map(({ sort, word }) => {
            const n = countIn(counted, sort)
            // What never happened needs no filter; the chosen one stays where it is, and all that happened does while something is looked for.
            if (counted && n === 0 && sort !== 'all' && sort !== sieve) return null
            const shown = q === undefined ? counted : found
            return (
              <button key={sort} type="button" role="tab" className="pill" aria-selected={sort === sieve} onClick={() => setSieve(sort)}>
                {word()} {shown && (n > 0 || q) ? `${countIn(shown, sort)}${shown.whole ? '' : '+'}` : ''}
              </button>
            )
          })}
        </div>
        <SeekBox hint={w.seekHistory} text={q ?? ''} seek={setQ} field={seek} />
      </header>
      <div className="body" aria-busy={events.isPlaceholderData}>
        {events.error instanceof RefusalError && (
          <Failure error={events.error} retry={() => void events.refetch()} readAt={events.dataUpdatedAt} />
        )}
        {events.isPending ? (
          <Waiting rows={6} />
        ) : story.length === 0 ? (
          <Empty title={q ? w.noneMentions(q) : sieve === 'all' ? w.noHistory : w.noneOfSort} />
        ) : (
          <Timeline items={story.map(tell).sort((a, b) => b.at.getTime() - a.at.getTime())} />
        )}
        {events.hasNextPage && (
          <Button block loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {w.older}
          </Button>
        )}
      </div>
      {callId && <CallDrawer id={callId} close={() => setCallId(null)} />}
      <Suspense>{talkId && <ContactOf id={talkId} find={q} close={() => setTalkId(null)} />}</Suspense>
      <Suspense>{needId && <NeedDrawer key={needId} id={needId} close={() => setNeedId(null)} open={setNeedId} />}</Suspense>
    </section>
  )
}

const countIn = (counted: TimelineCounts | undefined, sort: TimelineSort | 'all'): number =>
  !counted ? 0 : sort === 'all' ? Object.values(counted.counts).reduce((sum, n) => sum + n, 0) : counted.counts[sort]

const kept = { query: { retired: true } }
const glyph = (icon: ReactNode, tone = '') => <span className={`glyph ${tone}`}>{icon}</span>
const facts = (parts: readonly ReactNode[]) =>
  parts
    .filter(part => part !== '' && part !== null && part !== undefined && part !== false)
    .map((part, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line of facts is drawn anew as a whole
      <span key={i}>
        {i > 0 && <Sep />}
        {part}
      </span>
    ))

/** How a chapter reads: the row behind it where it is known, its events where it is not. */
function useTelling({
  contacts,
  work,
  wished,
  openCall,
  openTalk,
  openNeed,
}: {
  contacts: readonly Interaction[]
  work: readonly TicketLine[]
  wished: readonly Need[]
  openCall: ((id: string) => void) | null
  openTalk: ((id: string) => void) | null
  openNeed: (id: string) => void
}) {
  const personName = useNames(contacts.map(i => i.agentId))
  const reasons = useFetch(contactReasons.list, kept, { staleTime: 300_000 }).data ?? []
  const outcomes = useFetch(contactOutcomes.list, kept, { staleTime: 300_000 }).data ?? []
  const nameIn = (rows: readonly { id: string; name: string; nameEn?: string }[], id: string | null) => {
    const row = rows.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }

  return (chapter: Chapter): TimelineItem => {
    const last = chapter.events[0]
    const first = chapter.events.at(-1)
    const words = (e: typeof last) => (e ? eventText(e.name, e.detail) : '')
    const base = { key: chapter.key, at: chapter.at }
    if (chapter.sort === 'contact') {
      const i = contacts.find(row => row.id === last?.interactionId)
      const channel = i?.channel ?? Channel.safeParse(chapter.events.find(e => 'channel' in e.detail)?.detail.channel).data ?? 'chat'
      const callId = chapter.events.find(e => e.name.startsWith('call.'))?.about
      const talkId = callId ? null : last?.interactionId
      const found = chapter.events.find(e => e.words)?.words
      const wait = i?.queuedAt ? ((i.answeredAt ?? i.endedAt)?.getTime() ?? Date.now()) - i.queuedAt.getTime() : 0
      return {
        ...base,
        at: i?.startedAt ?? first?.at ?? chapter.at,
        glyph: <ChannelGlyph channel={channel} />,
        title: (
          <>
            {facts([channelWord(channel), i?.subject])} {i && contactState(i) && <span className="tag ac">{contactState(i)}</span>}{' '}
            {i?.again ? (
              <span className="tag wa" title={w.againWhy}>
                {w.again(i.again + 1)}
              </span>
            ) : null}
            {callId && openCall && (
              <Button type="link" size="small" onClick={() => openCall(callId)}>
                {calling.details}
              </Button>
            )}
            {talkId && openTalk && (
              <Button type="link" size="small" onClick={() => openTalk(talkId)}>
                {w.openTalk}
              </Button>
            )}
          </>
        ),
        detail: (
          <>
            {facts([
              personName(i?.agentId ?? null) || last?.actorName,
              wait > 0 && w.waited(wait < 60_000 ? w.seconds(Math.round(wait / 1000)) : roughText(wait)),
              i?.answeredAt && i.endedAt && w.lasted(roughText(i.endedAt.getTime() - i.answeredAt.getTime())),
              nameIn(reasons, i?.reasonId ?? null),
              nameIn(outcomes, i?.outcomeId ?? null),
              ...turns(chapter).map(words),
              i ? '' : words(last),
            ])}
            {i?.note && <p className="prose t3">{i.note}</p>}
            {found && (
              <p className="prose">
                <q>{found}</q>
              </p>
            )}
          </>
        ),
      }
    }
    if (chapter.sort === 'ticket') {
      const t = work.find(row => row.id === last?.about)
      const steps = [
        ...new Set(
          [...chapter.events].reverse().map(e =>
            words(e)
              .replace(t?.number ?? '', '')
              .replace(/^[\s:]+|\s+$/g, ''),
          ),
        ),
      ]
      return {
        ...base,
        glyph: glyph(<IconTicket size={14} stroke={1.75} />, 'ac'),
        title: t ? (
          <>
            <Link to={`/tickets/${t.id}`}>
              <span className="t3">{t.number}</span> {t.title}
            </Link>{' '}
            <TicketStatusTag ticket={t} />
          </>
        ) : (
          words(last)
        ),
        detail: (
          <span className="row wrap" style={{ gap: 6 }}>
            {t && <TicketClock ticket={t} />}
            <span>{facts(steps)}</span>
          </span>
        ),
      }
    }
    if (chapter.sort === 'rating') {
      const score = Number(last?.detail.score ?? 0)
      const i = contacts.find(row => row.id === last?.interactionId)
      return {
        ...base,
        glyph: glyph(<IconMoodSmile size={14} stroke={1.75} />, score <= 2 ? 'ba' : 'ok'),
        title: (
          <>
            {w.sieveRating} <Score score={score} />
          </>
        ),
        detail: facts([i?.subject, personName(i?.agentId ?? null)]),
      }
    }
    if (chapter.sort === 'task')
      return {
        ...base,
        glyph: glyph(<IconClipboardCheck size={14} stroke={1.75} />, 'wa'),
        title: words(last),
        detail: facts([last?.actorName, chapter.events.length > 1 && words(first)]),
      }
    if (chapter.sort === 'message')
      return { ...base, glyph: glyph(<IconSend size={14} stroke={1.75} />, 'ac'), title: words(last), detail: last?.actorName }
    if (chapter.sort === 'need') {
      const n = wished.find(row => row.id === last?.about)
      return {
        ...base,
        glyph: glyph(<IconSpeakerphone size={14} stroke={1.75} />, 'ac'),
        title: (
          <>
            <Button type="link" size="small" className="inline" onClick={() => last && openNeed(last.about)}>
              {n?.title ?? needWords.title}
            </Button>{' '}
            {n && <NeedTag state={n.state} />}
          </>
        ),
        detail: facts([...new Set([...chapter.events].reverse().map(words)), last?.actorName]),
      }
    }
    if (chapter.sort === 'receivable') {
      const bill = chapter.events.find(e => e.name === 'receivable.billed')
      const number = String(last?.detail.number ?? '')
      const title = bill ? words(bill) : last?.name === 'receivable.settled' ? eventText('receivable.billed', last.detail) : words(last)
      const paid = (last?.name === 'receivable.settled' || last?.detail.paid === true) && (
        <span className="tag ok">{eventText('receivable.settled', last.detail)}</span>
      )
      return {
        ...base,
        glyph: glyph(<IconFileText size={14} stroke={1.75} />),
        title: (
          <>
            {title} {paid}
          </>
        ),
        detail: number,
      }
    }
    if (chapter.sort === 'note')
      return {
        ...base,
        glyph: glyph(<IconNote size={14} stroke={1.75} />),
        title: words(last),
        detail: (
          <>
            {last?.words && <p className="prose">{last.words}</p>}
            {last?.actorName}
          </>
        ),
      }
    return {
      ...base,
      glyph: glyph(<IconUser size={14} stroke={1.75} />),
      title: words(last),
      detail: (
        <>
          {last && <Changes of={last.changes} />}
          {last?.words && <p className="prose">{last.words}</p>}
          {last?.actorName}
        </>
      ),
    }
  }
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { type Conversation, conversations, type Message } from '#contract/messaging.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { keyOf, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { day } from '../kit/time.ts'
import { Bubble } from './Bubble.tsx'
import { DayLine } from './DayLine.tsx'
import { w } from './words.ts'
import './messaging.css'

/** `find`: words that were looked for; the last message that has them is shown. */
type Props = { id: string; find?: string | undefined }

/** What was said in a contact, for whoever may read it. */
export function TalkOfContact({ id, find }: Props) {
  const may = useMay()
  const { data, error, refetch } = useFetch(conversations.ofInteraction, { id }, { enabled: may('conversation:read'), keep: false })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (may('conversation:read') && !data) return <Waiting rows={4} />
  return (
    <section aria-label={w.talk}>
      <h3>{w.talk}</h3>
      {data?.conversation ? <Words c={data.conversation} find={find} /> : <p className="t3">{w.talkOfOthers}</p>}
    </section>
  )
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase()
/** So many pages are leafed through for the words. */
const furthest = 20

function Words({ c, find }: { c: Conversation; find: string | undefined }) {
  useFresh('conversation', 'conversations')
  const said = useInfiniteQuery({
    queryKey: [...keyOf(conversations.messages, { id: c.id }), 'back'],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => call(conversations.messages, { id: c.id, query: pageParam ? { beforeSeq: pageParam } : {} }),
    getNextPageParam: page => (page[0] && page[0].seq > 1 ? page[0].seq : undefined),
  })
  const pages = said.data?.pages ?? []
  const run = pages.toReversed().flat()
  const hit = find ? run.findLast(m => folded(m.text).includes(folded(find)))?.id : undefined
  const { hasNextPage, isFetching, fetchNextPage } = said
  const seeks = find !== undefined && hit === undefined && hasNextPage && !isFetching && pages.length < furthest
  useEffect(() => {
    if (seeks) void fetchNextPage()
  }, [seeks, fetchNextPage])
  const place = useRef<HTMLOListElement>(null)
  useEffect(() => {
    if (hit) place.current?.querySelector('.sought')?.scrollIntoView({ block: 'center' })
  }, [hit])
  if (said.isPending) return <Waiting rows={4} />
  return (
    <>
      {said.error instanceof RefusalError && <Failure error={said.error} retry={() => void said.refetch()} />}
      {hasNextPage && (
        <Button size="small" type="text" loading={said.isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w.earlier}
        </Button>
      )}
      {run.length === 0 && <p className="t3">{w.noMessages}</p>}
      <ol className="transcript" ref={place}>
        {run.map((m, n) => [
          startsDay(m, run[n - 1]) && <DayLine key={`day-${m.seq}`}>{day(m.sentAt)}</DayLine>,
          <Bubble
            key={m.id}
            message={m}
            customer={c.customerName}
            mine={m.author === 'agent'}
            read={m.seq <= c.customerRead}
            follows={false}
            sought={m.id === hit}
          />,
        ])}
      </ol>
    </>
  )
}

const startsDay = (m: Message, before: Message | undefined) => before?.sentAt.toDateString() !== m.sentAt.toDateString()

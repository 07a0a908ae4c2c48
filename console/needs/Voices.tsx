import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { type Need, needs, type Voice, wentAstray } from '#contract/needs.ts'
import { useMay } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { keyOf, useAct } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { reasonText, stateWords } from '../outgoing/words.ts'
import { useTold } from './Askers.tsx'
import { w } from './words.ts'

/** Who said it, each in their own words, and whether they were told what became of it. */
export function Voices({ of }: { of: Need }) {
  const [unreached, setUnreached] = useState(false)
  const told = useTold(of.id)
  const query = { size: 50, ...(unreached ? { unreached } : {}) }
  const voices = useInfiniteQuery({
    queryKey: keyOf(needs.voices, { id: of.id, query }),
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(needs.voices, { id: of.id, query: { ...query, ...(pageParam ? { after: pageParam } : {}) } }),
    getNextPageParam: page => page.next,
  })
  const rows = voices.data?.pages.flatMap(page => page.rows) ?? []
  return (
    <>
      {of.answeredAt && told && (
        <div className="row wrap" style={{ marginBottom: 12 }}>
          <Segmented
            size="small"
            value={unreached ? 'unreached' : 'all'}
            onChange={to => setUnreached(to === 'unreached')}
            options={[
              { value: 'all', label: w.allVoices },
              { value: 'unreached', label: w.unreached(told.astray + told.waiting) },
            ]}
          />
          <span className="t3 f12">{w.toldOf(told.told)}</span>
        </div>
      )}
      {voices.error instanceof RefusalError && <Failure error={voices.error} retry={() => void voices.refetch()} />}
      {voices.isPending && <Waiting rows={3} />}
      {voices.data && rows.length === 0 && <p className="t3">{unreached ? w.allReached : w.noVoices}</p>}
      <ul className="voices">
        {rows.map(v => (
          <VoiceLine key={v.id} v={v} answered={of.answeredAt !== null} />
        ))}
      </ul>
      {voices.hasNextPage && (
        <Button block loading={voices.isFetchingNextPage} onClick={() => void voices.fetchNextPage()}>
          {w.more}
        </Button>
      )}
    </>
  )
}

function VoiceLine({ v, answered }: { v: Voice; answered: boolean }) {
  const may = useMay()
  const { act, acting } = useAct(needs.told, { also: ['customers'] })
  const lost = wentAstray(v)
  return (
    <li>
      <div className="row">
        {v.customerId ? (
          <Link className="m5 cut" to={`/customers/${v.customerId}`}>
            {v.customerName}
          </Link>
        ) : (
          <span className="t3">{w.anonymous}</span>
        )}
        <Source v={v} />
        <time className="end t3 f12 nowrap" dateTime={v.at.toISOString()} title={v.byName ?? ''}>
          {full(v.at)}
        </time>
      </div>
      {v.words && <p className="prose">{v.words}</p>}
      {answered && v.customerId && (
        <div className="row f12">
          <span className={lost ? 'wac' : 't3'}>{toldText(v)}</span>
          {(lost || v.toldAt === null) && may('need:write') && (
            <Button className="end" size="small" loading={acting} onClick={() => void act({ id: v.id })}>
              {w.toldInPerson}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

/** The contact, ticket or rating in which it was said, at one touch. */
function Source({ v }: { v: Voice }) {
  if (v.from?.noun === 'ticket')
    return (
      <Link className="f12 nowrap" to={`/tickets/${v.from.id}`}>
        {w.fromTicket}
      </Link>
    )
  if (v.interactionId)
    return (
      <Link className="f12 nowrap" to="/contacts" search={{ contact: v.interactionId } as never}>
        {v.from ? w.fromRating : w.fromContact}
      </Link>
    )
  return v.from ? <span className="t3 f12 nowrap">{w.fromRating}</span> : null
}

function toldText(v: Voice): string {
  if (v.toldAt === null) return w.notYet
  if (v.toldByName !== null) return w.toldBy(v.toldByName, full(v.toldAt))
  if (v.untold === 'told_already') return w.toldWith
  if (v.untold !== null) return `${w.untold}：${reasonText(v.untold)}`
  return v.messageState === null ? w.told : w.message(stateWords[v.messageState], full(v.toldAt))
}

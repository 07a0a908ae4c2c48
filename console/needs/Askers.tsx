import { type Askers as Counted, needs } from '#contract/needs.ts'
import { kindWord } from '../customers/words.ts'
import { useFetch } from '../kit/data.ts'
import { Failure, tierWord, Waiting } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { w } from './words.ts'

const tiers = ['normal', 'silver', 'gold', 'key'] as const
const kinds = ['person', 'organisation'] as const

/** Who asked: how many of which kind, tier and segment. */
export function Askers({ id }: { id: string }) {
  const { data, error, refetch } = useFetch(needs.askers, { id }, { keep: false })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={3} />
  if (data.customers === 0) return <p className="t3">{w.nobodyOnFile}</p>
  const named = <K extends string>(all: readonly K[], key: string, word: (one: K) => string) => {
    const one = all.find(known => known === key)
    return one ? word(one) : key
  }
  return (
    <div className="col" style={{ gap: 12 }}>
      <Shares title={w.byKind} of={data.kinds.map(s => ({ ...s, name: named(kinds, s.key, kindWord) }))} all={data.customers} />
      <Shares title={w.byTier} of={data.tiers.map(s => ({ ...s, name: named(tiers, s.key, tierWord) }))} all={data.customers} />
      {data.segments === null ? (
        <div className="shares">
          <span className="t3 f12">{w.bySegment}</span>
          <span className="t3">{w.segmentsTooSlow}</span>
        </div>
      ) : (
        <Shares title={w.bySegment} of={data.segments.map(s => ({ ...s, name: nameOf(s) }))} all={data.customers} />
      )}
    </div>
  )
}

type Share = Counted['kinds'][number] & { name: string }
function Shares({ title, of, all }: { title: string; of: readonly Share[]; all: number }) {
  if (of.length === 0) return null
  return (
    <div className="shares">
      <span className="t3 f12">{title}</span>
      {of.map(s => (
        <div key={s.key} className="share">
          <span className="cut" title={s.name}>
            {s.name}
          </span>
          <span className="bar" aria-hidden="true">
            <i style={{ inlineSize: `${Math.round((100 * s.count) / all)}%` }} />
          </span>
          <span className="num">{s.count}</span>
        </div>
      ))}
    </div>
  )
}

/** How many were told, in vain, or not yet. */
export function useTold(id: string): Pick<Counted, 'told' | 'astray' | 'waiting'> | undefined {
  return useFetch(needs.askers, { id }, { keep: false }).data
}

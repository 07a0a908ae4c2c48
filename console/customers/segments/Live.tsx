import { Link } from '@tanstack/react-router'
import type { Group } from '#contract/conditions.ts'
import { Avatar, TierTag } from '../../kit/parts.tsx'
import { type Counted, useCount } from './useCount.ts'
import { w } from './words.ts'

/** How many, and five of them, as the condition stands; while it is counted anew the last answer stays, grey. Of half a condition there is none. `saved`: the list of all can be opened. */
export function Live({ condition, id, saved }: { condition: Group; id: string | null; saved: string | null }) {
  const { known: counted, error, ready, stale } = useCount(condition, id)
  const known = ready ? counted : null
  const waiting = !ready ? w.unfinished : error ? '' : w.counting
  return (
    <section className="card" aria-label={w.customers}>
      <header>
        <h3>{w.customers}</h3>
        <span className="end t3 f12">{known && (stale ? waiting : w.took(known.ms))}</span>
      </header>
      <div className="body" aria-live="polite" aria-busy={stale}>
        {error && ready && <span className="bac">{error.message}</span>}
        {!known && !(error && ready) && <span className="t3">{waiting}</span>}
        {known && <People of={known} stale={stale} />}
        {saved && known && !stale && (
          <Link to="/customers" search={{ segment: saved } as never}>
            {w.members}
          </Link>
        )}
      </div>
    </section>
  )
}

function People({ of: { count, sample }, stale }: { of: Counted; stale: boolean }) {
  return (
    <>
      <b className={`f16 segmentcount ${stale ? 't3' : ''}`}>{w.people(count.toLocaleString())}</b>
      {count === 0 ? (
        <span className="t3">{w.nobody}</span>
      ) : (
        <ul className="segmentsample" aria-label={w.sample} style={{ opacity: stale ? 0.6 : 1 }}>
          {sample.map(c => (
            <li key={c.id} className="row">
              <Avatar name={c.name} />
              <Link to={`/customers/${c.id}`} className="cut">
                {c.name}
              </Link>
              <TierTag tier={c.tier} />
              <span className="end t3 f12 nowrap">{c.number}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

import { Link } from '@tanstack/react-router'
import type { Group } from '#contract/conditions.ts'
import { Avatar, TierTag } from '../../kit/parts.tsx'
import { useCount } from './useCount.ts'
import { w } from './words.ts'

/** How many, and five of them, as the condition stands. `saved`: the list of all can be opened. */
export function Live({ condition, id, saved }: { condition: Group; id: string | null; saved: string | null }) {
  const { data, error, ready, counting } = useCount(condition, id)
  return (
    <section className="card" aria-label={w.customers}>
      <header>
        <h3>{w.customers}</h3>
        {data && ready && !error && <span className="end t3 f12">{w.took(data.ms)}</span>}
      </header>
      <div className="body" aria-live="polite">
        {!ready ? (
          <span className="t3">{w.unfinished}</span>
        ) : error && !counting ? (
          <span className="bac">{error.message}</span>
        ) : !data ? (
          <span className="t3">{w.counting}</span>
        ) : (
          <>
            <b className="f16" style={{ opacity: counting ? 0.6 : 1 }}>
              {w.people(data.count.toLocaleString())}
            </b>
            {data.count === 0 ? (
              <span className="t3">{w.nobody}</span>
            ) : (
              <ul className="segmentsample" aria-label={w.sample}>
                {data.sample.map(c => (
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
            {saved && (
              <Link to="/customers" search={{ segment: saved } as never}>
                {w.members}
              </Link>
            )}
          </>
        )}
      </div>
    </section>
  )
}

import * as z from 'zod'
import { type Finding, improvements } from '#contract/improvement.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconHistory } from '../kit/icons.ts'
import { Timeline } from '../kit/parts.tsx'
import { eventWords } from './event.words.ts'
import { w } from './words.ts'

const Reason = z.object({ reason: z.string().optional() })

/** What happened to it, as everybody's events tell. */
export function History({ finding }: { finding: Finding }) {
  const rows = useFetch(improvements.timeline, { id: finding.id }).data ?? []
  const nameOf = useNames(rows.map(r => (r.actorKind === 'user' ? r.actorId : null)))
  return (
    <section className="card" aria-label={w.history}>
      <header>
        <IconHistory size={16} />
        <h2>{w.history}</h2>
      </header>
      <div className="body">
        <Timeline
          items={rows.map(row => ({
            key: row.id,
            at: row.at,
            glyph: <i className="dot" />,
            title: eventWords[row.name]?.(row.detail) ?? row.name,
            detail: [nameOf(row.actorId), Reason.safeParse(row.detail).data?.reason ?? ''].filter(Boolean).join(' '),
          }))}
        />
      </div>
    </section>
  )
}

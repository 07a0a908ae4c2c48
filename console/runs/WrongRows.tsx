import type { Run } from '#contract/runs.ts'
import { nameOf } from '../kit/words.ts'
import { b } from './back.words.ts'
import { count } from './words.ts'

/** The first rows with problems: where each stands in the table, what stands there and why it did not come in. */
export function WrongRows({ run: { wrongRows, outcome } }: { run: Pick<Run, 'wrongRows' | 'outcome'> }) {
  if (wrongRows.length === 0) return null
  const more = (outcome.failed ?? 0) - wrongRows.length
  return (
    <>
      <ul className="wrongrows f12">
        {wrongRows.map((row, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a table that stay where they are
          <li key={n}>
            <b className="m5 nowrap n">{b.line(count(row.line))}</b>
            <span className="t2">
              {row.column} {row.column && <span className="t3">{row.value || b.empty}</span>}
            </span>
            <span className="bac">{nameOf(row)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <span className="t3 f12">{b.others(count(more))}</span>}
    </>
  )
}

import type { DeclaredFigure } from '#contract/insight.ts'
import type { Attainment, Standard, Version } from '#contract/standards.ts'
import { IconAlertTriangle, IconCheck } from '../kit/icons.ts'
import { dayText, valueText, windowText } from './figures.ts'
import { s } from './standards.words.ts'

export const kindWord = (kind: Standard['kind']): string => s[kind]
export const periodWord = (period: Version['period']): string => s[period]

export function StateTag({ attainment: a }: { attainment: Pick<Attainment, 'state' | 'endangeredAt'> }) {
  if (a.state === 'running') return a.endangeredAt ? <span className="tag wa">{s.endangered}</span> : <span className="tag">{s.under}</span>
  if (a.state === 'too_few') return <span className="tag">{s.too_few}</span>
  return a.state === 'attained' ? (
    <span className="tag ok">
      <IconCheck size={12} />
      {s.attained}
    </span>
  ) : (
    <span className="tag ba">
      <IconAlertTriangle size={12} />
      {s.missed}
    </span>
  )
}

export const targetText = (definition: DeclaredFigure | undefined, { target }: { target: number }): string =>
  s.targetIs(definition?.better === 'down' ? '≤' : '≥', valueText(definition, target))

/** A period as it is called: a year by its number, the others by their days. */
export const periodText = (version: Pick<Version, 'period'> | null, a: { fromDay: string; untilDay: string }): string =>
  version?.period === 'year'
    ? a.fromDay.slice(0, 4)
    : version?.period === 'day'
      ? dayText(a.fromDay)
      : windowText({ from: a.fromDay, until: a.untilDay })

/** Past periods as bars against the target: a missed one is red, one with too few cases is hollow. */
export function Spark({
  past,
  version,
  definition,
}: {
  past: readonly Attainment[]
  version: Version
  definition: DeclaredFigure | undefined
}) {
  const values = past.flatMap(a => (a.value === null ? [] : [a.value]))
  if (values.length === 0) return null
  const [least, most] = [Math.min(...values, version.target), Math.max(...values, version.target)]
  // Shares near 100 % differ little: the scale begins below the least of them.
  const floor = least - (most - least) * 0.4
  const high = (value: number) => 3 + (25 * (value - floor)) / (most - floor || 1)
  const met = past.filter(a => a.state === 'attained').length
  const all = past.filter(a => a.state === 'attained' || a.state === 'missed').length
  return (
    <svg className="sparkbars" viewBox="0 0 120 32" role="img" aria-label={s.summary(met, all)}>
      <title>{s.summary(met, all)}</title>
      {past.map((a, i) => {
        const x = 120 - (past.length - i) * 10
        const h = a.value === null ? 2 : high(a.value)
        return (
          <rect key={a.id} className={a.state} x={x + 1.5} y={32 - h} width={7} height={h} rx={1}>
            <title>{`${periodText(version, a)} ${valueText(definition, a.value)}`}</title>
          </rect>
        )
      })}
      <line x1={0} x2={120} y1={32 - high(version.target)} y2={32 - high(version.target)} />
    </svg>
  )
}

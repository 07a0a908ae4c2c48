import type { Card } from '#contract/improvement.ts'
import { IconArrowRight } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { subjectText, useDeclared, valueText } from './figures.ts'
import { w } from './words.ts'

/** The figure before and now as two bars on one scale, and where it is to come to. */
export function Pair({ figure: f }: { figure: NonNullable<Card['figure']> }) {
  const { of } = useDeclared()
  const definition = of(f.figure)
  const name = definition ? nameOf(definition) : ''
  const top = Math.max(f.before ?? 0, f.now ?? 0, f.expected) || 1
  const wide = (value: number | null) => `${Math.max(2, (100 * (value ?? 0)) / top)}%`
  const better =
    definition && f.now !== null && f.before !== null && f.now !== f.before ? (definition.better === 'up') === f.now > f.before : null
  return (
    <div className="pair" role="img" aria-label={w.chartSummary(name, valueText(definition, f.before), valueText(definition, f.now))}>
      <div className="row f12">
        <span className="cut grow t2">
          {name}
          <i className="sep" />
          {subjectText(f.subject)}
        </span>
        <span className="nowrap row">
          <span className="t3">{valueText(definition, f.before)}</span>
          <IconArrowRight size={12} className="t3" />
          <b className={better === null ? '' : better ? 'okc' : 'bac'}>{valueText(definition, f.now)}</b>
        </span>
      </div>
      <div className="bars" aria-hidden="true">
        <i className="was" style={{ inlineSize: wide(f.before) }} />
        <i className={`is ${better === false ? 'ba' : ''}`} style={{ inlineSize: f.now === null ? 0 : wide(f.now) }} />
        <i className="goal" style={{ insetInlineStart: `${(100 * f.expected) / top}%` }} />
      </div>
    </div>
  )
}

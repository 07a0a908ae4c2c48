import { Popover } from 'antd'
import type { ReactNode } from 'react'
import type { Wallboard } from '#contract/insight.ts'
import { IconAlertTriangle, IconCheck } from '../kit/icons.ts'
import { clockText } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { abandonLimit, longWait, percent, veryLongWait } from './board.ts'
import { w } from './words.ts'

type Tone = 'ok' | 'wa' | 'ba' | ''

/** Six figures; each opens its definition, as it is computed and with its version. */
export function Figures({ board, now }: { board: Wallboard; now: number }) {
  const { today, target } = board
  const waited = board.longestSince === null ? 0 : (now - board.longestSince.getTime()) / 1000
  const below = today.serviceLevel !== null && today.serviceLevel * 100 < target.percent
  const serviceTone: Tone = today.serviceLevel === null ? '' : below ? 'ba' : 'ok'
  const waitTone: Tone = waited >= veryLongWait ? 'ba' : waited >= longWait ? 'wa' : ''
  const gone = today.abandonRate !== null && today.abandonRate > abandonLimit
  const figure = { definition: board.definition }
  return (
    <div className="figures">
      <Figure
        {...figure}
        name={w.service}
        says={w.defService}
        value={today.serviceLevel === null ? '—' : (today.serviceLevel * 100).toFixed(1)}
        unit={today.serviceLevel === null ? '' : '%'}
        tone={serviceTone}
        tag={serviceTone === '' ? null : below ? { tone: 'ba', text: w.under } : { tone: 'ok', text: w.met }}
        note={
          today.offered > 0 ? (
            <>
              {w.targetIs(target.percent, target.seconds)}
              <span className="more">
                <i className="sep" />
                {w.answeredOf(today.answeredInTarget, today.offered - today.shortAbandoned)}
              </span>
            </>
          ) : (
            w.targetIs(target.percent, target.seconds)
          )
        }
      />
      <Figure
        {...figure}
        name={w.waiting}
        says={w.defWaiting}
        value={String(board.waiting)}
        tone={waitTone}
        note={
          board.longestSince === null ? (
            w.nobodyWaits
          ) : (
            <>
              {w.longest} <b className={waitTone === 'ba' ? 'bac' : waitTone === 'wa' ? 'wac' : ''}>{clockText(waited * 1000)}</b>
            </>
          )
        }
      />
      <Figure
        {...figure}
        name={w.asa}
        says={w.defAsa}
        value={today.asaSeconds === null ? '—' : String(Math.round(today.asaSeconds))}
        unit={today.asaSeconds === null ? '' : w.seconds}
        note={today.ahtSeconds === null ? w.noData : w.aht(clockText(today.ahtSeconds * 1000))}
      />
      <Figure
        {...figure}
        name={w.abandon}
        says={w.defAbandon}
        value={today.abandonRate === null ? '—' : (today.abandonRate * 100).toFixed(1)}
        unit={today.abandonRate === null ? '' : '%'}
        tone={gone ? 'wa' : ''}
        tag={gone ? { tone: 'wa', text: w.over } : null}
        note={
          <>
            {w.limit(abandonLimit * 100)}
            <span className="more">
              <i className="sep" />
              {w.abandonedOf(today.abandoned, target.shortAbandonSeconds)}
            </span>
          </>
        }
      />
      <Figure
        {...figure}
        name={w.offered}
        says={w.defOffered}
        value={String(today.offered)}
        note={w.answeredLeft(today.answered, today.left)}
        line={board.hours.map(h => h.offered)}
      />
      <Figure
        {...figure}
        name={w.rating}
        says={w.defRating}
        value={today.ratingAverage === null ? '—' : today.ratingAverage.toFixed(2)}
        unit={today.ratingAverage === null ? '' : w.ofFive}
        note={today.ratings > 0 ? w.ratingsOf(today.ratings, percent(today.csat)) : w.noRatings}
      />
    </div>
  )
}

type Props = {
  name: string
  says: string
  value: string
  unit?: string
  tone?: Tone
  tag?: { tone: 'ok' | 'wa' | 'ba'; text: string } | null
  note: ReactNode
  line?: readonly number[]
  definition: Wallboard['definition']
}
function Figure({ name, says, value, unit, tone = '', tag, note, line, definition }: Props) {
  return (
    <Popover
      trigger={['hover', 'click', 'focus']}
      mouseEnterDelay={0.4}
      placement="bottomLeft"
      content={
        <div className="definition">
          <p className="m5">{says}</p>
          <p className="t2 f12">{language() === 'zh' ? definition.zh : definition.en}</p>
          <p className="t3 f12">
            {w.definition} {definition.version}
          </p>
        </div>
      }
    >
      <button type="button" className="card figure">
        <span className="row between">
          <span className="t2 cut">{name}</span>
          {tag && (
            <span className={`tag ${tag.tone}`}>
              {tag.tone === 'ok' ? <IconCheck size={12} /> : <IconAlertTriangle size={12} />}
              {tag.text}
            </span>
          )}
        </span>
        <span className="row value">
          <b className={tone ? `${tone}c` : ''}>{value}</b>
          {unit && <span className={tone ? `${tone}c` : 't2'}>{unit}</span>}
          {line && line.length > 1 && <Spark values={line} />}
        </span>
        <span className="t3 f12 cut">{note}</span>
      </button>
    </Popover>
  )
}

/** The course of the day without axes: the chart below has them. */
function Spark({ values }: { values: readonly number[] }) {
  const top = Math.max(1, ...values)
  const points = values.map((v, i) => `${((100 * i) / (values.length - 1)).toFixed(1)},${(30 - (28 * v) / top).toFixed(1)}`)
  return (
    <svg className="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,32 ${points.join(' ')} 100,32`} fill="var(--c1)" opacity={0.14} />
      <polyline points={points.join(' ')} fill="none" stroke="var(--c1)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

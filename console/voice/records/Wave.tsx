import { useId } from 'react'
import type { Recording } from '#contract/voice.ts'

const [width, height] = [600, 64]
const most = 200

/** The loudest of each of as many strokes as can be seen. */
function strokes(peaks: readonly number[]): number[] {
  const count = Math.min(most, peaks.length)
  return Array.from({ length: count }, (_, n) => {
    const [from, until] = [Math.floor((n * peaks.length) / count), Math.floor(((n + 1) * peaks.length) / count)]
    return Math.max(0, ...peaks.slice(from, until))
  })
}

function path(peaks: readonly number[], middle: number, reach: number): string {
  const all = strokes(peaks)
  const step = width / all.length
  return all
    .map((peak, n) => {
      const x = ((n + 0.5) * step).toFixed(1)
      // A whisper is seen beside a shout.
      const half = Math.max(0.6, Math.sqrt(peak / 255) * reach)
      return `M${x} ${(middle - half).toFixed(1)}V${(middle + half).toFixed(1)}`
    })
    .join('')
}

type Drawn = {
  peaks: Recording['peaks']
  whole: number
  at: number
  pauses: Recording['pauses']
  marks: readonly number[]
  both: boolean
}

/** Two lanes, the customer's above ours; what was heard already stands darker. */
export function Wave({ peaks, whole, at, pauses, marks, both }: Drawn) {
  const id = useId()
  const x = (seconds: number) => (whole > 0 ? (Math.min(whole, seconds) / whole) * width : 0)
  const lanes = both
    ? [
        { side: 'customer', d: path(peaks?.customer ?? [], height / 4, height / 4 - 2) },
        { side: 'agent', d: path(peaks?.agent ?? [], (3 * height) / 4, height / 4 - 2) },
      ]
    : [{ side: 'customer', d: path(peaks?.customer ?? [], height / 2, height / 2 - 4) }]
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <clipPath id={id}>
        <rect x={0} y={0} width={x(at)} height={height} />
      </clipPath>
      {both && <line className="between" x1={0} x2={width} y1={height / 2} y2={height / 2} />}
      {pauses.map(p => (
        <rect key={p.from} className="gap" x={x(p.from)} y={0} width={Math.max(2, x(p.until ?? whole) - x(p.from))} height={height} />
      ))}
      {lanes.map(({ side, d }) => (
        <g key={side} className={side}>
          <path d={d} />
          <path className="heard" d={d} clipPath={`url(#${id})`} />
        </g>
      ))}
      {marks.map(mark => (
        <line key={mark} className="mark" x1={x(mark)} x2={x(mark)} y1={0} y2={height} />
      ))}
      <line className="now" x1={x(at)} x2={x(at)} y1={0} y2={height} />
    </svg>
  )
}

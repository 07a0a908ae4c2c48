type Bar = { key: string; value: number; open: number; says: string }

/** A few sums side by side; what is still open of one stands at its foot in another colour. */
export function Bars({ bars, label, width = 120, height = 36 }: { bars: readonly Bar[]; label: string; width?: number; height?: number }) {
  const most = Math.max(1, ...bars.map(bar => bar.value))
  const step = width / Math.max(1, bars.length)
  const tall = (value: number) => (value <= 0 ? 0 : Math.max(2, (value / most) * (height - 2)))
  return (
    <svg className="bars" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--line)" />
      {bars.map((bar, n) => (
        <g key={bar.key}>
          <title>{bar.says}</title>
          <rect x={n * step} y={0} width={step} height={height} fill="transparent" />
          <rect
            x={n * step + 1}
            y={height - tall(bar.value)}
            width={Math.max(1, step - 2)}
            height={tall(bar.value)}
            rx={1}
            fill="var(--ac-line)"
          />
          {bar.open > 0 && (
            <rect
              x={n * step + 1}
              y={height - tall(bar.open)}
              width={Math.max(1, step - 2)}
              height={tall(bar.open)}
              rx={1}
              fill="var(--wa-dot)"
            />
          )}
        </g>
      ))}
    </svg>
  )
}

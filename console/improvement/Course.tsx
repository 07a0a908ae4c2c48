import { LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import type { Round } from '#contract/improvement.ts'
import type { DeclaredFigure } from '#contract/insight.ts'
import { Chart, type Look } from '../insight/Chart.tsx'
import { nameOf } from '../kit/words.ts'
import { dayText, typed, valueText } from './figures.ts'
import { w } from './words.ts'

use([LineChart])

export type Point = { from: string; until: string; value: number | null; n: number }

/** Week by week; the expected value as a dashed line, the weeks before in the neutral colour. */
export default function Course({ points, round, definition }: { points: readonly Point[]; round: Round; definition: DeclaredFigure }) {
  return (
    <Chart
      label={w.course}
      stamp={JSON.stringify([points, round.expected, definition.figure])}
      option={look => optionOf(points, round, definition, look)}
    />
  )
}

function optionOf(points: readonly Point[], round: Round, definition: DeclaredFigure, { color, frame, over }: Look) {
  const shown = (value: number | null) => (value === null ? null : typed(definition, value))
  const acted = round.begunAt?.toISOString().slice(0, 10) ?? '9999'
  const line = { type: 'line' as const, symbolSize: 6, connectNulls: true }
  return {
    ...frame,
    grid: { left: 56, right: 16, top: 12, bottom: 24 },
    tooltip: {
      ...frame.tooltip,
      valueFormatter: (value: unknown) =>
        typeof value === 'number' ? valueText(definition, definition.unit === 'share' ? value / 100 : value) : '—',
    },
    xAxis: over(points.map(p => dayText(p.from))),
    yAxis: { ...frame.yAxis, minInterval: 0, scale: true },
    series: [
      {
        ...line,
        name: `${nameOf(definition)} ${w.before}`,
        data: points.map(p => (p.from < acted ? shown(p.value) : null)),
        itemStyle: { color: color('--c7') },
        lineStyle: { color: color('--c7') },
      },
      {
        ...line,
        name: `${nameOf(definition)} ${w.after}`,
        data: points.map(p => (p.until > acted ? shown(p.value) : null)),
        itemStyle: { color: color('--c1') },
        lineStyle: { color: color('--c1') },
      },
      {
        ...line,
        name: w.expected,
        symbol: 'none',
        data: points.map(() => shown(round.expected)),
        lineStyle: { type: 'dashed' as const, width: 1.5, color: color('--ok-dot') },
        itemStyle: { color: color('--ok-dot') },
      },
    ],
  }
}

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { FilledBlock } from '#contract/documentBlocks.ts'
import { color } from './look.ts'
import { unitText } from './units.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer])

export type Figure = Extract<FilledBlock, { kind: 'figure' }>
/** Lying bars need the height of their names. */
export const sizeOf = ({ chart, labels, series }: Figure): { width: number; height: number } => ({
  width: 640,
  height: chart === 'rows' ? Math.min(560, 40 + (series.length > 1 ? 28 : 0) + labels.length * Math.max(30, 14 + 16 * series.length)) : 260,
})

/** A figure as the console draws it, without a browser. */
export function chartSvg(figure: Figure, language: 'zh' | 'en'): string {
  const { chart, labels, series, unit } = figure
  const made = init(null, null, { renderer: 'svg', ssr: true, ...sizeOf(figure) })
  const text = { color: color.text3, fontSize: 12, fontFamily: 'sans-serif' }
  const said = ({ value }: { value?: unknown }) => unitText(typeof value === 'number' ? value : null, unit, language)
  const names = {
    type: 'category' as const,
    data: labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: color.line2 } },
    axisLabel: { ...text, hideOverlap: true, ...(chart === 'rows' ? { width: 180, overflow: 'truncate' as const } : {}) },
  }
  const amounts = {
    type: 'value' as const,
    splitNumber: 4,
    ...(unit === 'percent' && chart !== 'stack' ? shareAxis(figure) : {}),
    splitLine: { lineStyle: { color: color.line } },
    axisLabel: { ...text, formatter: (value: number) => unitText(value, unit, language, 0) },
  }
  try {
    made.setOption({
      animation: false,
      color: [...color.series],
      grid: { left: 8, right: chart === 'rows' ? 64 : 14, top: series.length > 1 ? 36 : 14, bottom: 6 },
      ...(series.length > 1 ? { legend: { top: 0, left: 4, itemWidth: 12, itemHeight: 8, icon: 'roundRect', textStyle: text } } : {}),
      ...(chart === 'rows' ? { xAxis: amounts, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: amounts }),
      series: series.map(({ name, values, dashed }) => ({
        name,
        type: chart === 'line' ? 'line' : 'bar',
        data: values.map(v => v ?? '-'),
        ...(chart === 'line' ? lineOf(dashed === true) : { barMaxWidth: 22 }),
        ...(chart === 'rows' ? { label: { ...text, show: true, position: 'right' as const, formatter: said } } : {}),
        ...(chart === 'stack' ? { stack: 'all' } : {}),
      })),
    })
    return made.renderToSVGString()
  } finally {
    made.dispose()
  }
}

const lineOf = (dashed: boolean) =>
  dashed
    ? { symbol: 'none', lineStyle: { width: 1.5, type: [5, 4], color: color.target }, itemStyle: { color: color.target } }
    : { symbol: 'circle', symbolSize: 4, lineStyle: { width: 2 } }

/** Bars begin at nothing; a line of high shares shows how they move. */
function shareAxis({ chart, series }: Figure): { min: number; max: number; interval: number } | object {
  const all = series.flatMap(s => s.values.flatMap(v => v ?? []))
  if (all.some(v => v > 1 || v < 0)) return {}
  const least = Math.min(1, ...all)
  const min = chart === 'line' && least > 0.5 ? Math.floor(Math.min(0.95, least) * 10) / 10 : 0
  return { min, max: 1, interval: min >= 0.8 ? 0.05 : min > 0 ? 0.1 : 0.25 }
}

import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, GridComponent, TooltipComponent, SVGRenderer])

export type Look = ReturnType<typeof lookOf>

/** A picture that fits its place and is drawn anew when `stamp` differs: snapshots come every second, mostly the same. */
export function Chart({ label, stamp, option }: { label: string; stamp: string; option: (look: Look) => Record<string, unknown> }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>(undefined)
  useEffect(() => {
    if (!place.current) return
    const made = init(place.current, null, { renderer: 'svg' })
    chart.current = made
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says when what is drawn differs
  useEffect(() => {
    if (place.current) chart.current?.setOption(option(lookOf(place.current)), true)
  }, [stamp])
  return <div ref={place} className="chart" role="img" aria-label={label} />
}

/** The colours of the page and what every one of our charts looks like. */
function lookOf(place: HTMLElement) {
  const style = getComputedStyle(place)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const text = { color: color('--t3'), fontFamily: style.fontFamily, fontSize: 11 }
  return {
    color,
    text,
    frame: {
      animation: false,
      tooltip: {
        trigger: 'axis' as const,
        appendTo: place,
        backgroundColor: color('--raised'),
        borderColor: color('--line2'),
        textStyle: { color: color('--t1'), fontFamily: style.fontFamily, fontSize: 12 },
      },
      yAxis: {
        type: 'value' as const,
        minInterval: 1,
        splitNumber: 3,
        splitLine: { lineStyle: { color: color('--line') } },
        axisLabel: text,
      },
    },
    /** The axis below, over these. */
    over: (data: readonly string[], label: object = {}) => ({
      type: 'category' as const,
      data,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color('--line2') } },
      axisLabel: { ...text, ...label },
    }),
  }
}

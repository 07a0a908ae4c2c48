import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { Figures } from '#contract/insight.ts'
import { useMe } from '../app/me.ts'
import { withGaps } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { w } from './figures.words.ts'

use([BarChart, GridComponent, TooltipComponent, SVGRenderer])

/** Contacts over the period: those answered in time, and the others that were offered. */
export default function Course({ figures }: { figures: Figures }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>(undefined)
  const timezone = useMe()?.tenant.timezone ?? 'Asia/Shanghai'
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
  useEffect(() => {
    if (place.current) chart.current?.setOption(optionOf(figures, timezone, place.current), true)
  }, [figures, timezone])
  return <div ref={place} className="chart" role="img" aria-label={w.course} />
}

function optionOf({ course, step }: Figures, timeZone: string, place: HTMLElement) {
  const style = getComputedStyle(place)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const label = new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone,
    ...(step === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hour12: false }
      : step === 'day'
        ? { month: 'numeric', day: 'numeric' }
        : { month: 'short' }),
  })
  const text = { color: color('--t3'), fontFamily: style.fontFamily, fontSize: 11 }
  const bar = { type: 'bar' as const, stack: 'course', barMaxWidth: 28 }
  return {
    animation: false,
    grid: { left: 48, right: 12, top: 10, bottom: 24 },
    tooltip: {
      trigger: 'axis' as const,
      appendTo: place,
      backgroundColor: color('--raised'),
      borderColor: color('--line2'),
      textStyle: { color: color('--t1'), fontFamily: style.fontFamily, fontSize: 12 },
    },
    xAxis: {
      type: 'category' as const,
      data: course.map(c => withGaps(label.format(c.at))),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color('--line2') } },
      axisLabel: text,
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: color('--line') } },
      axisLabel: text,
    },
    series: [
      { ...bar, name: w.inTarget, data: course.map(c => c.answeredInTarget), itemStyle: { color: color('--c1') } },
      {
        ...bar,
        name: w.otherOffered,
        data: course.map(c => c.offered - c.answeredInTarget),
        itemStyle: { color: color('--c7'), borderRadius: [2, 2, 0, 0] },
      },
    ],
  }
}

import { Segmented } from 'antd'
import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef, useState } from 'react'
import type { Wallboard } from '#contract/insight.ts'
import { Empty } from '../kit/parts.tsx'
import { hourText, percent, volumeOf } from './board.ts'
import { w } from './words.ts'

use([BarChart, GridComponent, TooltipComponent, SVGRenderer])
type Hours = Wallboard['hours']

/** Contacts by hour, as a picture, as a table and in one sentence. */
export default function Volume({ hours, dark }: { hours: Hours; dark: boolean }) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const volume = volumeOf(hours)
  return (
    <section className="card volume" aria-label={w.volume}>
      <header>
        <h2 className="nowrap">{w.volume}</h2>
        <span className="t3 f12 cut grow">
          {volume && w.summary(volume.total, hourText(volume.peakHour), volume.peak, percent(volume.share))}
        </span>
        <span className="row legend f12 t2">
          <i className="key" style={{ background: 'var(--c1)' }} />
          {w.answered}
          <i className="key" style={{ background: 'var(--c7)' }} />
          {w.unanswered}
          {hours.some(h => h.waiting > 0) && (
            <>
              <i className="key" style={{ background: 'var(--wa-dot)' }} />
              {w.waiting}
            </>
          )}
        </span>
        <Segmented
          size="small"
          value={view}
          onChange={setView}
          options={[
            { value: 'chart', label: w.chart },
            { value: 'table', label: w.table },
          ]}
        />
      </header>
      {!volume ? (
        <Empty title={w.nothingYet} />
      ) : view === 'chart' ? (
        <Chart key={dark ? 'dark' : 'light'} hours={hours} />
      ) : (
        <Rows hours={hours} />
      )}
    </section>
  )
}

function Chart({ hours }: { hours: Hours }) {
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
  const stamp = JSON.stringify(hours)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says when the hours differ; a snapshot comes every second
  useEffect(() => {
    if (place.current) chart.current?.setOption(optionOf(hours, place.current))
  }, [stamp])
  return <div ref={place} className="chart" role="img" aria-label={w.volume} />
}

function optionOf(hours: Hours, place: HTMLElement) {
  const style = getComputedStyle(place)
  const color = (name: string) => style.getPropertyValue(name).trim()
  // The whole day stands on the axis, so that the bars do not move as it goes on.
  const day = Array.from({ length: 24 }, (_, hour) => hours.find(h => h.hour === hour) ?? { hour, offered: 0, answered: 0, waiting: 0 })
  const text = { color: color('--t3'), fontFamily: style.fontFamily, fontSize: 11 }
  const bar = { type: 'bar' as const, stack: 'day', barMaxWidth: 22 }
  return {
    animation: false,
    grid: { left: 34, right: 8, top: 8, bottom: 22 },
    tooltip: {
      trigger: 'axis' as const,
      appendTo: place,
      backgroundColor: color('--raised'),
      borderColor: color('--line2'),
      textStyle: { color: color('--t1'), fontFamily: style.fontFamily, fontSize: 12 },
    },
    xAxis: {
      type: 'category' as const,
      data: day.map(h => hourText(h.hour)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color('--line2') } },
      axisLabel: { ...text, interval: 1 },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: color('--line') } },
      axisLabel: text,
    },
    series: [
      { ...bar, name: w.answered, data: day.map(h => h.answered), itemStyle: { color: color('--c1') } },
      {
        ...bar,
        name: w.unanswered,
        data: day.map(h => h.offered - h.answered - h.waiting),
        itemStyle: { color: color('--c7') },
      },
      { ...bar, name: w.waiting, data: day.map(h => h.waiting), itemStyle: { color: color('--wa-dot') } },
    ],
  }
}

function Rows({ hours }: { hours: Hours }) {
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{w.hour}</th>
            <th scope="col" className="n">
              {w.offeredShort}
            </th>
            <th scope="col" className="n">
              {w.answered}
            </th>
            <th scope="col" className="n">
              {w.unanswered}
            </th>
            <th scope="col" className="n">
              {w.waiting}
            </th>
          </tr>
        </thead>
        <tbody>
          {hours.map(h => (
            <tr key={h.hour}>
              <th scope="row">{hourText(h.hour)}</th>
              <td className="n">{h.offered}</td>
              <td className="n">{h.answered}</td>
              <td className="n">{h.offered - h.answered - h.waiting}</td>
              <td className="n">{h.waiting}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

import { Segmented } from 'antd'
import { useState } from 'react'
import type { Wallboard } from '#contract/insight.ts'
import { Empty } from '../kit/parts.tsx'
import { hourText, percent, volumeOf } from './board.ts'
import { Chart, type Look } from './Chart.tsx'
import { w } from './words.ts'

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
        <Chart key={dark ? 'dark' : 'light'} label={w.volume} stamp={JSON.stringify(hours)} option={look => optionOf(hours, look)} />
      ) : (
        <Rows hours={hours} />
      )}
    </section>
  )
}

function optionOf(hours: Hours, { color, frame, over }: Look) {
  // The whole day stands on the axis, so that the bars do not move as it goes on.
  const day = Array.from({ length: 24 }, (_, hour) => hours.find(h => h.hour === hour) ?? { hour, offered: 0, answered: 0, waiting: 0 })
  const bar = { type: 'bar' as const, stack: 'day', barMaxWidth: 22 }
  return {
    ...frame,
    grid: { left: 34, right: 8, top: 8, bottom: 22 },
    xAxis: over(
      day.map(h => hourText(h.hour)),
      { interval: 1 },
    ),
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

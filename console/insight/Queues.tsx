import type { Wallboard } from '#contract/insight.ts'
import { ChannelGlyph, Empty } from '../kit/parts.tsx'
import { clockText } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { longWait, percent, veryLongWait } from './board.ts'
import { w } from './words.ts'

export function Queues({ queues, now }: { queues: Wallboard['queues']; now: number }) {
  return (
    <section className="card queues" aria-label={w.queues}>
      <header>
        <h2>{w.queues}</h2>
        <span className="end t3 f12">{w.today}</span>
      </header>
      {queues.length === 0 ? (
        <Empty title={w.noQueues} hint={w.noQueuesHint} />
      ) : (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{w.queue}</th>
                <th scope="col" className="n">
                  {w.wait}
                </th>
                <th scope="col" className="n">
                  {w.longestShort}
                </th>
                <th scope="col" className="bar">
                  {w.level}
                </th>
                <th scope="col" className="n">
                  {w.ready}
                </th>
                <th scope="col" className="n">
                  {w.handling}
                </th>
                <th scope="col" className="n">
                  {w.gone}
                </th>
              </tr>
            </thead>
            <tbody>
              {queues.map(q => (
                <QueueRow key={q.id} queue={q} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function QueueRow({ queue: q, now }: { queue: Wallboard['queues'][number]; now: number }) {
  const waited = q.longestSince === null ? null : (now - q.longestSince.getTime()) / 1000
  const short = q.serviceLevel === null ? 0 : q.targetPercent - q.serviceLevel * 100
  const tone = q.serviceLevel === null ? '' : short > 10 ? 'ba' : short > 0 ? 'wa' : 'ok'
  const waitTone = waited === null ? '' : waited >= veryLongWait ? 'bac' : waited >= longWait ? 'wac' : ''
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <ChannelGlyph channel={q.channel} />
          <span className="cut">{nameOf(q)}</span>
        </span>
      </th>
      <td className={`n m6 f14 ${q.waiting > 0 && q.working === 0 ? 'bac' : q.waiting > 0 ? 'wac' : ''}`}>{q.waiting}</td>
      <td className={`n ${waitTone}`}>{waited === null ? '—' : clockText(waited * 1000)}</td>
      <td className="bar">
        <span className="row">
          <i className="gauge">
            <i className={tone} style={{ inlineSize: percent(q.serviceLevel ?? 0) }} />
            <i className="mark" style={{ insetInlineStart: `${q.targetPercent}%` }} />
          </i>
          <b className={tone === 'ba' ? 'bac' : tone === 'wa' ? 'wac' : ''}>{percent(q.serviceLevel)}</b>
        </span>
      </td>
      <td className={`n ${q.waiting > 0 && q.working === 0 ? 'bac m6' : ''}`}>{q.ready}</td>
      <td className="n">{q.handling}</td>
      <td className="n">{percent(q.abandonRate, 1)}</td>
    </tr>
  )
}

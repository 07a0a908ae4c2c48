import type { Wallboard } from '#contract/insight.ts'
import { ChannelGlyph, channelWord } from '../kit/parts.tsx'
import { w } from './words.ts'

/** Contacts by channel, and what became of tickets, today. */
export function Channels({ board }: { board: Wallboard }) {
  const top = Math.max(1, ...board.channels.map(c => c.count))
  return (
    <section className="card channels" aria-label={w.channels}>
      <header>
        <h2>{w.channels}</h2>
      </header>
      <div className="scroll">
        {board.channels.length === 0 && <p className="t3">{w.nothingYet}</p>}
        <ul>
          {board.channels.map(c => (
            <li key={c.channel} className="row">
              <ChannelGlyph channel={c.channel} />
              <span className="word cut">{channelWord(c.channel)}</span>
              <i className="gauge">
                <i style={{ inlineSize: `${(100 * c.count) / top}%`, background: `var(--ch-${c.channel})` }} />
              </i>
              <b>{c.count}</b>
            </li>
          ))}
        </ul>
        <dl className="counts">
          <dt className="t3">{w.ticketsOpened}</dt>
          <dd>{board.today.ticketsOpened}</dd>
          <dt className="t3">{w.ticketsClosed}</dt>
          <dd>{board.today.ticketsClosed}</dd>
          <dt className="t3">{w.ticketsOpen}</dt>
          <dd>{board.tickets.open}</dd>
          <dt className="t3">{w.ticketsLate}</dt>
          <dd className={board.tickets.late > 0 ? 'bac' : ''}>{board.tickets.late}</dd>
        </dl>
      </div>
    </section>
  )
}

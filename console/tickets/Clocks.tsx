import type { Ticket } from '#contract/tickets.ts'
import { full, roughText, useNow } from '../kit/time.ts'
import { isSoon, used } from './rules.ts'
import { TicketClock } from './TicketRows.tsx'
import { w } from './words.ts'

export const targetText = (minutes: number): string => (minutes < 120 ? w.minutes(minutes) : w.hours(Math.round((minutes / 60) * 10) / 10))

/** What was promised and what was used: to the department, to its hands, to the end. */
export function Clocks({ ticket: t }: { ticket: Ticket }) {
  const now = useNow(15_000)
  const span = (from: Date | null, to: Date | null) => (from ? roughText((to?.getTime() ?? now) - from.getTime()) : w.notYet)
  const part = used(t, now)
  const over = t.late || (t.dueAt !== null && !t.pausedAt && !t.resolvedAt && t.dueAt.getTime() < now)
  const soon = isSoon(t, now)
  const left = t.dueAt ? t.dueAt.getTime() - now : 0
  const figure = t.resolvedAt
    ? roughText(t.resolvedAt.getTime() - t.openedAt.getTime())
    : t.pausedAt
      ? w.clockStands
      : t.dueAt
        ? left < 0
          ? w.overBy(roughText(Math.max(60_000, -left)))
          : w.leftFor(roughText(left))
        : w.none
  return (
    <section className="card clocks" aria-label={w.clock}>
      <div>
        <h3>{w.toDispatch}</h3>
        <b>{span(t.openedAt, t.dispatchedAt ?? t.resolvedAt)}</b>
      </div>
      <div>
        <h3>{w.toTake}</h3>
        <b>{span(t.dispatchedAt, t.takenAt ?? t.resolvedAt)}</b>
      </div>
      <div>
        <h3>
          {w.toResolve}
          <TicketClock ticket={t} />
        </h3>
        <b className={t.resolvedAt ? '' : over ? 'bac' : soon ? 'wac' : ''} title={t.dueAt ? full(t.dueAt) : ''}>
          {figure} <small>{w.target(targetText(t.targetMinutes))}</small>
        </b>
        {part !== null && (
          <progress
            className={over ? 'ba' : t.resolvedAt ? 'ok' : soon ? 'wa' : ''}
            value={over ? 1 : part}
            max={1}
            aria-label={w.toResolve}
          />
        )}
      </div>
      <div>
        <h3>
          {w.awaited}
          {!t.resolvedAt && <span className={`sla ${t.pausedAt ? 'paused' : ''}`}>{t.pausedAt ? w.clockStands : w.clockRuns}</span>}
        </h3>
        <b>{t.pausedAt && !t.resolvedAt ? span(t.pausedAt, null) : w.none}</b>
      </div>
    </section>
  )
}

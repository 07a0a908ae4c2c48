import type * as z from 'zod'
import type { EntryKind, Ticket, TicketStatus } from '#contract/tickets.ts'
import { ticketCan } from '#contract/tickets.ts'
import { addWorkingMinutes, type Calendar, workingMinutesBetween } from '#kernel/calendar.ts'

/** Where every step leads; what it may start from is `ticketCan`. Reopening and returning begin anew, with nobody's department. */
export const leadsTo = {
  dispatch: 'dispatched',
  take: 'handling',
  wait: 'waiting',
  resume: 'handling',
  giveBack: 'accepted',
  resolve: 'resolved',
  close: 'closed',
  reopen: 'accepted',
} as const
export type Step = keyof typeof leadsTo
export const steps: readonly Step[] = ['dispatch', 'take', 'wait', 'resume', 'giveBack', 'resolve', 'close', 'reopen']
export const mayStep = (status: TicketStatus, step: Step): boolean => ticketCan[step]({ status })

/** `warnAt`: from when on it is about to miss its target; `warned`: that has been told. */
export type Clock = {
  dueAt: Date | null
  warnAt: Date | null
  warned: boolean
  pausedAt: Date | null
  leftMinutes: number | null
  late: boolean
}
/** What a kind promises, and after which share of it a ticket warns. */
export type Terms = { targetMinutes: number; warnPercent: number | null }

export const startClock = (now: Date, { targetMinutes, warnPercent }: Terms, calendar: Calendar): Clock => ({
  dueAt: addWorkingMinutes(now, targetMinutes, calendar),
  warnAt: warnPercent === null ? null : addWorkingMinutes(now, (targetMinutes * warnPercent) / 100, calendar),
  warned: false,
  pausedAt: null,
  leftMinutes: null,
  late: false,
})

/** While the customer is awaited the clock stands still. What was left is kept; a target already missed stays missed. */
export const pauseClock = (clock: Clock, now: Date, calendar: Calendar): Clock =>
  clock.pausedAt
    ? clock
    : {
        ...clock,
        pausedAt: now,
        warnAt: null,
        leftMinutes: clock.dueAt === null ? 0 : Math.ceil(workingMinutesBetween(now, clock.dueAt, calendar)),
        late: clock.late || isPast(clock, now),
      }

/** The same share is left when it warns as if nobody had been awaited. */
export function resumeClock(clock: Clock, now: Date, { targetMinutes, warnPercent }: Terms, calendar: Calendar): Clock {
  if (!clock.pausedAt) return clock
  const left = clock.leftMinutes ?? 0
  const running = { ...clock, pausedAt: null, leftMinutes: null }
  if (left <= 0) return running
  const quiet = left - (targetMinutes * (100 - (warnPercent ?? 0))) / 100
  return {
    ...running,
    dueAt: addWorkingMinutes(now, left, calendar),
    warnAt: warnPercent === null ? null : addWorkingMinutes(now, quiet, calendar),
  }
}

/** Whether it was in time is decided when the work is done, not when someone looks. */
export function stopClock(clock: Clock, now: Date, terms: Terms, calendar: Calendar): Clock {
  const running = resumeClock(clock, now, terms, calendar)
  return { ...running, late: running.late || isPast(running, now) }
}

const isPast = (clock: Pick<Clock, 'dueAt' | 'pausedAt'>, now: Date) => clock.dueAt !== null && clock.pausedAt === null && now > clock.dueAt

const running: readonly TicketStatus[] = ['accepted', 'dispatched', 'handling']
/** The clock runs; the timer may find it late. */
export const isRunning = (status: TicketStatus) => running.includes(status)
/** When the timer is to look at the clock: for the warning, then for the end. */
export const nextLook = ({ dueAt, warnAt, warned }: Pick<Clock, 'dueAt' | 'warnAt' | 'warned'>): Date | null =>
  dueAt !== null && warnAt !== null && !warned && warnAt < dueAt ? warnAt : dueAt
export const isOverdue = (t: Pick<Ticket, 'status' | 'dueAt' | 'pausedAt'>, now: Date) => isRunning(t.status) && isPast(t, now)

const order: readonly Ticket['priority'][] = ['low', 'normal', 'high', 'urgent']
/** A category may raise what the opener chose, never lower it. */
export const morePressing = (a: Ticket['priority'], b: Ticket['priority']) => (order.indexOf(a) >= order.indexOf(b) ? a : b)

export const numberOf = (code: string, day: string, n: number) =>
  `${code}-${day.slice(5, 7)}${day.slice(8, 10)}-${String(n).padStart(4, '0')}`

/** The customer may press once in a while, not every minute. */
const urgeRest = 30 * 60_000
export const mayUrgeAgainAt = (urgedAt: Date | null): Date | null => (urgedAt === null ? null : new Date(urgedAt.getTime() + urgeRest))

/** A progress link dies this long after the closing. */
const linkLife = 90 * 24 * 3_600_000
export const linkEnds = (closedAt: Date | null): Date | null => (closedAt === null ? null : new Date(closedAt.getTime() + linkLife))

/** Steps whose words are meant for the customer; the words of all others stay in the house. */
const told: readonly string[] = ['waiting', 'resolved', 'comment', 'reply'] satisfies z.output<typeof EntryKind>[]
export const isTold = (kind: z.output<typeof EntryKind>): boolean => told.includes(kind)

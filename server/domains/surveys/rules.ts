import type { Inviting } from '#contract/invitations.ts'
import type { Way } from '#contract/outgoing.ts'
import { addWorkingMinutes, type Calendar } from '#kernel/calendar.ts'
import { Refusal } from '#kernel/refusal.ts'
import { wilson } from '#kernel/statistics.ts'

export { wilson }

/** CSAT: the two best marks among the valid answers. `byScore[0]` counts the ones. Nobody asked twice, so never fewer asked than answered. */
export function csatOf(byScore: readonly number[], asked: number) {
  const n = byScore.reduce((sum, count) => sum + count, 0)
  const best = (byScore[3] ?? 0) + (byScore[4] ?? 0)
  const interval = wilson(best, n)
  return {
    n,
    asked: Math.max(asked, n),
    top2: n === 0 ? null : best / n,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    average: n === 0 ? null : byScore.reduce((sum, count, i) => sum + count * (i + 1), 0) / n,
  }
}

export const standardPolicy = { lowScore: 2, dueMinutes: 480, ownerId: null, calendarId: null }
export const isLow = (score: number, policy: { lowScore: number }) => score <= policy.lowScore

/** In working time. On a calendar that never opens, by the clock on the wall: a customer who was let down is not lost to a setting. */
export function dueAt(now: Date, minutes: number, calendar: Calendar): Date {
  try {
    return addWorkingMinutes(now, minutes, calendar)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'calendar.never_open') return new Date(now.getTime() + minutes * 60_000)
    throw error
  }
}

/** Nobody is asked until somebody says so. */
export const standardInviting: Inviting = {
  contacts: { on: false, queueIds: [], afterMinutes: 30, share: 100 },
  tickets: { on: false, kindIds: [], afterMinutes: 60, share: 100 },
  first: 'sms',
  pauseDays: 30,
  validDays: 7,
}
export const otherWay = (way: Way): Way => (way === 'sms' ? 'mail' : 'sms')
/** None named: all of them. */
export const isAmong = (named: readonly string[], id: string | null): boolean => named.length === 0 || (id !== null && named.includes(id))
/** The draw is the end of the id, which is chance: the same thing is drawn or not however often it is looked at. */
export const isDrawn = (id: string, share: number): boolean => Number.parseInt(id.slice(-4), 16) < (share / 100) * 0x10000

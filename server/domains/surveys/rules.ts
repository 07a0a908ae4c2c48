import { addWorkingMinutes, type Calendar } from '#kernel/calendar.ts'
import { Refusal } from '#kernel/refusal.ts'

export type Interval = { low: number; high: number }

/** Wilson's score interval at 95 %: honest for small n, never below 0 or above 1. */
export function wilson(successes: number, n: number): Interval | null {
  if (n === 0) return null
  const z = 1.959964
  const p = successes / n
  const middle = p + (z * z) / (2 * n)
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

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

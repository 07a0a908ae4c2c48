import type { RuleBody } from '#contract/automation.ts'
import { type Around, judge, leavesOf, type Seen, type Step } from '#contract/conditions.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { type Calendar, isOpen, workingMinutesBetween } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'

/** What conditions ask of the world: the clock, and the calendars they name. */
async function aroundOf(ctx: Ctx, { condition }: RuleBody, now: Date): Promise<Around> {
  const named = new Set<string | null>()
  for (const { value } of leavesOf(condition))
    if (typeof value === 'object' && value !== null && 'calendarId' in value) named.add(value.calendarId)
  const calendars = new Map<string | null, Calendar>()
  for (const id of named) calendars.set(id, await calendarOf(ctx, id))
  return {
    now,
    isOpen: (id, at) => {
      const calendar = calendars.get(id)
      return calendar !== undefined && isOpen(calendar, at)
    },
    workedMinutes: (id, from, to) => {
      const calendar = calendars.get(id)
      return calendar === undefined ? 0 : workingMinutesBetween(from, to, calendar)
    },
  }
}

export async function judged(ctx: Ctx, body: RuleBody, seen: Seen, now: Date): Promise<{ holds: boolean; steps: Step[] }> {
  return judge(body.condition, seen, await aroundOf(ctx, body, now))
}

import * as z from 'zod'
import { FlagLevel } from '#contract/flags.ts'
import { audited, event } from '#kernel/events.ts'

const n = z.int()
/** One fact for everything that came in one call; with the customer when it was about one. */
export const receivablesDelivered = event('receivable.delivered', z.object({ made: n, changed: n, same: n, refused: n }), 'customer:read')
/** A table was brought in: one fact for all its rows. */
export const receivablesImported = audited(
  'receivable.imported',
  z.object({ made: n, changed: n, skipped: n, failed: n }),
  'receivable:write',
)
/** Null: the sum of the open receivables counts again. */
export const balanceDelivered = event('receivable.balanced', z.object({ balance: n.nullable() }), 'customer:read')
/** The customer's oldest one has been overdue for so long; each step is told once. */
export const receivableOverdue = event(
  'receivable.overdue',
  z.object({ step: n, days: n, amount: n, since: z.iso.date() }),
  'customer:read',
)
/** Nothing is overdue any more. */
export const receivableCleared = event('receivable.cleared', z.object({}), 'customer:read')
/** The timer with which a long night goes on. */
export const receivablesNight = event('receivable.night', z.object({}), 'customer:read')
export const flagSet = audited('flag.set', z.object({ code: z.string(), level: FlagLevel }), 'customer:read')
export const flagDropped = audited('flag.dropped', z.object({ code: z.string() }), 'customer:read')

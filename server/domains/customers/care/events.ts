import * as z from 'zod'
import { audited, event } from '#kernel/events.ts'

const days = z.int().nullable()
/** A plan of a customer's own; not there any more: `active` null. */
export const carePlanned = audited(
  'account.planned',
  z.object({ visitDays: days, contactDays: days, active: z.boolean().nullable() }),
  'account:read',
)
export const tierPlanned = audited(
  'account.tier_planned',
  z.object({ tier: z.string(), visitDays: days, contactDays: days }),
  'account:read',
)
/** Neither visited nor spoken with within the plan's span. */
export const accountNeglected = event('account.neglected', z.object({ days: z.int() }), 'customer:read')
export const accountTended = event('account.tended', z.object({}), 'customer:read')
/** The timer with which a long round goes on. */
export const careGoesOn = event('account.round', z.object({}), 'account:read')

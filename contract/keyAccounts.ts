import * as z from 'zod'
import { Tier } from './customers.ts'
import { del, get, Id, Order, Paging, pageOf, put, QueryInt, Time } from './endpoint.ts'

const Day = z.iso.date()
export const PlannedTier = Tier.exclude(['normal'])
const Days = z.int().min(1).max(730).nullable()

export const CarePlanForm = z.object({
  visitDays: Days,
  contactDays: Days,
  /** Without one: the owner of the customer. */
  byId: Id.nullable().default(null),
  /** Counted from here while nothing has happened yet; without one: today. */
  startsOn: Day.optional(),
  note: z.string().trim().max(1000).default(''),
  /** Not active: nothing falls due. */
  active: z.boolean().default(true),
  /** The one the editor saw; 0 while there is none. */
  version: z.int().min(0),
})
export const CarePlan = z.object({
  visitDays: Days,
  contactDays: Days,
  byId: Id.nullable(),
  startsOn: Day,
  note: z.string(),
  active: z.boolean(),
  version: z.int(),
})
export type CarePlan = z.output<typeof CarePlan>

export const CareRound = z.object({
  id: Id,
  kind: z.enum(['visit', 'contact']),
  dueOn: Day,
  taskId: Id.nullable(),
  openedAt: Time,
  doneAt: Time.nullable(),
  doneByName: z.string().nullable(),
})
export type CareRound = z.output<typeof CareRound>

export const Care = z.object({
  own: CarePlan.nullable(),
  /** What holds for the customer's tier. */
  ofTier: CarePlan.nullable(),
  /** The next days, by the plan that counts. */
  visitOn: Day.nullable(),
  contactOn: Day.nullable(),
  /** Asked to be left alone, themselves or by their number: visited, and not called. */
  isAlone: z.boolean(),
  neglectedSince: Day.nullable(),
  /** Ten: what is still to be done, the most overdue first, then what was done last. */
  rounds: z.array(CareRound),
})
export type Care = z.output<typeof Care>

export const KeyAccount = z.object({
  id: Id,
  number: z.string(),
  name: z.string(),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  teamName: z.string().nullable(),
  /** Billed in the last twelve months, and in the twelve before; fen. */
  billed: z.int(),
  billedBefore: z.int(),
  months: z.array(z.int()),
  balanceDue: z.int(),
  overdueAmount: z.int(),
  overdueDays: z.int(),
  openTickets: z.int(),
  lateTickets: z.int(),
  lastContactAt: Time.nullable(),
  lastContactBy: z.string().nullable(),
  complaints: z.int(),
  /** Of the last 90 days and of the 90 before. */
  rating: z.number().nullable(),
  ratingBefore: z.number().nullable(),
  visitOn: Day.nullable(),
  contactOn: Day.nullable(),
  neglectedSince: Day.nullable(),
})
export type KeyAccount = z.output<typeof KeyAccount>

export const keyAccounts = {
  list: get('/key-accounts', {
    query: Paging.extend({
      q: z.string().trim().max(100).optional(),
      show: z.enum(['neglected', 'overdue', 'mine']).optional(),
      sort: Order('-value', 'value', 'contact', '-contact', 'name', '-name', 'care'),
    }),
    reply: pageOf(KeyAccount),
    may: 'account:read',
    says: 'Key accounts with their value, open matters, last contact, complaints, ratings and care; by value, or as `sort` says (`contact`: who was left alone longest; `care`: whose visit or talk is most overdue by the plan of care, who has no plan last).',
  }),
  care: get('/customers/:id/care', {
    reply: Care,
    may: 'account:read',
    says: 'A customer’s plan of care, what falls due next, and what was done.',
  }),
  plan: put('/customers/:id/care', {
    body: CarePlanForm,
    reply: Care,
    may: 'account:write',
    says: 'Plan how often a customer is visited and spoken with; refused when someone else changed the plan since.',
  }),
  unplan: del('/customers/:id/care', {
    query: z.object({
      /** The one that was seen. */
      version: QueryInt.optional(),
    }),
    reply: Care,
    may: 'account:write',
    says: 'Take the plan of a customer’s own away: the one of the tier counts again; refused when `version` is no longer the one that stands.',
  }),
  tiers: get('/care-plans', {
    reply: z.array(CarePlan.extend({ tier: PlannedTier })),
    may: 'account:read',
    says: 'Plans of care by tier, for whoever has none of their own.',
  }),
  planTier: put('/care-plans/:tier', {
    body: CarePlanForm,
    reply: CarePlan.extend({ tier: PlannedTier }),
    may: 'account:write',
    says: 'Plan the care of a tier: silver, gold or key.',
  }),
}

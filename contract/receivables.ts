import * as z from 'zod'
import { del, get, Id, Paging, pageOf, post, put, QueryBool, Time, Words } from './endpoint.ts'
import { customerFlags, Flag, NewFlag } from './flags.ts'

/** Money here is fen, in one currency. */
export const currency = 'CNY'
export const Hold = z.enum(['', 'suspended', 'disputed'])
const Day = z.iso.date()

export const Receivable = z.object({
  id: Id,
  customerId: Id,
  extId: z.string(),
  number: z.string(),
  kind: z.string(),
  /** The month it is for: 2026-10. */
  period: z.string(),
  currency: z.string(),
  amount: z.int(),
  openAmount: z.int(),
  issuedOn: Day,
  dueOn: Day,
  /** Null while it is open, and of one that came in paid without the books saying when. */
  settledAt: Time.nullable(),
  hold: Hold,
  overdue: z.boolean(),
  source: z.string(),
  changedAt: Time,
  version: z.int(),
})
export type Receivable = z.output<typeof Receivable>

/** What the books say of one receivable; what they leave out stays as it is. Each is judged by itself, so dates and sums are looked at there and not here. */
export const NewReceivable = z.object({
  extId: Words(80),
  /** One of these three says whose it is. */
  customerId: Id.optional(),
  customerNumber: z.string().trim().max(40).optional(),
  customerExtId: z.string().trim().max(80).optional(),
  /** A new one without: its id. */
  number: z.string().trim().max(60).optional(),
  kind: z.string().trim().max(30).optional(),
  /** A new one without: the month of its issue. */
  period: z.string().trim().max(10).optional(),
  currency: z.string().trim().max(10).default(currency),
  amount: z.int(),
  /** A new one without: all of it. Where the amount of one that is not paid changes, what is open follows by as much. */
  openAmount: z.int().optional(),
  /** A new one without: the day it is due. */
  issuedOn: z.string().max(10).optional(),
  dueOn: z.string().max(10),
  settledAt: Time.nullable().optional(),
  hold: Hold.optional(),
  /** When the books said so; what is older than what we have is left out. */
  at: Time.optional(),
})
export type NewReceivable = z.output<typeof NewReceivable>

/** `older`: we know better by now. `refused`: `code` says why; the others came in. */
export const Delivered = z.object({
  extId: z.string(),
  id: Id.nullable(),
  outcome: z.enum(['made', 'changed', 'same', 'older', 'refused']),
  code: z.string().nullable(),
})
export type Delivered = z.output<typeof Delivered>

export const Account = z.object({
  /** Positive: the customer owes. */
  balanceDue: z.int(),
  overdueAmount: z.int(),
  overdueSince: Day.nullable(),
  overdueDays: z.int(),
  source: z.string(),
  /** Null: nothing was ever delivered. */
  heardAt: Time.nullable(),
  /** The books gave a balance without invoices, or beside them. */
  byBalance: z.boolean(),
  /** The last twelve months that have something, the oldest first. `settledAt`: when the last of it was paid; null as long as some is open, or where the books did not say. */
  periods: z.array(z.object({ period: z.string(), amount: z.int(), openAmount: z.int(), dueOn: Day, settledAt: Time.nullable() })),
})
export type Account = z.output<typeof Account>

/** Those that we set ourselves. */
export const ownFlags = ['overdue', 'neglected'] as const

export const receivables = {
  deliver: post('/receivables', {
    body: z.object({ source: z.string().trim().max(40).default(''), items: z.array(NewReceivable).min(1).max(1000) }),
    reply: z.object({ rows: z.array(Delivered) }),
    may: 'receivable:write',
    says: 'Bring invoices or charges in by their id in the books, at most 1,000; each answers for itself, what is left out stays as it is, and saying the same again changes nothing.',
  }),
  list: get('/customers/:id/receivables', {
    query: Paging.extend({ open: QueryBool.optional() }),
    reply: pageOf(Receivable),
    may: 'customer:read',
    says: 'What was billed to a customer, the latest due first.',
  }),
  account: get('/customers/:id/account', {
    reply: Account,
    may: 'customer:read',
    says: 'What a customer owes, what of it is overdue, the last twelve months, and how old this knowledge is.',
  }),
  balance: put('/customers/:id/balance', {
    body: z.object({
      /** Null: from now on the sum of the open receivables counts again. */
      balance: z.int().min(-1_000_000_000_000).max(1_000_000_000_000).nullable(),
      currency: z.string().trim().max(10).default(currency),
      overdueAmount: z.int().min(0).max(1_000_000_000_000).default(0),
      overdueSince: Day.nullable().default(null),
      source: z.string().trim().max(40).default(''),
      at: Time.optional(),
    }),
    reply: Account,
    may: 'receivable:write',
    says: 'Deliver a customer’s balance without its invoices.',
  }),
  ...customerFlags,
  setFlag: put('/customers/:id/flags/:code', {
    body: NewFlag,
    reply: Flag,
    may: 'receivable:write',
    says: 'Set a mark of the finance system’s own on a customer, or change it.',
  }),
  dropFlag: del('/customers/:id/flags/:code', { may: 'receivable:write', says: 'Take such a mark away.' }),
}

import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, patch, post, QueryBool, Time, Words } from './endpoint.ts'
import { EmailSeen, SensitiveField } from './sensitive.ts'
import { TimelineAsked, TimelineCounted, TimelineCounts, TimelineEntry } from './timeline.ts'

export const CustomerKind = z.enum(['person', 'organisation'])
export const Tier = z.enum(['normal', 'silver', 'gold', 'key'])
export const IdentityKind = z.enum(['phone', 'email', 'web', 'wechat'])

export const Customer = z.object({
  id: Id,
  number: z.string(),
  kind: CustomerKind,
  name: z.string(),
  tier: Tier,
  /** Masked (138****6021) for whoever may not reveal. */
  phone: z.string().nullable(),
  email: z.string().nullable(),
  address: z.string(),
  district: z.string(),
  postCode: z.string(),
  note: z.string(),
  tags: z.array(z.string()),
  care: z.array(z.enum(['elderly', 'disabled', 'infant', 'medical'])),
  /** Balance due in fen; positive means the customer owes. */
  balanceDue: z.int(),
  since: Time,
  lastContactAt: Time.nullable(),
  ownerId: Id.nullable(),
  version: z.int(),
})
export type Customer = z.output<typeof Customer>
/** As one of many: `leftAlone`, whether they asked not to be disturbed or their number is on the register, seen before one dials. */
export const ListedCustomer = Customer.extend({ leftAlone: z.boolean() })
export type ListedCustomer = z.output<typeof ListedCustomer>

/** As much as merged files bring together; a new one is written shorter. */
export const longestNote = 100_000
const written = {
  name: Words(80),
  kind: CustomerKind,
  tier: Tier,
  phone: z.string().trim().max(40).nullable(),
  email: z.email().max(200).nullable(),
  address: z.string().trim().max(200),
  district: z.string().trim().max(60),
  postCode: z.string().trim().max(12),
  note: z.string().trim().max(4000),
  tags: z.array(Words(30)).max(20),
  care: Customer.shape.care,
}
export const NewCustomer = z.object({
  name: written.name,
  kind: written.kind.default('person'),
  tier: written.tier.default('normal'),
  phone: written.phone.default(null),
  email: written.email.default(null),
  address: written.address.default(''),
  district: written.district.default(''),
  postCode: written.postCode.default(''),
  note: written.note.default(''),
  tags: written.tags.default([]),
  care: written.care.default([]),
  number: z.string().trim().max(40).optional(),
  /** Made by the client, so that a retry adds nobody twice. */
  clientId: Id.optional(),
})
/** `version` is the one the editor saw; a later one refuses, so nobody's change is silently lost. */
export const CustomerChange = z
  // The notes of merged files stand in one and stay editable.
  .object({ ...written, email: EmailSeen.nullable(), note: z.string().trim().max(longestNote) })
  .partial()
  .extend({ version: z.int() })

export const customers = {
  list: get('/customers', {
    query: Paging.extend({
      q: z.string().trim().max(100).optional(),
      tier: Tier.optional(),
      /** Those whom the asker looks after or takes care of. */
      mine: QueryBool.optional(),
      segment: Id.optional(),
      sort: Order('-contact', 'contact', 'name', '-name', 'number', '-number', '-added', 'added'),
    }),
    reply: pageOf(ListedCustomer),
    may: 'customer:read',
    says: 'Customers by last contact, or as `sort` says; `q` finds by name, number, phone (also its last four digits) or address, `segment` keeps those who are in a segment now; `leftAlone` marks those who are not to be disturbed.',
  }),
  districts: get('/customers/districts', {
    reply: z.array(z.string()),
    may: 'customer:read',
    says: 'Districts in which customers are, to choose from.',
  }),
  one: get('/customers/:id', { reply: Customer, may: 'customer:read', says: 'One customer.' }),
  add: post('/customers', { body: NewCustomer, reply: Customer, may: 'customer:write', says: 'Add a customer.' }),
  change: patch('/customers/:id', {
    body: CustomerChange,
    reply: Customer,
    may: 'customer:write',
    says: 'Change a customer; refused when someone else changed it since.',
  }),
  reveal: post('/customers/:id/reveal', {
    body: z.object({
      /** Asked for where the organisation wants to know why. */
      reason: Words(200).optional(),
      /** Without: telephone numbers, e-mails and WeChat. */
      fields: z.array(SensitiveField).min(1).max(60).optional(),
    }),
    reply: z.object({
      phone: z.string().nullable(),
      email: z.string().nullable(),
      /** Every number, mail and WeChat on file, as it is used and as it was typed. */
      reached: z.array(z.object({ id: Id, kind: IdentityKind, value: z.string(), typed: z.string() })),
      address: z.string().nullable(),
      /** What of each was masked. */
      addresses: z.array(z.object({ id: Id, street: z.string(), detail: z.string() })),
      own: z.record(z.string(), z.unknown()),
    }),
    may: 'customer:reveal',
    says: 'Show masked values of a customer in full, all numbers or the fields that are named; audited, and never what is hidden from the role.',
  }),
  timeline: get('/customers/:id/timeline', {
    query: TimelineAsked,
    reply: pageOf(TimelineEntry),
    may: 'customer:read',
    says: 'Everything that happened with this customer, newest first; of one sort only, or found by words of it.',
  }),
  timelineCounts: get('/customers/:id/timeline-counts', {
    query: TimelineCounted,
    reply: TimelineCounts,
    may: 'customer:read',
    says: 'How many matters of each sort stand on the time line; of those found by words, where some are given.',
  }),
}

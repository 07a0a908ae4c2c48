import * as z from 'zod'
import { get, Id, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { ConsentPurpose } from './outgoing.ts'

const text = (max: number) => z.string().trim().max(max)
const Pair = { name: z.string(), nameEn: z.string() }

/** How a customer stands towards their rights. */
export const PrivacyState = z.object({
  erasedAt: Time.nullable(),
  /** An erasure that goes on. */
  erasing: z.boolean(),
  hold: z.object({ reason: z.string(), since: Time, byName: z.string() }).nullable(),
})
export type PrivacyState = z.output<typeof PrivacyState>

export const ErasurePreview = z.object({
  number: z.string(),
  /** How much there is of each, and what becomes of it. */
  holdings: z.array(z.object({ table: z.string(), ...Pair, rows: z.int(), files: z.int(), becomes: z.enum(['removed', 'blanked']) })),
  /** What is still open, so that nobody is erased yet. */
  blocks: z.array(z.object({ kind: z.enum(['open', 'due', 'hold', 'erasing']), ...Pair, n: z.int() })),
  /** Lists that were taken along and still lie here: they go as well. */
  taken: z.object({ n: z.int(), until: Time.nullable() }),
  /** What they declined stands on as a digest of their numbers. */
  declined: z.int(),
})
export type ErasurePreview = z.output<typeof ErasurePreview>

export const privacy = {
  state: get('/customers/:id/privacy', {
    reply: PrivacyState,
    may: 'customer:read',
    says: 'Whether a customer is erased, being erased, or may not be.',
  }),
  preview: get('/customers/:id/erasure', {
    reply: ErasurePreview,
    may: 'customer:privacy',
    says: 'What erasing this customer would remove, and what is in the way.',
  }),
  erase: post('/customers/:id/erasure', {
    body: z.object({ number: Words(40), reason: Words(300) }),
    reply: z.object({ runId: Id }),
    may: 'customer:privacy',
    says: 'Erase a customer, whose number is typed once more: figures stay as they are, the person goes. It cannot be taken back.',
  }),
  package: post('/customers/:id/data-package', {
    body: z.object({ reason: Words(300), language: z.enum(['zh', 'en']) }),
    reply: z.object({ runId: Id }),
    may: 'customer:privacy',
    says: 'Gather everything kept of a customer in one package to hand over; audited, and there for a week.',
  }),
  hold: put('/customers/:id/hold', {
    body: z.object({ on: z.boolean(), reason: text(300).default('') }),
    reply: PrivacyState,
    may: 'customer:privacy',
    says: 'Keep everything of a customer as long as a dispute or an inquiry lasts, or no longer.',
  }),
}

/** A number or address that is not contacted, whoever has it. */
export const LeftAlone = z.object({
  id: Id,
  /** As the role sees numbers and addresses. */
  value: z.string().nullable(),
  /** Of a person who was erased only the digest is left. */
  isDigest: z.boolean(),
  /** Null: for everything. */
  purpose: ConsentPurpose.nullable(),
  until: Time.nullable(),
  reason: z.string(),
  source: z.enum(['entered', 'table', 'erased']),
  since: Time,
  byName: z.string(),
})
export type LeftAlone = z.output<typeof LeftAlone>
/** Who asked for it as a customer: it goes with the file. */
export const CustomerLeftAlone = z.object({
  id: Id,
  number: z.string(),
  name: z.string(),
  until: Time.nullable(),
  reason: z.string(),
  since: Time,
  byName: z.string(),
})
export type CustomerLeftAlone = z.output<typeof CustomerLeftAlone>
const Entry = { until: Time.nullable().default(null), reason: text(300).default('') }
export const leftAlone = {
  list: get('/left-alone', {
    query: Paging.extend({ q: text(80).optional(), source: LeftAlone.shape.source.optional() }),
    reply: pageOf(LeftAlone),
    may: 'message:configure',
    says: 'Numbers and addresses that are not contacted, newest first; `q` finds a whole number or address exactly, else words of the reason.',
  }),
  customers: get('/left-alone/customers', {
    query: Paging.extend({ q: text(80).optional() }),
    reply: pageOf(CustomerLeftAlone),
    may: 'customer:read',
    says: 'Customers who asked to be left alone altogether, whatever their numbers; lifted by `PUT /customers/{id}/undisturbed`. `q` finds by name, number, whole telephone or e-mail, or words of the reason.',
  }),
  counts: get('/left-alone/counts', {
    reply: z.object({ values: z.int(), customers: z.int() }),
    may: 'message:configure',
    says: 'How many numbers and addresses, and how many customers, are left alone; counted up to a hundred, which stands for more.',
  }),
  add: post('/left-alone', {
    body: z.object({ values: z.array(Words(80)).min(1).max(20_000), ...Entry }),
    reply: z.object({ added: z.int(), known: z.int(), wrong: z.array(z.string()) }),
    may: 'message:configure',
    says: 'Contact these numbers and addresses no more, one or many at once.',
  }),
  remove: post('/left-alone/:id/lifting', {
    body: z.object({ reason: Words(300) }),
    reply: z.object({ id: Id }),
    may: 'message:configure',
    says: 'Take a number off the register; audited.',
  }),
}

export const KeepingKind = z.enum([
  'contact_texts',
  'contact_notes',
  'ticket_texts',
  'outgoing_texts',
  'invitation_texts',
  'task_texts',
  'call_numbers',
  'customers',
])
export type KeepingKind = z.output<typeof KeepingKind>
export const Keeping = z.object({
  kind: KeepingKind,
  /** Null: kept without an end. */
  days: z.int().nullable(),
})
export type Keeping = z.output<typeof Keeping>
export const keeping = {
  read: get('/keeping', { reply: z.array(Keeping), may: 'customer:privacy', says: 'How long which kind of personal data is kept.' }),
  change: put('/keeping', {
    body: z.object({ kind: KeepingKind, days: z.int().min(1).max(36_500).nullable() }),
    reply: z.array(Keeping),
    may: 'customer:privacy',
    says: 'Keep a kind so many days, or without an end; from the next night on what is older goes.',
  }),
  preview: post('/keeping/preview', {
    body: z.object({ kind: KeepingKind, days: z.int().min(1).max(36_500) }),
    reply: z.object({ rows: z.int(), more: z.boolean(), oldest: Time.nullable() }),
    may: 'customer:privacy',
    says: 'How much would go the next night with so many days, and how old the oldest is.',
  }),
}

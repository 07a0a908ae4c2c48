import * as z from 'zod'
import { BatchReply, BatchTime, batchOf, customerNamed, Did, ExtId, feedOf, feedQuery } from './batches.ts'
import { catalog, get, Id, patch, post, put, QueryBool, QueryInt, Time, Words } from './endpoint.ts'
import { FormField, FormValues } from './forms.ts'

/** A kind of thing that customers have: meters, vehicles, contracts. Their numbers are unique within it. */
export const RecordKind = z.object({
  name: Words(40),
  nameEn: z.string().max(60).default(''),
  code: z.string().regex(/^[A-Z][A-Z0-9]{1,11}$/),
  fields: z.array(FormField).max(30).default([]),
  position: z.int().default(0),
})
export const recordKinds = catalog('/record-kinds', RecordKind, { read: 'signed-in', write: 'customer:configure' })
export type RecordKind = z.output<typeof recordKinds.Row>

export const CustomerRecord = z.object({
  id: Id,
  kindId: Id,
  customerId: Id,
  number: z.string(),
  extId: z.string().nullable(),
  fields: FormValues,
  note: z.string(),
  since: Time,
  endedAt: Time.nullable(),
  version: z.int(),
})
export type CustomerRecord = z.output<typeof CustomerRecord>

const written = {
  number: Words(60),
  fields: FormValues,
  note: z.string().trim().max(1000),
  extId: ExtId.nullable(),
}
export const NewRecord = z.object({
  kindId: Id,
  number: written.number,
  fields: written.fields.default({}),
  note: written.note.default(''),
  extId: written.extId.default(null),
  /** From when the customer has it; now where nothing is said. */
  since: Time.optional(),
})
export const RecordChange = z.object(written).partial().extend({ version: z.int() })

/** A record as another system tells it: what is not said stays as it is. */
const told = z.object({
  /** Its kind by id or by code. */
  kindId: Id.optional(),
  kindCode: z.string().max(12).optional(),
  /** Whose it is; another customer than before is given it. */
  ...customerNamed,
  number: written.number.optional(),
  /** By key; `null` empties one. */
  fields: written.fields.optional(),
  note: written.note.optional(),
  since: BatchTime.optional(),
  /** From when the customer has it no longer; `null`: it goes on. */
  endedAt: BatchTime.nullable().optional(),
  /** Sent: refused when someone changed the record since. */
  version: z.int().optional(),
})
/** Known by `id`, else by `extId`, else by kind and number; what is known by none of those sent is added. */
export const RecordItem = told.extend({ id: Id.optional(), extId: ExtId.optional() })
export type RecordItem = z.output<typeof RecordItem>

/** So many of one customer are listed at once. */
export const mostRecords = 500
export const records = {
  upsert: put('/records/by-ext/:ext', {
    body: told,
    reply: z.object({ did: Did, record: CustomerRecord }),
    may: 'customer:write',
    says: 'Create or change the record that another system knows by this id, its customer named by `customerId`, `customerNumber` or `customerExtId`; says which, and a second time that nothing changed.',
  }),
  batch: post('/records/batch', {
    body: batchOf(RecordItem),
    reply: BatchReply,
    may: 'customer:write',
    says: 'Up to 1,000 records at once, known by `id`, else `extId`, else kind and number: each is added, changed, given to another customer, ended, left as it is or refused by itself. The same items again change nothing.',
  }),
  changes: get('/records/changes', {
    query: feedQuery,
    reply: feedOf(CustomerRecord),
    may: 'customer:read',
    says: 'Records changed since the cursor, each once at its latest state and none ever missed; without a cursor from the beginning. Those of an erased customer go with them, which `GET /customers/changes` tells. A cursor from before a restore is refused (`customer.feed_begin_again`).',
  }),
  ofCustomer: get('/customers/:id/records', {
    query: z.object({ number: Words(60).optional() }),
    reply: z.array(CustomerRecord),
    may: 'customer:read',
    says: 'What a customer has, up to five hundred: those that go on first, ended ones after them; `number` keeps to those whose number holds it.',
  }),
  find: get('/records', {
    query: z.object({
      number: Words(60),
      kindId: Id.optional(),
      ended: QueryBool.optional(),
      size: QueryInt.pipe(z.int().min(1).max(50)).optional(),
    }),
    reply: z.array(CustomerRecord.extend({ customerName: z.string(), customerNumber: z.string() })),
    may: 'customer:read',
    says: 'Records by the beginning of their number, or by its last four signs and more; `ended` finds those that have ended, too.',
  }),
  add: post('/customers/:id/records', {
    body: NewRecord,
    reply: CustomerRecord,
    may: 'customer:write',
    says: 'Add something a customer has.',
  }),
  change: patch('/records/:id', {
    body: RecordChange,
    reply: CustomerRecord,
    may: 'customer:write',
    says: 'Change a record; refused when someone else changed it since.',
  }),
  move: post('/records/:id/move', {
    body: z.object({ customerId: Id, version: z.int() }),
    reply: CustomerRecord,
    may: 'customer:write',
    says: 'Give a record to another customer, as when a flat is sold with its meter.',
  }),
  end: post('/records/:id/ending', {
    body: z.object({ at: Time.optional(), version: z.int() }),
    reply: CustomerRecord,
    may: 'customer:write',
    says: 'The customer has it no longer, from `at` on; now where nothing is said.',
  }),
  reopen: post('/records/:id/reopening', {
    body: z.object({ version: z.int() }),
    reply: CustomerRecord,
    may: 'customer:write',
    says: 'An ended record goes on.',
  }),
}

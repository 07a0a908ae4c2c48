import * as z from 'zod'
import { catalog, get, Id, patch, post, QueryBool, QueryInt, Time, Words } from './endpoint.ts'
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
  extId: Words(100).nullable(),
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

export const records = {
  ofCustomer: get('/customers/:id/records', {
    reply: z.array(CustomerRecord),
    may: 'customer:read',
    says: 'What a customer has: those that go on first, ended ones after them.',
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

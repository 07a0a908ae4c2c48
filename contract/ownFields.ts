import * as z from 'zod'
import { catalog, get, Id, put } from './endpoint.ts'
import { FieldRules, FormField, FormValues } from './forms.ts'

const { key, ...form } = FormField.shape
const kept = { ...form, ...FieldRules.shape }

/** A field of the organisation's own in the customer's file. */
export const OwnField = z.object({
  key,
  field: z.object({
    ...kept,
    /** Roles that see it; none named: everybody who may read the customer. Who does not see it does not write it. */
    seenBy: z.array(Id).max(50).default([]),
    /** Roles that write it; none named: everybody who sees it and may change the customer. */
    writtenBy: z.array(Id).max(50).default([]),
    /** Whether API keys see and write it where roles are named: a key has none. */
    openToKeys: z.boolean().default(false),
  }),
  position: z.int().default(0),
})
export const ownFields = catalog('/customer-fields', OwnField, { read: 'customer:configure', write: 'customer:configure' })

/** As whoever asks meets it. */
export const OwnFieldShown = z.object({
  key,
  ...kept,
  mayWrite: z.boolean(),
  /** Its values come masked; sent back so they stay as they are. */ masked: z.boolean(),
})
export type OwnFieldShown = z.output<typeof OwnFieldShown>
export const OwnFile = z.object({ fields: z.array(OwnFieldShown), values: FormValues, version: z.int() })
export type OwnFile = z.output<typeof OwnFile>

export const own = {
  read: get('/customers/:id/own', {
    reply: OwnFile,
    may: 'customer:read',
    says: 'The organisation’s own fields of a customer, as far as the role of whoever asks sees them.',
  }),
  write: put('/customers/:id/own', {
    body: z.object({ values: FormValues, version: z.int() }),
    reply: OwnFile,
    may: 'customer:write',
    says: 'Fill in own fields; those that are not sent stay, `null` empties one. Refused when someone else changed the customer since.',
  }),
}

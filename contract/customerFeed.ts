import * as z from 'zod'
import { BatchReply, batchOf, Did, ExtId, feedOf, feedQuery } from './batches.ts'
import { Customer, CustomerChange } from './customers.ts'
import { get, Id, post, put, QueryBool, Words } from './endpoint.ts'
import { FormValues } from './forms.ts'
import { CustomerConsent } from './outgoing.ts'

const said = CustomerChange.omit({ version: true }).extend({
  number: Words(40).optional(),
  /** Own fields by key; `null` empties one. */
  own: FormValues.optional(),
  /** What they said about being contacted; the same again is not written twice. */
  consents: z
    .array(CustomerConsent.omit({ until: true }))
    .max(15)
    .optional(),
})
/** Known by `id`, else by `extId`, else by `number`; whoever is known by none of those sent is added. What is not sent stays as it is. */
export const BatchItem = said.extend({
  id: Id.optional(),
  extId: ExtId.optional(),
  /** Sent: the item is refused when someone changed the customer since. */
  version: z.int().optional(),
})
export type BatchItem = z.output<typeof BatchItem>

/** The latest state of a customer, or where it went. */
export const FeedRow = z.object({
  id: Id,
  extId: z.string().nullable(),
  /** Read as part of that one from now on. */
  mergedInto: Id.nullable(),
  /** Why there is no customer any more. `removed`: the import that brought them was taken back. */
  gone: z.enum(['merged', 'erased', 'removed']).nullable(),
  customer: Customer.nullable(),
  own: FormValues,
})
export type FeedRow = z.output<typeof FeedRow>

export const customerFeed = {
  upsert: put('/customers/by-ext/:ext', {
    body: said,
    reply: z.object({ did: Did, customer: Customer }),
    may: 'customer:write',
    says: 'Create or change the customer whom another system knows by this id; says which, and a second time that nothing changed.',
  }),
  batch: post('/customers/batch', {
    body: batchOf(BatchItem),
    reply: BatchReply,
    may: 'customer:write',
    says: 'Up to 1,000 customers at once, known by `id`, else `extId`, else `number`: each is added, changed, left as it is or refused by itself. The same items again change nothing.',
  }),
  changes: get('/customers/changes', {
    query: feedQuery.extend({ full: QueryBool.optional() }),
    reply: feedOf(FeedRow),
    may: 'customer:read',
    says: 'Customers changed since the cursor, each once at its latest state and none ever missed, those who are gone (merged, erased, taken back with their import) as such; without a cursor from the beginning. Telephones and e-mails are masked; `full` shows them to whoever may reveal, which is on record. A cursor from before a restore is refused (`customer.feed_begin_again`).',
  }),
}

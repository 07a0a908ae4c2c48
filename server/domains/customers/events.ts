import * as z from 'zod'
import { CustomerKind, IdentityKind, Tier } from '#contract/customers.ts'
import { CustomerConsent } from '#contract/outgoing.ts'
import { audited, event } from '#kernel/events.ts'

export { customerMerged, customerParted } from './duplicates/events.ts'

const fields = z.object({ fields: z.array(z.string()) })

/** Their number stands in the personal values: it leads to them. */
export const customerAdded = event('customer.added', z.object({}))
/** What rules may ask about; nothing personal. */
const asked = z.object({ tier: Tier, kind: CustomerKind, district: z.string(), tags: z.array(z.string()) }).partial()
/** `was` and `is`: as it was before and as it is since. What leads to a person stands in the personal values, under its name and under its name with `Was`. */
export const customerChanged = event('customer.changed', fields.extend({ was: asked.optional(), is: asked.optional() }))
/** Somebody looked at the full telephone number and e-mail; why stands in the personal values. */
export const customerRevealed = audited('customer.revealed', fields)
export const customerIdentified = event('customer.identified', z.object({ kind: IdentityKind }))
/** What proves it stands in the personal values. */
export const consentRecorded = audited(
  'consent.recorded',
  CustomerConsent.pick({ purpose: true, channel: true, given: true, source: true }),
  'customer:read',
)
export const customerLeftAlone = audited('customer.left_alone', z.object({ on: z.boolean(), until: z.iso.datetime().nullable() }))
const n = z.int()
/** A table was brought in: one fact for all its rows. */
export const customersImported = audited('customer.imported', z.object({ made: n, changed: n, skipped: n, failed: n }))
/** An import was taken back: one fact for all its rows, about the import. */
export const customersTakenBack = audited('customer.taken_back', z.object({ removed: n, restored: n, kept: n }))
/** Names are to be read anew, a few hundred at a time. */
export const customerSearchDue = event('customer.search_due', z.object({}))

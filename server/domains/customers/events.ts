import * as z from 'zod'
import { IdentityKind } from '#contract/customers.ts'
import { audited, event } from '#kernel/events.ts'

const fields = z.object({ fields: z.array(z.string()) })

export const customerAdded = event('customer.added', z.object({ number: z.string() }))
export const customerChanged = event('customer.changed', fields)
/** Somebody looked at the full telephone number and e-mail; why stands in the personal values. */
export const customerRevealed = audited('customer.revealed', fields)
export const customerIdentified = event('customer.identified', z.object({ kind: IdentityKind }))

import * as z from 'zod'
import { audited } from '#kernel/events.ts'

/** Another system read customers with their telephones and e-mails in full. */
export const customersFed = audited('customer.fed', z.object({ count: z.int() }))

import * as z from 'zod'
import { get, put } from './endpoint.ts'
import { ConsentPurpose } from './outgoing.ts'

/** What the reader of a mail sees who wants no more of its kind. */
export const Unsubscribing = z.object({
  tenantName: z.string(),
  tenantNameEn: z.string(),
  brand: z.string(),
  purpose: ConsentPurpose,
  /** Masked. */
  address: z.string(),
  /** Whether mails of that kind still come. */
  given: z.boolean(),
})
export type Unsubscribing = z.output<typeof Unsubscribing>
export const unsubscribing = {
  look: get('/unsubscription', {
    reply: Unsubscribing,
    may: 'link',
    says: 'What mails of this kind are, by the secret of the link in one.',
  }),
  decide: put('/unsubscription', {
    body: z.object({ given: z.boolean() }),
    reply: Unsubscribing,
    may: 'link',
    says: 'The customer wants no more of them, or wants them again.',
  }),
}

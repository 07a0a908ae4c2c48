import * as z from 'zod'

/** What of a customer's file may be kept from a role: the standard fields, and text fields of the organisation's own as `own.<key>`. */
export const StandardField = z.enum(['phone', 'email', 'wechat', 'address'])
export type StandardField = z.output<typeof StandardField>
export const SensitiveField = z.string().regex(/^(phone|email|wechat|address|own\.[a-z][a-zA-Z0-9]{0,39})$/)
export type SensitiveField = z.output<typeof SensitiveField>

/** As it is shown to whoever may not see it: sent back it changes nothing. */
const maskedEmail = z
  .string()
  .max(200)
  .regex(/^[^\s@]?\*{3}@\S+$/)
/** An e-mail in a change: a new one, or the one that stands as its editor saw it. */
export const EmailSeen = z.union([z.email().max(200), maskedEmail])

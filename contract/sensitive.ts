import * as z from 'zod'

/** What of a customer's file may be kept from a role: the standard fields, and text fields of the organisation's own as `own.<key>`. */
export const StandardField = z.enum(['phone', 'email', 'wechat', 'address'])
export type StandardField = z.output<typeof StandardField>
export const SensitiveField = z.string().regex(/^(phone|email|wechat|address|own\.[a-z][a-zA-Z0-9]{0,39})$/)
export type SensitiveField = z.output<typeof SensitiveField>

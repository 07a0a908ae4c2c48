import * as z from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { hmac, sameText } from '#kernel/secrets.ts'

/** Who the site says its visitor is. At least one of number, phone and e-mail. */
const SignedCustomer = z
  .object({
    number: z.string().trim().min(1).max(40).optional(),
    phone: z.string().trim().min(1).max(40).optional(),
    email: z.string().trim().min(1).max(200).optional(),
    name: z.string().trim().max(80).optional(),
    /** Unix seconds after which the signature means nothing. */
    exp: z.int().positive(),
  })
  .refine(c => c.number !== undefined || c.phone !== undefined || c.email !== undefined)
export type SignedCustomer = z.output<typeof SignedCustomer>

export function signCustomer(customer: SignedCustomer, secret: string): string {
  const text = Buffer.from(JSON.stringify(customer)).toString('base64url')
  return `${text}.${hmac(secret, text)}`
}

/** The customer a site signed; refuses what is forged, malformed or too old. */
export function readSigned(signed: string, secret: string | null, now: Date): SignedCustomer {
  const forged = new Refusal('forbidden', 'widget.identity_forged')
  const [text, signature, ...rest] = signed.split('.')
  if (secret === null || text === undefined || signature === undefined || rest.length > 0 || !sameText(hmac(secret, text), signature))
    throw forged
  const customer = SignedCustomer.safeParse(parsedJson(text))
  if (!customer.success) throw forged
  if (customer.data.exp * 1000 <= now.getTime()) throw new Refusal('forbidden', 'widget.identity_expired')
  return customer.data
}

function parsedJson(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

import * as z from 'zod'
import { get, Id, put } from './endpoint.ts'
import { SensitiveField, StandardField } from './sensitive.ts'

/** `masked`: enough to tell two apart, and in full by a look that is recorded. `hidden`: not even that. */
export const Showing = z.enum(['shown', 'masked', 'hidden'])
export type Showing = z.output<typeof Showing>
/** As long as nobody decided: numbers stand masked, everything else is shown. */
export const firstShowing = (field: string): Showing => (field === 'address' || field.startsWith('own.') ? 'shown' : 'masked')

/** A role by its id; API keys have none and count as one. */
export const MaskRole = z.union([Id, z.literal('key')])
export const MaskRule = z.object({ role: MaskRole, field: SensitiveField, showing: Showing })
export type MaskRule = z.output<typeof MaskRule>
export const Masking = z.object({
  roles: z.array(z.object({ role: MaskRole, name: z.string(), nameEn: z.string() })),
  /** Own fields that hold text. `seenBy`: the roles that see the field at all, as its settings say; the others see nothing of it. */
  own: z.array(z.object({ field: SensitiveField, label: z.string(), labelEn: z.string(), seenBy: z.array(MaskRole) })),
  /** What was decided; the rest is as it was at first. */
  rules: z.array(MaskRule),
  /** Whether a look at a masked value asks why. It is recorded either way. */
  askWhy: z.boolean(),
})
export type Masking = z.output<typeof Masking>
export const MyMasking = z.object({ fields: z.record(StandardField, Showing), askWhy: z.boolean() })
export type MyMasking = z.output<typeof MyMasking>

const may = 'customer:privacy'
export const masking = {
  read: get('/masking', {
    reply: Masking,
    may,
    says: 'Which role sees which sensitive field of a customer in full, masked or not at all.',
  }),
  mine: get('/masking/mine', { reply: MyMasking, may: 'customer:read', says: 'How whoever asks sees sensitive fields.' }),
  decide: put('/masking', {
    body: MaskRule,
    reply: Masking,
    may,
    says: 'Decide how a role sees a field, from now on and wherever it leaves the server; audited.',
  }),
  reasons: put('/masking/reasons', {
    body: z.object({ askWhy: z.boolean() }),
    reply: Masking,
    may,
    says: 'Ask why when somebody looks at a masked value, or only record it; audited.',
  }),
}

import type { FieldKind, Value } from '#contract/conditions.ts'
import type { FormField, FormValues } from '#contract/forms.ts'
import type { FieldOffer, Fields } from '#kernel/automation.ts'
import type { Ctx } from '#kernel/work.ts'
import { openFields } from './access.ts'

const kinds = { text: 'text', number: 'number', choice: 'choice', date: 'time', yesno: 'yesno' } as const satisfies Record<
  FormField['type'],
  FieldKind
>

/** Own fields as conditions ask about them. Only those that everybody sees: what a rule asked and found is told to whoever reads its runs. */
export async function ownOffers(ctx: Ctx): Promise<FieldOffer[]> {
  return (await openFields(ctx)).map(({ key, label, labelEn, type, options }) => ({
    key: `own.${key}`,
    kind: kinds[type],
    name: label,
    nameEn: labelEn || label,
    ...(type === 'choice' ? { options: options.map(o => ({ value: o.value, name: o.label, nameEn: o.labelEn || o.label })) } : {}),
  }))
}

export async function ownAsked(ctx: Ctx, values: FormValues): Promise<Fields> {
  if (Object.keys(values).length === 0) return {}
  return Object.fromEntries((await openFields(ctx)).map(({ key, type }) => [`own.${key}`, askedValue(type, values[key])]))
}

function askedValue(type: FormField['type'], value: unknown): Value {
  if (type === 'date') return typeof value === 'string' ? new Date(`${value}T00:00:00Z`) : null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

import type * as z from 'zod'
import { formFault } from '#contract/forms.ts'
import { OwnField, ownFields } from '#contract/ownFields.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { noneAsks } from '../segments/asking.ts'

// Graduated from a catalog: values stand under the key and were checked by the type, so both are there to stay.

type Field = z.output<typeof OwnField>
export const fields = catalogVerbs(ownFields, 'customers.own_field')

export async function addField(ctx: Ctx, field: Field) {
  check(field)
  return fields.add(ctx, field)
}

export async function changeField(ctx: Ctx, id: string, change: Partial<Field>) {
  const before = await fields.one(ctx, id)
  const after = OwnField.parse({ ...before, ...change })
  if (after.key !== before.key || after.field.type !== before.field.type) throw new Refusal('conflict', 'own_field.fixed')
  check(after)
  if (before.field.seenBy.length === 0 && after.field.seenBy.length > 0) await noneAsks(ctx, before.key, before.field.label)
  return fields.change(ctx, id, change)
}

export async function retireField(ctx: Ctx, id: string, retired: boolean) {
  const { key, field } = await fields.one(ctx, id)
  if (retired) await noneAsks(ctx, key, field.label)
  return fields.retire(ctx, id, retired)
}

function check({ key, field }: Field): void {
  const fault = formFault([{ key, ...field }])
  if (fault) throw new Refusal('invalid', `form.${fault.reason}`, { label: fault.label })
  if (field.min !== null && field.max !== null && field.min > field.max)
    throw new Refusal('invalid', 'own_field.bounds', { label: field.label })
}

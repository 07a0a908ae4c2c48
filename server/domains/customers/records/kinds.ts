import type * as z from 'zod'
import { formFault } from '#contract/forms.ts'
import { type RecordKind as Row, recordKinds } from '#contract/records.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

// Graduated from a catalog: its form must make sense.

type Kind = z.output<typeof recordKinds.shape>
export const kinds = catalogVerbs(recordKinds, 'customers.record_kind')

export async function addKind(ctx: Ctx, kind: Kind): Promise<Row> {
  check(kind)
  return kinds.add(ctx, kind)
}

export async function changeKind(ctx: Ctx, id: string, change: Partial<Kind>): Promise<Row> {
  check(change)
  return kinds.change(ctx, id, change)
}

function check({ fields }: Partial<Kind>): void {
  const fault = fields && formFault(fields)
  if (fault) throw new Refusal('invalid', `form.${fault.reason}`, { label: fault.label })
}

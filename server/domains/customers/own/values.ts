import type { FormValues } from '#contract/forms.ts'
import type { OwnFile } from '#contract/ownFields.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerChanged } from '../events.ts'
import { notMerged, seenFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { ownFieldsSeen, valuesSeen } from './access.ts'
import { ownChange } from './change.ts'

export async function ownFile(ctx: Ctx, id: string): Promise<OwnFile> {
  const { fields: values, version } = found(
    await visibleCustomers(ctx)
      .select(['fields', 'version'])
      .where('id', '=', await seenFile(ctx, id))
      .executeTakeFirst(),
    'customer',
    id,
  )
  const fields = await ownFieldsSeen(ctx)
  return { fields, values: valuesSeen(fields, values), version }
}

export async function writeOwn(ctx: Ctx, id: string, { values, version }: { values: FormValues; version: number }): Promise<OwnFile> {
  const row = await visibleCustomers(ctx, 'customer:write')
    .select(['fields', 'version'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) await notMerged(ctx, id)
  const before = found(row, 'customer', id)
  if (before.version !== version) throw new Refusal('conflict', 'customer.changed_meanwhile', { version: before.version })
  const seen = await ownFieldsSeen(ctx)
  const read = ownChange(seen, before.fields, values)
  if ('code' in read) throw new Refusal(read.code === 'customer.field_closed' ? 'forbidden' : 'invalid', read.code, read.fault)
  if (read.keys.length === 0) return { fields: seen, values: valuesSeen(seen, before.fields), version }
  await ctx.db
    .updateTable('customers.customer')
    .set({ fields: JSON.stringify(read.after), version: version + 1, changedXid: thisTransaction })
    .where('id', '=', id)
    .execute()
  // That some changed is told, not which: one that a role does not see leaves no trace for it.
  await ctx.emit(customerChanged, { id, customerId: id }, { fields: ['own'] })
  return { fields: seen, values: valuesSeen(seen, read.after), version: version + 1 }
}

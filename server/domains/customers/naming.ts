import { sql } from 'kysely'
import type { Permission } from '#contract/endpoint.ts'
import { familiesOf } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from './queries.ts'

/** How other systems say whose something is: by our id, by number, by their own id. */
export type Named = { customerId?: string | undefined; customerNumber?: string | undefined; customerExtId?: string | undefined }

export const nameKey = (item: Named): string =>
  item.customerId ? `i${item.customerId}` : item.customerNumber ? `n${item.customerNumber}` : `e${item.customerExtId ?? ''}`
/** Which of the three said it. */
export const namedBy = (item: Named): 'customerId' | 'customerNumber' | 'customerExtId' | null =>
  item.customerId ? 'customerId' : item.customerNumber ? 'customerNumber' : item.customerExtId ? 'customerExtId' : null

/** Who is meant by each name; of those who were erased nobody. */
export async function customersNamed(ctx: Ctx, items: readonly Named[]): Promise<ReadonlyMap<string, string>> {
  const those = (key: 'customerId' | 'customerNumber' | 'customerExtId') => [...new Set(items.flatMap(item => item[key] ?? []))]
  const { rows } = await sql<{ key: string; id: string }>`
    select 'i' || id as key, id from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${those('customerId')}::uuid[]) and erased_at is null
    union all select 'n' || number, id from customers.customer where tenant_id = ${ctx.tenantId} and number = any(${those('customerNumber')}::text[]) and erased_at is null
    union all select 'e' || ext_id, id from customers.customer where tenant_id = ${ctx.tenantId} and ext_id = any(${those('customerExtId')}::text[]) and erased_at is null`.execute(
    ctx.db,
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/** The files of those named that the actor may reach so, neither merged nor erased before the commit, as `heldFile` holds one. */
export async function filesNamed(
  ctx: Ctx,
  items: readonly Named[],
  may: Permission = 'customer:write',
): Promise<(item: Named) => string | undefined> {
  const named = await customersNamed(ctx, items)
  const ids = [...new Set(named.values())]
  if (ids.length === 0) return () => undefined
  for (let kept = await keptAmong(ctx, ids); ; ) {
    const rows = await visibleCustomers(ctx, may)
      .select('id')
      .where(sql<boolean>`id = any(${[...new Set(kept.values())]}::uuid[]) and erased_at is null`)
      .orderBy('id')
      .forKeyShare()
      .execute()
    const held = new Set(rows.map(row => row.id))
    const now = await keptAmong(ctx, ids)
    // Merged while we waited for their lock: they are held as the one they became.
    if (ids.every(id => now.get(id) === kept.get(id)))
      return item => {
        const file = kept.get(named.get(nameKey(item)) ?? '')
        return file !== undefined && held.has(file) ? file : undefined
      }
    kept = now
  }
}

const keptAmong = async (ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const families = new Map((await familiesOf(ctx, ids)).map(({ id, keptId }) => [id, keptId]))
  return new Map(ids.map(id => [id, families.get(id) ?? id]))
}

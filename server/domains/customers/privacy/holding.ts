import { sql } from 'kysely'
import type * as z from 'zod'
import type { PrivacyState, privacy } from '#contract/privacy.ts'
import { familyOf } from '#kernel/family.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { heldFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { customerHeld } from './events.ts'
import { everyFile } from './who.ts'

type Hold = NonNullable<PrivacyState['hold']>

export async function holdOf(ctx: Ctx, ids: readonly string[]): Promise<Hold | null> {
  const { rows } = await sql<Hold>`select reason, since, by_name as "byName" from customers.hold
    where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[]) order by since limit 1`.execute(ctx.db)
  return rows[0] ?? null
}

export async function privacyOf(ctx: Ctx, id: string): Promise<PrivacyState> {
  found(await visibleCustomers(ctx).select('id').where('id', '=', id).executeTakeFirst(), 'customer', id)
  const { rows } = await sql<{ erasedAt: Date | null; erasing: boolean }>`select c.erased_at as "erasedAt",
    exists (select 1 from customers.erasure e where e.tenant_id = ${ctx.tenantId} and e.customer_id = ${id} and e.erased_at is null) as erasing
    from customers.customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(ctx.db)
  return { erasedAt: rows[0]?.erasedAt ?? null, erasing: rows[0]?.erasing ?? false, hold: await holdOf(ctx, await familyOf(ctx, id)) }
}

export async function setHold(ctx: Ctx, asked: string, { on, reason }: z.output<typeof privacy.hold.body>): Promise<PrivacyState> {
  // Who is being erased or merged at this moment is so first, or is held first.
  const id = await heldFile(ctx, asked, 'customer:privacy')
  const family = await everyFile(ctx, id)
  if (on && (await privacyOf(ctx, id)).erasedAt !== null) throw new Refusal('conflict', 'privacy.erased_already')
  const byName = ctx.actor.kind === 'user' ? ctx.actor.name : ''
  if (on)
    await sql`insert into customers.hold (tenant_id, customer_id, reason, since, by_name) select ${ctx.tenantId}, c, ${reason}, ${ctx.now}, ${byName}
      from unnest(${family}::uuid[]) c on conflict (tenant_id, customer_id) do update set reason = excluded.reason, by_name = excluded.by_name`.execute(
      ctx.db,
    )
  else await sql`delete from customers.hold where tenant_id = ${ctx.tenantId} and customer_id = any(${family}::uuid[])`.execute(ctx.db)
  await ctx.emit(customerHeld, { id, customerId: id }, { on }, reason === '' ? {} : { reason })
  return privacyOf(ctx, id)
}

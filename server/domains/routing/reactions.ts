import { sql } from 'kysely'
import { interactionJoined } from '#domains/interactions/events.ts'
import { when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { priorityOf } from './rules.ts'

export const reactions = [
  when(interactionJoined, 'whoever waits is called by name and waits by value', (ctx, { about, customerId }) =>
    customerId ? nameWaiting(ctx, about, customerId) : Promise.resolve(),
  ),
]

/** It became known whose contact waits: the ring shows it, and the customer's value counts from now on. */
export async function nameWaiting(ctx: Ctx, interactionId: string, customerId: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('routing.waiting')
    .select(['priority', 'tier'])
    .where('id', '=', interactionId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return
  const { rows } = await sql<{ name: string; tier: string }>`select name, tier from customers.fact_customer
    where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.db)
  const [customer] = rows
  if (!customer) return
  const priority = row.priority - priorityOf(row.tier) + priorityOf(customer.tier)
  await ctx.db
    .updateTable('routing.waiting')
    .set({ customerId, customerName: customer.name, tier: customer.tier, priority })
    .where('id', '=', interactionId)
    .execute()
}

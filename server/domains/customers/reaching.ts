import { sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { CustomerConsent, Reachable, reaching } from '#contract/outgoing.ts'
import { keptOf } from '#kernel/family.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerLeftAlone } from './events.ts'
import { keepConsent } from './ownWishes.ts'
import { visibleCustomers } from './queries.ts'

type Reach = z.output<typeof Reachable>

export const mayReadCustomer = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await visibleCustomers(ctx)
    .select('id')
    .where('id', '=', await keptOf(ctx, id))
    .executeTakeFirst()) !== undefined

const seen = async (ctx: Ctx, id: string, may: Permission): Promise<string> =>
  found(
    await visibleCustomers(ctx, may)
      .select('id')
      .where('id', '=', await keptOf(ctx, id))
      .executeTakeFirst(),
    'customer',
    id,
  ).id
const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

export async function reachOf(ctx: Ctx, asked: string): Promise<Reach> {
  const id = await seen(ctx, asked, 'customer:read')
  const [consents, alone] = await Promise.all([
    sql<
      Reach['consents'][number]
    >`select purpose, channel, given, source, proof, at, by_name from customers.consent where tenant_id = ${ctx.tenantId} and customer_id = ${id} order by purpose, channel`.execute(
      ctx.db,
    ),
    sql<
      NonNullable<Reach['undisturbed']>
    >`select until, reason, since, by_name from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${id}
      and (until is null or until > ${ctx.now})`.execute(ctx.db),
  ])
  return { consents: consents.rows, undisturbed: alone.rows[0] ?? null }
}

export async function recordConsent(ctx: Ctx, id: string, consent: z.output<typeof CustomerConsent>): Promise<Reach> {
  const kept = await seen(ctx, id, 'customer:write')
  await keepConsent(ctx, kept, consent)
  return reachOf(ctx, kept)
}

export async function leaveAlone(ctx: Ctx, asked: string, { on, until, reason }: z.output<typeof reaching.disturb.body>): Promise<Reach> {
  const id = await seen(ctx, asked, 'customer:write')
  if (on)
    await sql`insert into customers.undisturbed (tenant_id, customer_id, until, reason, since, by_name) values (${ctx.tenantId}, ${id}, ${until}, ${reason}, ${ctx.now}, ${nameOf(ctx)})
      on conflict (tenant_id, customer_id) do update set until = excluded.until, reason = excluded.reason, since = excluded.since, by_name = excluded.by_name`.execute(
      ctx.db,
    )
  else await sql`delete from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${id}`.execute(ctx.db)
  await ctx.emit(customerLeftAlone, { id, customerId: id }, { on, until: until?.toISOString() ?? null }, reason === '' ? {} : { reason })
  return reachOf(ctx, id)
}

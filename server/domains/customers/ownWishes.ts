import { sql } from 'kysely'
import type * as z from 'zod'
import type { ConsentPurpose, CustomerConsent, Way } from '#contract/outgoing.ts'
import { keptOf } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'
import { consentRecorded } from './events.ts'

const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

/** The last word counts; what was said before stands in the events with its source and proof. */
export async function keepConsent(
  ctx: Ctx,
  id: string,
  { purpose, channel, given, source, proof }: z.output<typeof CustomerConsent>,
): Promise<void> {
  await sql`insert into customers.consent (tenant_id, customer_id, purpose, channel, given, source, proof, at, by_name)
    values (${ctx.tenantId}, ${id}, ${purpose}, ${channel}, ${given}, ${source}, ${proof}, ${ctx.now}, ${nameOf(ctx)})
    on conflict (tenant_id, customer_id, purpose, channel) do update set given = excluded.given, source = excluded.source, proof = excluded.proof, at = excluded.at, by_name = excluded.by_name`.execute(
    ctx.db,
  )
  await ctx.emit(consentRecorded, { id, customerId: id }, { purpose, channel, given, source }, proof === '' ? {} : { proof })
}

/** What a customer themselves said in answer to a message. Said again, it stands as it was. */
export async function sayForOneself(
  ctx: Ctx,
  customerId: string,
  said: { purpose: ConsentPurpose; channel: Way; given: boolean; proof: string },
): Promise<void> {
  const id = await keptOf(ctx, customerId)
  if ((await consentOf(ctx, id, said.purpose, said.channel)) === said.given) return
  await keepConsent(ctx, id, { ...said, source: 'message' })
}

export async function consentOf(ctx: Ctx, customerId: string, purpose: ConsentPurpose, channel: Way): Promise<boolean | null> {
  const { rows } = await sql<{ given: boolean }>`select given from customers.consent
    where tenant_id = ${ctx.tenantId} and customer_id = (select kept_id from customers.fact_family where tenant_id = ${ctx.tenantId} and id = ${customerId})
      and purpose = ${purpose} and channel = ${channel}`.execute(ctx.db)
  return rows[0]?.given ?? null
}

/** Everybody who is known by a telephone number: a household may share it. */
export async function customersWithPhone(ctx: Ctx, phone: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select i.customer_id as id from customers.customer_identity i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id and c.phone = ${phone} and c.merged_into is null
    where i.tenant_id = ${ctx.tenantId} and i.kind = 'phone' and i.value = ${phone} order by i.customer_id limit 100`.execute(ctx.db)
  return rows.map(r => r.id)
}

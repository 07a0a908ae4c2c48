import { sql } from 'kysely'
import type { Tongue } from '#contract/outgoing.ts'
import { OutgoingPolicy } from '#contract/outgoingSettings.ts'
import { differenceOf } from '#kernel/difference.ts'
import type { Ctx } from '#kernel/work.ts'
import { outgoingPolicyChanged } from './events.ts'
import { firstPolicy } from './rules.ts'

export async function policyOf(ctx: Ctx): Promise<OutgoingPolicy> {
  const { rows } = await sql<{ policy: unknown }>`select policy from messaging.outgoing_policy where tenant_id = ${ctx.tenantId}`.execute(
    ctx.db,
  )
  return rows[0] ? OutgoingPolicy.parse({ ...firstPolicy, ...Object(rows[0].policy) }) : firstPolicy
}

export async function changePolicy(ctx: Ctx, policy: OutgoingPolicy): Promise<OutgoingPolicy> {
  const changes = differenceOf(await policyOf(ctx), policy)
  if (Object.keys(changes).length === 0) return policy
  await sql`insert into messaging.outgoing_policy (tenant_id, policy) values (${ctx.tenantId}, ${JSON.stringify(policy)})
    on conflict (tenant_id) do update set policy = excluded.policy`.execute(ctx.db)
  await ctx.emit(outgoingPolicyChanged, { id: ctx.tenantId }, { changes })
  return policy
}

export type Sender = { name: string; nameEn: string; brand: string; timezone: string; language: Tongue }
/** In whose name we write. */
export async function senderOf(ctx: Ctx): Promise<Sender> {
  const { rows } =
    await sql<Sender>`select name, name_en as "nameEn", brand, timezone, language from identity.fact_tenant where tenant_id = ${ctx.tenantId}`.execute(
      ctx.db,
    )
  return rows[0] ?? { name: '', nameEn: '', brand: '', timezone: 'UTC', language: 'zh' }
}
export const nameIn = (sender: Sender, language: Tongue): string => (language === 'en' && sender.nameEn ? sender.nameEn : sender.name)

/** The whole address of one of our paths; null while nobody has said under which name the product is reached. */
export async function addressOf(ctx: Ctx, path: string): Promise<string | null> {
  const { linkBase } = await policyOf(ctx)
  const base = linkBase || ctx.house.settings.publicUrl
  return base ? new URL(path, base).href : null
}

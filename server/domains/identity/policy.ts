import { sql } from 'kysely'
import { SecurityPolicy } from '#contract/security.ts'
import { differenceOf } from '#kernel/difference.ts'
import type { Ctx } from '#kernel/work.ts'
import { securityPolicyChanged } from './events.ts'
import { leastLength } from './rules.ts'

const usual: SecurityPolicy = { passwordLength: leastLength, secondFactor: 'optional' }

/** What the organisation laid down, kept among its settings. */
export async function policyOf(ctx: Ctx): Promise<SecurityPolicy> {
  const { settings } = await ctx.db.selectFrom('identity.tenant').select('settings').executeTakeFirstOrThrow()
  const kept = SecurityPolicy.safeParse(settings.security)
  return kept.success ? kept.data : usual
}

export async function changePolicy(ctx: Ctx, policy: SecurityPolicy): Promise<SecurityPolicy> {
  const before = await policyOf(ctx)
  const changes = differenceOf(before, policy)
  if (Object.keys(changes).length === 0) return policy
  await sql`update identity.tenant set settings = settings || jsonb_build_object('security', ${JSON.stringify(policy)}::jsonb) where tenant_id = ${ctx.tenantId}`.execute(
    ctx.db,
  )
  await ctx.emit(securityPolicyChanged, { id: ctx.tenantId }, { changes })
  return policy
}

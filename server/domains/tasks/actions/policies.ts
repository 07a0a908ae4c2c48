import { sql } from 'kysely'
import { ApprovalPolicy, approvalPolicies } from '#contract/approvals.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { mustBePeople } from '../matters.ts'

// Graduated from a catalog: whoever a step names must be there, and its amounts must make sense.
export const policies = catalogVerbs(approvalPolicies, 'tasks.approval_policy')

export async function addPolicy(ctx: Ctx, policy: ApprovalPolicy) {
  await check(ctx, policy)
  return policies.add(ctx, policy)
}

export async function changePolicy(ctx: Ctx, id: string, change: Partial<ApprovalPolicy>) {
  await check(ctx, ApprovalPolicy.parse({ ...(await policies.one(ctx, id)), ...change }))
  return policies.change(ctx, id, change)
}

async function check(ctx: Ctx, { steps }: ApprovalPolicy): Promise<void> {
  for (const { name, above, upTo } of steps)
    if (above !== null && upTo !== null && above >= upTo) throw new Refusal('invalid', 'approval_policy.empty_range', { name })
  await mustBePeople(
    ctx,
    steps.map(s => (s.decider.who === 'person' ? s.decider.personId : null)),
  )
  const roles = [...new Set(steps.flatMap(s => (s.decider.who === 'role' ? s.decider.roleId : [])))]
  const { rows } = await sql<{
    id: string
  }>`select id from identity.fact_role where tenant_id = ${ctx.tenantId} and id = any(${roles}::uuid[]) and not retired`.execute(ctx.db)
  for (const id of roles)
    found(
      rows.find(r => r.id === id),
      'role',
      id,
    )
}

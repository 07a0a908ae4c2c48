import { type RawBuilder, sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'

/** Own: of contacts I handled. Team and department: of those my people handled. */
export function handledByMine(ctx: Ctx, agent: RawBuilder<unknown>): RawBuilder<boolean> {
  const scope = scopeOf(ctx.actor, 'survey:read')
  if (scope === 'all') return sql<boolean>`true`
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return sql<boolean>`false`
  if (scope === 'own') return sql<boolean>`${agent} = ${actor.id}`
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return sql<boolean>`(${agent} = ${actor.id} or ${agent} in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`
}

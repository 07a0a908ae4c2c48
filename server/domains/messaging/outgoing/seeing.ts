import { type RawBuilder, sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'

/** Null: everybody's. */
function mine(ctx: Ctx): { people: RawBuilder<unknown>; departmentId: string | null } | null {
  const scope = scopeOf(ctx.actor, 'message:read')
  const { actor } = ctx
  if (scope === 'all') return null
  if (scope === null || actor.kind !== 'user') return { people: sql`'{}'::uuid[]`, departmentId: null }
  if (scope === 'own') return { people: sql`${[actor.id]}::uuid[]`, departmentId: null }
  const place = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return {
    people: sql`array(select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and (p.id = ${actor.id} or ${place}))`,
    departmentId: actor.departmentId,
  }
}

/** Messages over `o`, each way to see one by itself; null: all of them. Own: what I caused. Team and department: also what my people caused, and what concerns my department. Those of a notice go with it. */
export function waysToSee(ctx: Ctx): RawBuilder<boolean>[] | null {
  const my = mine(ctx)
  if (my === null) return null
  return [
    sql<boolean>`o.by_id = any(${my.people})`,
    ...(my.departmentId === null ? [] : [sql<boolean>`o.department_id = ${my.departmentId}`]),
    sql<boolean>`o.notice_id = any(array(select n.id from messaging.notice n where n.tenant_id = ${ctx.tenantId} and n.by_id = any(${my.people})))`,
  ]
}

export function seen(ctx: Ctx): RawBuilder<boolean> {
  const ways = waysToSee(ctx)
  return ways === null ? sql<boolean>`true` : sql<boolean>`(${sql.join(ways, sql` or `)})`
}

/** Notices by whom they were sent. */
export function noticesSeen(ctx: Ctx): RawBuilder<boolean> {
  const my = mine(ctx)
  return my === null ? sql<boolean>`true` : sql<boolean>`by_id = any(${my.people})`
}

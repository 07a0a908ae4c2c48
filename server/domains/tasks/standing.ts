import { type RawBuilder, sql } from 'kysely'
import type { Absence } from '#contract/tasks.ts'
import { scopeOf } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'

/** The person behind the actor; nobody's id for whoever is none. */
export const meOf = ({ actor }: Ctx): string | null => (actor.kind === 'user' ? actor.id : null)

/** Whether this person is away at this moment. */
export const isAway = (ctx: Ctx, person: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`exists (select 1 from tasks.absence w where w.tenant_id = ${ctx.tenantId} and w.person_id = ${person} and w.from_at <= ${ctx.now} and w.until_at > ${ctx.now})`

/** What stands in for: the owner's tasks, or also the owner's word. Nobody gives themselves another's word by calling them absent. */
export type Standing = 'tasks' | 'approvals'
const given = (standing: Standing) => (standing === 'tasks' ? sql`` : sql`and a.set_by_id is distinct from a.deputy_id`)

/**
 * Whose hands I am right now: my own and those of everyone I stand in for, also by way of a deputy who is away too.
 * `union` takes each person once, so deputies who stand in for one another do not go round for ever.
 */
export const handsOf = (ctx: Ctx, standing: Standing = 'tasks'): RawBuilder<unknown> => sql`(with recursive hand(id) as (
    select ${meOf(ctx)}::uuid union
    select a.person_id from tasks.absence a join hand h on a.deputy_id = h.id where a.tenant_id = ${ctx.tenantId} and a.from_at <= ${ctx.now} and a.until_at > ${ctx.now} ${given(standing)}
  ) select id from hand)`

export async function handIds(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string | null }>`select id from ${handsOf(ctx)} as x`.execute(ctx.db)
  return rows.flatMap(r => r.id ?? [])
}

/** Who stands in for these people right now, however far the chain of deputies goes. */
export async function deputiesOf(ctx: Ctx, ids: readonly string[], standing: Standing = 'tasks'): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`with recursive chain(id) as (
      select unnest(${[...ids]}::uuid[]) union
      select a.deputy_id from tasks.absence a join chain c on a.person_id = c.id
        where a.tenant_id = ${ctx.tenantId} and a.deputy_id is not null and a.from_at <= ${ctx.now} and a.until_at > ${ctx.now} ${given(standing)}
    ) select id from chain`.execute(ctx.db)
  return rows.map(r => r.id).filter(id => !ids.includes(id))
}

const columns = (
  ctx: Ctx,
) => sql`a.id, a.person_id as "personId", a.deputy_id as "deputyId", a.from_at as "fromAt", a.until_at as "untilAt", a.note,
  (select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = a.person_id) as "personName",
  (select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = a.deputy_id) as "deputyName"`

/** Whose absence the actor may say: everybody their own, leaders that of their people. */
export function mayAnswerFor(ctx: Ctx, person: RawBuilder<unknown>, permission: 'task:read' | 'task:write'): RawBuilder<boolean> {
  const scope = scopeOf(ctx.actor, permission)
  const { actor } = ctx
  if (scope === 'all') return sql`true`
  if (scope === null || actor.kind !== 'user') return sql`false`
  const own = sql<boolean>`${person} = ${actor.id}`
  if (scope === 'own') return own
  const place = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return sql<boolean>`(${own} or exists (select 1 from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = ${person} and ${place}))`
}

/** Those that are not over yet, the soonest first. */
export async function listAbsences(ctx: Ctx, personId?: string): Promise<Absence[]> {
  const { rows } =
    await sql<Absence>`select ${columns(ctx)} from tasks.absence a where a.tenant_id = ${ctx.tenantId} and a.until_at > ${ctx.now}
    and (a.deputy_id = ${meOf(ctx)}::uuid or ${mayAnswerFor(ctx, sql`a.person_id`, 'task:read')})
    ${personId ? sql`and a.person_id = ${personId}` : sql``} order by a.from_at, a.id limit 200`.execute(ctx.db)
  return rows
}

export async function absenceById(ctx: Ctx, id: string): Promise<Absence | undefined> {
  const { rows } =
    await sql<Absence>`select ${columns(ctx)} from tasks.absence a where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(ctx.db)
  return rows[0]
}

/** Until when this person is away now, and who stands in. */
export async function awayNow(ctx: Ctx, personId: string): Promise<{ until: Date; deputyId: string | null } | null> {
  const { rows } = await sql<{ until: Date; deputyId: string | null }>`select until_at as until, deputy_id as "deputyId" from tasks.absence
    where tenant_id = ${ctx.tenantId} and person_id = ${personId} and from_at <= ${ctx.now} and until_at > ${ctx.now} order by until_at desc limit 1`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

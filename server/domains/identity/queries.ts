import { sql } from 'kysely'
import type { Calendar } from '#contract/calendars.ts'
import type { Permission } from '#contract/endpoint.ts'
import type { Me } from '#contract/identity.ts'
import { asUser } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

export async function tenantCard(ctx: Ctx) {
  const tenant = await ctx.db
    .selectFrom('identity.tenant')
    .select(['tenantId as id', 'slug', 'name', 'nameEn', 'sample', 'brand', 'timezone'])
    .executeTakeFirst()
  return found(tenant, 'tenant', ctx.tenantId)
}

export async function me(ctx: Ctx): Promise<Me> {
  const { id, grants, secondFactorDue = false } = asUser(ctx.actor)
  return meOf(ctx, id, Object.fromEntries(grants), secondFactorDue)
}

export async function meOf(ctx: Ctx, personId: string, permissions: Me['permissions'], secondFactorDue: boolean): Promise<Me> {
  const [user, tenant] = await Promise.all([
    ctx.db
      .selectFrom('identity.person')
      .select(['id', 'login', 'name', 'language', 'departmentId', 'teamId'])
      .where('id', '=', personId)
      .executeTakeFirstOrThrow(),
    tenantCard(ctx),
  ])
  return { user, tenant, permissions, secondFactorDue }
}

export async function personName(ctx: Ctx, id: string): Promise<string | null> {
  const person = await ctx.db.selectFrom('identity.person').select('name').where('id', '=', id).executeTakeFirst()
  return person?.name ?? null
}

/** The organisation's own working hours when no calendar is named. */
export async function calendarOf(ctx: Ctx, id: string | null): Promise<Calendar> {
  const all = ctx.db.selectFrom('identity.calendar').select(['name', 'timezone', 'week', 'days'])
  const row = await (id === null ? all.where('isDefault', '=', true) : all.where('id', '=', id)).executeTakeFirst()
  return found(row, 'calendar', id ?? ctx.tenantId)
}

/** More are told by a notice board, not one by one. */
const mostReached = 500

type Reached = {
  people: readonly string[]
  departmentId: string | null
  leads: { departmentId: string | null; may: Permission } | null
  holders: boolean
  /** Null: whatever their scope. */
  over: readonly string[] | null
}
/** Those of the people named, of the department (whoever may see what is the department's), of its leads and, when wanted, of all holders (over certain people) who are here and hold the permission. */
export async function peopleReached(
  ctx: Ctx,
  { people, departmentId, leads, holders, over }: Reached,
  may: Permission | null,
): Promise<string[]> {
  const scopeOf = (permission: Permission | null | undefined) =>
    sql`case when r.code = 'admin' then 'all' else r.grants ->> ${permission ?? ''} end`
  const scope = scopeOf(may)
  const those = (column: string) =>
    sql`(select ${sql.ref(column)} from identity.person o where o.tenant_id = ${ctx.tenantId} and o.id = any(${[...(over ?? [])]}::uuid[]))`
  const reaches =
    over === null
      ? sql`true`
      : sql`(${scope} = 'all' or (${scope} in ('own', 'team', 'department') and p.id = any(${[...over]}::uuid[]))
        or (${scope} = 'team' and p.team_id in ${those('o.team_id')}) or (${scope} = 'department' and p.department_id in ${those('o.department_id')}))`
  const { rows } = await sql<{
    id: string
  }>`select p.id from identity.person p join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id
    where p.tenant_id = ${ctx.tenantId} and not p.retired ${may === null ? sql`` : sql`and ${scope} is not null`}
    and (p.id = any(${[...people]}::uuid[]) or (p.department_id = ${departmentId}::uuid ${may === null ? sql`` : sql`and ${scope} <> 'own'`})
      or (p.department_id = ${leads?.departmentId ?? null}::uuid and ${scopeOf(leads?.may)} <> 'own') or (${holders} and ${reaches}))
    order by p.id limit ${mostReached}`.execute(ctx.db)
  return rows.map(r => r.id)
}

/** By whose hours a department works, or the department of that person: its own, else the organisation's. */
export async function calendarOfPlace(ctx: Ctx, place: { departmentId: string | null; personId: string | null }): Promise<Calendar> {
  const { rows } = await sql<{
    id: string | null
  }>`select d.calendar_id as id from identity.department d where d.tenant_id = ${ctx.tenantId}
    and d.id = coalesce(${place.departmentId}::uuid, (select p.department_id from identity.person p where p.tenant_id = ${ctx.tenantId} and p.id = ${place.personId}::uuid))`.execute(
    ctx.db,
  )
  return calendarOf(ctx, rows[0]?.id ?? null)
}

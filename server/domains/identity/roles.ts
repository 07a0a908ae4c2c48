import { sql } from 'kysely'
import type * as z from 'zod'
import { type Grants, type Limits, type NewRole, permissions, type Role, type rights, type Scope, unscoped } from '#contract/rights.ts'
import { type Actor, limitOf, reaches, scopeOf } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { roleAdded, roleChanged } from './events.ts'
import { allGrants, limitIn } from './rules.ts'

export type Rights = { grants: Record<string, Scope>; limits: Limits }

/** The administrator's role may everything there is, also what a later version brings. */
export const rightsOf = ({ code, grants, limits }: { code: string | null } & Rights): Rights =>
  code === 'admin' ? { grants: allGrants, limits: {} } : { grants, limits }

export async function listRoles(ctx: Ctx): Promise<Role[]> {
  const { rows } =
    await sql<Role>`select r.id, r.code, r.name, r.name_en as "nameEn", r.grants, r.limits, r.second_factor as "secondFactor", r.retired,
      (select count(*)::int from identity.person p where p.tenant_id = ${ctx.tenantId} and p.role_id = r.id and not p.retired) as people
    from identity.role r where r.tenant_id = ${ctx.tenantId} order by r.id`.execute(ctx.db)
  return rows.map(role => ({ ...role, ...rightsOf(role) }))
}

const oneRole = async (ctx: Ctx, id: string): Promise<Role> =>
  found(
    (await listRoles(ctx)).find(role => role.id === id),
    'role',
    id,
  )

export async function addRole(ctx: Ctx, role: z.output<typeof NewRole>): Promise<Role> {
  const given = withoutGaps(role.grants)
  checkGive(ctx.actor, { grants: given, limits: role.limits })
  const id = newId()
  await ctx.db
    .insertInto('identity.role')
    .values({ id, code: null, ...role, grants: JSON.stringify(given), limits: JSON.stringify(role.limits) })
    .execute()
  await ctx.emit(roleAdded, { id }, { name: role.name, changes: differenceOf({}, { ...role, grants: given }) })
  return oneRole(ctx, id)
}

export async function changeRole(ctx: Ctx, id: string, { retired, ...change }: z.output<typeof rights.changeRole.body>): Promise<Role> {
  // Every change of rights waits for the one before it: two could take the last administrator's right together.
  await sql`select id from identity.role where tenant_id = ${ctx.tenantId} order by id for update`.execute(ctx.db)
  const before = await oneRole(ctx, id)
  const next = {
    name: change.name ?? before.name,
    nameEn: change.nameEn ?? before.nameEn,
    grants: change.grants ? withoutGaps(change.grants) : before.grants,
    limits: change.limits ?? before.limits,
    secondFactor: change.secondFactor ?? before.secondFactor,
    retired: retired ?? before.retired,
  }
  const changes = differenceOf(before, next)
  if (Object.keys(changes).length === 0) return before
  if (before.code === 'admin' && (changes.grants || changes.limits || changes.retired))
    throw new Refusal('conflict', 'role.is_administrator')
  if (next.retired && before.people > 0) throw new Refusal('conflict', 'role.in_use', { people: before.people })
  checkGive(ctx.actor, before)
  checkGive(ctx.actor, next)
  await ctx.db
    .updateTable('identity.role')
    .set({ ...next, grants: JSON.stringify(next.grants), limits: JSON.stringify(next.limits) })
    .where('id', '=', id)
    .execute()
  await keepAnAdministrator(ctx)
  await ctx.emit(roleChanged, { id }, { name: next.name, changes })
  if (changes.grants || changes.limits || changes.secondFactor) await admitAgain(ctx, id)
  return oneRole(ctx, id)
}

/** Whoever has the role is asked anew by every request; their sockets end and come back with what they may now. */
async function admitAgain(ctx: Ctx, roleId: string): Promise<void> {
  const people = await ctx.db.selectFrom('identity.person').select('id').where('roleId', '=', roleId).where('retired', '=', false).execute()
  ctx.afterCommit('admit the sockets of a changed role anew', house => {
    for (const { id } of people) house.live.close(ctx.tenantId, `user:${id}`)
  })
}

const withoutGaps = (grants: Grants): Record<string, Scope> =>
  Object.fromEntries(permissions.flatMap(permission => (grants[permission] ? [[permission, grants[permission]]] : [])))

/** Nobody gives more than they have, nor changes what is more. */
export function checkGive(actor: Actor, { grants, limits }: Rights): void {
  for (const permission of permissions) {
    const scope = grants[permission]
    if (!scope) continue
    const mine = scopeOf(actor, permission)
    const enough = mine !== null && (unscoped.includes(permission) || reaches(mine, scope))
    if (!enough) throw new Refusal('forbidden', 'role.more_than_you', { permission })
    const most = limitOf(actor, permission)
    const limit = limitIn(limits, permission)
    if (most !== null && (limit === undefined || limit > most)) throw new Refusal('forbidden', 'role.more_than_you', { permission })
  }
}

/** A role may be given to someone, or someone of it be changed, only by who may all of it: a new password is a way in. */
export async function checkMayGive(ctx: Ctx, roleId: string): Promise<void> {
  const role = found(
    await ctx.db.selectFrom('identity.role').select(['code', 'grants', 'limits']).where('id', '=', roleId).executeTakeFirst(),
    'role',
    roleId,
  )
  checkGive(ctx.actor, rightsOf(role))
}

/** Somebody must be able to open the door for the others. */
export async function keepAnAdministrator(ctx: Ctx): Promise<void> {
  // Locked: two who retire one another at once would each still see the other.
  const { rows } = await sql`select p.id from identity.person p join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id
    where p.tenant_id = ${ctx.tenantId} and not p.retired and (r.code = 'admin' or r.grants ? 'identity:configure') order by p.id for update of p`.execute(
    ctx.db,
  )
  if (rows.length === 0) throw new Refusal('conflict', 'person.last_administrator')
}

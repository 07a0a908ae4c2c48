import { sql } from 'kysely'
import type * as z from 'zod'
import type { identity } from '#contract/identity.ts'
import type { accounts, NewPerson, Person } from '#contract/people.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { checkOwnPassword, newPassword } from './credentials.ts'
import { passwordChanged, personAdded, personChanged, personRetired, personReturned } from './events.ts'
import { policyOf } from './policy.ts'
import { checkMayGive, keepAnAdministrator } from './roles.ts'
import { endSessionsOf } from './sessions.ts'

const shown = ['id', 'name', 'login', 'email', 'departmentId', 'teamId', 'roleId', 'retired'] as const

const people = (ctx: Ctx) =>
  ctx.db
    .selectFrom('identity.person as p')
    .select(shown.map(column => `p.${column}` as const))
    .select(row => [
      row('p.passwordHash', 'is not', null).$castTo<boolean>().as('hasPassword'),
      row
        .exists(
          row
            .selectFrom('identity.secondFactor as f')
            .select('f.personId')
            .whereRef('f.personId', '=', 'p.id')
            .where('f.confirmedAt', 'is not', null),
        )
        .$castTo<boolean>()
        .as('secondFactor'),
    ])

/** By name. What is typed is looked for while the index of names is read: an organisation has thousands of people, not millions. */
export async function listPeople(ctx: Ctx, query: z.output<typeof accounts.people.query>): Promise<Page<Person>> {
  const { q, teamId, departmentId, roleId, ids, size = 50 } = query
  const { key, order, after } = sortedBy(turn('text', sql`p.name`, sql`p.id`, query.sort === '-name'), query.after)
  const state = query.state ?? (ids ? 'all' : 'active')
  let rows = people(ctx)
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (state !== 'all') rows = rows.where('p.retired', '=', state === 'retired')
  if (teamId) rows = rows.where('p.teamId', '=', teamId)
  if (departmentId) rows = rows.where('p.departmentId', '=', departmentId)
  if (roleId) rows = rows.where('p.roleId', '=', roleId)
  if (ids) rows = rows.where('p.id', 'in', ids)
  if (q) rows = rows.where(sql<boolean>`(position(${q.toLowerCase()} in lower(p.name)) > 0 or position(${q.toLowerCase()} in p.login) > 0)`)
  const cut = pageRows(await rows.execute(), size, sortKeyOf)
  const page: Page<Person> = { rows: cut.rows.map(unkeyed), next: cut.next }
  if (scopeOf(ctx.actor, 'identity:configure') !== null) return page
  return { next: page.next, rows: page.rows.map(p => ({ ...p, email: null, hasPassword: null, secondFactor: null })) }
}
/** The ids behind a query without words, for whoever counts them. */
export function countable(ctx: Ctx, { teamId, departmentId, roleId, state = 'active' }: Partial<z.output<typeof accounts.people.query>>) {
  let rows = ctx.db.selectFrom('identity.person as p').select('p.id')
  if (state !== 'all') rows = rows.where('p.retired', '=', state === 'retired')
  if (teamId) rows = rows.where('p.teamId', '=', teamId)
  if (departmentId) rows = rows.where('p.departmentId', '=', departmentId)
  return roleId ? rows.where('p.roleId', '=', roleId) : rows
}
const onePerson = (ctx: Ctx, id: string) => people(ctx).where('p.id', '=', id).executeTakeFirstOrThrow()

export async function addPerson(ctx: Ctx, { password, ...person }: z.output<typeof NewPerson>) {
  await checkPlace(ctx, person)
  await checkMayGive(ctx, person.roleId)
  const passwordHash = password === undefined ? null : await newPassword(password, person, (await policyOf(ctx)).passwordLength)
  const added = await ctx.db
    .insertInto('identity.person')
    .values({ id: newId(), ...person, passwordHash, language: null, addedAt: ctx.now })
    .onConflict(conflict => conflict.columns(['login']).doNothing())
    .returning(shown)
    .executeTakeFirst()
  if (!added) throw loginTaken(person.login)
  await ctx.emit(personAdded, added, { roleId: added.roleId }, { name: added.name, login: added.login })
  return onePerson(ctx, added.id)
}

/** A new role, a new password or retiring ends the person's sessions: what someone may is asked again at the next sign-in. */
export async function changePerson(ctx: Ctx, id: string, { password, retired, ...change }: z.output<typeof accounts.changePerson.body>) {
  const person = found(
    await ctx.db.selectFrom('identity.person').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'person',
    id,
  )
  if (retired && id === asUser(ctx.actor).id) throw new Refusal('conflict', 'person.is_you')
  await checkPlace(ctx, { ...person, ...change }, person)
  // Whoever may change someone may become them: it takes all that they may, before and after.
  await checkMayGive(ctx, person.roleId)
  if (change.roleId !== undefined && change.roleId !== person.roleId) await checkMayGive(ctx, change.roleId)
  if (change.login !== undefined && change.login !== person.login) await checkLogin(ctx, change.login)

  const fields = changedFields(person, change)
  const passwordHash =
    password === undefined
      ? person.passwordHash
      : await newPassword(password, { login: person.login, name: person.name, ...change }, (await policyOf(ctx)).passwordLength)
  const next = await ctx.db
    .updateTable('identity.person')
    .set({ ...change, passwordHash, retired: retired ?? person.retired })
    .where('id', '=', id)
    .returning(shown)
    .executeTakeFirstOrThrow()
  await keepAnAdministrator(ctx)

  if (fields.length > 0) await ctx.emit(personChanged, next, told(person, change, fields), personalOf(person, next))
  if (password !== undefined) await ctx.emit(passwordChanged, next, {})
  if (next.retired !== person.retired) await ctx.emit(next.retired ? personRetired : personReturned, next, {})
  if (
    next.retired ||
    password !== undefined ||
    next.roleId !== person.roleId ||
    next.departmentId !== person.departmentId ||
    next.teamId !== person.teamId
  )
    await endSessionsOf(ctx, id)
  return onePerson(ctx, id)
}

const told = (before: object, change: object, fields: string[]) => ({
  fields,
  changes: differenceOf(
    before,
    change,
    fields.filter(field => !personal.some(kept => kept === field)),
  ),
})
const personal = ['name', 'login', 'email'] as const
/** Name and login, and what they were when they changed: values that are erased with the person. */
const personalOf = (before: Record<(typeof personal)[number], string | null>, next: Record<(typeof personal)[number], string | null>) =>
  Object.fromEntries(
    personal.flatMap(key => [[key, next[key] ?? ''], ...(before[key] === next[key] ? [] : [[`${key}Was`, before[key] ?? '']])]),
  )

export async function changeMe(ctx: Ctx, change: z.output<typeof identity.changeMe.body>) {
  const { id } = asUser(ctx.actor)
  const me = await ctx.db.selectFrom('identity.person').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const fields = changedFields(me, change)
  if (fields.length === 0) return
  await ctx.db.updateTable('identity.person').set(change).where('id', '=', id).execute()
  await ctx.emit(
    personChanged,
    { id },
    told(me, change, fields),
    personalOf(me, { name: change.name ?? me.name, login: me.login, email: me.email }),
  )
}

export async function changePassword(ctx: Ctx, { current, next }: z.output<typeof identity.changePassword.body>) {
  const me = await checkOwnPassword(ctx, current)
  const passwordHash = await newPassword(next, me, (await policyOf(ctx)).passwordLength)
  await ctx.db.updateTable('identity.person').set({ passwordHash }).where('id', '=', me.id).execute()
  await ctx.emit(passwordChanged, { id: me.id }, {})
  await endSessionsOf(ctx, me.id, me.sessionId)
}

type Place = { roleId: string; departmentId: string | null; teamId: string | null }

/** A role, a department and a team that exist, the team being the department's. What is retired is given to nobody; whoever has it keeps it. */
export async function checkPlace(ctx: Ctx, place: Place, before?: Place) {
  const { roleId, departmentId, teamId } = place
  const [role, department, team] = await Promise.all([
    ctx.db.selectFrom('identity.role').select('retired').where('id', '=', roleId).executeTakeFirst(),
    departmentId === null
      ? null
      : ctx.db.selectFrom('identity.department').select('retired').where('id', '=', departmentId).executeTakeFirst(),
    teamId === null
      ? null
      : ctx.db.selectFrom('identity.team').select(['departmentId', 'retired']).where('id', '=', teamId).executeTakeFirst(),
  ])
  found(role, 'role', roleId)
  if (departmentId !== null) found(department, 'department', departmentId)
  if (teamId !== null && found(team, 'team', teamId).departmentId !== departmentId) throw new Refusal('invalid', 'person.team_elsewhere')
  if (
    (role?.retired && roleId !== before?.roleId) ||
    (department?.retired && departmentId !== before?.departmentId) ||
    (team?.retired && teamId !== before?.teamId)
  )
    throw new Refusal('conflict', 'person.place_retired')
}

async function checkLogin(ctx: Ctx, login: string) {
  if (await ctx.db.selectFrom('identity.person').select('id').where('login', '=', login).executeTakeFirst()) throw loginTaken(login)
}
const loginTaken = (login: string) => new Refusal('conflict', 'person.login_taken', { login })

const changedFields = (before: Record<string, unknown>, change: Record<string, unknown>) =>
  Object.keys(change).filter(key => change[key] !== undefined && change[key] !== before[key])

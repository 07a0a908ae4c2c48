import type * as z from 'zod'
import type { identity, NewPerson } from '#contract/identity.ts'
import { asUser } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { newPassword, passwordFits } from './credentials.ts'
import { passwordChanged, personAdded, personChanged, personRetired, personReturned } from './events.ts'
import { endSessionsOf } from './sessions.ts'

const shown = ['id', 'name', 'login', 'departmentId', 'teamId', 'roleId', 'retired'] as const

export const listPeople = (ctx: Ctx) => ctx.db.selectFrom('identity.person').select(shown).orderBy('name').orderBy('id').execute()

export async function addPerson(ctx: Ctx, { password, ...person }: z.output<typeof NewPerson>) {
  await checkPlace(ctx, person)
  const { language } = await ctx.db.selectFrom('identity.tenant').select('language').executeTakeFirstOrThrow()
  const passwordHash = await newPassword(password, person.login)
  const added = await ctx.db
    .insertInto('identity.person')
    .values({ id: newId(), ...person, passwordHash, language, addedAt: ctx.now })
    .onConflict(conflict => conflict.columns(['login']).doNothing())
    .returning(shown)
    .executeTakeFirst()
  if (!added) throw loginTaken(person.login)
  await ctx.emit(personAdded, added, { roleId: added.roleId }, { name: added.name, login: added.login })
  return added
}

/** A new role, a new password or retiring ends the person's sessions: what someone may is asked again at the next sign-in. */
export async function changePerson(ctx: Ctx, id: string, { password, retired, ...change }: z.output<typeof identity.changePerson.body>) {
  const person = found(
    await ctx.db.selectFrom('identity.person').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'person',
    id,
  )
  if (retired && id === asUser(ctx.actor).id) throw new Refusal('conflict', 'person.is_you')
  await checkPlace(ctx, { ...person, ...change })
  if (change.login !== undefined && change.login !== person.login) await checkLogin(ctx, change.login)

  const fields = changedFields(person, change)
  const passwordHash = password === undefined ? person.passwordHash : await newPassword(password, change.login ?? person.login)
  const next = await ctx.db
    .updateTable('identity.person')
    .set({ ...change, passwordHash, retired: retired ?? person.retired })
    .where('id', '=', id)
    .returning(shown)
    .executeTakeFirstOrThrow()
  await keepAnAdministrator(ctx)

  if (fields.length > 0) await ctx.emit(personChanged, next, { fields }, { name: next.name, login: next.login })
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
  return next
}

export async function changeMe(ctx: Ctx, change: z.output<typeof identity.changeMe.body>) {
  const { id } = asUser(ctx.actor)
  const me = await ctx.db.selectFrom('identity.person').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const fields = changedFields(me, change)
  if (fields.length === 0) return
  await ctx.db.updateTable('identity.person').set(change).where('id', '=', id).execute()
  await ctx.emit(personChanged, { id }, { fields }, change.name === undefined ? {} : { name: change.name })
}

export async function changePassword(ctx: Ctx, { current, next }: z.output<typeof identity.changePassword.body>) {
  const { id, sessionId } = asUser(ctx.actor)
  const me = await ctx.db
    .selectFrom('identity.person')
    .select(['login', 'passwordHash'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (!(await passwordFits(me.passwordHash, current))) throw new Refusal('forbidden', 'password.wrong')
  const passwordHash = await newPassword(next, me.login)
  await ctx.db.updateTable('identity.person').set({ passwordHash }).where('id', '=', id).execute()
  await ctx.emit(passwordChanged, { id }, {})
  await endSessionsOf(ctx, id, sessionId)
}

/** Somebody must be able to open the door for the others. */
async function keepAnAdministrator(ctx: Ctx) {
  // Locked: two who retire one another at once would each still see the other.
  const left = await ctx.db
    .selectFrom('identity.person as p')
    .innerJoin('identity.role as r', 'r.id', 'p.roleId')
    .select('p.id')
    .where('p.retired', '=', false)
    .where('r.code', '=', 'admin')
    .orderBy('p.id')
    .forUpdate('p')
    .execute()
  if (left.length === 0) throw new Refusal('conflict', 'person.last_administrator')
}

async function checkPlace(
  ctx: Ctx,
  { roleId, departmentId, teamId }: { roleId: string; departmentId: string | null; teamId: string | null },
) {
  const [role, department, team] = await Promise.all([
    ctx.db.selectFrom('identity.role').select('id').where('id', '=', roleId).executeTakeFirst(),
    departmentId === null ? null : ctx.db.selectFrom('identity.department').select('id').where('id', '=', departmentId).executeTakeFirst(),
    teamId === null ? null : ctx.db.selectFrom('identity.team').select('departmentId').where('id', '=', teamId).executeTakeFirst(),
  ])
  found(role, 'role', roleId)
  if (departmentId !== null) found(department, 'department', departmentId)
  if (teamId !== null && found(team, 'team', teamId).departmentId !== departmentId) throw new Refusal('invalid', 'person.team_elsewhere')
}

async function checkLogin(ctx: Ctx, login: string) {
  if (await ctx.db.selectFrom('identity.person').select('id').where('login', '=', login).executeTakeFirst()) throw loginTaken(login)
}
const loginTaken = (login: string) => new Refusal('conflict', 'person.login_taken', { login })

const changedFields = (before: Record<string, unknown>, change: Record<string, unknown>) =>
  Object.keys(change).filter(key => change[key] !== undefined && change[key] !== before[key])

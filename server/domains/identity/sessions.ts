import { sql } from 'kysely'
import type { Permission } from '#contract/endpoint.ts'
import type { Scope } from '#contract/identity.ts'
import { type Actor, asUser, newSecret, secretHash, writeToken } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { passwordFits } from './credentials.ts'
import { loginLocked, signedIn, signedOut } from './events.ts'
import { failuresForgotten, lockFor, seenEvery, sessionLife, sessionRest } from './rules.ts'

const before = (now: Date, span: number) => new Date(now.getTime() - span)

type From = { ip: string; userAgent: string }
export type OpenedSession = { personId: string; token: string }

/** The session's token, or the refusal to tell once the failure is on record. */
export async function attemptSignIn(ctx: Ctx, login: string, password: string, from: From): Promise<OpenedSession | Refusal> {
  const person = await ctx.db
    .selectFrom('identity.person')
    .select(['id', 'passwordHash', 'retired'])
    .where('login', '=', login)
    .executeTakeFirst()
  // This row also makes attempts on one login wait for one another: nobody guesses in parallel.
  const record = await ctx.db
    .insertInto('identity.signInFailure')
    .values({ login, failed: 0, lockedUntil: null, lastAt: ctx.now })
    .onConflict(conflict => conflict.columns(['login']).doUpdateSet({ lastAt: ctx.now }))
    .returning(['failed', 'lockedUntil'])
    .executeTakeFirstOrThrow()
  if (record.lockedUntil && record.lockedUntil > ctx.now) return locked(ctx, record.lockedUntil)

  const fits = await passwordFits(person?.passwordHash, password)
  if (!person || !fits || person.retired) return failed(ctx, login, record.failed + 1, person?.id)
  await ctx.db.deleteFrom('identity.signInFailure').where('login', '=', login).execute()
  return openSession(ctx, person.id, from)
}

async function failed(ctx: Ctx, login: string, times: number, personId: string | undefined): Promise<Refusal> {
  const lock = lockFor(times)
  const until = lock > 0 ? new Date(ctx.now.getTime() + lock) : null
  await ctx.db.updateTable('identity.signInFailure').set({ failed: times, lockedUntil: until }).where('login', '=', login).execute()
  if (!until) return new Refusal('unauthenticated', 'access.wrong_credentials')
  await ctx.emit(loginLocked, { id: personId ?? ctx.tenantId }, { failed: times, until: until.toISOString() }, { login })
  return locked(ctx, until)
}

const locked = (ctx: Ctx, until: Date) =>
  new Refusal('too_many', 'access.locked', { until: until.toISOString(), retryAfter: (until.getTime() - ctx.now.getTime()) / 1000 })

export async function openSession(ctx: Ctx, personId: string, from: From): Promise<OpenedSession> {
  const id = newId()
  const secret = newSecret()
  await ctx.db
    .insertInto('identity.session')
    .values({
      id,
      personId,
      tokenHash: secretHash(secret),
      openedAt: ctx.now,
      seenAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + sessionLife),
      ip: from.ip,
      userAgent: from.userAgent,
    })
    .execute()
  await ctx.emit(signedIn, { id: personId }, { sessionId: id }, { ip: from.ip })
  return { personId, token: writeToken({ kind: 's', tenantId: ctx.tenantId, secret }) }
}

type SessionRow = {
  sessionId: string
  seenAt: Date
  id: string
  name: string
  departmentId: string | null
  teamId: string | null
  grants: Record<string, Scope>
}

/** Whose session this secret is; null when it ended, rested too long or was never given out. */
export async function authenticate(ctx: Ctx, secret: string): Promise<Actor | null> {
  // Plain SQL: every request begins with it.
  const { rows } = await sql<SessionRow>`select s.id as session_id, s.seen_at, p.id, p.name, p.department_id, p.team_id, r.grants
    from identity.session s join identity.person p on p.tenant_id = ${ctx.tenantId} and p.id = s.person_id join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id
    where s.tenant_id = ${ctx.tenantId} and s.token_hash = ${secretHash(secret)} and s.seen_at > ${before(ctx.now, sessionRest)} and s.expires_at > ${ctx.now} and not p.retired`.execute(
    ctx.db,
  )
  const row = rows[0]
  if (!row) return null
  if (row.seenAt <= before(ctx.now, seenEvery))
    await ctx.db.updateTable('identity.session').set({ seenAt: ctx.now }).where('id', '=', row.sessionId).execute()
  const { id, name, departmentId, teamId, sessionId } = row
  return { kind: 'user', tenantId: ctx.tenantId, id, name, departmentId, teamId, sessionId, grants: grantsOf(row.grants) }
}

export function grantsOf(grants: Record<string, Scope>): ReadonlyMap<Permission, Scope> {
  const map = new Map<Permission, Scope>()
  for (const [permission, scope] of Object.entries(grants)) if (isPermission(permission)) map.set(permission, scope)
  return map
}
const isPermission = (text: string): text is Permission => text.includes(':')

export async function mySessions(ctx: Ctx) {
  const { id, sessionId } = asUser(ctx.actor)
  const rows = await ctx.db
    .selectFrom('identity.session')
    .select(['id', 'openedAt', 'seenAt', 'ip', 'userAgent'])
    .where('personId', '=', id)
    .where('seenAt', '>', before(ctx.now, sessionRest))
    .where('expiresAt', '>', ctx.now)
    .orderBy('seenAt', 'desc')
    .execute()
  return rows.map(row => ({ ...row, current: row.id === sessionId }))
}

export async function endSession(ctx: Ctx, sessionId: string) {
  const { id } = asUser(ctx.actor)
  const ended = await ctx.db
    .deleteFrom('identity.session')
    .where('id', '=', sessionId)
    .where('personId', '=', id)
    .returning('id')
    .executeTakeFirst()
  found(ended, 'session', sessionId)
  await ctx.emit(signedOut, { id }, { sessionId })
  disconnect(ctx, id)
}

/** All sessions of a person, but the one that may stay. */
export async function endSessionsOf(ctx: Ctx, personId: string, but?: string) {
  let sessions = ctx.db.deleteFrom('identity.session').where('personId', '=', personId)
  if (but) sessions = sessions.where('id', '<>', but)
  const ended = await sessions.returning('id').execute()
  await Promise.all(ended.map(({ id }) => ctx.emit(signedOut, { id: personId }, { sessionId: id })))
  if (ended.length > 0) disconnect(ctx, personId)
}

/** The sockets of whoever was signed out end; those of a session that stays come back by themselves. */
const disconnect = (ctx: Ctx, personId: string) =>
  ctx.afterCommit('end the sockets of a session', house => house.live.close(ctx.tenantId, `user:${personId}`))

export async function forgetOldSessions(ctx: Ctx) {
  await ctx.db
    .deleteFrom('identity.session')
    .where(row => row.or([row('seenAt', '<', before(ctx.now, sessionRest)), row('expiresAt', '<', ctx.now)]))
    .execute()
  await ctx.db.deleteFrom('identity.signInFailure').where('lastAt', '<', before(ctx.now, failuresForgotten)).execute()
}

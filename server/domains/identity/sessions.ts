import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Limits, Scope } from '#contract/rights.ts'
import type { openSessions } from '#contract/security.ts'
import { asUser, newSecret, secretHash, type User, writeToken } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { passwordFits } from './credentials.ts'
import { loginLocked, signedIn, signedOut } from './events.ts'
import { rightsOf } from './roles.ts'
import { failuresForgotten, lockFor, seenEvery, sessionLife, sessionRest } from './rules.ts'
import { judgeCode } from './secondFactor.ts'

const before = (now: Date, span: number) => new Date(now.getTime() - span)

type From = { ip: string; userAgent: string }
export type OpenedSession = { personId: string; secret: string; token: string }

/** The session's token, or the refusal to tell once the failure is on record. A wrong code counts like a wrong password. */
export async function attemptSignIn(
  ctx: Ctx,
  { login, password, code }: { login: string; password: string; code?: string | undefined },
  from: From,
): Promise<OpenedSession | Refusal> {
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
  const second = await judgeCode(ctx, person.id, code)
  if (second === 'missing') return new Refusal('unauthenticated', 'access.code_needed')
  if (second === 'wrong') return failed(ctx, login, record.failed + 1, person.id, 'access.code_wrong')
  await ctx.db.deleteFrom('identity.signInFailure').where('login', '=', login).execute()
  return openSession(ctx, person.id, from)
}

async function failed(ctx: Ctx, login: string, times: number, personId: string | undefined, code = 'access.wrong_credentials') {
  const lock = lockFor(times)
  const until = lock > 0 ? new Date(ctx.now.getTime() + lock) : null
  await ctx.db.updateTable('identity.signInFailure').set({ failed: times, lockedUntil: until }).where('login', '=', login).execute()
  if (!until) return new Refusal('unauthenticated', code)
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
  // Whoever signs in did it, and nobody else yet.
  if (ctx.actor.kind === 'anyone')
    ctx.actor = {
      kind: 'user',
      tenantId: ctx.tenantId,
      id: personId,
      name: '',
      departmentId: null,
      teamId: null,
      sessionId: id,
      grants: new Map(),
    }
  await ctx.emit(signedIn, { id: personId }, { sessionId: id }, { ip: from.ip })
  return { personId, secret, token: writeToken({ kind: 's', tenantId: ctx.tenantId, secret }) }
}

type SessionRow = {
  sessionId: string
  seenAt: Date
  id: string
  name: string
  departmentId: string | null
  teamId: string | null
  code: string | null
  grants: Record<string, Scope>
  limits: Limits
  due: boolean
}

/** Whose session this secret is; null when it ended, rested too long or was never given out. */
export async function authenticate(ctx: Ctx, secret: string): Promise<User | null> {
  // Plain SQL: every request begins with it.
  const { rows } =
    await sql<SessionRow>`select s.id as session_id, s.seen_at, p.id, p.name, p.department_id, p.team_id, r.code, r.grants, r.limits,
      ((r.second_factor or coalesce(t.settings #>> '{security,secondFactor}', '') = 'required') and not exists (
        select 1 from identity.second_factor f where f.tenant_id = ${ctx.tenantId} and f.person_id = p.id and f.confirmed_at is not null)) as due
    from identity.session s join identity.person p on p.tenant_id = ${ctx.tenantId} and p.id = s.person_id
    join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id join identity.tenant t on t.tenant_id = ${ctx.tenantId}
    where s.tenant_id = ${ctx.tenantId} and s.token_hash = ${secretHash(secret)} and s.seen_at > ${before(ctx.now, sessionRest)} and s.expires_at > ${ctx.now} and not p.retired`.execute(
      ctx.db,
    )
  const row = rows[0]
  if (!row) return null
  if (row.seenAt <= before(ctx.now, seenEvery))
    await ctx.db.updateTable('identity.session').set({ seenAt: ctx.now }).where('id', '=', row.sessionId).execute()
  const { id, name, departmentId, teamId, sessionId, due } = row
  const { grants, limits } = rightsOf(row)
  return {
    kind: 'user',
    tenantId: ctx.tenantId,
    id,
    name,
    departmentId,
    teamId,
    sessionId,
    grants: grantsOf(grants),
    limits,
    ...(due ? { secondFactorDue: true } : {}),
  }
}

/** A person as the actor of work that goes on without them, with what they may now; null when they left. No session is theirs there. */
export async function standIn(ctx: Ctx, personId: string): Promise<User | null> {
  const { rows } = await sql<Pick<SessionRow, 'id' | 'name' | 'departmentId' | 'teamId' | 'code' | 'grants' | 'limits'>>`
    select p.id, p.name, p.department_id, p.team_id, r.code, r.grants, r.limits from identity.person p
    join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id
    where p.tenant_id = ${ctx.tenantId} and p.id = ${personId} and not p.retired`.execute(ctx.db)
  const row = rows[0]
  if (!row) return null
  const { id, name, departmentId, teamId } = row
  const { grants, limits } = rightsOf(row)
  return { kind: 'user', tenantId: ctx.tenantId, id, name, departmentId, teamId, sessionId: '', grants: grantsOf(grants), limits }
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

/** Open sessions of everyone, last used first. */
export async function allSessions(ctx: Ctx, query: z.output<typeof openSessions.allSessions.query>) {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  let rows = ctx.db
    .selectFrom('identity.session as s')
    .innerJoin('identity.person as p', 'p.id', 's.personId')
    .select(['s.id', 's.openedAt', 's.seenAt', 's.ip', 's.userAgent', 's.personId', 'p.name as personName'])
    .where('s.seenAt', '>', before(ctx.now, sessionRest))
    .where('s.expiresAt', '>', ctx.now)
    .orderBy('s.seenAt', 'desc')
    .orderBy('s.id', 'desc')
    .limit(size + 1)
  if (query.personId) rows = rows.where('s.personId', '=', query.personId)
  if (after) rows = rows.where(row => row(row.refTuple('s.seenAt', 's.id'), '<', row.tuple(new Date(after[0]), after[1])))
  const mine = ctx.actor.kind === 'user' ? ctx.actor.sessionId : ''
  const page: Page<Awaited<ReturnType<typeof rows.executeTakeFirstOrThrow>>> = pageRows(await rows.execute(), size, row => [
    row.seenAt.toISOString(),
    row.id,
  ])
  return { ...page, rows: page.rows.map(row => ({ ...row, current: row.id === mine })) }
}

/** One session, of `personId` when it is its owner who ends it. */
export async function endSession(ctx: Ctx, sessionId: string, personId?: string) {
  let session = ctx.db.deleteFrom('identity.session').where('id', '=', sessionId)
  if (personId) session = session.where('personId', '=', personId)
  const ended = found(await session.returning('personId').executeTakeFirst(), 'session', sessionId)
  await ctx.emit(signedOut, { id: ended.personId }, { sessionId, by: personId ? 'owner' : 'administrator' })
  disconnect(ctx, sessionId)
}

export async function endAllSessionsOf(ctx: Ctx, personId: string) {
  const person = await ctx.db.selectFrom('identity.person').select('id').where('id', '=', personId).executeTakeFirst()
  await endSessionsOf(ctx, found(person, 'person', personId).id)
}

/** All sessions of a person, but the one that may stay. */
export async function endSessionsOf(ctx: Ctx, personId: string, but?: string) {
  let sessions = ctx.db.deleteFrom('identity.session').where('personId', '=', personId)
  if (but) sessions = sessions.where('id', '<>', but)
  const ended = await sessions.returning('id').execute()
  await Promise.all(
    ended.map(async ({ id }) => {
      await ctx.emit(signedOut, { id: personId }, { sessionId: id, by: 'change' })
      disconnect(ctx, id)
    }),
  )
}

/** The sockets of a session that ended end with it. */
const disconnect = (ctx: Ctx, sessionId: string) =>
  ctx.afterCommit('end the sockets of a session', house => house.live.close(ctx.tenantId, `session:${sessionId}`))

/** Sessions that rested too long are gone, and their sockets with them; so are old failures and links. */
export async function forgetOldSessions(ctx: Ctx) {
  const gone = await ctx.db
    .deleteFrom('identity.session')
    .where(row => row.or([row('seenAt', '<', before(ctx.now, sessionRest)), row('expiresAt', '<', ctx.now)]))
    .returning('id')
    .execute()
  for (const { id } of gone) disconnect(ctx, id)
  await ctx.db.deleteFrom('identity.passwordLink').where('expiresAt', '<', ctx.now).execute()
  await ctx.db.deleteFrom('identity.signInFailure').where('lastAt', '<', before(ctx.now, failuresForgotten)).execute()
}

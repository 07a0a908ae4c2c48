import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { audit } from '#contract/audit.ts'
import { calendarCheck, calendars, ownCalendar } from '#contract/calendars.ts'
import { identity } from '#contract/identity.ts'
import { accounts, departments, importedLinks, Login, teams } from '#contract/people.ts'
import { rights } from '#contract/rights.ts'
import { apiKeys, openSessions, secondFactor, securityPolicy } from '#contract/security.ts'
import { asUser } from '#kernel/access.ts'
import { checkSeals } from '#kernel/auditSeal.ts'
import { endpointsOf, serveCatalog } from '#kernel/catalog.ts'
import { allTenants } from '#kernel/directory.ts'
import { newLimit } from '#kernel/limits.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { type Door, type Io, serve, serveBefore } from '#kernel/serve.ts'
import { work } from '#kernel/work.ts'
import { listAudit } from './audit.ts'
import { addCalendar, changeCalendar, checkCalendar, chooseCalendar, listCalendars, retireCalendar } from './calendars.ts'
import { addDepartment, changeDepartment, listDepartments, retireDepartment } from './departments.ts'
import { giveLinks } from './importing.ts'
import { addKey, listKeys, revokeKey } from './keys.ts'
import { lookAtLink, makePasswordLink, useLink } from './links.ts'
import { addPerson, changeMe, changePassword, changePerson, listPeople } from './people.ts'
import { changePolicy, policyOf } from './policy.ts'
import { me, meOf, tenantCard } from './queries.ts'
import { addRole, changeRole, listRoles } from './roles.ts'
import { sessionLife } from './rules.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  removeSecondFactorOf,
  renewCodes,
  secondFactorState,
} from './secondFactor.ts'
import { allSessions, attemptSignIn, authenticate, endAllSessionsOf, endSession, endSessionsOf, mySessions } from './sessions.ts'
import { setUp } from './tenants.ts'

const { welcome, setUp: settingUp, signIn, lookAtPasswordLink, usePasswordLink, ...signedIn } = identity

export function routes(door: Door) {
  const limit = newLimit({ burst: 30, perSecond: 0.5, code: 'access.too_many_attempts' })

  serveBefore(door, welcome, async (house, { tenantId }) => {
    const installed = tenantId !== null || (await allTenants(house.control)).length > 0
    if (tenantId === null) return { installed, tenant: null, accounts: [], version: house.settings.version }
    return work(house, { kind: 'anyone', tenantId }, async ctx => {
      const { settings } = await ctx.db.selectFrom('identity.tenant').select('settings').executeTakeFirstOrThrow()
      const tenant = await tenantCard(ctx)
      return { installed, tenant, accounts: tenant.sample ? sampleAccounts(settings) : [], version: house.settings.version }
    })
  })

  serveBefore(door, settingUp, async (house, { body }, io) => {
    await limit(house, io.ip, house.clock())
    const { session, me } = await setUp(house, body, io)
    giveCookies(io, session.token)
    return me
  })

  serveBefore(door, signIn, async (house, { body, tenantId }, io) => {
    await limit(house, io.ip, house.clock())
    if (tenantId === null) throw new Refusal('not_found', 'access.tenant_unknown')
    // Text that cannot be a login has no owner; all of it counts as one login that nobody has.
    const login = Login.safeParse(body.login)
    const outcome = await work(house, { kind: 'anyone', tenantId }, async ctx => {
      const { password, code } = body
      const opened = await attemptSignIn(ctx, { login: login.success ? login.data : '', password, code }, io)
      if (opened instanceof Refusal) return opened
      const user = found(await authenticate(ctx, opened.secret), 'session', opened.personId)
      return { token: opened.token, me: await meOf(ctx, user.id, Object.fromEntries(user.grants), user.secondFactorDue === true) }
    })
    // Refused only now, after the commit: the failure stays counted.
    if (outcome instanceof Refusal) throw outcome
    if (body.bearer) return { ...outcome.me, bearer: outcome.token }
    giveCookies(io, outcome.token)
    return outcome.me
  })

  serveBefore(door, lookAtPasswordLink, async (house, { body }, io) => {
    await limit(house, io.ip, house.clock())
    return lookAtLink(house, body.token)
  })
  serveBefore(door, usePasswordLink, async (house, { body }, io) => {
    await limit(house, io.ip, house.clock())
    await useLink(house, body)
    return undefined
  })

  serve(door, signedIn, {
    signOut: async (ctx, _, io) => {
      const { id, sessionId } = asUser(ctx.actor)
      await endSession(ctx, sessionId, id)
      io.clearCookie('huiyin_session')
      io.clearCookie('huiyin_csrf')
    },
    me: ctx => me(ctx),
    changeMe: async (ctx, { body }) => {
      await changeMe(ctx, body)
      return me(ctx)
    },
    changePassword: (ctx, { body }) => changePassword(ctx, body),
  })
  serve(door, openSessions, {
    sessions: ctx => mySessions(ctx),
    endSession: (ctx, { id }) => endSession(ctx, id, asUser(ctx.actor).id),
    endOtherSessions: ctx => {
      const { id, sessionId } = asUser(ctx.actor)
      return endSessionsOf(ctx, id, sessionId)
    },
    allSessions: (ctx, { query }) => allSessions(ctx, query),
    endAnySession: (ctx, { id }) => endSession(ctx, id),
    endSessionsOf: (ctx, { id }) => endAllSessionsOf(ctx, id),
  })
  serve(door, accounts, {
    people: (ctx, { query }) => listPeople(ctx, query),
    addPerson: (ctx, { body }) => addPerson(ctx, body),
    changePerson: (ctx, { id, body }) => changePerson(ctx, id, body),
    makePasswordLink: (ctx, { id }) => makePasswordLink(ctx, id),
  })
  serve(door, rights, {
    roles: ctx => listRoles(ctx),
    addRole: (ctx, { body }) => addRole(ctx, body),
    changeRole: (ctx, { id, body }) => changeRole(ctx, id, body),
  })
  serve(door, secondFactor, {
    state: ctx => secondFactorState(ctx),
    begin: (ctx, { body }) => beginSecondFactor(ctx, body.password),
    confirm: (ctx, { body }) => confirmSecondFactor(ctx, body.code),
    renewCodes: (ctx, { body }) => renewCodes(ctx, body.password),
    remove: (ctx, { body }) => removeSecondFactor(ctx, body.password),
    removeOf: async (ctx, { id }) => {
      await removeSecondFactorOf(ctx, id)
      await endSessionsOf(ctx, id)
    },
  })
  serve(door, securityPolicy, { read: ctx => policyOf(ctx), change: (ctx, { body }) => changePolicy(ctx, body) })
  serve(door, apiKeys, {
    list: ctx => listKeys(ctx),
    add: (ctx, { body }) => addKey(ctx, body),
    revoke: (ctx, { id }) => revokeKey(ctx, id),
  })
  serve(door, importedLinks, { give: (ctx, { id }) => giveLinks(ctx, id) })
  serve(door, audit, { list: (ctx, { query }) => listAudit(ctx, query), seal: ctx => checkSeals(ctx) })

  serveCatalog(door, teams, 'identity.team')
  serve(door, endpointsOf(departments), {
    list: (ctx, { query }) => listDepartments(ctx, query.retired ?? false),
    add: (ctx, { body }) => addDepartment(ctx, body),
    change: (ctx, { id, body }) => changeDepartment(ctx, id, body),
    retire: (ctx, { id, body }) => retireDepartment(ctx, id, body.retired),
  })
  serve(door, endpointsOf(calendars), {
    list: (ctx, { query }) => listCalendars(ctx, query.retired ?? false),
    add: (ctx, { body }) => addCalendar(ctx, body),
    change: (ctx, { id, body }) => changeCalendar(ctx, id, body),
    retire: (ctx, { id, body }) => retireCalendar(ctx, id, body.retired),
  })
  serve(door, ownCalendar, { choose: (ctx, { id }) => chooseCalendar(ctx, id) })
  serve(door, calendarCheck, { run: async (_, { body }) => checkCalendar(body) })
}

/** The session is out of reach of scripts; the other cookie is there to be read and sent back, which only our own pages can. */
function giveCookies(io: Io, token: string) {
  const maxAge = sessionLife / 1000
  io.setCookie({ name: 'huiyin_session', value: token, maxAge, httpOnly: true })
  io.setCookie({ name: 'huiyin_csrf', value: randomBytes(18).toString('base64url'), maxAge, httpOnly: false })
}

const SampleAccounts = z.object({ accounts: identity.welcome.reply.shape.accounts })
const sampleAccounts = (settings: Record<string, unknown>) => {
  const parsed = SampleAccounts.safeParse(settings)
  return parsed.success ? parsed.data.accounts : []
}

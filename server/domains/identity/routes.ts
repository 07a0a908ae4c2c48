import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { calendars, departments, identity, Login, teams } from '#contract/identity.ts'
import { asUser } from '#kernel/access.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { allTenants } from '#kernel/directory.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Door, type Io, serve, serveBefore } from '#kernel/serve.ts'
import { work } from '#kernel/work.ts'
import { addCalendar, changeCalendar, listCalendars, retireCalendar } from './calendars.ts'
import { addDepartment, changeDepartment, listDepartments, retireDepartment } from './departments.ts'
import { addPerson, changeMe, changePassword, changePerson, listPeople } from './people.ts'
import { grantsOfPerson, listRoles, me, meOf, tenantCard } from './queries.ts'
import { sessionLife } from './rules.ts'
import { attemptSignIn, endSession, mySessions } from './sessions.ts'
import { setUp } from './tenants.ts'

const { welcome, setUp: settingUp, signIn, ...signedIn } = identity

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
    limit(io.ip, house.clock())
    const { session, me } = await setUp(house, body, io)
    giveCookies(io, session.token)
    return me
  })

  serveBefore(door, signIn, async (house, { body, tenantId }, io) => {
    limit(io.ip, house.clock())
    if (tenantId === null) throw new Refusal('not_found', 'access.tenant_unknown')
    // Text that cannot be a login has no owner; all of it counts as one login that nobody has.
    const login = Login.safeParse(body.login)
    const outcome = await work(house, { kind: 'anyone', tenantId }, async ctx => {
      const opened = await attemptSignIn(ctx, login.success ? login.data : '', body.password, io)
      if (opened instanceof Refusal) return opened
      return { token: opened.token, me: await meOf(ctx, opened.personId, await grantsOfPerson(ctx, opened.personId)) }
    })
    // Refused only now, after the commit: the failure stays counted.
    if (outcome instanceof Refusal) throw outcome
    if (body.bearer) return { ...outcome.me, bearer: outcome.token }
    giveCookies(io, outcome.token)
    return outcome.me
  })

  serve(door, signedIn, {
    signOut: async (ctx, _, io) => {
      await endSession(ctx, asUser(ctx.actor).sessionId)
      io.clearCookie('huiyin_session')
      io.clearCookie('huiyin_csrf')
    },
    me: ctx => me(ctx),
    changeMe: async (ctx, { body }) => {
      await changeMe(ctx, body)
      return me(ctx)
    },
    changePassword: (ctx, { body }) => changePassword(ctx, body),
    sessions: ctx => mySessions(ctx),
    endSession: (ctx, { id }) => endSession(ctx, id),
    people: ctx => listPeople(ctx),
    addPerson: (ctx, { body }) => addPerson(ctx, body),
    changePerson: (ctx, { id, body }) => changePerson(ctx, id, body),
    roles: ctx => listRoles(ctx),
  })

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
}

const endpointsOf = <L, A, C, R>({ list, add, change, retire }: { list: L; add: A; change: C; retire: R }) => ({
  list,
  add,
  change,
  retire,
})

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

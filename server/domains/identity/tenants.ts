import { sql } from 'kysely'
import type * as z from 'zod'
import type { identity, Slug } from '#contract/identity.ts'
import { system } from '#kernel/access.ts'
import { isTimezone } from '#kernel/calendar.ts'
import { allTenants, enter } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { newPassword } from './credentials.ts'
import { personAdded, tenantCreated } from './events.ts'
import { meOf } from './queries.ts'
import { allGrants, firstRoles, firstWeek, type RoleCode } from './rules.ts'
import { openSession } from './sessions.ts'

export type NewTenant = {
  slug: z.output<typeof Slug>
  name: string
  nameEn?: string
  brand?: string
  timezone?: string
  language?: 'zh' | 'en'
  sample?: boolean
  settings?: Record<string, unknown>
}
export type NewAdmin = { name: string; login: string; password: string }

/** The organisation with the roles and working hours every one begins with. `ctx` works in the new tenant, as the system. */
export async function createTenant(ctx: Ctx, form: NewTenant): Promise<{ roles: Record<RoleCode, string>; calendarId: string }> {
  const tenant = { timezone: 'Asia/Shanghai', language: 'zh' as const, ...form }
  if (!isTimezone(tenant.timezone)) throw new Refusal('invalid', 'calendar.timezone_unknown', { timezone: tenant.timezone })
  await enter(ctx, 'slug', tenant.slug).catch(error => {
    if (error instanceof Error && 'code' in error && error.code === '23505')
      throw new Refusal('conflict', 'tenant.slug_taken', { slug: tenant.slug })
    throw error
  })
  await ctx.db
    .insertInto('identity.tenant')
    .values({ ...tenant, createdAt: ctx.now })
    .execute()

  const roles = { agent: newId(), lead: newId(), handler: newId(), supervisor: newId(), admin: newId() }
  const calendarId = newId()
  const codes: RoleCode[] = ['agent', 'lead', 'handler', 'supervisor', 'admin']
  await ctx.db
    .insertInto('identity.role')
    .values(codes.map(code => ({ id: roles[code], code, ...firstRoles[code], grants: JSON.stringify(firstRoles[code].grants) })))
    .execute()
  await ctx.db
    .insertInto('identity.calendar')
    .values({
      id: calendarId,
      name: tenant.language === 'zh' ? '工作时间' : 'Working hours',
      timezone: tenant.timezone,
      week: firstWeek,
      isDefault: true,
    })
    .execute()
  await ctx.emit(tenantCreated, { id: ctx.tenantId }, { slug: tenant.slug })
  return { roles, calendarId }
}

/** A tenant with its first administrator: what set-up and the command line do. */
export async function createTenantWithAdmin(ctx: Ctx, tenant: NewTenant, { name, login, password }: NewAdmin): Promise<string> {
  const passwordHash = await newPassword(password, { login, name })
  const { roles } = await createTenant(ctx, tenant)
  const id = newId()
  await ctx.db
    .insertInto('identity.person')
    .values({
      id,
      name,
      login,
      passwordHash,
      departmentId: null,
      teamId: null,
      roleId: roles.admin,
      language: null,
      addedAt: ctx.now,
    })
    .execute()
  await ctx.emit(personAdded, { id }, { roleId: roles.admin }, { name, login })
  return id
}

const setUpLock = 4_107_101

/** Once, on an empty installation: whoever is first becomes its administrator; the second of two at a time waits and is refused. */
export async function setUp(house: House, form: z.output<typeof identity.setUp.body>, from: { ip: string; userAgent: string }) {
  return work(house, system(newId()), async ctx => {
    await sql`select pg_advisory_xact_lock(${sql.lit(setUpLock)})`.execute(ctx.db)
    if ((await allTenants(house.control)).length > 0) throw new Refusal('conflict', 'tenant.already_set_up')
    const { adminName, login, password, ...tenant } = form
    const adminId = await createTenantWithAdmin(ctx, tenant, { name: adminName, login, password })
    const session = await openSession(ctx, adminId, from)
    return { session, me: await meOf(ctx, adminId, allGrants, false) }
  })
}

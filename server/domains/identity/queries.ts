import type { Calendar, Me } from '#contract/identity.ts'
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

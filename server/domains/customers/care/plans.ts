import { sql } from 'kysely'
import type * as z from 'zod'
import { type Care, type CarePlan, type CarePlanForm, type CareRound, PlannedTier } from '#contract/keyAccounts.ts'
import { personName } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { heldFile, seenFile } from '../kept.ts'
import { todayOf } from '../receivables/counting.ts'
import { carePlanned, tierPlanned } from './events.ts'
import { standingOf } from './standing.ts'
import { sweepAnew, tend } from './tending.ts'

type Form = z.output<typeof CarePlanForm>
const columns = sql`visit_days, contact_days, by_id, starts_on, note, active, version`

export async function careOf(ctx: Ctx, asked: string): Promise<Care> {
  const id = await seenFile(ctx, asked, 'account:read')
  const { tier } = found(
    await ctx.db.selectFrom('customers.customer').select('tier').where('id', '=', id).executeTakeFirst(),
    'customer',
    id,
  )
  const [own, ofTier, [next], flag, rounds] = await Promise.all([
    sql<CarePlan>`select ${columns} from customers.care_plan where tenant_id = ${ctx.tenantId} and customer_id = ${id}`.execute(ctx.db),
    sql<CarePlan>`select ${columns} from customers.care_plan where tenant_id = ${ctx.tenantId} and tier = ${tier}`.execute(ctx.db),
    standingOf(ctx, [id]),
    ctx.db.selectFrom('customers.flag').select('since').where('customerId', '=', id).where('code', '=', 'neglected').executeTakeFirst(),
    sql<CareRound>`select r.id, r.kind, r.due_on, r.task_id, r.opened_at, r.done_at, p.name as done_by_name from customers.care_round r
      left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = r.done_by_id
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id} order by r.done_at desc nulls first, r.due_on, r.id desc limit 10`.execute(
      ctx.db,
    ),
  ])
  return {
    own: own.rows[0] ?? null,
    ofTier: ofTier.rows[0] ?? null,
    visitOn: next?.visitOn ?? null,
    contactOn: next?.contactOn ?? null,
    isAlone: next?.isAlone ?? false,
    neglectedSince: flag?.since ?? null,
    rounds: rounds.rows,
  }
}

/** What it begins with counts at once: what is due by now becomes a task, who is neglected is flagged. */
export async function planCare(ctx: Ctx, asked: string, form: Form): Promise<Care> {
  const id = await heldFile(ctx, asked, 'account:write')
  await keep(ctx, { customerId: id }, form)
  const { visitDays, contactDays, active } = form
  await ctx.emit(carePlanned, { id, customerId: id }, { visitDays, contactDays, active })
  await tend(ctx, id)
  return careOf(ctx, id)
}

export async function unplanCare(ctx: Ctx, asked: string, version?: number): Promise<Care> {
  const id = await heldFile(ctx, asked, 'account:write')
  const { rows } = await sql<{
    version: number
  }>`delete from customers.care_plan where tenant_id = ${ctx.tenantId} and customer_id = ${id} returning version`.execute(ctx.db)
  if (version !== undefined && rows.some(gone => gone.version !== version)) throw new Refusal('conflict', 'care_plan.changed_meanwhile')
  if (rows.length > 0) {
    await ctx.emit(carePlanned, { id, customerId: id }, { visitDays: null, contactDays: null, active: null })
    await tend(ctx, id)
  }
  return careOf(ctx, id)
}

export async function tierPlans(ctx: Ctx) {
  const { rows } = await sql<CarePlan & { tier: z.output<typeof PlannedTier> }>`select tier, ${columns} from customers.care_plan
    where tenant_id = ${ctx.tenantId} and tier is not null order by array_position(array['key', 'gold', 'silver'], tier)`.execute(ctx.db)
  return rows
}

export async function planTier(ctx: Ctx, typed: string, form: Form) {
  const read = PlannedTier.safeParse(typed)
  if (!read.success) throw new Refusal('not_found', 'care_plan.tier_unknown', { tier: typed.slice(0, 40) })
  const tier = read.data
  const { id, ...plan } = await keep(ctx, { tier }, form)
  await sweepAnew(ctx)
  await ctx.emit(tierPlanned, { id }, { tier, visitDays: form.visitDays, contactDays: form.contactDays })
  return { ...plan, tier }
}

type Whose = { customerId: string; tier?: undefined } | { tier: string; customerId?: undefined }
async function keep(ctx: Ctx, whose: Whose, { version, startsOn, ...form }: Form): Promise<CarePlan & { id: string }> {
  if (form.active && form.visitDays === null && form.contactDays === null) throw new Refusal('invalid', 'care_plan.nothing')
  if (form.byId !== null) found(await personName(ctx, form.byId), 'person', form.byId)
  const { customerId = null, tier = null } = whose
  const today = await todayOf(ctx)
  const { visitDays, contactDays, byId, note, active } = form
  // Written over only by whoever saw what stands there; the first of two who make one wins.
  const { rows } = await sql<CarePlan & { id: string }>`${
    version === 0
      ? sql`insert into customers.care_plan (tenant_id, id, customer_id, tier, visit_days, contact_days, by_id, starts_on, note, active, changed_at)
        values (${ctx.tenantId}, ${newId()}, ${customerId}, ${tier}, ${visitDays}, ${contactDays}, ${byId}, ${startsOn ?? today}, ${note}, ${active}, ${ctx.now})
        on conflict do nothing`
      : sql`update customers.care_plan set visit_days = ${visitDays}, contact_days = ${contactDays}, by_id = ${byId},
          starts_on = coalesce(${startsOn ?? null}::date, starts_on), note = ${note}, active = ${active}, changed_at = ${ctx.now}, version = version + 1
        where tenant_id = ${ctx.tenantId} and (customer_id = ${customerId}::uuid or tier = ${tier}::text) and version = ${version}`
  } returning id, ${columns}`.execute(ctx.db)
  const [kept] = rows
  if (!kept) throw new Refusal('conflict', 'care_plan.changed_meanwhile')
  return kept
}

import { sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import { openTask } from '#domains/tasks/index.ts'
import { atWall, dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { touch } from '../identify.ts'
import { daysBetween, yearBefore } from '../receivables/rules.ts'
import { accountNeglected, careGoesOn } from './events.ts'
import { settle } from './settling.ts'
import { isBehind, type Place, placeOf, type Standing, standingOf } from './standing.ts'

const mostAtOnce = 200

/** What was done is done, what falls due becomes a task, whoever was left alone is flagged: of one customer, or of everybody with a plan as far as the day's round has come. */
export async function tend(ctx: Ctx, customerId: string | null = null): Promise<void> {
  const place = await placeOf(ctx)
  await settle(ctx, place, customerId)
  if (customerId !== null) return lookAt(ctx, place, [customerId])
  const ids = await nextSlice(ctx, place.today)
  await lookAt(ctx, place, ids)
  if (ids.length === mostAtOnce) await ctx.at(ctx.now, careGoesOn, { id: ctx.tenantId, clock: 'care' }, {})
}

/** By days alone does anybody fall due, so everybody is looked at once a day; a contact meanwhile only puts it off. */
export async function nextSlice(ctx: Ctx, today: string): Promise<string[]> {
  await sql`insert into customers.care_sweep (tenant_id, swept_on, after_id) values (${ctx.tenantId}, ${today}::date, ${zero})
    on conflict (tenant_id) do nothing`.execute(ctx.db)
  await sql`update customers.care_sweep set swept_on = ${today}::date, after_id = ${zero} where tenant_id = ${ctx.tenantId} and swept_on <> ${today}::date`.execute(
    ctx.db,
  )
  const swept = await sql<{
    afterId: string | null
  }>`select after_id from customers.care_sweep where tenant_id = ${ctx.tenantId} for update`.execute(ctx.db)
  const after = swept.rows[0]?.afterId ?? null
  if (after === null) return []
  const plans = sql`customers.care_plan p where p.tenant_id = ${ctx.tenantId} and p.active`
  // Each tier by its index: asked for all at once, the database would walk over everybody else between them.
  const { rows } = await sql<{ id: string }>`select x.id from (
      select c.id from (select p.tier from ${plans} and p.tier is not null) t cross join lateral (
        select c.id from customers.customer c where c.tenant_id = ${ctx.tenantId} and c.tier = t.tier and c.tier <> 'normal' and c.id > ${after}
        order by c.id limit ${mostAtOnce}) c
      union (select p.customer_id from ${plans} and p.customer_id > ${after} order by p.customer_id limit ${mostAtOnce})) x
    order by x.id limit ${mostAtOnce}`.execute(ctx.db)
  const last = rows.length === mostAtOnce ? rows.at(-1)?.id : null
  await sql`update customers.care_sweep set after_id = ${last ?? null} where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  return rows.map(row => row.id)
}
const zero = '00000000-0000-0000-0000-000000000000'

/** A plan of many changed: they are looked at again today. */
export const sweepAnew = (ctx: Ctx) => sql`delete from customers.care_sweep where tenant_id = ${ctx.tenantId}`.execute(ctx.db)

async function lookAt(ctx: Ctx, place: Place, ids: readonly string[]): Promise<void> {
  const standing = await standingOf(ctx, ids, place)
  const due = standing.filter(one => one.visitSoon || one.contactSoon || isBehind(one, place.today))
  if (due.length === 0) return
  const { rows } = await sql<{ id: string; what: string }>`select r.customer_id as id, r.kind as what from customers.care_round r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = any(${due.map(one => one.id)}::uuid[]) and r.done_at is null
    union all select f.customer_id, 'neglected' from customers.flag f
      where f.tenant_id = ${ctx.tenantId} and f.customer_id = any(${due.map(one => one.id)}::uuid[]) and f.code = 'neglected'`.execute(
    ctx.db,
  )
  const known = new Set(rows.map(({ id, what }) => `${what} ${id}`))
  for (const one of due) {
    const { id, visitOn, contactOn } = one
    if (one.visitSoon && visitOn && !known.has(`visit ${id}`)) await openRound(ctx, one, 'visit', visitOn, place)
    if (one.contactSoon && contactOn && !known.has(`contact ${id}`)) await openRound(ctx, one, 'contact', contactOn, place)
    if (isBehind(one, place.today) && !known.has(`neglected ${id}`)) await flagNeglected(ctx, one, place.today)
  }
}

/** One at a time: who comes second finds it open. */
async function openRound(ctx: Ctx, one: Standing, kind: 'visit' | 'contact', dueOn: string, { today, timezone }: Place): Promise<void> {
  const id = newId()
  const { rows } = await sql<{ id: string }>`insert into customers.care_round (tenant_id, id, customer_id, kind, due_on, opened_at)
    values (${ctx.tenantId}, ${id}, ${one.id}, ${kind}, ${dueOn}, ${ctx.now}) on conflict do nothing returning id`.execute(ctx.db)
  if (rows.length === 0) return
  const [title, titleEn] =
    kind === 'visit' ? [`拜访${one.name}`, `Visit ${one.name}`] : [`联系${one.name}`, `Get in touch with ${one.name}`]
  const task = await openTask(ctx, {
    kind: 'care',
    title,
    text: one.note,
    matter: { noun: 'customer', id: one.id },
    customerId: one.id,
    ownerId: one.carerId,
    // Who left is not given anything: their department finds it on its table.
    departmentId: one.carerId === null ? one.departmentId : null,
    dueAt: atWall(timezone, `${dueOn < today ? today : dueOn}T18:00`),
    facts: { titleEn, care: kind },
  })
  await sql`update customers.care_round set task_id = ${task.id} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
}

async function flagNeglected(ctx: Ctx, { id, visitOn, contactOn }: Standing, today: string): Promise<void> {
  const since = [visitOn, contactOn].filter(day => day !== null).sort()[0] ?? today
  const { rows } = await sql<{ id: string }>`insert into customers.flag (tenant_id, id, customer_id, code, level, since, source, set_at)
    values (${ctx.tenantId}, ${newId()}, ${id}, 'neglected', 'warn', ${since}, 'care', ${ctx.now}) on conflict do nothing returning id`.execute(
    ctx.db,
  )
  if (rows.length > 0) await ctx.emit(accountNeglected, { id, customerId: id }, { days: Math.max(0, daysBetween(since, today)) })
}

/** A task of ours was finished: its note is the contact. */
export async function roundDone(ctx: Ctx, taskId: string, byId: string | null): Promise<void> {
  const { rows } = await sql<{ customerId: string }>`update customers.care_round set done_at = ${ctx.now}, done_by_id = ${byId}
    where tenant_id = ${ctx.tenantId} and task_id = ${taskId} and done_at is null returning customer_id`.execute(ctx.db)
  const customerId = rows[0]?.customerId
  if (!customerId) return
  await touch(ctx, customerId)
  await tend(ctx, customerId)
}

/** Finished by mistake. Where the next round began meanwhile, that one stands for it. */
export async function roundReopened(ctx: Ctx, taskId: string): Promise<void> {
  await sql`update customers.care_round r set done_at = null, done_by_id = null where r.tenant_id = ${ctx.tenantId} and r.task_id = ${taskId} and r.done_at is not null
    and not exists (select 1 from customers.care_round o where o.tenant_id = ${ctx.tenantId} and o.customer_id = r.customer_id and o.kind = r.kind and o.done_at is null)`.execute(
    ctx.db,
  )
}

/** Once a month the twelve months move on, whether or not the books said something; key accounts are sorted by them. */
export async function moveYear(ctx: Ctx): Promise<void> {
  const month = dateIn((await tenantCard(ctx)).timezone, ctx.now).slice(0, 7)
  await sql`update customers.account a set billed_for = ${`${month}-01`}::date, billed = coalesce((select sum(r.amount) from customers.receivable r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = a.customer_id and r.period > ${yearBefore(month)} and r.period <= ${month}), 0)
    from (select a.customer_id from customers.customer c join customers.fact_family f on f.tenant_id = ${ctx.tenantId} and f.kept_id = c.id
      join customers.account a on a.tenant_id = ${ctx.tenantId} and a.customer_id = f.id
      where c.tenant_id = ${ctx.tenantId} and c.tier = 'key' and a.billed_for < ${`${month}-01`}::date order by c.id limit 2000) x
    where a.tenant_id = ${ctx.tenantId} and a.customer_id = x.customer_id`.execute(ctx.db)
}

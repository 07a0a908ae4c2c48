import { type RawBuilder, sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import { finishTask, openTask } from '#domains/tasks/index.ts'
import { atWall, dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { touch } from '../identify.ts'
import { daysBetween, yearBefore } from '../receivables/rules.ts'
import { accountNeglected, accountTended, careGoesOn } from './events.ts'

/** What is to be done becomes a task so many days before, at most a quarter of its span. */
const ahead = (days: string) => sql.raw(`least(7, ${days} / 4)`)
const mostAtOnce = 200

export type Due = { visitOn: string | null; contactOn: string | null }
type Standing = Due & {
  id: string
  name: string
  ownerId: string | null
  byId: string | null
  note: string
  wantsVisit: boolean
  wantsContact: boolean
  neglected: boolean
}

/** By whose plan each of these customers is cared for, and what it asks for by that zone's days. */
function standing(ctx: Ctx, timezone: string, ids: readonly string[] | RawBuilder<unknown>) {
  const of = (
    plan: string,
  ) => sql`c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and c.id = any(${ids}::uuid[])
    and ${sql.raw(plan)}.tenant_id = ${ctx.tenantId} and ${sql.raw(plan)}.active`
  const day = (at: string) => sql`(${sql.raw(at)} at time zone ${timezone})::date`
  return sql`(select c.id, c.name, c.owner_id, p.by_id, p.note, p.visit_days, p.contact_days,
      greatest(p.starts_on, ${day('v.done_at')}) + p.visit_days as visit_on,
      greatest(p.starts_on, ${day('c.last_contact_at')}) + p.contact_days as contact_on
    from (
      select c.id, c.name, c.owner_id, c.last_contact_at, p.id as plan_id from customers.care_plan p join customers.customer c on c.id = p.customer_id where ${of('p')}
      union all
      select c.id, c.name, c.owner_id, c.last_contact_at, p.id from customers.care_plan p join customers.customer c on c.tier = p.tier where ${of('p')}
        and not exists (select 1 from customers.care_plan o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
    ) c join customers.care_plan p on p.tenant_id = ${ctx.tenantId} and p.id = c.plan_id
    left join lateral (select done_at from customers.care_round r where r.tenant_id = ${ctx.tenantId} and r.customer_id = c.id and r.kind = 'visit'
      and r.done_at is not null order by r.done_at desc limit 1) v on true)`
}

/** When each of these is to be visited and spoken with next; who has no plan is not in it. */
export async function dueOf(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, Due>> {
  const { timezone } = await tenantCard(ctx)
  const { rows } = await sql<Due & { id: string }>`select s.id, s.visit_on, s.contact_on from ${standing(ctx, timezone, ids)} s`.execute(
    ctx.db,
  )
  return new Map(rows.map(({ id, ...due }) => [id, due]))
}

/** What was done is done, what falls due becomes a task, whoever was left alone is flagged: of one customer, or of everybody with a plan as far as the day's round has come. */
export async function tend(ctx: Ctx, customerId: string | null = null): Promise<void> {
  const { timezone } = await tenantCard(ctx)
  const place = { today: dateIn(timezone, ctx.now), timezone }
  await settle(ctx, place, customerId === null ? null : [customerId])
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
  if (ids.length === 0) return
  const { today, timezone } = place
  const open = (kind: string) =>
    sql`exists (select 1 from customers.care_round r where r.tenant_id = ${ctx.tenantId} and r.customer_id = s.id and r.kind = ${kind} and r.done_at is null)`
  const { rows } = await sql<Standing>`select * from (select s.id, s.name, s.owner_id, s.by_id, s.note, s.visit_on, s.contact_on,
      coalesce(s.visit_on - ${ahead('s.visit_days')} <= ${today}::date and not ${open('visit')}, false) as wants_visit,
      coalesce(s.contact_on - ${ahead('s.contact_days')} <= ${today}::date and not ${open('contact')}, false) as wants_contact,
      coalesce(least(s.visit_on, s.contact_on) < ${today}::date, false) and not exists (select 1 from customers.flag f where f.tenant_id = ${ctx.tenantId}
        and f.customer_id = s.id and f.code = 'neglected') as neglected
    from ${standing(ctx, timezone, ids)} s) x where x.wants_visit or x.wants_contact or x.neglected order by x.id`.execute(ctx.db)
  for (const one of rows) {
    if (one.wantsVisit && one.visitOn) await openRound(ctx, one, 'visit', one.visitOn, place)
    if (one.wantsContact && one.contactOn) await openRound(ctx, one, 'contact', one.contactOn, place)
    if (one.neglected) await flagNeglected(ctx, one, today)
  }
}

type Place = { today: string; timezone: string }
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
    ownerId: one.byId ?? one.ownerId,
    departmentId: null,
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

/** Who was in touch by whatever way is not to be called any more, and whoever was neglected no longer is. */
async function settle(ctx: Ctx, { timezone, today }: Place, ids: readonly string[] | null): Promise<void> {
  const those = (column: string) => (ids === null ? sql`` : sql`and ${sql.raw(column)} = any(${ids}::uuid[])`)
  const { rows: met } = await sql<{
    taskId: string | null
    id: string
    open: boolean
  }>`update customers.care_round r set done_at = c.last_contact_at
    from customers.customer c where r.tenant_id = ${ctx.tenantId} and r.kind = 'contact' and r.done_at is null ${those('r.customer_id')}
      and c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id and c.last_contact_at > r.opened_at
    returning r.id, r.task_id, exists (select 1 from tasks.fact_task t where t.tenant_id = ${ctx.tenantId} and t.id = r.task_id and t.done_at is null) as open`.execute(
    ctx.db,
  )
  for (const { taskId, open } of met)
    if (open && taskId)
      try {
        await finishTask(ctx, taskId, '已有联系 / In touch meanwhile')
      } catch (error) {
        // Something on it is still to be ticked: it stays its owner's to finish, and nobody else's care waits for it.
        if (!(error instanceof Refusal)) throw error
      }
  const flagged = sql`array(select n.customer_id from customers.flag n where n.tenant_id = ${ctx.tenantId} and n.code = 'neglected')`
  const { rows: tended } = await sql<{
    id: string
  }>`delete from customers.flag f where f.tenant_id = ${ctx.tenantId} and f.code = 'neglected' and f.source = 'care'
      ${those('f.customer_id')} and not exists (select 1 from ${standing(ctx, timezone, ids ?? flagged)} s where s.id = f.customer_id and least(s.visit_on, s.contact_on) < ${today}::date)
    returning f.customer_id as id`.execute(ctx.db)
  for (const { id } of tended) await ctx.emit(accountTended, { id, customerId: id }, {})
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

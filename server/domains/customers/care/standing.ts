import { type RawBuilder, sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { aloneByAddress } from '../privacy/aloneByAddress.ts'

export type Due = { visitOn: string | null; contactOn: string | null }
/** By whose plan a customer is cared for, and what it asks for. Whoever asked to be left alone is visited, and not called. */
export type Standing = Due & {
  id: string
  name: string
  /** Who does it; null: whoever was to has left, or nobody ever was. */
  carerId: string | null
  /** Of whoever was to, although they left. */
  departmentId: string | null
  note: string
  visitSoon: boolean
  contactSoon: boolean
  isAlone: boolean
}

/** What is to be done becomes a task so many days before, at most a quarter of its span. */
const ahead = (days: string) => sql.raw(`least(7, ${days} / 4)`)

/** Every id of a customer: what was merged into it is read as part of it. */
export const idsOf = (ctx: Ctx, kept: string) =>
  sql`array(select f.id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.kept_id = ${sql.ref(kept)})`

/** The last talk under any of these ids: a call in which both spoke, a conversation or mail that a colleague took. Who let it ring spoke with nobody. */
export const lastTalk = (ctx: Ctx, ids: RawBuilder<unknown>) =>
  sql`(select one.answered_at, one.agent_id from unnest(${ids}) u(id) cross join lateral (select n.answered_at, n.agent_id
    from interactions.fact_interaction n where n.tenant_id = ${ctx.tenantId} and n.customer_id = u.id and n.agent_id is not null and n.answered_at is not null
    order by n.started_at desc limit 1) one order by one.answered_at desc limit 1)`

/** A round that somebody finished; one that a talk settled counts by the talk. */
export const isMeeting = sql`r.done_at is not null and (r.kind = 'visit' or r.done_by_id is not null)`

/** When the customer of this column was last visited or spoken with. */
export const spokenAt = (ctx: Ctx, kept: string) =>
  sql`greatest((select t.answered_at from ${lastTalk(ctx, idsOf(ctx, kept))} t),
    (select max(r.done_at) from customers.care_round r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${sql.ref(kept)} and ${isMeeting}))`

type Row = Standing & { phone: string | null; email: string | null }

/** How it stands with each of these; who has no plan is not among them. */
export async function standingOf(ctx: Ctx, ids: readonly string[], place?: Place): Promise<Standing[]> {
  if (ids.length === 0) return []
  const { timezone, today } = place ?? (await placeOf(ctx))
  const of = (
    plan: string,
  ) => sql`c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and c.id = any(${ids}::uuid[])
    and ${sql.raw(plan)}.tenant_id = ${ctx.tenantId} and ${sql.raw(plan)}.active`
  const day = (at: RawBuilder<unknown>) => sql`(${at} at time zone ${timezone})::date`
  const { rows } = await sql<Row>`select s.*, coalesce(s.visit_on - ${ahead('s.visit_days')} <= ${today}::date, false) as visit_soon,
      coalesce(s.contact_on - ${ahead('s.contact_days')} <= ${today}::date, false) as contact_soon
    from (select c.id, c.name, c.phone, c.email, p.note, p.visit_days, p.contact_days, coalesce(b.department_id, o.department_id) as department_id,
        case when not b.retired then b.id when not o.retired then o.id end as carer_id,
        exists (select 1 from customers.undisturbed u where u.tenant_id = ${ctx.tenantId} and u.customer_id = c.id and (u.until is null or u.until > ${ctx.now})) as is_alone,
        greatest(p.starts_on, ${day(sql`v.done_at`)}) + p.visit_days as visit_on,
        case when p.contact_days is not null then greatest(p.starts_on, ${day(spokenAt(ctx, 'c.id'))}) + p.contact_days end as contact_on
      from (
        select c.id, c.name, c.phone, c.email, c.owner_id, p.id as plan_id from customers.care_plan p join customers.customer c on c.id = p.customer_id where ${of('p')}
        union all
        select c.id, c.name, c.phone, c.email, c.owner_id, p.id from customers.care_plan p join customers.customer c on c.tier = p.tier where ${of('p')}
          and not exists (select 1 from customers.care_plan w where w.tenant_id = ${ctx.tenantId} and w.customer_id = c.id)
      ) c join customers.care_plan p on p.tenant_id = ${ctx.tenantId} and p.id = c.plan_id
      left join identity.fact_person b on b.tenant_id = ${ctx.tenantId} and b.id = p.by_id
      left join identity.fact_person o on o.tenant_id = ${ctx.tenantId} and o.id = c.owner_id
      left join lateral (select done_at from customers.care_round r where r.tenant_id = ${ctx.tenantId} and r.customer_id = c.id and r.kind = 'visit'
        and r.done_at is not null order by r.done_at desc limit 1) v on true) s order by s.id`.execute(ctx.db)
  const listed = await aloneByAddress(
    ctx,
    rows.filter(row => row.contactOn !== null && !row.isAlone),
  )
  return rows.map(row => {
    const isAlone = row.isAlone || (listed.get(row.id)?.phone ?? null) !== null
    return isAlone ? { ...row, isAlone, contactOn: null, contactSoon: false } : row
  })
}

/** When each of these is to be visited and spoken with next; who has no plan is not in it. */
export const dueOf = async (ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, Due>> =>
  new Map((await standingOf(ctx, ids)).map(one => [one.id, one]))

/** Where the day begins. */
export type Place = { today: string; timezone: string }
export async function placeOf(ctx: Ctx): Promise<Place> {
  const { timezone } = await tenantCard(ctx)
  return { timezone, today: dateIn(timezone, ctx.now) }
}

/** What falls due first. */
export const firstDue = ({ visitOn, contactOn }: Due): string | null =>
  visitOn !== null && contactOn !== null && contactOn < visitOn ? contactOn : (visitOn ?? contactOn)

export const isBehind = (due: Due, today: string): boolean => (firstDue(due) ?? today) < today

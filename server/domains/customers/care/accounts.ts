import { sql } from 'kysely'
import * as z from 'zod'
import type { KeyAccount, keyAccounts } from '#contract/keyAccounts.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { asUser } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { sortedBy, sortKeyOf, type Turn, turn } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { customersFound, visibleCustomers } from '../queries.ts'
import { overdueDays, yearBefore } from '../receivables/rules.ts'
import { dueOf, firstDue, idsOf, isMeeting, lastTalk, spokenAt } from './standing.ts'

type Query = z.output<typeof keyAccounts.list.query>
const ofAccount = (ctx: Ctx, column: string) =>
  sql`coalesce((select ${sql.raw(column)} from customers.account a where a.tenant_id = ${ctx.tenantId} and a.customer_id = any(${idsOf(ctx, 'customer.id')})), 0)`

/** Key accounts are few: the index of the tier finds them, and they are put in order as they come. */
const orders = (ctx: Ctx): Record<Exclude<Query['sort'], undefined | 'care'>, Turn> => {
  const value = ofAccount(ctx, '(sum(a.billed) / 100)::int')
  const spoken = sql<Date>`coalesce(${spokenAt(ctx, 'customer.id')}, timestamptz '1970-01-01 00:00:00+00')`
  return {
    '-value': turn('int', value, sql`id`, true),
    value: turn('int', value, sql`id`),
    contact: turn('time', spoken, sql`id`),
    '-contact': turn('time', spoken, sql`id`, true),
    name: turn('text', sql`name`, sql`id`),
    '-name': turn('text', sql`name`, sql`id`, true),
  }
}

export async function listKeyAccounts(ctx: Ctx, { q, show, sort = '-value', after, size = 50 }: Query) {
  const found = q ? await customersFound(ctx, q) : null
  let rows = visibleCustomers(ctx, 'account:read').select('id').where('tier', '=', 'key').where(sql<boolean>`merged_into is null`)
  if (found) rows = rows.where(sql<boolean>`id = any(${found}::uuid[])`)
  if (show === 'mine') rows = rows.where('ownerId', '=', asUser(ctx.actor).id)
  if (show === 'overdue')
    rows = rows.where(
      sql<boolean>`exists (select 1 from customers.account a where a.tenant_id = ${ctx.tenantId} and a.customer_id = any(${idsOf(ctx, 'customer.id')}) and a.overdue_since is not null)`,
    )
  if (show === 'neglected')
    rows = rows.where(
      sql<boolean>`exists (select 1 from customers.flag f where f.tenant_id = ${ctx.tenantId} and f.customer_id = customer.id and f.code = 'neglected')`,
    )
  const by = sort === 'care' ? null : sortedBy(orders(ctx)[sort], after)
  const page = by
    ? pageRows(
        await rows
          .select(by.key)
          .where(by.after)
          .orderBy(by.order)
          .limit(size + 1)
          .execute(),
        size,
        sortKeyOf,
      )
    : await byCare(ctx, await rows.execute(), after, size)
  return {
    rows: await told(
      ctx,
      page.rows.map(row => row.id),
    ),
    next: page.next,
  }
}

const Place = z.tuple([z.iso.date(), z.uuid()])
/** The most overdue first, then what comes next; who has no plan last. When care falls due only the plans know, so the few are put in order here. */
async function byCare(ctx: Ctx, those: readonly { id: string }[], after: string | undefined, size: number): Promise<Page<{ id: string }>> {
  const due = await dueOf(
    ctx,
    those.map(one => one.id),
  )
  const last = readCursor(after, Place)
  const rows = those
    .map(({ id }) => [firstDue(due.get(id) ?? { visitOn: null, contactOn: null }) ?? '9999-12-31', id] as const)
    .filter(place => last === undefined || place.join() > last.join())
    .sort((a, b) => (a.join() < b.join() ? -1 : 1))
    .map(([sortKey, id]) => ({ id, sortKey }))
  return pageRows(rows.slice(0, size + 1), size, sortKeyOf)
}

type Row = Omit<KeyAccount, 'lastContactAt' | 'months' | 'visitOn' | 'contactOn' | 'overdueDays'> & {
  overdueSince: string | null
  roundAt: Date | null
  roundBy: string | null
  talkAt: Date | null
  talkBy: string | null
}

/** What is known of each of a page, in the page's order. */
async function told(ctx: Ctx, ids: readonly string[]): Promise<KeyAccount[]> {
  if (ids.length === 0) return []
  const { timezone } = await tenantCard(ctx)
  const today = dateIn(timezone, ctx.now)
  const [rows, months, due] = await Promise.all([rowsOf(ctx, ids), monthsOf(ctx, ids, today.slice(0, 7)), dueOf(ctx, ids)])
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    if (!row) return []
    const { overdueSince, roundAt, roundBy, talkAt, talkBy, ...rest } = row
    const [last] = [
      { at: roundAt, by: roundBy },
      { at: talkAt, by: talkBy },
    ]
      .filter(one => one.at !== null)
      .sort((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0))
    const year = months.get(id) ?? []
    return [
      {
        ...rest,
        lastContactAt: last?.at ?? null,
        lastContactBy: last?.by ?? null,
        billed: sumOf(year.slice(12)),
        billedBefore: sumOf(year.slice(0, 12)),
        months: year.slice(12),
        overdueDays: overdueDays(overdueSince, today),
        visitOn: due.get(id)?.visitOn ?? null,
        contactOn: due.get(id)?.contactOn ?? null,
      },
    ]
  })
}
const sumOf = (months: readonly number[]) => months.reduce((sum, n) => sum + n, 0)

async function rowsOf(ctx: Ctx, ids: readonly string[]): Promise<Row[]> {
  const t = ctx.tenantId
  const ago = (days: number) => new Date(ctx.now.getTime() - days * 86_400_000)
  const { rows } = await sql<Row>`select c.id, c.number, c.name, c.owner_id, p.name as owner_name, m.name as team_name, c.balance_due,
      coalesce(a.overdue_amount, 0) as overdue_amount, a.overdue_since, f.since as neglected_since,
      k.open_tickets, k.late_tickets, x.complaints, s.rating, s.rating_before, i.answered_at as talk_at, ip.name as talk_by, r.done_at as round_at, rp.name as round_by
    from customers.customer c
    cross join lateral (select ${idsOf(ctx, 'c.id')} as ids) y
    left join lateral (select sum(overdue_amount)::bigint as overdue_amount, min(overdue_since) as overdue_since from customers.account w
      where w.tenant_id = ${t} and w.customer_id = any(y.ids)) a on true
    left join customers.flag f on f.tenant_id = ${t} and f.customer_id = c.id and f.code = 'neglected'
    left join identity.fact_person p on p.tenant_id = ${t} and p.id = c.owner_id
    left join identity.fact_team m on m.tenant_id = ${t} and m.id = p.team_id
    left join lateral (select count(*)::int as open_tickets, (count(*) filter (where t.late))::int as late_tickets from tickets.fact_ticket t
      where t.tenant_id = ${t} and t.customer_id = any(y.ids) and t.status not in ('resolved', 'closed')) k on true
    left join lateral (select count(*)::int as complaints from tickets.fact_complaint t where t.tenant_id = ${t} and t.customer_id = any(y.ids) and t.opened_at > ${ago(90)}) x on true
    left join lateral (select (avg(score) filter (where rated_at > ${ago(90)}))::float as rating, (avg(score) filter (where rated_at <= ${ago(90)}))::float as rating_before
      from surveys.fact_rating g where g.tenant_id = ${t} and g.customer_id = any(y.ids) and g.rated_at > ${ago(180)}) s on true
    left join lateral ${lastTalk(ctx, sql`y.ids`)} i on true
    left join identity.fact_person ip on ip.tenant_id = ${t} and ip.id = i.agent_id
    left join lateral (select r.done_at, r.done_by_id from customers.care_round r where r.tenant_id = ${t} and r.customer_id = c.id and ${isMeeting}
      order by r.done_at desc limit 1) r on true
    left join identity.fact_person rp on rp.tenant_id = ${t} and rp.id = r.done_by_id
    where c.tenant_id = ${t} and c.id = any(${ids}::uuid[])`.execute(ctx.db)
  return rows
}

/** What was billed in each of the last 24 months, the oldest first. */
async function monthsOf(ctx: Ctx, ids: readonly string[], month: string): Promise<ReadonlyMap<string, number[]>> {
  const first = yearBefore(yearBefore(month))
  const { rows } = await sql<{
    customerId: string
    period: string
    amount: number
  }>`select f.kept_id as customer_id, r.period, sum(r.amount)::bigint as amount
    from customers.fact_family f join customers.receivable r on r.tenant_id = ${ctx.tenantId} and r.customer_id = f.id and r.period > ${first} and r.period <= ${month}
    where f.tenant_id = ${ctx.tenantId} and f.kept_id = any(${ids}::uuid[]) group by f.kept_id, r.period`.execute(ctx.db)
  const index = (period: string) => Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7))
  const years = new Map(ids.map(id => [id, new Array<number>(24).fill(0)]))
  for (const { customerId, period, amount } of rows) {
    const year = years.get(customerId)
    if (year) year[index(period) - index(first) - 1] = amount
  }
  return years
}

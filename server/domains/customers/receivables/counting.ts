import { sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { receivableCleared } from './events.ts'
import { levelOf, overdueDays, yearBefore } from './rules.ts'

export const todayOf = async (ctx: Ctx): Promise<string> => dateIn((await tenantCard(ctx)).timezone, ctx.now)

/** Who writes what customers owe comes one after the other, so that a sum is always that of what stands there. */
export const inOrder = (ctx: Ctx) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.receivable`}, 0))`.execute(ctx.db)

type Counted = { customerId: string; told: number; overdueSince: string | null; due: number }

/** What it comes to for these customers, in their account, in their file and as a flag. `heard`: the books spoke of them just now. */
export async function recount(ctx: Ctx, customerIds: readonly string[], heard: { source: string } | null): Promise<void> {
  if (customerIds.length === 0) return
  const today = await todayOf(ctx)
  const month = today.slice(0, 7)
  const source = heard?.source ?? ''
  const { rows } = await sql<Counted>`with sums as (
      select w.id, coalesce(sum(r.open_amount), 0)::bigint as open, coalesce(sum(r.open_amount) filter (where r.overdue), 0)::bigint as overdue,
        min(r.due_on) filter (where r.overdue) as since,
        coalesce(sum(r.amount) filter (where r.period > ${yearBefore(month)} and r.period <= ${month}), 0)::bigint as billed
      from unnest(${customerIds}::uuid[]) as w(id) left join customers.receivable r on r.tenant_id = ${ctx.tenantId} and r.customer_id = w.id group by w.id)
    insert into customers.account as a (tenant_id, customer_id, open_amount, overdue_amount, overdue_since, billed, billed_for, source, heard_at)
      select ${ctx.tenantId}, id, open, overdue, since, billed, ${`${month}-01`}::date, ${source}, ${ctx.now}::timestamptz from sums order by id
    on conflict (tenant_id, customer_id) do update set open_amount = excluded.open_amount, billed = excluded.billed, billed_for = excluded.billed_for,
      overdue_amount = case when a.balance is null then excluded.overdue_amount else a.balance_overdue end,
      overdue_since = case when a.balance is null then excluded.overdue_since else a.balance_since end,
      source = case when excluded.source = '' then a.source else excluded.source end,
      heard_at = case when ${heard !== null} then excluded.heard_at else a.heard_at end
    returning a.customer_id, a.told, a.overdue_since, coalesce(a.balance, a.open_amount) as due`.execute(ctx.db)
  await sql`update customers.customer c set balance_due = x.due, version = c.version + 1, changed_xid = pg_current_xact_id()
    from unnest(${rows.map(r => r.customerId)}::uuid[], ${rows.map(r => r.due)}::bigint[]) as x(id, due)
    where c.tenant_id = ${ctx.tenantId} and c.id = x.id and c.balance_due <> x.due`.execute(ctx.db)
  await flagOverdue(ctx, rows, today)
  const cleared = rows.filter(r => r.overdueSince === null)
  await sql`delete from customers.flag where tenant_id = ${ctx.tenantId} and code = 'overdue' and customer_id = any(${cleared.map(r => r.customerId)}::uuid[])`.execute(
    ctx.db,
  )
  const told = cleared.filter(r => r.told > 0).map(r => r.customerId)
  if (told.length === 0) return
  await sql`update customers.account set told = 0 where tenant_id = ${ctx.tenantId} and customer_id = any(${told}::uuid[])`.execute(ctx.db)
  for (const id of told) await ctx.emit(receivableCleared, { id, customerId: id }, {})
}

/** The flag of those who owe since a day. */
export async function flagOverdue(
  ctx: Ctx,
  those: readonly { customerId: string; overdueSince: string | null }[],
  today: string,
): Promise<void> {
  const flags = those.flatMap(({ customerId, overdueSince: since }) =>
    since === null ? [] : [{ id: newId(), customer_id: customerId, since, level: levelOf(overdueDays(since, today)) }],
  )
  if (flags.length === 0) return
  await sql`insert into customers.flag as f (tenant_id, id, customer_id, code, level, since, source, set_at)
    select ${ctx.tenantId}, x.id, x.customer_id, 'overdue', x.level, x.since, 'overdue', ${ctx.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(flags)}::jsonb) as x(id uuid, customer_id uuid, since date, level text)
    on conflict (tenant_id, customer_id, code) do update set level = excluded.level, since = excluded.since, set_at = excluded.set_at
    where (f.level, f.since) <> (excluded.level, excluded.since)`.execute(ctx.db)
}

import { sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import { familiesOf } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { receivableCleared } from './events.ts'
import { levelOf, overdueDays, stepOf, yearBefore } from './rules.ts'

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
  await writeDue(ctx, rows)
  await flagOverdue(ctx, rows, today)
  const cleared = rows.filter(r => r.overdueSince === null)
  await sql`delete from customers.flag where tenant_id = ${ctx.tenantId} and code = 'overdue' and customer_id = any(${cleared.map(r => r.customerId)}::uuid[])`.execute(
    ctx.db,
  )
  // What is told at ninety days is told again when a later bill comes so far: the step goes back with the oldest that is left.
  const lower = rows.flatMap(r =>
    r.overdueSince !== null && r.told > stepOf(overdueDays(r.overdueSince, today))
      ? [{ id: r.customerId, told: stepOf(overdueDays(r.overdueSince, today)) }]
      : [],
  )
  if (lower.length > 0)
    await sql`update customers.account a set told = x.told from unnest(${lower.map(l => l.id)}::uuid[], ${lower.map(l => l.told)}::int[]) as x(id, told)
      where a.tenant_id = ${ctx.tenantId} and a.customer_id = x.id`.execute(ctx.db)
  const told = cleared.filter(r => r.told > 0).map(r => r.customerId)
  if (told.length === 0) return
  await sql`update customers.account set told = 0 where tenant_id = ${ctx.tenantId} and customer_id = any(${told}::uuid[])`.execute(ctx.db)
  // Said of the customer, once none of their files is overdue.
  const files = await familiesOf(ctx, told)
  const { rows: late } = await sql<{ id: string }>`select customer_id as id from customers.account
    where tenant_id = ${ctx.tenantId} and overdue_since is not null and customer_id = any(${files.map(file => file.id)}::uuid[])`.execute(
    ctx.db,
  )
  const owing = new Set(late.map(row => row.id))
  const kept = new Set(files.map(file => file.keptId))
  for (const file of files) if (owing.has(file.id)) kept.delete(file.keptId)
  ctx.emitAll(
    receivableCleared,
    [...kept].sort().map(id => ({ about: { id, customerId: id }, detail: {} })),
  )
}

/** The kept file of merged ones says what all of them owe; each file that went still says its own. */
async function writeDue(ctx: Ctx, counted: readonly Counted[]): Promise<void> {
  const files = await familiesOf(
    ctx,
    counted.map(row => row.customerId),
  )
  const { rows } = await sql<{
    id: string
    due: number
  }>`select customer_id as id, coalesce(balance, open_amount) as due from customers.account
    where tenant_id = ${ctx.tenantId} and customer_id = any(${files.map(file => file.id)}::uuid[])`.execute(ctx.db)
  const own = new Map(rows.map(row => [row.id, row.due]))
  const due = new Map<string, number>()
  for (const { id, keptId } of files) {
    const owed = own.get(id)
    if (owed === undefined) continue
    due.set(keptId, (due.get(keptId) ?? 0) + owed)
  }
  for (const { customerId, due: owed } of counted) if (!due.has(customerId)) due.set(customerId, owed)
  await sql`update customers.customer c set balance_due = x.due, version = c.version + 1, changed_xid = pg_current_xact_id()
    from unnest(${[...due.keys()]}::uuid[], ${[...due.values()]}::bigint[]) as x(id, due)
    where c.tenant_id = ${ctx.tenantId} and c.id = x.id and c.balance_due <> x.due`.execute(ctx.db)
}

/** After files came together or apart: what each owes stays its own, what the customer owes is that of all their files. `whose`: every file that belonged to either. */
export async function recountFiles(ctx: Ctx, whose: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`select customer_id as id from customers.account
    where tenant_id = ${ctx.tenantId} and customer_id = any(${[...whose]}::uuid[])`.execute(ctx.db)
  await recount(
    ctx,
    rows.map(row => row.id),
    null,
  )
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

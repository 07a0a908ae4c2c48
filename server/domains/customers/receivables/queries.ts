import { sql } from 'kysely'
import * as z from 'zod'
import { type Account, currency, type receivables } from '#contract/receivables.ts'
import { ofFamily } from '#kernel/family.ts'
import { pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { inOrder, recount, todayOf } from './counting.ts'
import { balanceDelivered } from './events.ts'
import { overdueDays } from './rules.ts'

export async function listReceivables(ctx: Ctx, customerId: string, { open, after, size = 50 }: z.output<typeof receivables.list.query>) {
  await seenFile(ctx, customerId)
  let rows = ctx.db
    .selectFrom('customers.receivable')
    .selectAll()
    .where(ofFamily(ctx, sql`customer_id`, customerId))
    .orderBy('dueOn', 'desc')
    .orderBy('id', 'desc')
    .limit(size + 1)
  if (open !== undefined) rows = rows.where('openAmount', open ? '>' : '=', 0)
  const last = readCursor(after, z.tuple([z.iso.date(), z.uuid()]))
  if (last) rows = rows.where(sql<boolean>`(due_on, id) < (${last[0]}::date, ${last[1]}::uuid)`)
  return pageRows(await rows.execute(), size, row => [row.dueOn, row.id])
}

type Sum = {
  overdueAmount: number
  overdueSince: string | null
  source: string
  heardAt: Date | null
  byBalance: boolean
  due: number
}
export async function accountOf(ctx: Ctx, id: string): Promise<Account> {
  return readAccount(ctx, await seenFile(ctx, id))
}

async function readAccount(ctx: Ctx, id: string): Promise<Account> {
  const [today, sums, periods] = await Promise.all([
    todayOf(ctx),
    sql<Sum>`select coalesce(sum(a.overdue_amount), 0)::bigint as overdue_amount, min(a.overdue_since) as overdue_since, max(a.heard_at) as heard_at,
        coalesce((array_agg(a.source order by a.heard_at desc))[1], '') as source, coalesce(bool_or(a.balance is not null), false) as by_balance,
        coalesce((select c.balance_due from customers.customer c join customers.fact_family f on f.tenant_id = ${ctx.tenantId} and f.kept_id = c.id
          where c.tenant_id = ${ctx.tenantId} and f.id = ${id}), 0)::bigint as due
      from customers.account a where a.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`a.customer_id`, id)}`.execute(ctx.db),
    sql<
      Account['periods'][number]
    >`select period, sum(amount)::bigint as amount, sum(open_amount)::bigint as open_amount, max(due_on) as due_on,
        case when bool_and(open_amount = 0 and settled_at is not null) then max(settled_at) end as settled_at
      from customers.receivable where tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`customer_id`, id)} group by period order by period desc limit 12`.execute(
      ctx.db,
    ),
  ])
  const sum = sums.rows[0]
  return {
    balanceDue: sum?.due ?? 0,
    overdueAmount: sum?.overdueAmount ?? 0,
    overdueSince: sum?.overdueSince ?? null,
    overdueDays: overdueDays(sum?.overdueSince ?? null, today),
    source: sum?.source ?? '',
    heardAt: sum?.heardAt ?? null,
    byBalance: sum?.byBalance === true,
    periods: periods.rows.reverse(),
  }
}

/** A balance counts as delivered until the books take it back; a sum then counts again. */
export async function deliverBalance(ctx: Ctx, id: string, body: z.output<typeof receivables.balance.body>): Promise<Account> {
  const { balance, overdueAmount, source } = body
  found(await ctx.db.selectFrom('customers.customer').select('id').where('id', '=', id).executeTakeFirst(), 'customer', id)
  const today = await todayOf(ctx)
  if (body.currency !== currency) throw new Refusal('invalid', 'receivable.currency_other', { currency: body.currency })
  if (overdueAmount > Math.max(0, balance ?? 0)) throw new Refusal('invalid', 'receivable.overdue_more')
  await inOrder(ctx)
  const before = await ctx.db.selectFrom('customers.account').selectAll().where('customerId', '=', id).executeTakeFirst()
  // Books that do not say since when mean what they meant before.
  const since = overdueAmount === 0 ? null : (body.overdueSince ?? before?.balanceSince ?? today)
  if (since !== null && since > today) throw new Refusal('invalid', 'receivable.overdue_later', { since })
  const saidAt = body.at ?? ctx.now
  // What was said earlier comes too late.
  if (before?.balanceSaidAt && saidAt < before.balanceSaidAt) return readAccount(ctx, id)
  await sql`insert into customers.account (tenant_id, customer_id, billed_for, heard_at, balance, balance_overdue, balance_since, balance_said_at)
    values (${ctx.tenantId}, ${id}, ${`${today.slice(0, 7)}-01`}, ${ctx.now}, ${balance}, ${overdueAmount}, ${since}, ${saidAt})
    on conflict (tenant_id, customer_id) do update set balance = excluded.balance, balance_overdue = excluded.balance_overdue, balance_since = excluded.balance_since,
      balance_said_at = excluded.balance_said_at`.execute(ctx.db)
  await recount(ctx, [id], { source })
  if (before?.balance !== balance) await ctx.emit(balanceDelivered, { id, customerId: id }, { balance })
  return readAccount(ctx, id)
}

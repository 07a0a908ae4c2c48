import { sql } from 'kysely'
import { familiesOf } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'
import { flagOverdue, inOrder, recount, todayOf } from './counting.ts'
import { receivableOverdue, receivablesNight } from './events.ts'
import { dayAfter, overdueDays, stepOf } from './rules.ts'

/** At once at most so many: a centre whose whole town was due yesterday goes on in the next turn. */
const mostMarked = 2_000
const mostTold = 500

/** What fell due yesterday in the tenant's zone is overdue, and whoever reached a step of days is told of, once. */
export async function lookAtOverdue(ctx: Ctx): Promise<void> {
  await inOrder(ctx)
  const today = await todayOf(ctx)
  const { rows: marked } = await sql<{
    customerId: string
  }>`update customers.receivable r set overdue = true, version = r.version + 1, changed_at = ${ctx.now}
    from (select id from customers.receivable where tenant_id = ${ctx.tenantId} and open_amount > 0 and hold = '' and not overdue and due_on < ${today}::date
      order by due_on, id limit ${mostMarked}) d
    where r.tenant_id = ${ctx.tenantId} and r.id = d.id returning r.customer_id`.execute(ctx.db)
  await recount(ctx, [...new Set(marked.map(row => row.customerId))], null)
  const told = await tellSteps(ctx, today)
  if (marked.length === mostMarked || told === mostTold) await ctx.at(ctx.now, receivablesNight, { id: ctx.tenantId, clock: 'overdue' }, {})
}

async function tellSteps(ctx: Ctx, today: string): Promise<number> {
  const by = (days: number) => sql`overdue_since <= ${dayAfter(today, -days)}::date`
  const { rows } = await sql<{ customerId: string; overdueSince: string; overdueAmount: number }>`
    select customer_id, overdue_since, overdue_amount from customers.account where tenant_id = ${ctx.tenantId} and overdue_since is not null
      and ((told = 0 and ${by(1)}) or (told = 1 and ${by(30)}) or (told = 30 and ${by(60)}) or (told = 60 and ${by(90)}))
    order by customer_id limit ${mostTold}`.execute(ctx.db)
  if (rows.length === 0) return 0
  const those = rows.map(row => {
    const days = overdueDays(row.overdueSince, today)
    return { ...row, days, step: stepOf(days) }
  })
  const families = await owedBy(
    ctx,
    rows.map(row => row.customerId),
  )
  await sql`update customers.account a set told = x.step from unnest(${those.map(r => r.customerId)}::uuid[], ${those.map(r => r.step)}::smallint[]) as x(id, step)
    where a.tenant_id = ${ctx.tenantId} and a.customer_id = x.id`.execute(ctx.db)
  await flagOverdue(ctx, those, today)
  ctx.emitAll(
    receivableOverdue,
    families.flatMap(({ id, told, since, amount }) => {
      const days = overdueDays(since, today)
      const step = stepOf(days)
      return step > told ? [{ about: { id, customerId: id }, detail: { step, days, amount, since } }] : []
    }),
  )
  return rows.length
}

/** A customer of several files is told of once: by the oldest of what all of them owe, and what was told of any of them was told. */
async function owedBy(ctx: Ctx, ids: readonly string[]) {
  const files = await familiesOf(ctx, ids)
  const { rows } = await sql<{ id: string; told: number; since: string; amount: number }>`select f.kept_id as id, max(a.told)::int as told,
      min(a.overdue_since) as since, sum(a.overdue_amount)::bigint as amount
    from unnest(${files.map(file => file.id)}::uuid[], ${files.map(file => file.keptId)}::uuid[]) as f(id, kept_id)
    join customers.account a on a.tenant_id = ${ctx.tenantId} and a.customer_id = f.id and a.overdue_since is not null
    group by f.kept_id order by f.kept_id`.execute(ctx.db)
  return rows
}

import { sql } from 'kysely'
import { finishTask } from '#domains/tasks/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { accountTended } from './events.ts'
import { isBehind, type Place, placeOf, spokenAt, standingOf } from './standing.ts'

/** Who was spoken with by whatever way is not to be called any more, and whoever was neglected no longer is: of one customer, or of everybody. */
export async function settle(ctx: Ctx, place: Place, customerId: string | null): Promise<void> {
  const those = (column: string) => (customerId === null ? sql`` : sql`and ${sql.ref(column)} = ${customerId}`)
  const { rows: met } = await sql<{ taskId: string | null }>`update customers.care_round r set done_at = m.at
    from (select o.id, ${spokenAt(ctx, 'o.customer_id')} as at from customers.care_round o
      where o.tenant_id = ${ctx.tenantId} and o.kind = 'contact' and o.done_at is null ${those('o.customer_id')}) m
    where r.tenant_id = ${ctx.tenantId} and r.id = m.id and r.done_at is null and m.at > r.opened_at returning r.task_id`.execute(ctx.db)
  await finishAll(ctx, met, '已有联系 / In touch meanwhile')
  const { rows: flagged } = await sql<{ id: string }>`select f.customer_id as id from customers.flag f
    where f.tenant_id = ${ctx.tenantId} and f.code = 'neglected' and f.source = 'care' ${those('f.customer_id')}`.execute(ctx.db)
  const ids = flagged.map(row => row.id)
  const behind = new Set((await standingOf(ctx, ids, place)).filter(one => isBehind(one, place.today)).map(one => one.id))
  const { rows: tended } = await sql<{
    id: string
  }>`delete from customers.flag f where f.tenant_id = ${ctx.tenantId} and f.code = 'neglected'
    and f.source = 'care' and f.customer_id = any(${ids.filter(id => !behind.has(id))}::uuid[]) returning f.customer_id as id`.execute(
    ctx.db,
  )
  for (const { id } of tended) await ctx.emit(accountTended, { id, customerId: id }, {})
}

/** What no plan asks for any more, or a talk with whoever asked to be left alone, is nobody's to do. Not of files that were merged: theirs wait until they come apart. */
export async function takeBack(ctx: Ctx, customerId: string | null = null): Promise<void> {
  const { rows: open } = await sql<{ id: string; customerId: string; kind: 'visit' | 'contact'; taskId: string | null }>`
    select r.id, r.customer_id, r.kind, r.task_id from customers.care_round r
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id and c.merged_into is null
    where r.tenant_id = ${ctx.tenantId} and r.done_at is null ${customerId === null ? sql`` : sql`and r.customer_id = ${customerId}`}`.execute(
    ctx.db,
  )
  const standing = new Map(
    (await standingOf(ctx, [...new Set(open.map(one => one.customerId))], await placeOf(ctx))).map(one => [one.id, one]),
  )
  const over = open.filter(({ customerId, kind }) => {
    const one = standing.get(customerId)
    return !one || (kind === 'visit' ? one.visitOn : one.contactOn) === null
  })
  await sql`delete from customers.care_round where tenant_id = ${ctx.tenantId} and id = any(${over.map(one => one.id)}::uuid[]) and done_at is null`.execute(
    ctx.db,
  )
  const isAlone = ({ customerId, kind }: (typeof over)[number]) => kind === 'contact' && (standing.get(customerId)?.isAlone ?? false)
  await finishAll(ctx, over.filter(isAlone), '客户要求免打扰，不再联系 / Asked to be left alone: not called')
  await finishAll(
    ctx,
    over.filter(one => !isAlone(one)),
    '计划不再要求 / No plan asks for it any more',
  )
}

async function finishAll(ctx: Ctx, rounds: readonly { taskId: string | null }[], note: string): Promise<void> {
  const ids = rounds.flatMap(({ taskId }) => taskId ?? [])
  if (ids.length === 0) return
  const { rows } = await sql<{
    id: string
  }>`select t.id from tasks.fact_task t where t.tenant_id = ${ctx.tenantId} and t.id = any(${ids}::uuid[]) and t.done_at is null order by t.id`.execute(
    ctx.db,
  )
  for (const { id } of rows)
    try {
      await finishTask(ctx, id, note)
    } catch (error) {
      // Something on it is still to be ticked: it stays its owner's to finish, and nobody else's care waits for it.
      if (!(error instanceof Refusal)) throw error
    }
}

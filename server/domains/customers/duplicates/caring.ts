import { sql } from 'kysely'
import { finishTask, reopenTask } from '#domains/tasks/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Both } from './moving.ts'
import type { Moved } from './tables.ts'

type Care = NonNullable<Moved['care']>

/** One plan: the kept file's, else the other's. One open visit and one open talk: where both have one the other's waits, out of everybody's way, until they come apart. */
export async function careTogether(ctx: Ctx, { keptId, goneId }: Both): Promise<Care> {
  const t = ctx.tenantId
  const { rows: plans } = await sql<{
    id: string
  }>`update customers.care_plan p set customer_id = ${keptId} where p.tenant_id = ${t} and p.customer_id = ${goneId}
    and not exists (select 1 from customers.care_plan k where k.tenant_id = ${t} and k.customer_id = ${keptId}) returning p.id`.execute(
    ctx.db,
  )
  const { rows: rounds } = await sql<{
    id: string
  }>`update customers.care_round r set customer_id = ${keptId} where r.tenant_id = ${t} and r.customer_id = ${goneId}
    and (r.done_at is not null or not exists (select 1 from customers.care_round k where k.tenant_id = ${t} and k.customer_id = ${keptId} and k.kind = r.kind and k.done_at is null))
    returning r.id`.execute(ctx.db)
  // One whose task is finished already is about to be done.
  const { rows: waiting } = await sql<Care['waiting'][number]>`select r.id, r.task_id from customers.care_round r
    where r.tenant_id = ${t} and r.customer_id = ${goneId} and r.done_at is null and not exists (select 1 from tasks.fact_task k
      where k.tenant_id = ${t} and k.id = r.task_id and k.done_at is not null) order by r.id for update`.execute(ctx.db)
  // Without its task nobody's finishing it counts as a visit.
  await sql`update customers.care_round set task_id = null where tenant_id = ${t} and id = any(${waiting.map(one => one.id)}::uuid[])`.execute(
    ctx.db,
  )
  const { rows: neglected } = await sql<{
    flag: Record<string, unknown>
  }>`delete from customers.flag f where f.tenant_id = ${t} and f.customer_id = ${goneId}
    and f.code = 'neglected' and f.source = 'care' returning to_jsonb(f) as flag`.execute(ctx.db)
  return { plan: plans[0]?.id ?? null, rounds: rounds.map(row => row.id), waiting, neglected: neglected.map(row => row.flag) }
}

export async function careApart(ctx: Ctx, { keptId, goneId }: Both, { plan, rounds, waiting, neglected }: Care): Promise<void> {
  const t = ctx.tenantId
  await sql`update customers.care_plan p set customer_id = ${goneId} where p.tenant_id = ${t} and p.id = ${plan}::uuid and p.customer_id = ${keptId}
    and not exists (select 1 from customers.care_plan k where k.tenant_id = ${t} and k.customer_id = ${goneId})`.execute(ctx.db)
  await sql`update customers.care_round r set customer_id = ${goneId} where r.tenant_id = ${t} and r.id = any(${rounds}::uuid[]) and r.customer_id = ${keptId}
    and (r.done_at is not null or not exists (select 1 from customers.care_round k where k.tenant_id = ${t} and k.customer_id = ${goneId} and k.kind = r.kind and k.done_at is null))`.execute(
    ctx.db,
  )
  for (const { id, taskId } of waiting)
    await sql`update customers.care_round set task_id = ${taskId}::uuid where tenant_id = ${t} and id = ${id} and done_at is null and task_id is null`.execute(
      ctx.db,
    )
  for (const flag of neglected)
    await sql`insert into customers.flag select * from jsonb_populate_record(null::customers.flag, ${JSON.stringify(flag)}::jsonb) on conflict do nothing`.execute(
      ctx.db,
    )
}

const finished = '已与另一份档案合并，由那里的拜访或联系代替 / Merged with another file: the visit or talk there stands for it'

/** Tasks are their own domain's, and whoever merges need not see them: they follow after the commit. */
export async function tasksFollow(ctx: Ctx, { keptId, goneId }: Both): Promise<void> {
  const merge = await ctx.db
    .selectFrom('customers.merge')
    .select(['moved', 'apartAt'])
    .where('keptId', '=', keptId)
    .where('goneId', '=', goneId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const taskIds = (merge?.moved.care?.waiting ?? []).flatMap(one => one.taskId ?? [])
  if (!merge || taskIds.length === 0) return
  const isApart = merge.apartAt !== null
  const { rows } = await sql<{
    id: string
  }>`select t.id from tasks.fact_task t where t.tenant_id = ${ctx.tenantId} and t.id = any(${taskIds}::uuid[])
    and (t.done_at is null) = ${!isApart} and ${isApart ? sql`exists (select 1 from customers.care_round r where r.tenant_id = ${ctx.tenantId} and r.task_id = t.id and r.done_at is null)` : sql`true`}`.execute(
    ctx.db,
  )
  for (const { id } of rows)
    try {
      await (isApart ? reopenTask(ctx, id) : finishTask(ctx, id, finished))
    } catch (error) {
      // Something on it is still to be ticked: it stays its owner's to finish.
      if (!(error instanceof Refusal)) throw error
    }
}

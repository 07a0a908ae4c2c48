import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Task, tasks } from '#contract/tasks.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { isLate } from './rules.ts'

/** Own: mine or opened by me. Team and department: also those of my people, of my department, and those nobody owns yet. */
export function visibleTasks(ctx: Ctx, permission: Permission) {
  const rows = ctx.db.selectFrom('tasks.task as t')
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const own = sql`t.owner_id = ${actor.id} or t.opened_by_id = ${actor.id}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const nobodys = sql`t.owner_id is null and (t.department_id is null or t.department_id = ${actor.departmentId})`
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  const department = scope === 'department' ? sql` or t.department_id = ${actor.departmentId}` : sql``
  return rows.where(
    sql<boolean>`(${own}${department} or (${nobodys}) or t.owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

const described = (ctx: Ctx) =>
  [
    't.id',
    't.title',
    't.kind',
    't.text',
    't.matterNoun',
    't.matterId',
    't.customerId',
    't.ownerId',
    't.departmentId',
    't.openedById',
    't.openedAt',
    't.dueAt',
    't.dueKey',
    't.doneAt',
    't.result',
    't.late',
    't.facts',
    sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id)`.as(
      'customerName',
    ),
    sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = t.owner_id)`.as(
      'ownerName',
    ),
  ] as const

export const selectTasks = (ctx: Ctx, permission: Permission = 'task:read') => visibleTasks(ctx, permission).select(described(ctx))
export type Kept = Awaited<ReturnType<ReturnType<typeof selectTasks>['executeTakeFirstOrThrow']>>

export const shown = ({ matterNoun, matterId, ...task }: Kept, now: Date): Task => ({
  ...task,
  matter: matterNoun === null || matterId === null ? null : { noun: matterNoun, id: matterId },
  late: isLate(task, now),
})

export const taskById = async (ctx: Ctx, id: string): Promise<Task> =>
  shown(found(await selectTasks(ctx).where('t.id', '=', id).executeTakeFirst(), 'task', id), ctx.now)

/** As it stands, whoever may see it: for those who have just written it. */
export const taskWritten = async (ctx: Ctx, id: string): Promise<Task> =>
  shown(await ctx.db.selectFrom('tasks.task as t').select(described(ctx)).where('t.id', '=', id).executeTakeFirstOrThrow(), ctx.now)

export const lockTask = async (ctx: Ctx, id: string): Promise<Kept> =>
  found(await selectTasks(ctx, 'task:write').where('t.id', '=', id).forUpdate('t').executeTakeFirst(), 'task', id)

/** Open ones by due time, what is due first; done ones, the latest first. */
export async function listTasks(ctx: Ctx, query: z.output<typeof tasks.list.query>): Promise<Page<Task>> {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  let rows = selectTasks(ctx).limit(size + 1)
  if (query.customerId) rows = rows.where('t.customerId', '=', query.customerId)
  const done = query.box === 'done'
  if (done) {
    rows = rows.where(sql<boolean>`t.done_at is not null`).orderBy('t.doneAt', 'desc').orderBy('t.id', 'desc')
    if (after) rows = rows.where(sql<boolean>`(t.done_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  } else {
    rows = rows.where(sql<boolean>`t.done_at is null`).orderBy('t.dueKey').orderBy('t.id')
    if (query.box === 'mine') rows = rows.where('t.ownerId', '=', ctx.actor.kind === 'user' ? ctx.actor.id : null)
    if (after) rows = rows.where(sql<boolean>`(t.due_key, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  }
  const page = pageRows(await rows.execute(), size, t => [done ? t.doneAt : t.dueKey, t.id])
  return { rows: page.rows.map(t => shown(t, ctx.now)), next: page.next }
}

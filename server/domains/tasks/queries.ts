import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { CourseEntry, Evidence, Task, TaskComment, TaskItem, TaskWhole, tasks } from '#contract/tasks.ts'
import { scopeOf } from '#kernel/access.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { fileCards } from '#kernel/files.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { isLate } from './rules.ts'
import { awayNow, handsOf, isAway, meOf } from './standing.ts'

/** Whether I may act in the owner's place: the task's own deputy while the owner is away, or whoever the owner named for the absence. */
const standsIn = (ctx: Ctx): RawBuilder<boolean> => {
  const me = meOf(ctx)
  return sql<boolean>`(t.owner_id is not null and t.owner_id is distinct from ${me}::uuid
    and (t.owner_id in ${handsOf(ctx)} or (t.deputy_id = ${me}::uuid and ${isAway(ctx, sql`t.owner_id`)})))`
}

/** What a person watches: tasks and approvals. */
export const watchedBy = (ctx: Ctx, personId: string | null): RawBuilder<unknown> =>
  sql`(select w.about_id from tasks.watcher w where w.tenant_id = ${ctx.tenantId} and w.person_id = ${personId}::uuid)`

/**
 * Own: mine, opened by me, or mine to stand in for; to read also what I watch. Team and department: also those of my people, of my department, and those nobody owns yet.
 * `searchable` is the same rows through the view that may use the text index.
 */
export function visibleTasks(ctx: Ctx, permission: Permission, from: 'tasks.task' | 'tasks.searchable' = 'tasks.task') {
  const rows = ctx.db.selectFrom(`${from} as t`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const watched = sql` or t.deputy_id = ${actor.id} or t.id in ${watchedBy(ctx, actor.id)}`
  const own = sql`t.owner_id = ${actor.id} or t.opened_by_id = ${actor.id} or ${standsIn(ctx)}${permission === 'task:read' ? watched : sql``}`
  if (scope === 'own') return rows.where(sql<boolean>`(${own})`)
  const nobodys = sql`t.owner_id is null and (t.department_id is null or t.department_id = ${actor.departmentId})`
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  const department = scope === 'department' ? sql` or t.department_id = ${actor.departmentId}` : sql``
  return rows.where(
    sql<boolean>`(${own}${department} or (${nobodys}) or t.owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

export const described = (ctx: Ctx) =>
  [
    't.id',
    't.title',
    't.kind',
    't.text',
    't.matterNoun',
    't.matterId',
    't.customerId',
    't.ownerId',
    't.deputyId',
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
    sql<number>`(select count(*)::int from tasks.item i where i.tenant_id = ${ctx.tenantId} and i.task_id = t.id)`.as('itemsAll'),
    sql<number>`(select count(i.done_at)::int from tasks.item i where i.tenant_id = ${ctx.tenantId} and i.task_id = t.id)`.as('itemsDone'),
  ] as const

export const selectTasks = (ctx: Ctx, permission: Permission = 'task:read', from?: 'tasks.task' | 'tasks.searchable') =>
  visibleTasks(ctx, permission, from).select(described(ctx))
export type Kept = Awaited<ReturnType<ReturnType<typeof selectTasks>['executeTakeFirstOrThrow']>>
/** `standsIn`: the actor holds it in its owner's place. */
export type Held = Kept & { standsIn: boolean }

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

export const lockTask = async (ctx: Ctx, id: string, permission: 'task:read' | 'task:write' = 'task:write'): Promise<Held> =>
  found(
    await selectTasks(ctx, permission).select(standsIn(ctx).as('standsIn')).where('t.id', '=', id).forUpdate('t').executeTakeFirst(),
    'task',
    id,
  )

export async function taskWhole(ctx: Ctx, id: string): Promise<TaskWhole> {
  const [task, items, evidence, comments, watcherIds] = await Promise.all([
    taskById(ctx, id),
    itemsOf(ctx, id),
    evidenceOf(ctx, id),
    commentsOf(ctx, id),
    watchersOf(ctx, id),
  ])
  const away = task.ownerId === null || task.doneAt !== null ? null : await awayNow(ctx, task.ownerId)
  return { ...task, items, evidence, comments, watcherIds, away }
}

export const itemsOf = (ctx: Ctx, taskId: string): Promise<TaskItem[]> =>
  ctx.db
    .selectFrom('tasks.item')
    .select(['id', 'text', 'required', 'doneAt', 'doneById'])
    .where('taskId', '=', taskId)
    .orderBy('position')
    .orderBy('id')
    .execute()

export async function evidenceOf(ctx: Ctx, aboutId: string): Promise<Evidence[]> {
  const rows = await ctx.db
    .selectFrom('tasks.evidence')
    .select(['id', 'fileId', 'noun', 'matterId', 'note', 'addedById', 'addedAt'])
    .where('aboutId', '=', aboutId)
    .orderBy('id')
    .execute()
  const cards = await fileCards(
    ctx,
    rows.flatMap(r => r.fileId ?? []),
  )
  return rows.map(({ fileId, noun, matterId, ...row }) => ({
    ...row,
    file: (fileId !== null && cards.get(fileId)) || null,
    matter: noun === null || matterId === null ? null : { noun, id: matterId },
  }))
}

export async function commentsOf(ctx: Ctx, aboutId: string): Promise<TaskComment[]> {
  const rows = await ctx.db
    .selectFrom('tasks.comment')
    .select(['id', 'text', 'mentions as mentionIds', 'writerId', 'writtenAt', 'changedAt', 'withdrawnAt'])
    .where('aboutId', '=', aboutId)
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return rows.reverse().map(shownComment)
}
/** What was withdrawn is said to have been there, not what it said. */
export const shownComment = (c: TaskComment): TaskComment => (c.withdrawnAt === null ? c : { ...c, text: '', mentionIds: [] })

export async function watchersOf(ctx: Ctx, taskId: string): Promise<string[]> {
  const rows = await ctx.db.selectFrom('tasks.watcher').select('personId').where('aboutId', '=', taskId).orderBy('personId').execute()
  return rows.map(r => r.personId)
}

/** What happened, newest first, with what people wrote at it. What a withdrawn comment said is not told. */
export async function courseOf(ctx: Ctx, id: string): Promise<CourseEntry[]> {
  await taskById(ctx, id)
  const { rows } = await sql<CourseEntry>`select e.id, e.name, e.at, e.actor_id as "actorId", e.detail,
      coalesce((select jsonb_object_agg(v.key, v.value) from kernel.event_value v where v.tenant_id = ${ctx.tenantId} and v.event_id = e.id
        and not (v.key in ('words', 'was') and exists (select 1 from tasks.comment c where c.tenant_id = ${ctx.tenantId} and c.id = (e.detail->>'commentId')::uuid and c.withdrawn_at is not null))), '{}') as words
    from kernel.event e where e.tenant_id = ${ctx.tenantId} and e.about = ${id} and e.name like 'task.%' order by e.id desc limit 200`.execute(
    ctx.db,
  )
  return rows
}

/** Open ones by due time, what is due first; done ones, the latest first. */
export async function listTasks(ctx: Ctx, query: z.output<typeof tasks.list.query>): Promise<Page<Task>> {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  let rows = selectTasks(ctx).limit(size + 1)
  if (query.customerId) rows = rows.where(ofFamily(ctx, sql`t.customer_id`, await familyOf(ctx, query.customerId)))
  if (query.matterId) rows = rows.where('t.matterId', '=', query.matterId)
  const done = query.box === 'done'
  if (done) {
    rows = rows.where(sql<boolean>`t.done_at is not null`).orderBy('t.doneAt', 'desc').orderBy('t.id', 'desc')
    if (after) rows = rows.where(sql<boolean>`(t.done_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  } else {
    rows = rows.where(sql<boolean>`t.done_at is null`).orderBy('t.dueKey').orderBy('t.id')
    if (query.box === 'mine') rows = rows.where('t.ownerId', '=', meOf(ctx))
    if (after) rows = rows.where(sql<boolean>`(t.due_key, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  }
  const page = pageRows(await rows.execute(), size, t => [done ? t.doneAt : t.dueKey, t.id])
  return { rows: page.rows.map(t => shown(t, ctx.now)), next: page.next }
}

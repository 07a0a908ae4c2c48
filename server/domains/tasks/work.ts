import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { WorkLine, work } from '#contract/work.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { bigramQuery } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { type KeptApproval, described as ofApproval, shownApproval, visibleApprovals, waitingForMe } from './approvals.ts'
import { described, type Kept, shown, visibleTasks, watchedBy } from './queries.ts'
import { handIds, isAway, meOf } from './standing.ts'

type Query = z.output<typeof work.list.query>
type Line = WorkLine & { key: Date }
type Asked = Omit<Query, 'after'> & {
  words: string | undefined
  until: Date | null
  after: readonly [string, string] | undefined
  take: number
}

/** Tasks and approvals of a box, each read in the order of its index and then merged: what is due first; of done ones the latest first. */
export async function listWork(ctx: Ctx, query: Query): Promise<Page<WorkLine>> {
  const size = query.size ?? 50
  const words = query.q ? bigramQuery(query.q) : undefined
  if (words === null) return { rows: [], next: null }
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  const asked = { ...query, words, after, take: size + 1, until: query.due === 'today' ? await endOfToday(ctx) : null }
  const found = (await Promise.all(sourcesOf(ctx, asked, await handIds(ctx)).map(read => read()))).flat()
  const turn = runOf(query).down ? -1 : 1
  found.sort((a, b) => turn * (+a.key - +b.key || (a.id < b.id ? -1 : 1)))
  const lines = found.filter((line, n) => found.findIndex(other => other.id === line.id) === n)
  const page = pageRows(lines.slice(0, size + 1), size, line => [line.key, line.id])
  return { rows: page.rows.map(({ key: _, ...line }) => line), next: page.next }
}

/** By which of its times each of the two stands, and whether the latest is first. */
function runOf({ box, sort = 'due' }: Pick<Query, 'box' | 'sort'>) {
  if (sort !== 'due') return { task: 't.openedAt', approval: 'a.askedAt', down: sort === '-opened' } as const
  return box === 'done'
    ? ({ task: 't.doneAt', approval: 'a.decidedAt', down: true } as const)
    : ({ task: 't.dueKey', approval: 'a.dueKey', down: false } as const)
}

async function endOfToday(ctx: Ctx): Promise<Date> {
  const { timezone } = await tenantCard(ctx)
  // A day later and half of one more is always the next date, also where a day is an hour longer.
  return startOfDay(timezone, dateIn(timezone, new Date(startOfDay(timezone, dateIn(timezone, ctx.now)).getTime() + 36 * 3_600_000)))
}

/** Each source is one statement that an index answers in the order wanted. */
function sourcesOf(ctx: Ctx, asked: Asked, hands: readonly string[]): (() => Promise<Line[]>)[] {
  const me = meOf(ctx)
  const mine = (where: RawBuilder<boolean>) => () => tasksWhere(ctx, asked, where, 'mine')
  const seen = (where: RawBuilder<boolean>) => () => tasksWhere(ctx, asked, where, 'seen')
  const mayApprove = scopeOf(ctx.actor, 'approval:read') !== null
  const approvals = (where: RawBuilder<boolean>) => () => (mayApprove ? approvalsWhere(ctx, asked, where, 'mine') : Promise.resolve([]))
  switch (asked.box) {
    case 'mine':
      return [
        ...hands.map(hand => mine(sql`t.owner_id = ${hand}`)),
        mine(sql`t.deputy_id = ${me}::uuid and ${isAway(ctx, sql`t.owner_id`)}`),
      ]
    case 'decide':
      return [approvals(sql`a.id in ${waitingForMe(ctx)}`)]
    case 'asked':
      return [
        mine(sql`t.opened_by_id = ${me}::uuid and t.owner_id is distinct from ${me}::uuid`),
        approvals(sql`a.asked_by_id = ${me}::uuid`),
      ]
    case 'watch':
      return [mine(sql`t.id in ${watchedBy(ctx, me)}`), approvals(sql`a.id in ${watchedBy(ctx, me)}`)]
    default:
      return [seen(sql`true`), () => (mayApprove ? approvalsWhere(ctx, asked, sql`true`, 'seen') : Promise.resolve([]))]
  }
}

/** `mine`: the condition itself says whose they are, so nothing more is asked. */
async function tasksWhere(ctx: Ctx, asked: Asked, where: RawBuilder<boolean>, whose: 'mine' | 'seen'): Promise<Line[]> {
  const from = asked.words === undefined ? 'tasks.task' : 'tasks.searchable'
  const done = asked.box === 'done'
  let rows = (whose === 'seen' ? visibleTasks(ctx, 'task:read', from) : ctx.db.selectFrom(`${from} as t`))
    .select(described(ctx))
    .where(where)
    .limit(asked.take)
  const { order, behind } = orderOf(asked, runOf(asked).task, 't.id')
  rows = rows
    .where(done ? sql<boolean>`t.done_at is not null` : sql<boolean>`t.done_at is null`)
    .where(behind)
    .orderBy(order)
  if (asked.kind) rows = rows.where('t.kind', '=', asked.kind)
  if (asked.ownerId) rows = rows.where('t.ownerId', '=', asked.ownerId)
  if (asked.due) rows = rows.where(done ? sql<boolean>`t.late` : dueIn(ctx, asked, sql`t.due_key`))
  if (asked.words !== undefined) rows = rows.where(sql<boolean>`t.tsv @@ ${asked.words}::tsquery`)
  return (await rows.execute()).map(t => keyed(taskLine(t, ctx.now), asked))
}

async function approvalsWhere(ctx: Ctx, asked: Asked, where: RawBuilder<boolean>, whose: 'mine' | 'seen'): Promise<Line[]> {
  const from = asked.words === undefined ? 'tasks.approval' : 'tasks.searchableApproval'
  const done = asked.box === 'done'
  let rows = (whose === 'seen' ? visibleApprovals(ctx, 'approval:read', from) : ctx.db.selectFrom(`${from} as a`))
    .select(ofApproval(ctx))
    .where(where)
    .limit(asked.take)
  const { order, behind } = orderOf(asked, runOf(asked).approval, 'a.id')
  rows = rows
    .where(done ? sql<boolean>`a.state <> 'open'` : sql<boolean>`a.state = 'open'`)
    .where(behind)
    .orderBy(order)
  if (asked.kind) rows = rows.where('a.kind', '=', asked.kind)
  if (asked.ownerId) rows = rows.where('a.askedById', '=', asked.ownerId)
  if (asked.due) rows = rows.where(done ? sql<boolean>`a.decided_at > a.due_at` : dueIn(ctx, asked, sql`a.due_key`))
  if (asked.words !== undefined) rows = rows.where(sql<boolean>`a.tsv @@ ${asked.words}::tsquery`)
  return (await rows.execute()).map(a => keyed(approvalLine(a, ctx.now), asked))
}

/** Words lead to the rows by their own index: the index of the order, walked until enough rows hold a rare word, would be read whole. */
function orderOf(asked: Asked, key: string, id: string) {
  const { words, after } = asked
  const { down } = runOf(asked)
  const by = words === undefined ? sql.ref(key) : sql`${sql.ref(key)} + interval '0'`
  const way = down ? sql`desc` : sql`asc`
  return {
    order: sql`${by} ${way}, ${sql.ref(id)} ${way}`,
    behind: after
      ? sql<boolean>`(${sql.ref(key)}, ${sql.ref(id)}) ${down ? sql`<` : sql`>`} (${after[0]}::timestamptz, ${after[1]}::uuid)`
      : sql<boolean>`true`,
  }
}

const keyed = (line: Line, { sort = 'due' }: Asked): Line => (sort === 'due' ? line : { ...line, key: line.openedAt })

const dueIn = (ctx: Ctx, { due, until }: Asked, key: RawBuilder<unknown>): RawBuilder<boolean> =>
  due === 'overdue' ? sql<boolean>`${key} < ${ctx.now}` : sql<boolean>`${key} >= ${ctx.now} and ${key} < ${until}`

function taskLine(kept: Kept, now: Date): Line {
  const { id, kind, title, text, facts, customerName, ownerId, ownerName, openedAt, dueAt, doneAt, late, result, itemsDone, itemsAll } =
    shown(kept, now)
  return {
    noun: 'task',
    ...{ id, kind, title, text, facts, customerName, openedAt, dueAt, doneAt, late, result, itemsDone, itemsAll },
    personId: ownerId,
    personName: ownerName,
    state: null,
    amount: null,
    key: doneAt ?? kept.dueKey,
  }
}

function approvalLine(kept: KeptApproval, now: Date): Line {
  const { id, kind, title, text, facts, customerName, askedById, askedByName, askedAt, dueAt, decidedAt, late, reason, state, amount } =
    shownApproval(kept, now)
  return {
    noun: 'approval',
    ...{ id, kind, title, text, facts, customerName, dueAt, late, state, amount },
    personId: askedById,
    personName: askedByName,
    openedAt: askedAt,
    doneAt: decidedAt,
    result: reason,
    itemsDone: 0,
    itemsAll: 0,
    key: decidedAt ?? kept.dueKey,
  }
}

/** Up to here a box is counted; beyond it the page says 99+. */
const most = 100

/** What the boxes hold, by the very conditions of their lists. */
export async function countWork(ctx: Ctx): Promise<z.output<typeof work.counts.reply>> {
  const hands = await handIds(ctx)
  const size = async (box: Query['box'], due?: 'overdue') => (await listIds(ctx, box, hands, due)).size
  const [mine, decide, asked, watch, overdue] = await Promise.all([
    size('mine'),
    size('decide'),
    size('asked'),
    size('watch'),
    size('mine', 'overdue'),
  ])
  return { mine, decide, asked, watch, overdue }
}

async function listIds(ctx: Ctx, box: Query['box'], hands: readonly string[], due?: 'overdue'): Promise<Set<string>> {
  const asked = { box, ...(due ? { due } : {}), words: undefined, after: undefined, take: most, until: null }
  const lines = (await Promise.all(sourcesOf(ctx, asked, hands).map(read => read()))).flat()
  return new Set(lines.map(l => l.id).slice(0, most))
}

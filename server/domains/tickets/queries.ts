import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Ticket, TicketEntry, TicketLine, tickets } from '#contract/tickets.ts'
import { scopeOf } from '#kernel/access.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { isOverdue } from './rules.ts'
import { changedAtBehind, longest, reachOf } from './searching.ts'

/** Own: opened by or assigned to me. Team and department: also what my department has. `searchable` is the same rows through the view that may use the text index. */
export function visibleTickets(
  ctx: Ctx,
  permission: Permission = 'ticket:read',
  from: 'tickets.ticket' | 'tickets.searchable' = 'tickets.ticket',
) {
  const rows = ctx.db.selectFrom(`${from} as t`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const { id, departmentId } = actor
  return rows.where(q =>
    q.or([
      q('t.openedById', '=', id),
      q('t.assigneeId', '=', id),
      ...(scope !== 'own' && departmentId !== null ? [q('t.departmentId', '=', departmentId)] : []),
    ]),
  )
}

const lineColumns = [
  't.id',
  't.number',
  't.title',
  't.status',
  't.priority',
  't.kindId',
  't.categoryId',
  't.customerId',
  't.conversationId',
  't.place',
  't.departmentId',
  't.assigneeId',
  't.openedById',
  't.openedAt',
  't.dispatchedAt',
  't.takenAt',
  't.resolvedAt',
  't.closedAt',
  't.changedAt',
  't.dueAt',
  't.warnAt',
  't.pausedAt',
  't.targetMinutes',
  't.late',
  't.returns',
  't.urges',
] as const
const columns = [
  ...lineColumns,
  't.text',
  't.interactionId',
  't.fields',
  't.leftMinutes',
  't.warned',
  't.resolution',
  't.urgedAt',
  't.version',
] as const

const customerName = (ctx: Ctx) =>
  sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id)`.as(
    'customerName',
  )

/** A ticket as the house keeps it: the contract's fields and what its clock needs. */
export type Kept = Ticket & { leftMinutes: number | null; warned: boolean; urgedAt: Date | null }

/** Late by the clock, even in the moment before its timer has told so. */
export const shown = <T extends TicketLine>(ticket: T, now: Date): T => ({ ...ticket, late: ticket.late || isOverdue(ticket, now) })

export const selectTickets = (ctx: Ctx, permission?: Permission, from?: 'tickets.ticket' | 'tickets.searchable') =>
  visibleTickets(ctx, permission, from).select(columns).select(customerName(ctx))

export async function ticketById(ctx: Ctx, id: string): Promise<Ticket> {
  return shown(found(await selectTickets(ctx).where('t.id', '=', id).executeTakeFirst(), 'ticket', id), ctx.now)
}

/** What the actor may not see, it cannot find; what two people want at once, one gets first. */
export async function lockTicket(ctx: Ctx, id: string, permission: Permission): Promise<Kept> {
  return found(await selectTickets(ctx, permission).where('t.id', '=', id).forUpdate('t').executeTakeFirst(), 'ticket', id)
}

export async function listTickets(ctx: Ctx, query: z.output<typeof tickets.list.query>): Promise<Page<TicketLine>> {
  const size = query.size ?? 50
  const words = query.q ? bigramQuery(query.q) : undefined
  if (words === null) return { rows: [], next: null }
  if (query.box === 'mine' && (query.sort ?? 'due') === 'due') return listMine(ctx, query, words)
  const sort = query.sort ?? '-changed'
  const family = query.customerId === undefined ? undefined : await familyOf(ctx, query.customerId)
  const rows = (by: Turn) => {
    const { key, order, after } = sortedBy(by, query.after)
    return inBox(ctx, query.box, asked(ctx, query, words, family))
      .select(key)
      .where(after)
      .orderBy(order)
      .limit(size + 1)
  }
  const page =
    words === undefined
      ? await rows(orders[sort]).execute()
      : sort === '-changed'
        ? await searched(
            ctx,
            rows(orders[sort]),
            words,
            readCursor(query.after, z.tuple([z.iso.datetime({ offset: true }), z.uuid()])),
            size,
          )
        : await searchedBy(ctx, rows, orders[sort], words, size)
  const { rows: found, next } = pageRows(page, size, sortKeyOf)
  return { rows: found.map(t => shown(unkeyed(t), ctx.now)), next }
}

// The very expressions of their indexes; what has no due time stands last.
const orders: Record<NonNullable<Query['sort']>, Turn> = {
  '-changed': turn('time', sql`t.changed_at`, sql`t.id`, true),
  changed: turn('time', sql`t.changed_at`, sql`t.id`),
  '-opened': turn('time', sql`t.opened_at`, sql`t.id`, true),
  opened: turn('time', sql`t.opened_at`, sql`t.id`),
  due: turn('time', sql`coalesce(t.due_at, timestamptz '9999-12-31 00:00:00+00')`, sql`t.id`),
  priority: turn('int', sql`case t.priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end`, sql`t.id`),
}

/** In another order than the newest first: a word that many hold is met soon on the way, what few hold is fetched by the text index and put in order. */
async function searchedBy<R>(
  ctx: Ctx,
  rows: (by: Turn) => { execute: () => Promise<R[]> },
  by: Turn,
  words: string,
  size: number,
): Promise<R[]> {
  await sql`set local plan_cache_mode = force_custom_plan`.execute(ctx.db)
  const apart = { ...by, by: by.as === 'time' ? sql`(${by.by} + interval '0')` : sql`(${by.by} + 0)` }
  return rows((await reachOf(ctx, words, size + 1)) === null ? apart : by).execute()
}

/** Words that many tickets hold are looked for from the newest on; what that does not fill, and every other word, comes by the text index. */
async function searched<R>(
  ctx: Ctx,
  rows: Sorted<R>,
  words: string,
  after: readonly [string, string] | undefined,
  size: number,
): Promise<R[]> {
  // How often a word occurs decides the plan; one plan for all words would be wrong for most.
  await sql`set local plan_cache_mode = force_custom_plan`.execute(ctx.db)
  const wanted = size + 1
  let reach = await reachOf(ctx, words, wanted)
  for (let looks = 0; reach !== null && looks < 2; looks++) {
    const since = await changedAtBehind(ctx, reach, after)
    if (since === null) break
    const [, newest] = await Promise.all([
      sql`set local enable_bitmapscan = off`.execute(ctx.db),
      rows.where(sql<boolean>`t.changed_at >= ${since}`).execute(),
      sql`set local enable_bitmapscan = on`.execute(ctx.db),
    ])
    if (newest.length >= wanted) return newest
    // Signs that stand together are rarer than the rarest of their pairs: how often they stood there tells how far to look once more.
    const further: number = Math.ceil((1.5 * reach * wanted) / Math.max(newest.length, 0.1))
    reach = further <= longest ? further : null
  }
  return rows.execute()
}
type Sorted<R> = { where: (condition: RawBuilder<boolean>) => Sorted<R>; execute: () => Promise<R[]> }

// A literal, not a parameter: the partial indexes depend on it.
const isOpen = sql<boolean>`t.status <> 'closed'`

type Query = z.output<typeof tickets.list.query>
function matching(ctx: Ctx, query: Partial<Query>, words: string | undefined, family?: readonly string[]) {
  let rows = visibleTickets(ctx, 'ticket:read', words === undefined ? 'tickets.ticket' : 'tickets.searchable')
  if (query.open === true) rows = rows.where(isOpen)
  if (query.open === false) rows = rows.where(sql<boolean>`t.status = 'closed'`)
  if (query.status) rows = rows.where('t.status', '=', query.status)
  if (query.kindId) rows = rows.where('t.kindId', '=', query.kindId)
  if (query.departmentId) rows = rows.where('t.departmentId', '=', query.departmentId)
  if (query.customerId) rows = rows.where(ofFamily(ctx, sql`t.customer_id`, family ?? query.customerId))
  if (query.interactionId) rows = rows.where('t.interactionId', '=', query.interactionId)
  if (words !== undefined) rows = rows.where(sql<boolean>`t.tsv @@ ${words}::tsquery`)
  return rows
}
const asked = (ctx: Ctx, query: Query, words: string | undefined, family?: readonly string[]) =>
  matching(ctx, query, words, family).select(lineColumns).select(customerName(ctx))
const isLateNow = (ctx: Ctx) => sql<boolean>`t.status in ('accepted', 'dispatched', 'handling') and t.due_at < ${ctx.now}`

// The very condition of the index ticket_soon.
const isSoon = sql<boolean>`t.warned and not t.late and t.status in ('accepted', 'dispatched', 'handling')`

/** The ids behind a query without words, for whoever counts them. */
export const countable = (ctx: Ctx, query: Partial<Query>) =>
  inBox(ctx, query.box ?? 'open', matching(ctx, query, undefined).select('t.id'))

function inBox<R extends { where: (condition: RawBuilder<boolean>) => R }>(ctx: Ctx, box: Query['box'], rows: R): R {
  if (box === 'open') return rows.where(isOpen)
  if (box === 'late') return rows.where(isLateNow(ctx))
  if (box === 'soon') return rows.where(isSoon)
  return box === 'mine' ? rows.where(isOpen).where(sql<boolean>`${inHandsOf} = any(${handsOf(ctx)}::uuid[])`) : rows
}
const handsOf = ({ actor }: Ctx) => (actor.kind === 'user' ? [actor.id, actor.departmentId].filter(id => id !== null) : [])

// The very expressions of the index ticket_hands.
const inHandsOf = sql<
  string | null
>`case when t.status in ('accepted', 'resolved') then t.opened_by_id when t.assignee_id is null then t.department_id else t.assignee_id end`
const actBy = sql<Date>`case when t.status in ('waiting', 'resolved') or t.due_at is null then timestamptz '9999-12-31 00:00:00+00' else t.due_at end`

/** Mine to do, the most urgent first: assigned to me, or my department's and nobody's yet, or opened by me and waiting for a department or an answer to the customer.
 *  Then what has been left alone longest. Each pair of hands is read by itself, in the order of its index. */
async function listMine(ctx: Ctx, query: Query, words: string | undefined): Promise<Page<TicketLine>> {
  const { actor } = ctx
  if (actor.kind !== 'user') return { rows: [], next: null }
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.iso.datetime(), z.uuid()]))
  const read = (hands: string) => {
    const rows = asked(ctx, query, words)
      .select(actBy.as('actBy'))
      .where(isOpen)
      .where(sql<boolean>`${inHandsOf} = ${hands}`)
      .orderBy(actBy)
      .orderBy('t.changedAt')
      .orderBy('t.id')
      .limit(size + 1)
    return after
      ? rows.where(sql<boolean>`(${actBy}, t.changed_at, t.id) > (${after[0]}::timestamptz, ${after[1]}::timestamptz, ${after[2]}::uuid)`)
      : rows
  }
  const found = (await Promise.all(handsOf(ctx).map(id => read(id).execute()))).flat()
  found.sort((a, b) => +a.actBy - +b.actBy || +a.changedAt - +b.changedAt || (a.id < b.id ? -1 : 1))
  const page = pageRows(found.slice(0, size + 1), size, t => [t.actBy, t.changedAt, t.id])
  return { rows: page.rows.map(({ actBy: _, ...t }) => shown(t, ctx.now)), next: page.next }
}

export async function entriesOf(ctx: Ctx, id: string): Promise<TicketEntry[]> {
  const [ticket, rows] = await Promise.all([
    visibleTickets(ctx).select('t.id').where('t.id', '=', id).executeTakeFirst(),
    ctx.db
      .selectFrom('tickets.entry')
      .select(['id', 'ticketId', 'kind', 'text', 'public', 'actorName', 'byRule', 'departmentId', 'at'])
      .where('ticketId', '=', id)
      .orderBy('id', 'desc')
      .limit(200)
      .execute(),
  ])
  found(ticket, 'ticket', id)
  return rows
}

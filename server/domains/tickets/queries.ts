import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Ticket, TicketEntry, TicketLine, tickets } from '#contract/tickets.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { isOverdue } from './rules.ts'
import { beginningOf } from './searching.ts'

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
  't.resolution',
  't.urgedAt',
  't.version',
] as const

const customerName = (ctx: Ctx) =>
  sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id)`.as(
    'customerName',
  )

/** A ticket as the house keeps it: the contract's fields and what its clock needs. */
export type Kept = Ticket & { leftMinutes: number | null; urgedAt: Date | null }

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
  if (query.box === 'mine') return listMine(ctx, query, words)
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))

  let rows = asked(ctx, query, words)
    .orderBy('t.changedAt', 'desc')
    .orderBy('t.id', 'desc')
    .limit(size + 1)
  if (after) rows = rows.where(sql<boolean>`(t.changed_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  if (query.box === 'open') rows = rows.where(isOpen)
  if (query.box === 'late')
    rows = rows.where(sql<boolean>`t.status in ('accepted', 'dispatched', 'handling')`).where('t.dueAt', '<', ctx.now)

  const page = words === undefined ? await rows.execute() : await searched(ctx, rows, words, after, size)
  return pageRows(
    page.map(t => shown(t, ctx.now)),
    size,
    t => [t.changedAt, t.id],
  )
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
  const since = await beginningOf(ctx, words, after, size + 1)
  if (since) {
    const [, newest] = await Promise.all([
      sql`set local enable_bitmapscan = off`.execute(ctx.db),
      rows.where(sql<boolean>`t.changed_at >= ${since}`).execute(),
      sql`set local enable_bitmapscan = on`.execute(ctx.db),
    ])
    if (newest.length > size) return newest
  }
  return rows.execute()
}
type Sorted<R> = { where: (condition: RawBuilder<boolean>) => Sorted<R>; execute: () => Promise<R[]> }

// A literal, not a parameter: the partial indexes depend on it.
const isOpen = sql<boolean>`t.status <> 'closed'`

type Query = z.output<typeof tickets.list.query>
function asked(ctx: Ctx, query: Query, words: string | undefined) {
  let rows = visibleTickets(ctx, 'ticket:read', words === undefined ? 'tickets.ticket' : 'tickets.searchable')
    .select(lineColumns)
    .select(customerName(ctx))
  if (query.open === true) rows = rows.where(isOpen)
  if (query.open === false) rows = rows.where(sql<boolean>`t.status = 'closed'`)
  if (query.status) rows = rows.where('t.status', '=', query.status)
  if (query.kindId) rows = rows.where('t.kindId', '=', query.kindId)
  if (query.departmentId) rows = rows.where('t.departmentId', '=', query.departmentId)
  if (query.customerId) rows = rows.where('t.customerId', '=', query.customerId)
  if (words !== undefined) rows = rows.where(sql<boolean>`t.tsv @@ ${words}::tsquery`)
  return rows
}

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
  const hands = [actor.id, actor.departmentId].filter(id => id !== null)
  const found = (await Promise.all(hands.map(id => read(id).execute()))).flat()
  found.sort((a, b) => +a.actBy - +b.actBy || +a.changedAt - +b.changedAt || (a.id < b.id ? -1 : 1))
  const page = pageRows(found.slice(0, size + 1), size, t => [t.actBy, t.changedAt, t.id])
  return { rows: page.rows.map(({ actBy: _, ...t }) => shown(t, ctx.now)), next: page.next }
}

export async function entriesOf(ctx: Ctx, id: string): Promise<TicketEntry[]> {
  const [ticket, rows] = await Promise.all([
    visibleTickets(ctx).select('t.id').where('t.id', '=', id).executeTakeFirst(),
    ctx.db
      .selectFrom('tickets.entry')
      .select(['id', 'ticketId', 'kind', 'text', 'public', 'actorName', 'departmentId', 'at'])
      .where('ticketId', '=', id)
      .orderBy('id', 'desc')
      .limit(200)
      .execute(),
  ])
  found(ticket, 'ticket', id)
  return rows
}

import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Ticket, TicketEntry, tickets } from '#contract/tickets.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { isOverdue } from './rules.ts'

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

const columns = [
  't.id',
  't.number',
  't.title',
  't.text',
  't.status',
  't.priority',
  't.kindId',
  't.categoryId',
  't.customerId',
  't.interactionId',
  't.conversationId',
  't.place',
  't.fields',
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
  't.leftMinutes',
  't.targetMinutes',
  't.late',
  't.resolution',
  't.returns',
  't.urges',
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
export const shown = (ticket: Kept, now: Date): Kept => ({ ...ticket, late: ticket.late || isOverdue(ticket, now) })

export const selectTickets = (ctx: Ctx, permission?: Permission, from?: 'tickets.ticket' | 'tickets.searchable') =>
  visibleTickets(ctx, permission, from).select(columns).select(customerName(ctx))

export async function ticketById(ctx: Ctx, id: string): Promise<Ticket> {
  return shown(found(await selectTickets(ctx).where('t.id', '=', id).executeTakeFirst(), 'ticket', id), ctx.now)
}

/** What the actor may not see, it cannot find; what two people want at once, one gets first. */
export async function lockTicket(ctx: Ctx, id: string, permission: Permission): Promise<Kept> {
  return found(await selectTickets(ctx, permission).where('t.id', '=', id).forUpdate('t').executeTakeFirst(), 'ticket', id)
}

export async function listTickets(ctx: Ctx, query: z.output<typeof tickets.list.query>): Promise<Page<Ticket>> {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  const words = query.q ? bigramQuery(query.q) : undefined
  if (words === null) return { rows: [], next: null }

  let rows = selectTickets(ctx, 'ticket:read', words === undefined ? 'tickets.ticket' : 'tickets.searchable')
    .orderBy('t.changedAt', 'desc')
    .orderBy('t.id', 'desc')
    .limit(size + 1)
  if (after) rows = rows.where(sql<boolean>`(t.changed_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  // Literals, not parameters: the partial indexes depend on them.
  if (query.box === 'open' || query.box === 'mine' || query.open === true) rows = rows.where(sql<boolean>`t.status <> 'closed'`)
  if (query.open === false) rows = rows.where(sql<boolean>`t.status = 'closed'`)
  if (query.box === 'late')
    rows = rows.where(sql<boolean>`t.status in ('accepted', 'dispatched', 'handling')`).where('t.dueAt', '<', ctx.now)
  if (query.box === 'mine') rows = rows.where(isMine(ctx))
  if (query.status) rows = rows.where('t.status', '=', query.status)
  if (query.kindId) rows = rows.where('t.kindId', '=', query.kindId)
  if (query.departmentId) rows = rows.where('t.departmentId', '=', query.departmentId)
  if (query.customerId) rows = rows.where('t.customerId', '=', query.customerId)
  if (words !== undefined) rows = rows.where(sql<boolean>`t.tsv @@ ${words}::tsquery`)

  // How often a word occurs decides the plan; one plan for all words would be wrong for most.
  const [page] = await Promise.all([
    words === undefined ? undefined : sql`set local plan_cache_mode = force_custom_plan`.execute(ctx.db),
    rows.execute(),
  ]).then(([, result]) => [result])
  return pageRows(
    (page ?? []).map(t => shown(t, ctx.now)),
    size,
    t => [t.changedAt, t.id],
  )
}

/** Mine to do: assigned to me, or in my department and nobody's yet, or opened by me and waiting for a department or an answer to the customer. */
function isMine({ actor }: Ctx) {
  if (actor.kind !== 'user') return sql<boolean>`false`
  const department = actor.departmentId === null ? sql`` : sql` or (t.department_id = ${actor.departmentId} and t.assignee_id is null)`
  return sql<boolean>`(t.assignee_id = ${actor.id}${department} or (t.opened_by_id = ${actor.id} and t.status in ('accepted', 'resolved')))`
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

import { sql } from 'kysely'
import type * as z from 'zod'
import { fieldFault } from '#contract/forms.ts'
import type { NewTicket, Ticket } from '#contract/tickets.ts'
import { actorId } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { ticketDispatched, ticketDue, ticketOpened } from '../events.ts'
import { takeLane, takeNumber } from '../numbers.ts'
import { selectTickets, shown } from '../queries.ts'
import { morePressing, nextLook, startClock } from '../rules.ts'
import { announce, stepOf } from './announce.ts'
import { groundOf } from './ground.ts'

export async function openTicket(ctx: Ctx, input: z.output<typeof NewTicket>): Promise<Ticket> {
  const opener = actorId(ctx.actor)
  // The unique index tells a retry; only then, or for an opener it cannot tell apart, is it worth a look.
  if (input.clientId !== undefined && (ctx.again || opener === null)) {
    const before = await openedBefore(ctx, opener, input.clientId)
    if (before) return before
  }
  const [{ kind, category, calendar, timezone, interactionId, customer }, lane] = await Promise.all([
    groundOf(ctx, input),
    takeLane(ctx, input.kindId),
  ])
  if (kind.retired) throw new Refusal('conflict', 'ticket.kind_retired', { name: kind.name })
  if (category?.retired) throw new Refusal('conflict', 'ticket.category_retired', { name: category.name })
  const fault = fieldFault(kind.fields, input.fields)
  if (fault) throw new Refusal('invalid', 'ticket.field_invalid', fault)

  const day = dateIn(timezone, ctx.now)
  const number = await takeNumber(ctx, kind.code, day, lane)
  const targetMinutes = category?.targetMinutes ?? kind.targetMinutes
  const clock = startClock(ctx.now, { targetMinutes, warnPercent: kind.warnPercent }, calendar)
  const ticket = {
    id: newId(),
    number,
    title: input.title,
    text: input.text,
    status: input.departmentId === null ? ('accepted' as const) : ('dispatched' as const),
    priority: category ? morePressing(input.priority, category.priority) : input.priority,
    kindId: kind.id,
    categoryId: input.categoryId,
    customerId: customer?.id ?? null,
    interactionId,
    conversationId: input.conversationId,
    place: input.place,
    fields: input.fields,
    departmentId: input.departmentId,
    assigneeId: null,
    openedById: opener,
    openedAt: ctx.now,
    dispatchedAt: input.departmentId === null ? null : ctx.now,
    takenAt: null,
    resolvedAt: null,
    closedAt: null,
    changedAt: ctx.now,
    ...clock,
    targetMinutes,
    resolution: '',
    returns: 0,
    urges: 0,
    urgedAt: null,
    version: 1,
  }
  const opened = { ...ticket, status: 'accepted' as const, departmentId: null }
  ctx.write`insert into tickets.ticket (tenant_id, id, number, opened_on, title, text, status, priority, kind_id, category_id, customer_id, interaction_id, conversation_id, place, fields,
      department_id, opened_by_id, opened_at, dispatched_at, changed_at, due_at, warn_at, target_minutes, client_id, tsv)
    values (${ctx.tenantId}, ${ticket.id}, ${number}, ${day}, ${ticket.title}, ${ticket.text}, ${ticket.status}, ${ticket.priority}, ${ticket.kindId}, ${ticket.categoryId},
      ${ticket.customerId}, ${ticket.interactionId}, ${ticket.conversationId}, ${ticket.place}, ${JSON.stringify(ticket.fields)}, ${ticket.departmentId}, ${ticket.openedById},
      ${ctx.now}, ${ticket.dispatchedAt}, ${ctx.now}, ${ticket.dueAt}, ${ticket.warnAt}, ${targetMinutes}, ${input.clientId ?? null}, ${bigrams(number, ticket.title, ticket.place, ticket.text)})`
  await announce(ctx, ticketOpened, opened, { kind: 'opened', text: '', public: true }, stepOf(opened))
  if (input.departmentId !== null)
    await announce(ctx, ticketDispatched, ticket, { kind: 'dispatched', text: '', public: true }, stepOf(ticket))
  await ctx.at(nextLook(clock), ticketDue, { id: ticket.id, clock: 'due' }, {})
  return { ...ticket, customerName: customer?.name ?? null }
}

/** A retry finds what the first call opened. For an opener without an id the lock lets the second of two at once wait for the first one's commit. */
async function openedBefore(ctx: Ctx, opener: string | null, clientId: string): Promise<Ticket | undefined> {
  const [, { rows }] = await Promise.all([
    sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId}:${opener}:${clientId}`}, 7))`.execute(ctx.db),
    sql<{ id: string }>`select id from tickets.ticket where tenant_id = ${ctx.tenantId} and client_id = ${clientId}
      and ${opener === null ? sql`opened_by_id is null` : sql`opened_by_id = ${opener}`}`.execute(ctx.db),
  ])
  const id = rows[0]?.id
  if (id === undefined) return undefined
  const row = await selectTickets(ctx, 'ticket:open').where('t.id', '=', id).executeTakeFirst()
  return row && shown(row, ctx.now)
}

export async function kindById(ctx: Ctx, id: string) {
  return found(await ctx.db.selectFrom('tickets.kind').selectAll().where('id', '=', id).executeTakeFirst(), 'ticket_kind', id)
}

export async function categoryOf(ctx: Ctx, kindId: string, id: string) {
  return found(
    await ctx.db.selectFrom('tickets.category').selectAll().where('id', '=', id).where('kindId', '=', kindId).executeTakeFirst(),
    'ticket_category',
    id,
  )
}

export async function mustExist(ctx: Ctx, noun: 'department' | 'person', id: string): Promise<{ departmentId: string | null }> {
  const { rows } =
    noun === 'department'
      ? await sql<{
          departmentId: string | null
        }>`select id as "departmentId" from identity.fact_department where tenant_id = ${ctx.tenantId} and id = ${id} and takes_tickets and not retired`.execute(
          ctx.db,
        )
      : await sql<{
          departmentId: string | null
        }>`select department_id as "departmentId" from identity.fact_person where tenant_id = ${ctx.tenantId} and id = ${id} and not retired`.execute(
          ctx.db,
        )
  return found(rows[0], noun, id)
}

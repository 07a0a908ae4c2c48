import type * as z from 'zod'
import { fieldFault } from '#contract/forms.ts'
import { type Ticket, type TicketEntry, ticketCan, type tickets } from '#contract/tickets.ts'
import { isRule } from '#kernel/access.ts'
import { Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { ticketChanged, ticketCommented } from '../events.ts'
import { lockTicket, shown } from '../queries.ts'
import { announce, stepOf } from './announce.ts'
import { categoryOf, kindById } from './open.ts'

/** Nobody's change is silently lost: whoever saw an older version is told so. */
export async function changeTicket(ctx: Ctx, id: string, { version, ...changes }: z.output<typeof tickets.change.body>): Promise<Ticket> {
  const ticket = await lockTicket(ctx, id, 'ticket:open')
  if (!ticketCan.change(ticket))
    throw new Refusal('conflict', 'ticket.wrong_status', { number: ticket.number, status: ticket.status, step: 'change' })
  if (ticket.version !== version)
    throw new Refusal('conflict', 'ticket.changed_meanwhile', { number: ticket.number, version: ticket.version })
  const [kind, category] = await Promise.all([
    kindById(ctx, ticket.kindId),
    changes.categoryId === null || changes.categoryId === ticket.categoryId
      ? undefined
      : categoryOf(ctx, ticket.kindId, changes.categoryId),
  ])
  if (category?.retired) throw new Refusal('conflict', 'ticket.category_retired', { name: category.name })
  const fault = fieldFault(kind.fields, changes.fields)
  if (fault) throw new Refusal('invalid', 'ticket.field_invalid', fault)

  const after = { ...ticket, ...changes, version: version + 1, changedAt: ctx.now }
  await Promise.all([
    ctx.db
      .updateTable('tickets.ticket')
      .set({ ...changes, version: after.version, changedAt: ctx.now, tsv: bigrams(ticket.number, after.title, after.place, after.text) })
      .where('id', '=', id)
      .execute(),
    announce(ctx, ticketChanged, after, { kind: 'changed', text: '', public: false }, { ...stepOf(after), was: replaced(ticket, after) }),
  ])
  return shown(after, ctx.now)
}

type Replaceable = Pick<Ticket, 'priority' | 'categoryId'>
const replaced = (before: Replaceable, after: Replaceable): Partial<Replaceable> => ({
  ...(before.priority === after.priority ? {} : { priority: before.priority }),
  ...(before.categoryId === after.categoryId ? {} : { categoryId: before.categoryId }),
})

export async function commentOnTicket(
  ctx: Ctx,
  id: string,
  { text, public: isPublic }: z.output<typeof tickets.comment.body>,
): Promise<TicketEntry> {
  const ticket = await lockTicket(ctx, id, 'ticket:read')
  const [, entry] = await Promise.all([
    ctx.db.updateTable('tickets.ticket').set({ changedAt: ctx.now }).where('id', '=', id).execute(),
    announce(ctx, ticketCommented, ticket, { kind: 'comment', text, public: isPublic }, { ...stepOf(ticket), public: isPublic }),
  ])
  return {
    id: entry.id,
    ticketId: id,
    kind: 'comment',
    text,
    public: isPublic,
    actorName: ctx.actor.kind === 'user' ? ctx.actor.name : null,
    byRule: isRule(ctx.actor),
    departmentId: ticket.departmentId,
    at: ctx.now,
  }
}

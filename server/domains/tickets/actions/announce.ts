import type * as z from 'zod'
import type { EntryKind, TicketStatus } from '#contract/tickets.ts'
import { actorId, isRule } from '#kernel/access.ts'
import type { EventDef } from '#kernel/events.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Step } from '../events.ts'
import { progressPath } from '../links.ts'
import { isTold } from '../rules.ts'

export type Told = {
  id: string
  number: string
  conversationId: string | null
  customerId: string | null
  interactionId: string | null
  status: TicketStatus
  departmentId: string | null
  late: boolean
}
export type NewEntry = { kind: z.output<typeof EntryKind>; text: string; public: boolean }

export const stepOf = (t: Told): Step => ({
  number: t.number,
  conversationId: t.conversationId,
  status: t.status,
  departmentId: t.departmentId,
  late: t.late,
  customer: t.customerId !== null,
})

/** One step: the line in the ticket's course and the announcement, which carries the words meant for the customer apart. */
export async function announce<D extends Step>(
  ctx: Ctx,
  def: EventDef<D>,
  ticket: Told,
  entry: NewEntry,
  detail: NoInfer<D>,
): Promise<{ id: string }> {
  const id = newId()
  const { actor } = ctx
  ctx.write`insert into tickets.entry (tenant_id, id, ticket_id, kind, text, public, actor_id, actor_name, by_rule, department_id, at)
    values (${ctx.tenantId}, ${id}, ${ticket.id}, ${entry.kind}, ${entry.text}, ${entry.public}, ${actorId(actor)}, ${actor.kind === 'user' ? actor.name : null}, ${isRule(actor)}, ${ticket.departmentId}, ${ctx.now})`
  const personal = {
    ...(ticket.conversationId === null && ticket.customerId === null ? {} : { link: progressPath(ctx, ticket.id) }),
    ...(entry.public && entry.text !== '' && isTold(entry.kind) ? { text: entry.text } : {}),
  }
  await ctx.emit(def, { id: ticket.id, customerId: ticket.customerId, interactionId: ticket.interactionId }, detail, personal)
  return { id }
}

import * as z from 'zod'
import { Priority, TicketStatus } from '#contract/tickets.ts'
import { event } from '#kernel/events.ts'

/**
 * What every step announces. Personal values stand apart (`eventById(ctx, e.id)` gives them):
 * `text`, the words of the step meant for the customer, and `link`, the path of the progress page, when the ticket is a known customer's or came out of a conversation.
 */
const Step = z.object({
  number: z.string(),
  conversationId: z.uuid().nullable(),
  status: TicketStatus,
  departmentId: z.uuid().nullable(),
  late: z.boolean(),
  /** Whether it is a known customer's. */
  customer: z.boolean().default(false),
  /** Where the step led from, and what a change replaced: rules may ask. */
  from: TicketStatus.optional(),
  was: z.object({ priority: Priority, categoryId: z.uuid().nullable() }).partial().optional(),
})
export type Step = z.output<typeof Step>

export const ticketOpened = event('ticket.opened', Step)
export const ticketDispatched = event('ticket.dispatched', Step)
export const ticketTaken = event('ticket.taken', Step)
export const ticketWaiting = event('ticket.waiting', Step)
export const ticketResumed = event('ticket.resumed', Step)
export const ticketReturned = event('ticket.returned', Step)
export const ticketResolved = event('ticket.resolved', Step)
export const ticketClosed = event('ticket.closed', Step)
export const ticketReopened = event('ticket.reopened', Step)
export const ticketUrged = event('ticket.urged', Step)
/** Only public comments carry `text`. */
export const ticketCommented = event('ticket.commented', Step.extend({ public: z.boolean() }))
export const ticketChanged = event('ticket.changed', Step)
/** Once per running of the clock, when the target has passed. */
export const ticketOverdue = event('ticket.overdue', Step)
/** Once per running of the clock, when the kind's share of the working time is used up. */
export const ticketWarned = event('ticket.warned', Step.extend({ dueAt: z.iso.datetime() }))
/** The timer behind both. */
export const ticketDue = event('ticket.due', z.object({}))

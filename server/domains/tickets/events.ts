import * as z from 'zod'
import { TicketStatus } from '#contract/tickets.ts'
import { event } from '#kernel/events.ts'

/**
 * What every step announces. Personal values stand apart (`eventById(ctx, e.id)` gives them):
 * `text`, the words of the step meant for the customer, and `link`, the path of the progress page, when the ticket came out of a conversation.
 */
const Step = z.object({
  number: z.string(),
  conversationId: z.uuid().nullable(),
  status: TicketStatus,
  departmentId: z.uuid().nullable(),
  late: z.boolean(),
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
/** The timer behind it. */
export const ticketDue = event('ticket.due', z.object({}))

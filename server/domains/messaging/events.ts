import * as z from 'zod'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

/** How single messages fared. */
export { messageFailed, messageHanded, messageRefused } from './outgoing/events.ts'

const id = z.uuid()
const nothing = z.object({})

/** Someone said what it is about. `left`: out of hours, to be answered later. */
export const conversationStarted = event(
  'conversation.started',
  z.object({
    queueId: id,
    left: z.boolean(),
    known: z.enum(['site', 'given', 'agent', 'anonymous']),
    /** The routing rule that chose the queue. */
    ruleId: id.nullable().default(null),
  }),
)
/** Announced only where a rule waits for it: talks have many messages. */
export const customerWrote = event('conversation.customer_wrote', nothing)
export const conversationAccepted = event('conversation.accepted', z.object({ agentId: id, queueId: id.nullable() }))
/** Offered to an agent or a queue; still with the one who hands over. */
export const conversationHanding = event(
  'conversation.handing',
  z.object({ fromAgentId: id, toAgentId: id.nullable(), toQueueId: id.nullable() }),
)
export const conversationHandingFailed = event(
  'conversation.handing_failed',
  z.object({ fromAgentId: id, toAgentId: id.nullable(), toQueueId: id.nullable() }),
)
export const conversationTransferred = event('conversation.transferred', z.object({ fromAgentId: id, agentId: id, queueId: id.nullable() }))
export const conversationTakenOver = event('conversation.taken_over', z.object({ fromAgentId: id.nullable(), agentId: id }))
export const conversationIdentified = event('conversation.identified', z.object({ customerId: id }))
export const conversationAbandoned = event('conversation.abandoned', z.object({ waitedSeconds: z.int() }))
export const conversationEnded = event(
  'conversation.ended',
  z.object({ by: z.enum(['agent', 'customer', 'silence']), agentId: id.nullable() }),
)
export const conversationWrapped = event('conversation.wrapped', z.object({ reasonId: id, outcomeId: id, agentId: id.nullable() }))
/** The words of the customer are personal: `words`. */
export const conversationRated = event(
  'conversation.rated',
  z.object({ interactionId: id, customerId: id.nullable(), agentId: id.nullable(), queueId: id.nullable(), score: z.int().min(1).max(5) }),
)

export const widgetChanged = audited(
  'widget.changed',
  z.object({ key: z.string(), act: z.enum(['added', 'changed', 'retired', 'restored', 'secret_changed']), changes: Difference.optional() }),
  'conversation:configure',
)

/** Timers. */
export const silenceDue = event('conversation.silence_due', nothing)
export const placesDue = event('conversation.places_due', nothing)

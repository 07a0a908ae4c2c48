import * as z from 'zod'
import { Way } from '#contract/outgoing.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

/** What the customer wrote stays with the rating. */
export const ratingGiven = event(
  'rating.given',
  z.object({
    interactionId: z.uuid().nullable(),
    ticketId: z.uuid().nullable().default(null),
    agentId: z.uuid().nullable(),
    queueId: z.uuid().nullable(),
    score: z.int(),
    taskId: z.uuid().nullable(),
  }),
  'survey:read',
)
export const ratingPolicyChanged = audited('rating.policy_changed', z.object({ changes: Difference }), 'survey:configure')

/** The timer: time to ask how it went. */
export const invitationDue = event('invitation.due', z.object({ noun: z.enum(['interaction', 'ticket']) }))
const about = z.object({ ticketId: z.uuid().nullable() })
export const invitationSent = event('invitation.sent', about.extend({ channel: Way }), 'customer:read')
export const invitationRefused = event('invitation.refused', about.extend({ reason: z.string() }), 'customer:read')
export const invitationAnswered = event('invitation.answered', about, 'customer:read')
export const invitingChanged = audited('inviting.changed', z.object({ changes: Difference }), 'survey:configure')

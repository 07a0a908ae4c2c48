import * as z from 'zod'
import { audited, event } from '#kernel/events.ts'

/** What the customer wrote stays with the rating. */
export const ratingGiven = event(
  'rating.given',
  z.object({
    interactionId: z.uuid(),
    agentId: z.uuid().nullable(),
    queueId: z.uuid().nullable(),
    score: z.int(),
    taskId: z.uuid().nullable(),
  }),
  'survey:read',
)
export const ratingPolicyChanged = audited(
  'rating.policy_changed',
  z.object({ lowScore: z.int(), dueMinutes: z.int() }),
  'survey:configure',
)

import * as z from 'zod'
import { PresenceState } from '#contract/routing.ts'
import { event } from '#kernel/events.ts'

const seenBy = 'routing:supervise'
const Chosen = PresenceState.exclude(['wrap'])

/** `why`: chosen by the agent, forced by a supervisor, set aside after missed offers, or offline because the console has gone. */
export const presenceChanged = event(
  'presence.changed',
  z.object({ from: Chosen, to: Chosen, reasonId: z.uuid().nullable(), why: z.enum(['chosen', 'forced', 'missed', 'gone']) }),
  seenBy,
)
const offered = z.object({ agentId: z.uuid(), queueId: z.uuid() })
export const offerDeclined = event('offer.declined', offered, seenBy)
export const offerMissed = event('offer.missed', offered.extend({ misses: z.int() }), seenBy)
export const contactOverflowed = event('contact.overflowed', z.object({ fromQueueId: z.uuid(), queueId: z.uuid() }), seenBy)
export const staffingChanged = event('staffing.changed', z.object({ channels: z.int(), skills: z.int(), queues: z.int() }), seenBy)

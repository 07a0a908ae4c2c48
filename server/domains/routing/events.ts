import * as z from 'zod'
import { ChosenState as Chosen } from '#contract/routing.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const seenBy = 'routing:supervise'

/** `why`: chosen by the agent, forced by a supervisor, set aside after missed offers or because the phone cannot be reached and back with it, or offline because the console has gone. */
export const presenceChanged = event(
  'presence.changed',
  z.object({
    from: Chosen,
    to: Chosen,
    reasonId: z.uuid().nullable(),
    why: z.enum(['chosen', 'forced', 'missed', 'gone', 'unreachable', 'reachable']),
  }),
  seenBy,
)
const offered = z.object({ agentId: z.uuid(), queueId: z.uuid() })
export const offerDeclined = event('offer.declined', offered, seenBy)
export const offerMissed = event('offer.missed', offered.extend({ misses: z.int() }), seenBy)
const moved = z.object({ fromQueueId: z.uuid(), queueId: z.uuid() })
/** `why`: it waited too long; too many waited, the estimate was too long, nobody was signed in. */
export const contactOverflowed = event(
  'contact.overflowed',
  moved.extend({ why: z.enum(['wait', 'waiting', 'estimate', 'unstaffed']).default('wait') }),
  seenBy,
)
export const contactMoved = event('contact.moved', moved, seenBy)
export const contactPrioritised = event('contact.prioritised', z.object({ ahead: z.boolean() }), seenBy)
export const contactGiven = event('contact.given', z.object({ agentId: z.uuid() }), seenBy)
/** One for a whole shift; `changed` counts those whose state was another. */
export const shiftChanged = event(
  'presence.shift_changed',
  z.object({ to: Chosen, reasonId: z.uuid().nullable(), agentIds: z.array(z.uuid()), changed: z.int() }),
  seenBy,
)
export const handRaised = event('hand.raised', z.object({ interactionId: z.uuid().nullable() }), seenBy)
/** The hand is up already; now it is known about what. */
export const handExplained = event('hand.explained', z.object({ interactionId: z.uuid().nullable() }), seenBy)
/** `by`: the agent, a leader, or the end of the shift. */
export const handLowered = event('hand.lowered', z.object({ by: z.enum(['agent', 'leader', 'offline']) }), seenBy)
export const wordSaid = event('word.said', z.object({ wordId: z.uuid() }), seenBy)
export const wordRead = event('word.read', z.object({ wordId: z.uuid() }), seenBy)
export const staffingChanged = audited('staffing.changed', z.object({ changes: Difference }), seenBy)

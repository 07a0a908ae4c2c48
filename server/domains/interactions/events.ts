import * as z from 'zod'
import { Channel, Direction } from '#contract/interactions.ts'
import { event } from '#kernel/events.ts'

const where = z.object({ channel: Channel, queueId: z.uuid().nullable() })
const whom = where.extend({ agentId: z.uuid().nullable() })

export const interactionOpened = event('interaction.opened', where.extend({ direction: Direction, source: z.string(), state: z.string() }))
export const interactionQueued = event('interaction.queued', where)
export const interactionLeft = event('interaction.left', where)
export const interactionMoved = event('interaction.moved', where.extend({ fromQueueId: z.uuid().nullable() }))
export const interactionAnswered = event('interaction.answered', whom.extend({ waitedSeconds: z.number(), again: z.boolean() }))
export const interactionEnded = event('interaction.ended', whom)
export const interactionWrapped = event(
  'interaction.wrapped',
  whom.extend({ reasonId: z.uuid().nullable(), outcomeId: z.uuid().nullable() }),
)
export const interactionNoted = event('interaction.noted', whom.extend({ reasonId: z.uuid().nullable() }))
export const interactionAbandoned = event('interaction.abandoned', where.extend({ waitedSeconds: z.number() }))
export const interactionJoined = event('interaction.joined', z.object({ fromCustomerId: z.uuid().nullable() }))
export const interactionRated = event('interaction.rated', z.object({ score: z.int(), agentId: z.uuid().nullable() }))

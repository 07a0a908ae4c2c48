import type { Generated } from 'kysely'
import type * as z from 'zod'
import type { Channel, Direction, InteractionState } from '#contract/interactions.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'interactions.interaction': {
      id: string
      channel: Channel
      direction: z.output<typeof Direction>
      state: z.output<typeof InteractionState>
      customerId: string | null
      queueId: string | null
      agentId: string | null
      subject: Generated<string>
      source: Generated<string>
      startedAt: Date
      queuedAt: Date | null
      answeredAt: Date | null
      endedAt: Date | null
      wrappedAt: Date | null
      reasonId: string | null
      outcomeId: string | null
      note: Generated<string>
      rating: number | null
      /** A message was left instead of a talk, and nobody has begun to talk since. */
      leftAt: Date | null
    }
    'interactions.contactReason': {
      id: string
      name: string
      nameEn: Generated<string>
      parentId: string | null
      queueIds: Generated<string[]>
      position: Generated<number>
      retired: Generated<boolean>
    }
    'interactions.contactOutcome': {
      id: string
      name: string
      nameEn: Generated<string>
      resolved: Generated<boolean>
      queueIds: Generated<string[]>
      position: Generated<number>
      retired: Generated<boolean>
    }
  }
}

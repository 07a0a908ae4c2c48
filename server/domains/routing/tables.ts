import type { ColumnType, Generated } from 'kysely'
import type * as z from 'zod'
import type { Channel } from '#contract/interactions.ts'
import type { SkillDemand } from '#contract/routing.ts'
import type { Conditions } from '#contract/routingRules.ts'
import type { NumberedDemand } from './rules.ts'

type Json<T> = ColumnType<T, string, string>
type Chosen = 'ready' | 'busy' | 'break' | 'offline'

declare module '#kernel/tables.ts' {
  interface Tables {
    'routing.skill': { id: string; number: Generated<number>; name: string; nameEn: Generated<string>; retired: Generated<boolean> }
    'routing.queue': {
      id: string
      name: string
      nameEn: Generated<string>
      channel: Generated<Channel>
      calendarId: string | null
      demands: Generated<z.output<typeof SkillDemand>[]>
      ringSeconds: Generated<number>
      preferSeconds: Generated<number>
      overflowQueueId: string | null
      overflowSeconds: Generated<number>
      overflowWaiting: Generated<number>
      overflowEstimate: Generated<number>
      overflowUnstaffed: Generated<boolean>
      wrapSeconds: Generated<number>
      targetPercent: Generated<number>
      targetSeconds: Generated<number>
      shortAbandonSeconds: Generated<number>
      position: Generated<number>
      retired: Generated<boolean>
    }
    'routing.rule': {
      id: string
      name: string
      conditions: Json<Conditions>
      queueId: string | null
      priority: Generated<number>
      demands: Json<z.output<typeof SkillDemand>[]>
      teamId: string | null
      position: Generated<number>
      retired: Generated<boolean>
    }
    'routing.presenceReason': {
      id: string
      name: string
      nameEn: Generated<string>
      state: 'busy' | 'break'
      position: Generated<number>
      retired: Generated<boolean>
    }
    'routing.presence': {
      id: string
      state: Generated<Chosen>
      reasonId: string | null
      since: Date
      idleSince: Date
      misses: Generated<number>
      missesAllowed: Generated<number>
      missed: Generated<boolean>
      ringing: string | null
      has: Generated<number[]>
      handRaisedAt: Date | null
      handInteractionId: string | null
      handWords: Generated<string>
      /** The line on which the phone of an agent who was set aside cannot be reached. */
      unreachable: string | null
    }
    'routing.word': { id: string; agentId: string; fromId: string; text: string; sentAt: Date; readAt: Date | null }
    'routing.load': {
      agentId: string
      channel: Channel
      capacity: number
      used: Generated<number>
      weight: Generated<number>
      beside: Generated<number>
    }
    /** A view: the channels of which an agent can take one more contact. */
    'routing.freePlace': { agentId: string; channel: Channel }
    'routing.agentSkill': { agentId: string; skillId: string; level: number }
    'routing.agentQueue': { agentId: string; queueId: string }
    'routing.console': { agentId: string; seenAt: Date }
    'routing.lane': { id: string; queueId: string; needs: number[] }
    'routing.waiting': {
      id: string
      conversationId: string | null
      channel: Channel
      queueId: string
      laneId: string
      state: Generated<'waiting' | 'offered'>
      offeredTo: string | null
      priority: number
      enqueuedAt: Date
      enteredAt: Date
      preferredAgentId: string | null
      preferredUntil: Date | null
      onlyPreferred: Generated<boolean>
      heldBy: string | null
      notFor: Generated<string[]>
      notForUntil: Date | null
      been: Generated<string[]>
      /** What a routing rule demands beside the queue. Written as JSON text. */
      extra: ColumnType<NumberedDemand[], string | undefined, string>
      dueAt: Date | null
      customerId: string | null
      customerName: Generated<string>
      tier: string | null
      subject: Generated<string>
      callBackSince: Date | null
      callBackTries: Generated<number>
    }
    'routing.idle': { agentId: string; queueId: string; idleSince: Date; has: number[] }
    'routing.offer': {
      id: string
      interactionId: string
      agentId: string
      queueId: string
      channel: Channel
      preferred: Generated<boolean>
      offeredAt: Date
      deadline: Date
      endedAt: Date | null
      outcome: 'accepted' | 'declined' | 'missed' | 'withdrawn' | 'returned' | null
    }
    'routing.handling': {
      id: string
      agentId: string
      channel: Channel
      queueId: string | null
      since: Date
      counted: Generated<boolean>
      wrapSince: Date | null
      wrapUntil: Date | null
      /** The contact of another in which this agent has a part; `id` is then its own. */
      partOf: string | null
      rings: Generated<boolean>
    }
  }
}

import type { InvitationState } from '#contract/invitations.ts'
import type { Way } from '#contract/outgoing.ts'

export type RatingRow = {
  id: string
  interactionId: string | null
  ticketId: string | null
  customerId: string | null
  agentId: string | null
  queueId: string | null
  score: number
  words: string
  ratedAt: Date
  taskId: string | null
}

export type InvitationRow = {
  id: string
  interactionId: string | null
  ticketId: string | null
  customerId: string
  agentId: string | null
  queueId: string | null
  matter: string
  matterEn: string
  state: InvitationState
  channel: Way | null
  reason: string | null
  messageId: string | null
  madeAt: Date
  endsAt: Date
  answeredAt: Date | null
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'surveys.rating': RatingRow
    'surveys.invitation': InvitationRow
    'surveys.policy': { lowScore: number; dueMinutes: number; ownerId: string | null; calendarId: string | null }
  }
}

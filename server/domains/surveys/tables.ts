export type RatingRow = {
  id: string
  interactionId: string
  customerId: string | null
  agentId: string | null
  queueId: string | null
  score: number
  words: string
  ratedAt: Date
  taskId: string | null
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'surveys.rating': RatingRow
    'surveys.policy': { lowScore: number; dueMinutes: number; ownerId: string | null; calendarId: string | null }
  }
}

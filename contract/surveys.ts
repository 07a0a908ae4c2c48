import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, put, QueryInt, Time } from './endpoint.ts'

export const Rating = z.object({
  id: Id,
  /** Of a contact or of a ticket. */
  interactionId: Id.nullable(),
  ticketId: Id.nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  agentId: Id.nullable(),
  agentName: z.string().nullable(),
  queueId: Id.nullable(),
  score: z.int().min(1).max(5),
  words: z.string(),
  ratedAt: Time,
  taskId: Id.nullable(),
})
export type Rating = z.output<typeof Rating>
export const RatingPolicy = z.object({
  /** A score at or below this opens a win-back task. */
  lowScore: z.int().min(1).max(4),
  dueMinutes: z.int().min(10).max(20160),
  /** Null: the rated agent's supervisor role in general (unassigned, seen by supervisors). */
  ownerId: Id.nullable(),
  calendarId: Id.nullable(),
})
/** CSAT is top-2 ÷ valid answers, with n and the Wilson interval at 95 %. */
export const Csat = z.object({
  n: z.int(),
  asked: z.int(),
  top2: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  average: z.number().nullable(),
})
export const surveys = {
  ratings: get('/ratings', {
    query: Paging.extend({
      maxScore: QueryInt.optional(),
      agentId: Id.optional(),
      sort: Order('-time', 'time', 'score', '-score'),
    }),
    reply: pageOf(Rating),
    may: 'survey:read',
    says: 'Ratings, newest first or as `sort` says; of one score the newest first.',
  }),
  csat: get('/ratings/csat', {
    query: z.object({ days: QueryInt.optional() }),
    reply: Csat,
    may: 'survey:read',
    says: 'CSAT of the last days (default 30).',
  }),
  policy: get('/ratings/policy', { reply: RatingPolicy, may: 'survey:read', says: 'What counts as low and what follows.' }),
  setPolicy: put('/ratings/policy', { body: RatingPolicy, reply: RatingPolicy, may: 'survey:configure', says: 'Change it.' }),
}

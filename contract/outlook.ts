import * as z from 'zod'
import { get, Id, Time } from './endpoint.ts'
import { Listed } from './outgoing.ts'

/** Of what a mood is made: the last ratings of half a year; complaints of a quarter; open tickets that are late; contacts of a month that nobody answered. */
export const moodDays = { ratings: 180, complaints: 90, contacts: 30 } as const
export const MoodReason = z.object({
  code: z.enum(['rating', 'complaint', 'late', 'unanswered']),
  /** The mean of the ratings, or how many of it there are. */
  n: z.number(),
  /** What it gives or takes of a hundred. */
  points: z.int(),
})
export const Mood = z.object({
  /** Of a hundred. */
  score: z.int(),
  level: z.enum(['good', 'fair', 'low']),
  reasons: z.array(MoodReason),
})
export type Mood = z.output<typeof Mood>

/** In the order in which they press. */
export const NextCode = z.enum(['call_back', 'late', 'overdue', 'rated_low', 'visit', 'contact', 'neglected', 'open', 'consent'])
export const NextStep = z.object({
  code: NextCode,
  /** How many tickets or points; fen of a bill. */
  n: z.int(),
  /** Since or until when. */
  at: Time.nullable(),
  on: z.iso.date().nullable(),
  about: z.object({ noun: z.enum(['ticket', 'task', 'interaction']), id: Id, title: z.string() }).nullable(),
})
export type NextStep = z.output<typeof NextStep>

/** How it stands with a customer. What the asker may not read is null, and counts for nothing. */
export const Outlook = z.object({
  /** Up to a hundred. */
  open: z.int().nullable(),
  late: z.int().nullable(),
  /** Of the last thirty days, up to fifty. */
  contacts: z.int().nullable(),
  /** The mean of the last ten, and of how many it is. */
  rating: z.number().nullable(),
  ratings: z.int(),
  /** Null: nothing tells it. */
  mood: Mood.nullable(),
  undisturbed: z.object({ until: Time.nullable() }).nullable(),
  listed: Listed,
  next: z.array(NextStep),
})
export type Outlook = z.output<typeof Outlook>

export const outlooks = {
  one: get('/customers/:id/outlook', {
    reply: Outlook,
    may: 'customer:read',
    says: 'How it stands with a customer: open and late tickets, contacts, the mood and what makes it, and what is best done next.',
  }),
}

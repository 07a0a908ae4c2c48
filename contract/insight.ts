import * as z from 'zod'
import { get, Id, post, Time } from './endpoint.ts'
import { Channel } from './interactions.ts'
import { PresenceState } from './routing.ts'

const Share = z.number().min(0).max(1).nullable()
/** One picture of now and today; sent once a second while anyone looks. Definitions: FIELD figures, printed in `definition`. */
export const Wallboard = z.object({
  at: Time,
  day: z.string(),
  waiting: z.int(),
  longestSince: Time.nullable(),
  today: z.object({
    offered: z.int(),
    answered: z.int(),
    answeredInTarget: z.int(),
    abandoned: z.int(),
    shortAbandoned: z.int(),
    left: z.int(),
    serviceLevel: Share,
    abandonRate: Share,
    asaSeconds: z.number().nullable(),
    ahtSeconds: z.number().nullable(),
    ratings: z.int(),
    ratingAverage: z.number().nullable(),
    csat: Share,
    ticketsOpened: z.int(),
    ticketsClosed: z.int(),
  }),
  target: z.object({ percent: z.int(), seconds: z.int(), shortAbandonSeconds: z.int() }),
  queues: z.array(
    z.object({
      id: Id,
      name: z.string(),
      nameEn: z.string(),
      channel: Channel,
      waiting: z.int(),
      longestSince: Time.nullable(),
      ready: z.int(),
      handling: z.int(),
      offered: z.int(),
      serviceLevel: Share,
      abandonRate: Share,
      targetPercent: z.int(),
    }),
  ),
  agents: z.array(
    z.object({
      id: Id,
      name: z.string(),
      state: PresenceState,
      reason: z.string().nullable(),
      since: Time,
      used: z.int(),
      capacity: z.int(),
    }),
  ),
  hours: z.array(z.object({ hour: z.int(), offered: z.int(), answered: z.int(), waiting: z.int() })),
  channels: z.array(z.object({ channel: Channel, count: z.int() })),
  tickets: z.object({ open: z.int(), late: z.int() }),
  definition: z.object({ zh: z.string(), en: z.string(), version: z.string() }),
})
export type Wallboard = z.output<typeof Wallboard>
export const insight = {
  wallboard: get('/wallboard', {
    reply: Wallboard,
    may: 'insight:read',
    says: 'The live wallboard; also pushed as `wallboard` once a second.',
  }),
}
/** Bounded, labelled sample customers for a sample centre. */
export const simulation = {
  state: get('/simulation', {
    may: 'sample:simulate',
    reply: z.object({ running: z.boolean(), endsAt: Time.nullable(), arrived: z.int() }),
    says: 'Is sample traffic running.',
  }),
  start: post('/simulation', {
    may: 'sample:simulate',
    body: z.object({ minutes: z.int().min(1).max(60).default(10), perMinute: z.int().min(1).max(60).default(6) }),
    reply: z.object({ running: z.boolean(), endsAt: Time.nullable(), arrived: z.int() }),
    says: 'Let sample customers arrive for a while.',
  }),
  stop: post('/simulation/end', {
    may: 'sample:simulate',
    reply: z.object({ running: z.boolean(), endsAt: Time.nullable(), arrived: z.int() }),
    says: 'Stop sample traffic.',
  }),
}

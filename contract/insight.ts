import * as z from 'zod'
import { get, Id, Paging, pageOf, post, Time } from './endpoint.ts'
import { Channel, InteractionState } from './interactions.ts'
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
      /** Ready, or would be but for what they have in hand. */
      working: z.int(),
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

/** Sums of contacts and the figures made of them. Definitions: FIELD figures, printed in `definition`. */
export const Figure = z.object({
  contacts: z.int(),
  offered: z.int(),
  answered: z.int(),
  answeredInTarget: z.int(),
  abandoned: z.int(),
  shortAbandoned: z.int(),
  undecided: z.int(),
  handled: z.int(),
  rated: z.int(),
  serviceLevel: Share,
  abandonRate: Share,
  asaSeconds: z.number().nullable(),
  ahtSeconds: z.number().nullable(),
  ratingAverage: z.number().nullable(),
  csat: Share,
})
export type Figure = z.output<typeof Figure>
export const Period = z.enum(['day', 'week', 'month', 'year'])
export type Period = z.output<typeof Period>
export const FigureBy = z.enum(['queue', 'agent', 'channel'])
export type FigureBy = z.output<typeof FigureBy>
/** Which of the contacts: all, or those that count for one sum. */
export const Counted = z.enum([
  'contacts',
  'offered',
  'answered',
  'answeredInTarget',
  'abandoned',
  'shortAbandoned',
  'undecided',
  'handled',
  'rated',
])
export type Counted = z.output<typeof Counted>
/** Of years whose instants can be said, in whatever zone. */
const Day = z.iso.date().refine(day => day >= '1901' && day < '9999')
const Scope = z.object({
  period: Period.default('week'),
  /** Any day of the period; today when missing. */
  on: Day.optional(),
  by: FigureBy.default('queue'),
})
export const Figures = z.object({
  period: Period,
  by: FigureBy,
  on: Day,
  from: Time,
  until: Time,
  /** How wide a step of `course` is. */
  step: z.enum(['hour', 'day', 'month']),
  /** `key` is a queue's or agent's id, or a channel; empty for contacts without one. */
  rows: z.array(Figure.extend({ key: z.string(), name: z.string(), nameEn: z.string() })),
  course: z.array(Figure.extend({ at: Time })),
  total: Figure,
  definition: z.object({ zh: z.string(), en: z.string(), version: z.string() }),
})
export type Figures = z.output<typeof Figures>
/** A contact as it counts. */
export const CountedContact = z.object({
  id: Id,
  at: Time,
  channel: Channel,
  state: InteractionState,
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  queueId: Id.nullable(),
  agentId: Id.nullable(),
  subject: z.string(),
  waitSeconds: z.number().nullable(),
  handleSeconds: z.number().nullable(),
  rating: z.int().nullable(),
})
export type CountedContact = z.output<typeof CountedContact>

export const insight = {
  figures: get('/figures', {
    query: Scope,
    reply: Figures,
    may: 'insight:read',
    says: 'Figures of a day, week, month or year by queue, agent or channel, from sums that are kept as contacts change.',
  }),
  counted: get('/figures/contacts', {
    query: Paging.extend({ ...Scope.shape, key: z.string().max(40).optional(), counted: Counted.default('contacts') }),
    reply: pageOf(CountedContact),
    may: 'interaction:read',
    says: 'The contacts behind a figure, newest first.',
  }),
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

/** A figure by its definition: what standards, improvements and reports name. Its version changes with its rule. */
export const FigureName = z.enum([
  'service_level',
  'answer_rate',
  'abandon_rate',
  'asa',
  'aht',
  'csat',
  'rating',
  'ticket_on_time',
  'ticket_hours',
  'ticket_urges',
  'ticket_returns',
  'tickets_per_1000',
])
export type FigureName = z.output<typeof FigureName>
/** Of what a figure is taken; `key` is an id or a channel, empty for the whole centre. */
export const SubjectBy = z.enum(['centre', 'queue', 'channel', 'department', 'team', 'agent', 'kind', 'category'])
export type SubjectBy = z.output<typeof SubjectBy>
export const Subject = z.object({ by: SubjectBy, key: z.string().max(40).default('') })
export type Subject = z.output<typeof Subject>
export const NamedSubject = z.object({ by: SubjectBy, key: z.string(), name: z.string(), nameEn: z.string() })
export type NamedSubject = z.output<typeof NamedSubject>
export const DeclaredFigure = z.object({
  figure: FigureName,
  version: z.int(),
  name: z.string(),
  nameEn: z.string(),
  zh: z.string(),
  en: z.string(),
  unit: z.enum(['share', 'seconds', 'hours', 'points', 'per100', 'per1000']),
  better: z.enum(['up', 'down']),
  /** How two windows are compared: shares by z, means by Welch's t, rates by their ratio. */
  measure: z.enum(['proportion', 'mean', 'rate']),
  subjects: z.array(SubjectBy),
})
export type DeclaredFigure = z.output<typeof DeclaredFigure>
/** A figure over days, `until` not among them. `value` is in the figure's unit, null where there was nothing; `n` are the cases it is divided by. */
export const Measured = z.object({
  figure: FigureName,
  version: z.int(),
  from: z.iso.date(),
  until: z.iso.date(),
  value: z.number().nullable(),
  numerator: z.number(),
  n: z.number(),
  variance: z.number().nullable(),
})
export type Measured = z.output<typeof Measured>
export const declaredFigures = {
  list: get('/figures/declared', { reply: z.array(DeclaredFigure), may: 'insight:read', says: 'Figures by definition, with version.' }),
  subjects: get('/figures/subjects', {
    query: z.object({ figure: FigureName }),
    reply: z.array(NamedSubject),
    may: 'insight:read',
    says: 'Of what a figure can be taken here.',
  }),
  measure: get('/figures/measured', {
    query: z.object({ figure: FigureName, by: SubjectBy.default('centre'), key: z.string().max(40).default(''), from: Day, until: Day }),
    reply: Measured,
    may: 'insight:read',
    says: 'A figure of a subject over days; the last day is not among them.',
  }),
}

import * as z from 'zod'
import { Field } from './automation.ts'
import { Condition } from './conditions.ts'
import { Customer } from './customers.ts'
import { del, get, Id, patch, post, put, QueryBool, Time, Words } from './endpoint.ts'

export const mostSegments = 200
/** A shown count is never older. */
export const countKept = 60_000
/** Behaviour is asked about so many days at most. */
export const mostDays = 1096

const form = {
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  note: z.string().trim().max(500).default(''),
  condition: Condition,
}
export const NewSegment = z.object(form)
export const Segment = z.object({
  id: Id,
  ...form,
  version: z.int(),
  retired: z.boolean(),
  changedAt: Time,
  /** Null: nobody counted within the last minute, or who asks does not see every customer. */
  count: z.int().nullable(),
  countedAt: Time.nullable(),
})
export type Segment = z.output<typeof Segment>
export const SegmentName = z.object({ id: Id, name: z.string(), nameEn: z.string() })
const Counted = z.object({ count: z.int(), countedAt: Time })

export const segments = {
  list: get('/segments', {
    may: 'customer:read',
    query: z.object({ retired: QueryBool.optional() }),
    reply: z.array(Segment),
    says: 'All segments by name, each with its count where somebody counted within the last minute.',
  }),
  fields: get('/segments/fields', {
    may: 'customer:read',
    reply: z.array(Field),
    says: 'What segments and ladders may ask about: the file, behaviour within a number of days, and other segments.',
  }),
  one: get('/segments/:id', { may: 'customer:read', reply: Segment, says: 'One segment.' }),
  add: post('/segments', { may: 'customer:configure', body: NewSegment, reply: Segment, says: 'Make a segment.' }),
  change: patch('/segments/:id', {
    may: 'customer:configure',
    body: z
      .object({ name: form.name, nameEn: z.string().trim().max(60), note: z.string().trim().max(500), condition: Condition })
      .partial()
      .extend({ version: z.int() }),
    reply: Segment,
    says: 'Change a segment; refused when someone else changed it since.',
  }),
  retire: put('/segments/:id/retired', {
    may: 'customer:configure',
    body: z.object({ retired: z.boolean() }),
    reply: Segment,
    says: 'Retire a segment that nothing else uses, or bring it back.',
  }),
  shown: get('/segments/:id/count', {
    may: 'customer:read',
    reply: Counted,
    says: 'How many customers a segment holds of those the caller sees; at most a minute old.',
  }),
  count: post('/segments/count', {
    may: 'customer:read',
    body: z.object({ condition: Condition, id: Id.nullable().default(null) }),
    reply: z.object({
      count: z.int(),
      ms: z.int(),
      sample: z.array(Customer.pick({ id: true, name: true, number: true, tier: true, district: true })),
    }),
    says: 'How many customers a condition holds for while it is being built, with five of them. Nothing is kept. `id`: the segment being changed.',
  }),
  ofCustomer: get('/customers/:id/segments', {
    may: 'customer:read',
    reply: z.array(SegmentName),
    says: 'The segments a customer is in now.',
  }),
}

export const LadderKind = z.enum(['tier', 'stage'])
export type LadderKind = z.output<typeof LadderKind>
export const LadderStep = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  name: Words(30),
  nameEn: z.string().trim().max(40).default(''),
  /** What to do with customers who stand here. */
  advice: z.string().trim().max(500).default(''),
  adviceEn: z.string().trim().max(800).default(''),
  /** Null: only by hand. An empty one holds for everybody: the step for the rest. */
  condition: Condition.nullable().default(null),
})
export type LadderStep = z.output<typeof LadderStep>
const steps = z.array(LadderStep).min(1).max(12)
export const Ladder = z.object({
  kind: LadderKind,
  active: z.boolean(),
  steps,
  version: z.int(),
  appliedAt: Time.nullable(),
  /** Steps that took too long when it was applied last, by key: who stood there stayed. */
  unasked: z.array(z.string()),
})
export type Ladder = z.output<typeof Ladder>
export const Move = z.object({ was: z.string(), becomes: z.string(), customers: z.int() })
/** Who moved somebody: a rule, a person's hand, a table, another system, a table taken back, two files that became one or came apart. */
export const MoveWay = z.enum(['rule', 'person', 'import', 'feed', 'taken_back', 'merged', 'parted'])
export type MoveWay = z.output<typeof MoveWay>
export const PinWay = MoveWay.extract(['person', 'import', 'feed'])
export type PinWay = z.output<typeof PinWay>
export const LadderHistory = z.object({
  id: Id,
  kind: LadderKind,
  was: z.string(),
  becomes: z.string(),
  at: Time,
  way: MoveWay,
  byName: z.string().nullable(),
  why: z.string(),
})
const Standing = z.object({
  kind: LadderKind,
  step: z.string(),
  pinned: z.object({ way: PinWay, reason: z.string(), byName: z.string().nullable(), at: Time }).nullable(),
})
export const Standings = z.object({ standings: z.array(Standing), history: z.array(LadderHistory) })
export type Standings = z.output<typeof Standings>

export const ladders = {
  list: get('/ladders', {
    may: 'customer:read',
    reply: z.array(Ladder),
    says: 'The ladders of value and of life: their steps top down, each with its condition and what to do there.',
  }),
  change: put('/ladders/:kind', {
    may: 'customer:configure',
    body: z.object({ version: z.int(), active: z.boolean(), steps }),
    reply: Ladder,
    says: 'Write a ladder; refused when someone else changed it since. An active one is asked every night.',
  }),
  preview: post('/ladders/:kind/preview', {
    may: 'customer:configure',
    body: z.object({ steps }),
    reply: z.object({ moves: z.array(Move), stay: z.int(), pinned: z.int() }),
    says: 'How many customers these steps would move, from where to where. Nothing is kept.',
  }),
  apply: post('/ladders/:kind/application', {
    may: 'customer:configure',
    body: z.object({ version: z.int() }),
    reply: z.object({ runId: Id }),
    says: 'Ask a ladder now instead of in the night: long work, found again among the runs.',
  }),
  ofCustomer: get('/customers/:id/ladders', {
    may: 'customer:read',
    reply: Standings,
    says: 'Where a customer stands on both ladders, since when and why.',
  }),
  place: put('/customers/:id/ladders/:kind', {
    may: 'customer:write',
    body: z.object({ step: z.string().max(40), reason: Words(200) }),
    reply: Standings,
    says: 'Set a customer’s step by hand; it stays until it is released.',
  }),
  release: del('/customers/:id/ladders/:kind', {
    may: 'customer:write',
    reply: Standings,
    says: 'Let the rules decide again from the next time on.',
  }),
}

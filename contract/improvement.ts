import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { FigureName, Measured, NamedSubject, Subject } from './insight.ts'
import { Day } from './standards.ts'

export const Stage = z.enum(['found', 'planned', 'doing', 'checking', 'checked', 'acting', 'closed', 'dropped'])
export type Stage = z.output<typeof Stage>
export const Board = z.enum(['plan', 'do', 'check', 'act', 'closed'])
export type Board = z.output<typeof Board>
export const SourceNoun = z.enum(['idea', 'standard', 'ticket', 'interaction', 'figure'])
export type SourceNoun = z.output<typeof SourceNoun>
export const Source = z.object({
  noun: SourceNoun,
  id: Id.nullable().default(null),
  facts: z.record(z.string(), z.string().max(200)).default({}),
})
export const Verdict = z.enum(['effective', 'not_effective', 'undecided', 'too_few'])
export type Verdict = z.output<typeof Verdict>

/** What shows that something has become the rule. */
export const LinkNoun = z.enum(['standard', 'document', 'ticket'])
export type LinkNoun = z.output<typeof LinkNoun>

/** What a round declares before anybody acts. */
export const Plan = z.object({
  cause: Words(4000),
  measure: Words(4000),
  figure: FigureName,
  subject: Subject,
  /** Where the figure should come to. */
  expected: z.number(),
  beforeFrom: Day,
  /** The day after the last one before. */
  beforeUntil: Day,
  /** So long the figure is watched after the actions are done, `settleDays` later. */
  afterDays: z.int().min(1).max(365).default(28),
  settleDays: z.int().min(0).max(90).default(0),
  /** The test's level: how small p must be. */
  alpha: z.number().min(0.001).max(0.2).default(0.05),
  leastCases: z.int().min(1).max(1_000_000).default(30),
})
const WindowOf = Measured.omit({ figure: true })
export const Effect = z.object({
  id: Id,
  at: Time,
  before: WindowOf,
  after: WindowOf,
  test: z.enum(['z', 'welch', 'ratio']),
  statistic: z.number().nullable(),
  df: z.number().nullable(),
  p: z.number().nullable(),
  /** After minus before; of rates after ÷ before. Null bounds lie open. */
  effect: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  verdict: Verdict,
})
export type Effect = z.output<typeof Effect>
export const Round = Plan.omit({ subject: true }).extend({
  number: z.int(),
  figureVersion: z.int(),
  subject: NamedSubject,
  declaredById: Id.nullable(),
  declaredAt: Time,
  begunAt: Time.nullable(),
  baseline: WindowOf.nullable(),
  latest: WindowOf.nullable(),
  afterFrom: z.iso.date().nullable(),
  afterUntil: z.iso.date().nullable(),
  verdict: z.enum(['effective', 'not_effective']).nullable(),
  overridden: z.boolean(),
  decidedById: Id.nullable(),
  decidedAt: Time.nullable(),
  reason: z.string(),
  standardised: z.string(),
  links: z.array(z.object({ noun: LinkNoun, id: Id, name: z.string() })),
  effects: z.array(Effect),
})
export type Round = z.output<typeof Round>
export const Action = z.object({
  id: Id,
  round: z.int(),
  title: z.string(),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  dueAt: Time.nullable(),
  doneAt: Time.nullable(),
  late: z.boolean(),
})
export type Action = z.output<typeof Action>
const Card = z.object({
  id: Id,
  title: z.string(),
  stage: Stage,
  board: Board,
  round: z.int(),
  source: z.object({ noun: SourceNoun, id: Id.nullable(), facts: z.record(z.string(), z.string()) }),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  openedById: Id.nullable(),
  openedAt: Time,
  dueAt: Time.nullable(),
  late: z.boolean(),
  changedAt: Time,
  closedAt: Time.nullable(),
  outcome: z.enum(['', 'effective', 'overridden', 'dropped']),
  actions: z.object({ done: z.int(), all: z.int() }),
  /** The declared figure of this round: before, now, where to. */
  figure: z
    .object({
      figure: FigureName,
      subject: NamedSubject,
      before: z.number().nullable(),
      now: z.number().nullable(),
      expected: z.number(),
      until: z.iso.date().nullable(),
      verdict: Verdict.nullable(),
    })
    .nullable(),
})
export type Card = z.output<typeof Card>
export const Finding = Card.extend({ text: z.string(), rounds: z.array(Round), tasks: z.array(Action) })
export type Finding = z.output<typeof Finding>

type Standing = { stage: Stage; actions: { done: number; all: number } }
const open: readonly Stage[] = ['found', 'planned', 'doing', 'checking', 'checked', 'acting']
/** What can be done with a finding where it stands. */
export const findingCan = {
  change: (f: Standing) => open.includes(f.stage),
  plan: (f: Standing) => f.stage === 'found' || f.stage === 'planned',
  begin: (f: Standing) => f.stage === 'planned',
  act: (f: Standing) => f.stage === 'doing',
  check: (f: Standing) => f.stage === 'doing' && f.actions.all > 0 && f.actions.done === f.actions.all,
  measure: (f: Standing) => f.stage === 'checking',
  decide: (f: Standing) => f.stage === 'checked',
  close: (f: Standing) => f.stage === 'acting',
  drop: (f: Standing) => open.includes(f.stage),
  reopen: (f: Standing) => f.stage === 'closed' || f.stage === 'dropped',
}
export type FindingVerb = keyof typeof findingCan

export const improvements = {
  list: get('/improvements', {
    query: Paging.extend({
      board: Board.optional(),
      ownerId: Id.optional(),
      stage: Stage.optional(),
      /** Those that missed their due time. */
      late: z.enum(['true']).optional(),
      sourceId: Id.optional(),
      sort: Order('due', '-opened', 'opened'),
    }),
    reply: pageOf(Card),
    may: 'improvement:read',
    says: 'Open findings by due time, of one column or all; closed ones, the latest first; or as `sort` says.',
  }),
  one: get('/improvements/:id', { reply: Finding, may: 'improvement:read', says: 'One finding with its rounds, actions and checks.' }),
  course: get('/improvements/:id/course', {
    reply: z.array(WindowOf),
    may: 'improvement:read',
    says: 'The declared figure week by week, from the window before until today or the end of the window after.',
  }),
  timeline: get('/improvements/:id/timeline', {
    reply: z.array(
      z.object({
        id: Id,
        name: z.string(),
        at: Time,
        actorKind: z.string(),
        actorId: Id.nullable(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    may: 'improvement:read',
    says: 'What happened to it, newest first.',
  }),
  open: post('/improvements', {
    body: z.object({
      title: Words(200),
      text: z.string().trim().max(4000).default(''),
      source: Source.default({ noun: 'idea', id: null, facts: {} }),
      ownerId: Id.nullable().default(null),
      dueAt: Time.nullable().default(null),
    }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Note something to be better at.',
  }),
  change: put('/improvements/:id', {
    body: z.object({ title: Words(200), text: z.string().trim().max(4000), ownerId: Id.nullable(), dueAt: Time.nullable() }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Change its words, owner or due time.',
  }),
  plan: put('/improvements/:id/plan', {
    body: Plan,
    reply: Finding,
    may: 'improvement:write',
    says: 'Declare cause, measure, figure, expected effect, windows and test; until acting begins it may be changed.',
  }),
  begin: post('/improvements/:id/beginning', {
    reply: Finding,
    may: 'improvement:write',
    says: 'Begin to act: the window before is measured and the plan stands.',
  }),
  act: post('/improvements/:id/actions', {
    body: z.object({ title: Words(200), text: z.string().trim().max(4000).default(''), ownerId: Id, dueAt: Time.nullable().default(null) }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Open an action: a task of its owner.',
  }),
  check: post('/improvements/:id/check', {
    reply: Finding,
    may: 'improvement:write',
    says: 'All actions are done: the window after begins tomorrow, or after the days to settle.',
  }),
  measure: post('/improvements/:id/effect', {
    reply: Finding,
    may: 'improvement:write',
    says: 'Apply the declared test once the window after is over.',
  }),
  decide: post('/improvements/:id/decision', {
    body: z.object({
      verdict: z.enum(['effective', 'not_effective', 'undecided']),
      reason: z.string().trim().max(2000).default(''),
      /** For an undecided one: so many days more. */
      days: z.int().min(1).max(365).default(28),
    }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Effective goes on, not effective begins a new round, undecided is watched longer. Against the test only with a reason, by somebody else than the owner who may decide.',
  }),
  close: post('/improvements/:id/closure', {
    body: z.object({
      standardised: Words(4000),
      links: z
        .array(z.object({ noun: LinkNoun, id: Id, name: Words(200) }))
        .max(20)
        .default([]),
    }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Say what has become the rule, with the standards, documents and tickets that show it, and close.',
  }),
  drop: post('/improvements/:id/dropping', {
    body: z.object({ reason: Words(2000) }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Give it up, with a reason.',
  }),
  reopen: post('/improvements/:id/reopening', {
    body: z.object({ reason: Words(2000) }),
    reply: Finding,
    may: 'improvement:write',
    says: 'Begin a new round of one that was closed.',
  }),
}

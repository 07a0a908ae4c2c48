import * as z from 'zod'
import { Condition, FieldKind } from './conditions.ts'
import { get, Id, Order, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'

const named = { name: z.string(), nameEn: z.string() }
const Option = z.object({ value: z.string(), ...named })
export const Field = z.object({
  key: z.string(),
  kind: FieldKind,
  ...named,
  options: z.array(Option).nullable(),
  /** Where not all that its kind allows can be asked of it. */
  ops: z.array(z.string()).optional(),
  /** Asked about so many last days, written behind it: `contacts@30`. */
  period: z.boolean().optional(),
  /** An amount: in fen, written and read in yuan. */
  money: z.boolean().optional(),
})
export type Field = z.output<typeof Field>
export const Asked = z.object({
  key: z.string(),
  kind: z.enum(['words', 'text', 'choice', 'number', 'minutes', 'person']),
  ...named,
  options: z.array(Option).nullable(),
  optional: z.boolean(),
})
/** What rules can be made of: from every domain, with the words and choices of this organisation. */
export const Offers = z.object({
  subjects: z.array(z.object({ noun: z.string(), ...named, fields: z.array(Field) })),
  /** `fields`: known from the event itself, also of one long past. */
  triggers: z.array(z.object({ key: z.string(), subject: z.string(), ...named, fields: z.array(Field) })),
  /** `allowed`: whether who asks may do it, and so may publish it. */
  actions: z.array(z.object({ key: z.string(), on: z.string().nullable(), ...named, asks: z.array(Asked), allowed: z.boolean() })),
})
export type Offers = z.output<typeof Offers>

export const mostActions = 10
export const mostRules = 200
/** A chain of rules that set off one another ends here. */
export const deepest = 8
/** How often a rule may act on one thing within an hour. */
export const mostPerHour = 20

export const RuleAction = z.object({ action: z.string().min(1).max(80), params: z.record(z.string().max(40), z.unknown()).default({}) })
export const RuleBody = z.object({
  condition: Condition.default({ match: 'all', of: [] }),
  /** Looked at again after so long; done only when it is still so. */
  wait: z
    .object({ minutes: z.int().min(1).max(527_040), working: z.boolean(), calendarId: Id.nullable() })
    .nullable()
    .default(null),
  actions: z.array(RuleAction).max(mostActions).default([]),
})
export type RuleBody = z.output<typeof RuleBody>
const Draft = z.object({ name: Words(60), trigger: z.string().min(1).max(80), body: RuleBody })

/** Why a rule stopped by itself. */
export const Stopped = z.enum(['publisher_left', 'publisher_may_not'])
export const Takes = z.enum(['all', 'first'])
export const RuleLine = z.object({
  id: Id,
  name: z.string(),
  trigger: z.string(),
  position: z.int(),
  /** 0: not published yet. */
  version: z.int(),
  active: z.boolean(),
  stopped: Stopped.nullable(),
  stoppedAt: Time.nullable(),
  /** The draft differs from what is published. */
  changed: z.boolean(),
  changedAt: Time,
  retired: z.boolean(),
  body: RuleBody,
  /** In the last seven days. */
  acted: z.int(),
  refused: z.int(),
})
export type RuleLine = z.output<typeof RuleLine>
export const RuleVersion = z.object({
  number: z.int(),
  name: z.string(),
  note: z.string(),
  publishedById: Id,
  publishedByName: z.string().nullable(),
  publishedAt: Time,
  body: RuleBody,
})
export const Rule = RuleLine.extend({ revision: z.int(), versions: z.array(RuleVersion) })
export type Rule = z.output<typeof Rule>

/** One condition, what stood there when it was asked, and what came of it. */
export const TraceStep = z.object({
  field: z.string(),
  op: z.string(),
  value: z.unknown(),
  seen: z.unknown(),
  was: z.unknown().optional(),
  holds: z.boolean(),
})
export const TraceAction = z.object({
  action: z.string(),
  state: z.enum(['pending', 'done', 'refused']),
  code: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
})
/** `unseen`: its publisher may not see the thing. `dropped`: no longer meant when the wait was over. */
export const Outcome = z.enum(['missed', 'waiting', 'done', 'stopped', 'unseen', 'dropped'])
export const Run = z.object({
  id: Id,
  ruleId: Id,
  ruleName: z.string(),
  version: z.int(),
  trigger: z.string(),
  subjectNoun: z.string(),
  subjectId: Id,
  chain: Id,
  depth: z.int(),
  at: Time,
  outcome: Outcome,
  reason: z.string(),
  dueAt: Time.nullable(),
  /** The thing is not there for who asks: nothing that was seen of it is told. */
  hidden: z.boolean(),
  steps: z.array(TraceStep),
  actions: z.array(TraceAction),
})
export type Run = z.output<typeof Run>

const Happened = z.object({ eventId: Id, at: Time, subjectId: Id, label: z.string(), path: z.string().nullable() })
const Trial = z.object({ trigger: z.string().min(1).max(80), body: RuleBody })

export const automation = {
  offers: get('/automation/offers', { reply: Offers, may: 'rule:read', says: 'Triggers, fields and actions that rules are made of.' }),
  list: get('/automation/rules', {
    reply: z.object({ rules: z.array(RuleLine), takes: z.record(z.string(), Takes) }),
    may: 'rule:read',
    says: 'All rules by trigger in the order they are asked; `takes`: whether a trigger takes all that match or the first.',
  }),
  one: get('/automation/rules/:id', { reply: Rule, may: 'rule:read', says: 'One rule: its draft and its published versions.' }),
  add: post('/automation/rules', { body: Draft, reply: Rule, may: 'rule:configure', says: 'A new draft, asked last.' }),
  change: put('/automation/rules/:id', {
    body: Draft.extend({ revision: z.int() }),
    reply: Rule,
    may: 'rule:configure',
    says: 'Change the draft. What is published runs on.',
  }),
  publish: post('/automation/rules/:id/publication', {
    body: z.object({ revision: z.int(), note: z.string().trim().max(200).default('') }),
    reply: Rule,
    may: 'rule:configure',
    says: 'Make the draft the version that runs. It may do what its publisher may.',
  }),
  switch: put('/automation/rules/:id/active', {
    body: z.object({ active: z.boolean() }),
    reply: Rule,
    may: 'rule:configure',
    says: 'Let the published version run, or rest.',
  }),
  retire: put('/automation/rules/:id/retired', {
    body: z.object({ retired: z.boolean() }),
    reply: Rule,
    may: 'rule:configure',
    says: 'Put it away or bring it back; a rule put away rests.',
  }),
  order: put('/automation/order', {
    body: z.object({ trigger: z.string().max(80), ids: z.array(Id).max(mostRules) }),
    reply: z.object({ ids: z.array(Id) }),
    may: 'rule:configure',
    says: 'The order in which the rules of a trigger are asked.',
  }),
  takes: put('/automation/takes', {
    body: z.object({ trigger: z.string().max(80), takes: Takes }),
    reply: z.object({ takes: Takes }),
    may: 'rule:configure',
    says: 'Whether all rules of a trigger that match act, or the first alone.',
  }),
  happened: get('/automation/happened', {
    query: z.object({ trigger: z.string().max(80) }),
    reply: z.array(Happened),
    may: 'rule:configure',
    says: 'The latest events of a trigger, to try a rule on.',
  }),
  trial: post('/automation/trial', {
    body: Trial.extend({ eventId: Id }),
    reply: z.object({ holds: z.boolean(), steps: z.array(TraceStep) }),
    may: 'rule:configure',
    says: 'What the rule says of one event. Nothing is done.',
  }),
  dryRun: post('/automation/dry-run', {
    body: Trial.extend({ days: z.int().min(1).max(90) }),
    reply: z.object({
      /** Events looked at, the newest first; `whole`: the period holds no more. */
      looked: z.int(),
      whole: z.boolean(),
      since: Time,
      matched: z.int(),
      /** Things that are gone, or that who asks may not see. */
      unseen: z.int(),
      rows: z.array(Happened),
      /** Fields judged by what stands there today, because the past does not tell. */
      today: z.array(z.string()),
    }),
    may: 'rule:configure',
    says: 'On how many events of the past the rule would have acted, and on which. Nothing is done.',
  }),
  runs: get('/automation/runs', {
    query: Paging.extend({ ruleId: Id.optional(), subjectId: Id.optional(), outcome: Outcome.optional(), sort: Order('-time', 'time') }),
    reply: pageOf(Run),
    may: 'rule:read',
    says: 'What rules did and why, newest first or oldest first. Without a rule or a thing, those that did not match are left out.',
  }),
}

import * as z from 'zod'
import { Hours } from './calendars.ts'
import { Tier } from './customers.ts'
import { get, Id, patch, post, put, Time, Words } from './endpoint.ts'

/** A key of a telephone. */
export const Key = z.string().regex(/^[0-9*#]$/)
const NodeKey = z.string().regex(/^[a-z0-9-]{1,40}$/)
/** Where the caller goes next; null: nowhere yet, which no published flow has. */
const Next = NodeKey.nullable().default(null)

/** What is heard: an announcement; without one the words, spoken by whoever speaks for this organisation. */
export const Sound = z.object({
  announcementId: Id.nullable().default(null),
  text: z.string().trim().max(500).default(''),
  textEn: z.string().trim().max(500).default(''),
})
export type Sound = z.output<typeof Sound>

const named = { name: Words(40), nameEn: z.string().trim().max(40).default('') }
const base = { key: NodeKey, ...named }
const tries = z.int().min(1).max(5).default(3)
const seconds = z.int().min(1).max(30).default(5)

export const FlowNode = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('say'), sound: Sound, next: Next }),
  z.object({
    ...base,
    kind: z.literal('menu'),
    sound: Sound,
    options: z.array(z.object({ key: Key, ...named, next: Next })).max(12),
    seconds,
    tries,
    /** After so many wrong keys or silences. */
    otherwise: Next,
  }),
  z.object({
    ...base,
    kind: z.literal('digits'),
    sound: Sound,
    min: z.int().min(1).max(20).default(1),
    max: z.int().min(1).max(20).default(12),
    /** What the figures are; a number of a customer says whose call it is. */
    meaning: z.enum(['customer', 'phone', 'ticket', 'other']).default('other'),
    seconds,
    tries,
    next: Next,
    otherwise: Next,
  }),
  /** Null: the organisation's own calendar. */
  z.object({ ...base, kind: z.literal('hours'), calendarId: Id.nullable().default(null), open: Next, closed: Next }),
  /** Without tiers: whether we know who calls. */
  z.object({ ...base, kind: z.literal('customer'), tiers: z.array(Tier).max(4).default([]), yes: Next, no: Next }),
  z.object({ ...base, kind: z.literal('language'), language: z.enum(['zh', 'en']), next: Next }),
  /** How the caller's open ticket stands; `none`: there is no open one, or we do not know who calls. */
  z.object({ ...base, kind: z.literal('progress'), next: Next, none: Next }),
  z.object({
    ...base,
    kind: z.literal('queue'),
    queueId: Id,
    musicId: Id.nullable().default(null),
    /** Place and wait are told every so many seconds; 0: never. */
    tellEvery: z.int().min(0).max(600).default(45),
    /** After so many seconds key 1 keeps the place and ends the call: we call back. 0: not offered. */
    callBackAfter: z.int().min(0).max(600).default(60),
    /** After so many seconds the caller leaves the queue for `late`; 0: never. */
    leaveAfter: z.int().min(0).max(3600).default(0),
    late: Next,
  }),
  z.object({ ...base, kind: z.literal('callback'), sound: Sound, queueId: Id, next: Next }),
  z.object({ ...base, kind: z.literal('voicemail'), sound: Sound, queueId: Id, most: z.int().min(10).max(600).default(120), next: Next }),
  z.object({
    ...base,
    kind: z.literal('transfer'),
    sound: Sound,
    /** Empty until somebody says which. */
    number: z.string().trim().max(32).default(''),
    ringSeconds: z.int().min(5).max(120).default(30),
    failed: Next,
  }),
  z.object({ ...base, kind: z.literal('hangup'), sound: Sound }),
])
export type FlowNode = z.output<typeof FlowNode>
export type FlowNodeKind = FlowNode['kind']

export const FlowBody = z.object({ first: NodeKey.nullable().default(null), nodes: z.array(FlowNode).max(100).default([]) })
export type FlowBody = z.output<typeof FlowBody>

/** What keeps a flow from being published, at which node and field. */
export const FlowFault = z.object({ node: z.string().nullable(), field: z.string(), code: z.string() })
export type FlowFault = z.output<typeof FlowFault>

export const Flow = z.object({
  id: Id,
  name: z.string(),
  nameEn: z.string(),
  retired: z.boolean(),
  /** The version callers hear; null: none yet. */
  published: z.int().nullable(),
  changedAt: Time,
  /** Numbers that lead here. */
  numbers: z.array(z.string()),
})
export type Flow = z.output<typeof Flow>
const FlowVersion = z.object({ version: z.int(), publishedAt: Time, publishedByName: z.string(), note: z.string(), body: FlowBody })
export const FlowWhole = Flow.extend({ draft: FlowBody, versions: z.array(FlowVersion), faults: z.array(FlowFault) })
export type FlowWhole = z.output<typeof FlowWhole>
const Naming = z.object({ name: Words(60), nameEn: z.string().trim().max(60).default('') })

/** What a step looked up, or was told, before it let the caller go on. */
export const TrialFound = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('hours'),
    calendar: z.string(),
    /** On the wall there: YYYY-MM-DDTHH:mm. */
    wall: z.string(),
    /** The hours of that date; `special`: they are its own, not the week's. */
    hours: z.array(Hours),
    special: z.boolean(),
  }),
  /** Without a name where the reader may not see customers. */
  z.object({ of: z.literal('customer'), known: z.boolean(), name: z.string(), tier: Tier.nullable() }),
  z.object({ of: z.literal('progress'), known: z.boolean() }),
  z.object({ of: z.literal('keyed'), digits: z.string() }),
])
export type TrialFound = z.output<typeof TrialFound>
/** A step that was left, by which way, and why. */
const TrialPassed = z.object({ node: z.string(), out: z.string(), found: TrialFound.nullable() })
export type TrialPassed = z.output<typeof TrialPassed>

/** One stretch of a dry run: the steps that were passed, what the caller hears, and what is waited for. */
export const TrialStep = z.object({
  node: z.string().nullable(),
  passed: z.array(TrialPassed),
  heard: z.array(z.object({ node: z.string().nullable(), text: z.string(), announcementId: Id.nullable() })),
  /** `over`: the call ended; `blocked`: it was turned away; `queue`: it waits; `record`: a message is being left. */
  waitsFor: z.enum(['key', 'digits', 'queue', 'record', 'answer', 'over', 'blocked']),
})
export type TrialStep = z.output<typeof TrialStep>
/** Who calls: whoever has the number, or somebody as if. */
export const TrialCaller = z.enum(['number', 'stranger', ...Tier.options, 'blocked'])
export type TrialCaller = z.output<typeof TrialCaller>
/** A call through the draft as it would go; nothing is done. `state` goes back as it came. */
export const Trial = z.object({ state: z.unknown(), steps: z.array(TrialStep), over: z.boolean() })
export type Trial = z.output<typeof Trial>

export const flows = {
  list: get('/call-flows', { reply: z.array(Flow), may: 'voice:configure', says: 'What callers hear, and where they are led.' }),
  one: get('/call-flows/:id', {
    reply: FlowWhole,
    may: 'voice:configure',
    says: 'One flow with its draft, its versions, and what keeps the draft from being published.',
  }),
  add: post('/call-flows', {
    body: Naming.extend({ draft: FlowBody.optional() }),
    reply: FlowWhole,
    may: 'voice:configure',
    says: 'Begin a flow.',
  }),
  rename: patch('/call-flows/:id', { body: Naming.partial(), reply: FlowWhole, may: 'voice:configure', says: 'Rename a flow.' }),
  draft: put('/call-flows/:id/draft', {
    body: z.object({ body: FlowBody, /** The draft this one was made of; another's change in between is refused. */ basedOn: Time }),
    reply: FlowWhole,
    may: 'voice:configure',
    says: 'Keep the draft.',
  }),
  publish: post('/call-flows/:id/versions', {
    body: z.object({ note: z.string().trim().max(200).default('') }),
    reply: FlowWhole,
    may: 'voice:configure',
    says: 'Callers hear the draft from now on; calls that run go on as they began.',
  }),
  retire: put('/call-flows/:id/retired', {
    body: z.object({ retired: z.boolean() }),
    reply: FlowWhole,
    may: 'voice:configure',
    says: 'Put a flow away to which no number leads, or bring it back.',
  }),
  trial: post('/call-flows/:id/trial', {
    body: z.object({
      from: z.string().max(32).default(''),
      caller: TrialCaller.default('number'),
      language: z.enum(['zh', 'en']).default('zh'),
      at: Time.nullable().default(null),
      state: z.unknown().optional(),
      keys: z
        .string()
        .regex(/^[0-9*#]{0,20}$/)
        .default(''),
      silence: z.boolean().default(false),
    }),
    reply: Trial.extend({ /** Addresses of what is heard, one after the other. */ sounds: z.array(z.string()) }),
    may: 'voice:configure',
    says: 'Walk through the draft as a caller at a time: each step passed with what was found there, what is heard, and what follows from a key or from silence. Nothing is done.',
  }),
}

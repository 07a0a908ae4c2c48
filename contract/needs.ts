import * as z from 'zod'
import { BatchReply, batchOf, customerNamed, Did, ExtId, feedOf, feedQuery } from './batches.ts'
import { catalog, get, Id, Order, Paging, pageOf, patch, post, put, QueryBool, Time, Words } from './endpoint.ts'
import { FormField, FormValues } from './forms.ts'
import { MessageState } from './outgoing.ts'

/** What is asked when a need of this kind is captured, and who takes it on. */
export const NeedTemplate = z.object({
  name: Words(40),
  nameEn: z.string().trim().max(60).default(''),
  fields: z.array(FormField).max(20).default([]),
  departmentId: Id.nullable().default(null),
  position: z.int().default(0),
})
export const needTemplates = catalog('/need-templates', NeedTemplate, { read: 'need:read', write: 'need:configure' })

/** heard (收集) → taken (受理) → planned (已列计划) → done (已实现) or declined (不采纳). */
export const NeedState = z.enum(['heard', 'taken', 'planned', 'done', 'declined'])
export type NeedState = z.output<typeof NeedState>
export const needOver = (state: NeedState): boolean => state === 'done' || state === 'declined'

export const Need = z.object({
  id: Id,
  /** How another system knows it. */
  extId: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  templateId: Id,
  fields: FormValues,
  state: NeedState,
  departmentId: Id.nullable(),
  departmentName: z.string().nullable(),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  /** Who said it; those of needs that were merged into this one among them. */
  voices: z.int(),
  /** Read as part of that one. */
  mergedInto: Id.nullable(),
  answer: z.string(),
  answeredAt: Time.nullable(),
  openedAt: Time,
  changedAt: Time,
  version: z.int(),
})
export type Need = z.output<typeof Need>

/** Where it was read, when it was not in a contact. */
export const VoiceSource = z.object({ noun: z.enum(['ticket', 'rating']), id: Id })
export const Voice = z.object({
  id: Id,
  /** The need it was said for, before a merging. */
  needId: Id,
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  interactionId: Id.nullable(),
  from: VoiceSource.nullable(),
  words: z.string(),
  at: Time,
  byName: z.string().nullable(),
  /** When this customer was answered; null: nobody answered yet. */
  toldAt: Time.nullable(),
  messageId: Id.nullable(),
  /** What became of the message. */
  messageState: MessageState.nullable(),
  /** Why nothing was sent. */
  untold: z.string().nullable(),
  /** Who told them by word of mouth. */
  toldByName: z.string().nullable(),
})
export type Voice = z.output<typeof Voice>
/** States of a message that nobody got. */
export const astray = ['failed', 'refused', 'bounced', 'cancelled'] as const satisfies readonly MessageState[]
/** Somebody was to tell them, and it did not get there. */
export const wentAstray = (v: Pick<Voice, 'toldAt' | 'untold' | 'messageState' | 'toldByName'>): boolean =>
  v.toldAt !== null &&
  v.toldByName === null &&
  ((v.untold !== null && v.untold !== 'told_already') || (v.messageState !== null && astray.some(state => state === v.messageState)))

/** One thing that was decided about a need. */
export const NeedStep = z.object({
  id: Id,
  name: z.string(),
  at: Time,
  actorName: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  /** The need that it was merged with or parted from. */
  otherTitle: z.string().nullable(),
})
export type NeedStep = z.output<typeof NeedStep>

const Share = z.object({ key: z.string(), count: z.int() })
/** Who asked, counted. A customer is one however often they said it. */
export const Askers = z.object({
  /** With a file. */
  customers: z.int(),
  kinds: z.array(Share),
  tiers: z.array(Share),
  /** By how many of them are in it; a customer may be in several. Null: it took too long to count. */
  segments: z.array(Share.extend({ name: z.string(), nameEn: z.string() })).nullable(),
  /** Of the voices with a file: told, told in vain, not told yet. */
  told: z.int(),
  astray: z.int(),
  waiting: z.int(),
})
export type Askers = z.output<typeof Askers>

const said = {
  customerId: Id.nullable().default(null),
  /** The contact it was said in. Without a customer it is said by whoever the contact is with. */
  interactionId: Id.nullable().default(null),
  from: VoiceSource.nullable().default(null),
  /** In the customer's own words. */
  words: z.string().trim().max(4000).default(''),
  /** Made by the client, so that a retry says nothing twice. */
  clientId: Id.optional(),
}
export const NewNeed = z.object({
  templateId: Id,
  title: Words(120),
  text: z.string().trim().max(4000).default(''),
  fields: FormValues.default({}),
  ...said,
})
export const NeedChange = z
  .object({
    title: Words(120),
    text: z.string().trim().max(4000),
    fields: FormValues,
    departmentId: Id.nullable(),
    ownerId: Id.nullable(),
  })
  .partial()
  .extend({ version: z.int() })

/** A need as another system tells it: what is not said stays as it is. */
const told = z.object({
  /** By id, or by name in either language; of a need that is there it stays. */
  templateId: Id.optional(),
  template: Words(60).optional(),
  title: Words(120).optional(),
  text: z.string().trim().max(4000).optional(),
  /** By key; `null` empties one. */
  fields: FormValues.optional(),
  departmentId: Id.nullable().optional(),
  ownerId: Id.nullable().optional(),
  /** Who says it, and in which words: one voice of each customer. */
  ...customerNamed,
  words: z.string().trim().max(4000).optional(),
  /** Sent: refused when someone changed it since. */
  version: z.int().optional(),
})
/** Known by `id`, else by `extId`; what is known by neither is written down. */
export const NeedItem = told.extend({ id: Id.optional(), extId: ExtId.optional() })
export type NeedItem = z.output<typeof NeedItem>

/** One that says nearly the same, and how nearly: of a hundred. */
export const SimilarNeed = Need.pick({ id: true, title: true, state: true, voices: true }).extend({ score: z.int() })

export const needs = {
  upsert: put('/needs/by-ext/:ext', {
    body: told,
    reply: z.object({ did: Did, need: Need }),
    may: 'need:write',
    says: 'Write down or change the need that another system knows by this id, with a voice when it names a customer or brings words; says which, and a second time that nothing changed. Of a merged one the reply is the one that it became part of.',
  }),
  batch: post('/needs/batch', {
    body: batchOf(NeedItem),
    reply: BatchReply,
    may: 'need:write',
    says: 'Up to 1,000 needs at once, known by `id`, else `extId`: each is written down, changed, given one more voice, left as it is or refused by itself. The same items again change nothing. Whoever speaks for a merged one is heard in the one that it became part of; another change of it is refused (`need.merged`), for a person merged it. What becomes of a need is said by `POST /needs/:id/state` and `/answer` alone.',
  }),
  changes: get('/needs/changes', {
    query: feedQuery,
    reply: feedOf(Need),
    may: 'need:read',
    says: 'Needs changed since the cursor, each once at its latest state and none ever missed, merged ones with `mergedInto`; without a cursor from the beginning. A cursor from before a restore is refused (`customer.feed_begin_again`).',
  }),
  list: get('/needs', {
    query: Paging.extend({
      q: z.string().trim().max(100).optional(),
      state: NeedState.optional(),
      open: QueryBool.optional(),
      templateId: Id.optional(),
      departmentId: Id.optional(),
      ownerId: Id.optional(),
      /** What this customer said. */
      customerId: Id.optional(),
      /** Written down from this contact, ticket or rating. */
      from: Id.optional(),
      /** What members of this segment said. */
      segment: Id.optional(),
      sort: Order('-voices', '-changed', 'changed', '-opened', 'opened'),
    }),
    reply: pageOf(Need),
    may: 'need:read',
    says: 'Needs, what most people said first.',
  }),
  one: get('/needs/:id', { reply: Need, may: 'need:read', says: 'One need; of a merged one the one that it became part of.' }),
  voices: get('/needs/:id/voices', {
    query: Paging.extend({
      /** Only those who were to be told in vain, or nobody told yet. */
      unreached: QueryBool.optional(),
    }),
    reply: pageOf(Voice),
    may: 'need:read',
    says: 'Who said it, in their words, the latest first.',
  }),
  askers: get('/needs/:id/askers', {
    reply: Askers,
    may: 'need:read',
    says: 'Who said it, counted by kind, tier and segment, and how many of them were told.',
  }),
  parts: get('/needs/:id/parts', {
    reply: z.array(Need.pick({ id: true, title: true, voices: true })),
    may: 'need:read',
    says: 'What was merged into it, the latest first; at most two hundred.',
  }),
  course: get('/needs/:id/course', {
    reply: z.array(NeedStep),
    may: 'need:read',
    says: 'What was decided about it, when and by whom, the latest first; at most two hundred.',
  }),
  similar: get('/needs/similar', {
    query: z.object({ title: z.string().trim().min(1).max(120), text: z.string().trim().max(1000).optional(), besides: Id.optional() }),
    reply: z.array(SimilarNeed),
    may: 'need:read',
    says: 'Open needs that say nearly the same, at most five: a person decides whether it is one of them.',
  }),
  capture: post('/needs', { body: NewNeed, reply: Need, may: 'need:write', says: 'Write down a need, with the voice that said it.' }),
  speak: post('/needs/:id/voices', {
    body: z.object(said),
    reply: Need,
    may: 'need:write',
    says: 'One more who says so. A customer has one voice in a need: said again, the words are added.',
  }),
  change: patch('/needs/:id', {
    body: NeedChange,
    reply: Need,
    may: 'need:write',
    says: 'Change it or give it to a department or a person; refused when someone else changed it since.',
  }),
  move: post('/needs/:id/state', {
    body: z.object({ state: NeedState, version: z.int() }),
    reply: Need,
    may: 'need:decide',
    says: 'Take it on, plan it, or bring it back. What is done or declined is answered.',
  }),
  answer: post('/needs/:id/answer', {
    body: z.object({
      state: z.enum(['planned', 'done', 'declined']),
      text: Words(600),
      /** Tell those who said it, past the guard, each once. */
      tell: z.boolean().default(true),
      version: z.int(),
    }),
    reply: Need,
    may: 'need:decide',
    says: 'What becomes of it, told to everybody who said it by short message or mail. The same answer again goes to those whom it did not reach.',
  }),
  told: post('/needs/voices/:id/told', {
    reply: Voice,
    may: 'need:write',
    says: 'This customer was told the answer by word of mouth.',
  }),
  merge: post('/needs/:id/merging', {
    body: z.object({ intoId: Id, version: z.int() }),
    reply: Need,
    may: 'need:decide',
    says: 'Read it as part of another from now on. Returns that one.',
  }),
  apart: post('/needs/:id/parting', {
    reply: Need,
    may: 'need:decide',
    says: 'Take a merged one out again, with the voices it came with.',
  }),
}

import * as z from 'zod'
import { BatchReply, batchOf, customerNamed, Did, ExtId, feedOf, feedQuery } from './batches.ts'
import { catalog, get, Id, Order, Paging, pageOf, patch, post, put, Time, Words } from './endpoint.ts'
import { EmailSeen } from './sensitive.ts'

/** A stage is passed through, or ends it: won or lost. */
export const StageKind = z.enum(['open', 'won', 'lost'])
export const OpportunityStage = z.object({
  name: Words(40),
  nameEn: z.string().trim().max(60).default(''),
  kind: StageKind.default('open'),
  /** Of a hundred that stand here, how many are won. */
  chance: z.int().min(0).max(100).default(0),
  position: z.int().default(0),
})
export const opportunityStages = catalog('/opportunity-stages', OpportunityStage, {
  read: 'opportunity:read',
  write: 'opportunity:configure',
})

/** How we came to hear of it. */
export const OpportunitySource = z.enum(['contact', 'referral', 'research', 'campaign', 'visit', 'other'])

const written = {
  title: Words(120),
  source: OpportunitySource,
  /** Who referred, which research. */
  sourceNote: z.string().trim().max(200),
  /** Fen. */
  value: z.int().min(0).max(9_000_000_000_000),
  ownerId: Id.nullable(),
  /** When a decision is expected. */
  expectedOn: z.iso.date().nullable(),
  note: z.string().trim().max(4000),
  /** Of a lead, which is nobody's file yet. */
  name: z.string().trim().max(80),
  phone: z.string().trim().max(40).nullable(),
  email: z.email().max(200).nullable(),
}
export const Opportunity = z.object({
  id: Id,
  /** How another system knows it. */
  extId: z.string().nullable(),
  ...written,
  /** Masked (s***@example.com) for whoever may not reveal, as the telephone is. */
  phone: z.string().nullable(),
  email: z.string().nullable(),
  customerId: Id.nullable(),
  /** The customer's, or the lead's. */
  whoName: z.string(),
  ownerName: z.string().nullable(),
  stageId: Id,
  state: StageKind,
  currency: z.string(),
  interactionId: Id.nullable(),
  lostReason: z.string(),
  openedAt: Time,
  changedAt: Time,
  closedAt: Time.nullable(),
  /** When the lead became a customer. */
  convertedAt: Time.nullable(),
  version: z.int(),
})
export type Opportunity = z.output<typeof Opportunity>

export const NewOpportunity = z
  .object({
    title: written.title,
    customerId: Id.nullable().default(null),
    stageId: Id.nullable().default(null),
    interactionId: Id.nullable().default(null),
    source: written.source.default('contact'),
    sourceNote: written.sourceNote.default(''),
    value: written.value.default(0),
    ownerId: written.ownerId.optional(),
    expectedOn: written.expectedOn.default(null),
    note: written.note.default(''),
    name: written.name.default(''),
    phone: written.phone.default(null),
    email: written.email.default(null),
    /** Made by the client, so that a retry opens no second one. */
    clientId: Id.optional(),
  })
  .refine(form => form.customerId !== null || form.name !== '', { path: ['name'], error: 'whose' })
/** `version` is the one the editor saw; a later one refuses. */
export const OpportunityChange = z
  .object({ ...written, email: EmailSeen.nullable() })
  .partial()
  .extend({ version: z.int() })

/** One step of its course. */
export const OpportunityStep = z.object({
  id: Id,
  fromId: Id.nullable(),
  toId: Id,
  at: Time,
  byName: z.string().nullable(),
  note: z.string(),
})

/** An opportunity as another system tells it: what is not said stays as it is. */
const told = z
  .object({ ...written, email: EmailSeen.nullable() })
  .partial()
  .extend({
    /** Whose it is; without one of these it is a lead, and `name` says whose. What is sent of name and number of a customer is left out: the file says it. */
    ...customerNamed,
    /** Where it stands, by id or by name in either language; at first where opportunities begin. */
    stageId: Id.optional(),
    stage: Words(60).optional(),
    /** Of going there; losing it asks for the reason. */
    stageNote: z.string().trim().max(400).optional(),
    /** Sent: refused when someone changed it since. */
    version: z.int().optional(),
  })
/** Known by `id`, else by `extId`; what is known by neither is opened. */
export const OpportunityItem = told.extend({ id: Id.optional(), extId: ExtId.optional() })
export type OpportunityItem = z.output<typeof OpportunityItem>

export const opportunities = {
  upsert: put('/opportunities/by-ext/:ext', {
    body: told,
    reply: z.object({ did: Did, opportunity: Opportunity }),
    may: 'opportunity:write',
    says: 'Open or change the lead or opportunity that another system knows by this id; says which, and a second time that nothing changed.',
  }),
  batch: post('/opportunities/batch', {
    body: batchOf(OpportunityItem),
    reply: BatchReply,
    may: 'opportunity:write',
    says: 'Up to 1,000 leads and opportunities at once, known by `id`, else `extId`: each is opened, changed, taken to another stage, left as it is or refused by itself. The same items again change nothing. A lead becomes a customer by `POST /opportunities/:id/convert` alone.',
  }),
  changes: get('/opportunities/changes', {
    query: feedQuery,
    reply: feedOf(Opportunity),
    may: 'opportunity:read',
    says: 'Leads and opportunities changed since the cursor, each once at its latest state and none ever missed; without a cursor from the beginning. Telephones and e-mails are masked. A cursor from before a restore is refused (`customer.feed_begin_again`).',
  }),
  list: get('/opportunities', {
    query: Paging.extend({
      q: z.string().trim().max(100).optional(),
      state: StageKind.optional(),
      stageId: Id.optional(),
      ownerId: Id.optional(),
      customerId: Id.optional(),
      /** Heard in this contact. */
      interactionId: Id.optional(),
      source: OpportunitySource.optional(),
      sort: Order('-changed', 'changed', 'expected', '-expected', '-opened', 'opened'),
    }),
    reply: pageOf(Opportunity),
    may: 'opportunity:read',
    says: 'Leads and opportunities, what changed last first.',
  }),
  sums: get('/opportunities/sums', {
    query: z.object({ ownerId: Id.optional() }),
    reply: z.array(z.object({ stageId: Id, count: z.int(), value: z.int(), weighted: z.int() })),
    may: 'opportunity:read',
    says: 'How many stand at each stage and what they are worth in fen, whole and weighted by the chance of the stage; closed ones of this year.',
  }),
  one: get('/opportunities/:id', { reply: Opportunity, may: 'opportunity:read', says: 'One opportunity.' }),
  course: get('/opportunities/:id/course', {
    reply: z.array(OpportunityStep),
    may: 'opportunity:read',
    says: 'Which stages it passed, when and by whom.',
  }),
  open: post('/opportunities', {
    body: NewOpportunity,
    reply: Opportunity,
    may: 'opportunity:write',
    says: 'Open one for a customer, or for a lead that is nobody’s file yet.',
  }),
  change: patch('/opportunities/:id', {
    body: OpportunityChange,
    reply: Opportunity,
    may: 'opportunity:write',
    says: 'Change it; refused when someone else changed it since.',
  }),
  move: post('/opportunities/:id/move', {
    body: z.object({ stageId: Id, note: z.string().trim().max(400).default(''), version: z.int() }),
    reply: Opportunity,
    may: 'opportunity:write',
    says: 'Take it to another stage; losing it asks for the reason.',
  }),
  reveal: post('/opportunities/:id/reveal', {
    /** Asked for where the organisation wants to know why. */
    body: z.object({ reason: Words(200).optional() }),
    reply: z.object({ phone: z.string().nullable(), email: z.string().nullable() }),
    may: 'customer:reveal',
    says: 'Show the telephone and e-mail of a lead in full; audited, and never what is hidden from the role. It counts as a look at a customer’s.',
  }),
  convert: post('/opportunities/:id/convert', {
    body: z.object({
      /** This customer; without one a file is made of the lead. */
      customerId: Id.nullable().default(null),
      /** Make a file although somebody is known by that number or address. */
      anyway: z.boolean().default(false),
      version: z.int(),
    }),
    reply: Opportunity,
    may: 'customer:write',
    says: 'Make a customer of a lead, or join it to one that is there. Refused with who that is when the number is known.',
  }),
}

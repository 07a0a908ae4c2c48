import * as z from 'zod'
import { Customer, CustomerKind, IdentityKind } from './customers.ts'
import { get, Id, Paging, pageOf, post, put, QueryInt, Time } from './endpoint.ts'
import { OwnFieldShown } from './ownFields.ts'

/** Why two files look like one customer's. `code`: a number of a thing or of another system; `said`: written otherwise, said alike; `near…`: nearly the same. */
export const DuplicateReason = z.enum(['phone', 'email', 'wechat', 'web', 'code', 'name', 'said', 'nearName', 'address', 'nearAddress'])
export type DuplicateReason = z.output<typeof DuplicateReason>

const Face = Customer.pick({ id: true, number: true, name: true, kind: true, tier: true, phone: true, address: true, lastContactAt: true })
export type DuplicateFace = z.output<typeof Face>

export const Duplicate = z.object({
  id: Id,
  a: Face,
  b: Face,
  /** Of a hundred. */
  score: z.int(),
  reasons: z.array(DuplicateReason),
  /** What of a number or account is the same in both, as far as the reader sees it. Of a telephone, both faces show it too. */
  same: z.partialRecord(DuplicateReason, z.string()),
  state: z.enum(['open', 'dismissed', 'merged']),
  foundAt: Time,
})
export type Duplicate = z.output<typeof Duplicate>

/** Somebody in the archive who looks like the one who is described. Of several telephones, the one that is the same. */
export const AlikeFile = Face.extend({ reasons: z.array(DuplicateReason) })
export type AlikeFile = z.output<typeof AlikeFile>

/** What is chosen between two files; everything else of both is kept. The address goes with its district and post code. */
export const MergeField = z.enum(['name', 'kind', 'tier', 'phone', 'email', 'address', 'note', 'ownerId', 'stage'])
export type MergeField = z.output<typeof MergeField>
/** `both`: the notes, one below the other. */
export const MergeChoice = z.enum(['kept', 'gone', 'both'])
export type MergeChoice = z.output<typeof MergeChoice>

const Side = Customer.extend({
  ownerName: z.string().nullable(),
  stage: z.string(),
  /** What that stage is called; null: none, or one that is no step any more. */
  stageStep: z.object({ name: z.string(), nameEn: z.string() }).nullable(),
  fields: z.record(z.string(), z.unknown()),
  identities: z.array(z.object({ kind: IdentityKind, value: z.string(), label: z.string() })),
  addresses: z.array(z.object({ label: z.string(), text: z.string() })),
  relations: z.int(),
  carers: z.array(z.string()),
  records: z.int(),
  /** At most a thousand are counted. */
  counts: z.object({ contacts: z.int(), tickets: z.int(), ratings: z.int() }),
  refused: z.int(),
  undisturbed: z.boolean(),
})
export type ComparedFile = z.output<typeof Side>

export const Comparison = z.object({
  kept: Side,
  gone: Side,
  /** Where both say something, and not the same; own fields by `fields.<key>`. */
  differ: z.array(z.string()),
  /** The organisation's own fields that the reader sees, in their order; only what one may write is for choosing. */
  own: z.array(OwnFieldShown.pick({ key: true, label: true, labelEn: true, options: true, mayWrite: true })),
  pair: z.object({ id: Id, score: z.int(), reasons: z.array(DuplicateReason), state: Duplicate.shape.state }).nullable(),
})
export type Comparison = z.output<typeof Comparison>

export const NewMerge = z.object({
  keptId: Id,
  goneId: Id,
  /** The versions that whoever chose saw. */
  keptVersion: z.int(),
  goneVersion: z.int(),
  /** Not named: the kept file's value, or the other's where it has none; of notes both. */
  choices: z.partialRecord(MergeField, MergeChoice).default({}),
  /** The same for the organisation's own fields. */
  fields: z.record(z.string().max(60), z.enum(['kept', 'gone'])).default({}),
})

export const Merge = z.object({
  id: Id,
  keptId: Id,
  goneId: Id,
  goneNumber: z.string(),
  goneName: z.string(),
  at: Time,
  byName: z.string().nullable(),
  apartAt: Time.nullable(),
  apartByName: z.string().nullable(),
  /** The last one of its file: an earlier one comes apart after it. */
  last: z.boolean(),
})
export type Merge = z.output<typeof Merge>

export const duplicates = {
  list: get('/customer-duplicates', {
    query: Paging.extend({ state: z.enum(['open', 'dismissed']).optional(), least: QueryInt.optional() }),
    reply: pageOf(Duplicate),
    may: 'customer:merge',
    says: 'Pairs of files that may be one customer, the likeliest first.',
  }),
  alike: get('/customers/alike', {
    query: z.object({
      name: z.string().trim().max(80).optional(),
      kind: CustomerKind.optional(),
      number: z.string().trim().max(40).optional(),
      phone: z.string().trim().max(40).optional(),
      email: z.string().trim().max(200).optional(),
      address: z.string().trim().max(200).optional(),
    }),
    reply: z.array(AlikeFile),
    may: 'customer:read',
    says: 'Before a customer is added: the five files that most likely are theirs already (the same number, telephone or e-mail, or name and address alike), and why.',
  }),
  ofCustomer: get('/customers/:id/duplicates', {
    reply: z.array(Duplicate),
    may: 'customer:read',
    says: 'Open pairs in which this customer stands, the likeliest first.',
  }),
  dismiss: put('/customer-duplicates/:id/dismissed', {
    body: z.object({ dismissed: z.boolean() }),
    reply: Duplicate,
    may: 'customer:merge',
    says: 'Say that two files are two customers, or take that back. A dismissed pair returns only when what was compared has changed.',
  }),
  compare: get('/customer-comparisons', {
    query: z.object({ keptId: Id, goneId: Id }),
    reply: Comparison,
    may: 'customer:read',
    says: 'Two files side by side, and where they differ.',
  }),
  merge: post('/customer-merges', {
    body: NewMerge,
    reply: Merge,
    may: 'customer:merge',
    says: 'Read two files as one. Everything of both is kept; refused when either was changed since it was compared.',
  }),
  merges: get('/customers/:id/merges', {
    reply: z.array(Merge),
    may: 'customer:read',
    says: 'What was merged into this customer, the latest first.',
  }),
  apart: post('/customer-merges/:id/parting', {
    body: z.object({
      /** They are two customers: the pair is not shown again. False when a merging is only taken back. */
      differ: z.boolean().default(true),
    }),
    reply: Merge,
    may: 'customer:merge',
    says: 'Take two merged files apart; what was changed since the merging stays with the kept one.',
  }),
}

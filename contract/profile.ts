import * as z from 'zod'
import { AddressParts, fitsPostCode } from './addresses.ts'
import { Customer, IdentityKind } from './customers.ts'
import { changeOf, del, get, Id, Paging, pageOf, patch, post, put, Time, Words } from './endpoint.ts'
import { FileCard } from './messaging.ts'

/** Who belongs to a customer and how they are reached: what does not fit on one line of the customer's row. */

const Label = z.string().trim().max(20)
export const ReachedBy = z.object({
  id: Id,
  kind: IdentityKind,
  /** Masked; in full only by `reveal`. */
  value: z.string(),
  label: Label,
  /** The one of its kind that is used first. */
  main: z.boolean(),
  since: Time,
})
export type ReachedBy = z.output<typeof ReachedBy>
/** The ways a person can write down; an account of the web site comes by its own signature. */
export const WrittenKind = z.enum(['phone', 'email', 'wechat'])
export const NewReach = z.object({
  kind: WrittenKind,
  value: z.string().trim().min(1).max(200),
  label: Label.default(''),
  main: z.boolean().default(false),
})

const Held = z.object({ label: Label, main: z.boolean() })
export const Address = AddressParts.extend({ id: Id, ...Held.shape })
export type Address = z.output<typeof Address>
/** Of what an address needs at least one. */
const said = (a: Partial<AddressParts>) => Boolean(a.province || a.city || a.district || a.street || a.detail)
const AddressForm = AddressParts.partial().extend(Held.partial().shape)
export const NewAddress = AddressForm.refine(said, { path: ['detail'] })
export const AddressChange = AddressParts.extend(Held.shape).refine(said, { path: ['detail'] })
export { fitsPostCode }

export const RelationKind = z.enum(['contact', 'household', 'subsidiary', 'other'])
const Role = z.string().trim().max(40)
const Other = Customer.pick({ id: true, number: true, name: true, kind: true, tier: true, phone: true })
export const Relation = z.object({
  id: Id,
  kind: RelationKind,
  /** Seen from this customer: `out` it speaks for the other, lives with it, belongs to it; `in` the other does. */
  side: z.enum(['out', 'in']),
  role: Role,
  main: z.boolean(),
  other: Other,
})
export type Relation = z.output<typeof Relation>
export const NewRelation = z.object({
  otherId: Id,
  kind: RelationKind,
  side: Relation.shape.side,
  role: Role.default(''),
  main: z.boolean().default(false),
})
const RelationChange = changeOf(NewRelation.pick({ role: true, main: true }))

export const Profile = z.object({
  /** Of the customer: whoever changes what stands here says which one they saw. */
  version: z.int(),
  reached: z.array(ReachedBy),
  addresses: z.array(Address),
  relations: z.array(Relation),
  ownerId: Id.nullable(),
  carerIds: z.array(Id),
})
export type Profile = z.output<typeof Profile>

export const CustomerNote = z.object({
  id: Id,
  text: z.string(),
  pinned: z.boolean(),
  writerId: Id.nullable(),
  writtenAt: Time,
  changedAt: Time.nullable(),
  version: z.int(),
})
export type CustomerNote = z.output<typeof CustomerNote>
const NoteText = Words(4000)
/** What somebody wrote only they change; who takes it away wrote it or answers for all customers. */
export const noteCan = {
  change: (note: Pick<CustomerNote, 'writerId'>, personId: string | null) => note.writerId !== null && note.writerId === personId,
  remove: (note: Pick<CustomerNote, 'writerId'>, personId: string | null, all: boolean) => all || noteCan.change(note, personId),
}

export const CustomerFile = z.object({
  id: Id,
  note: z.string(),
  addedById: Id.nullable(),
  addedAt: Time,
  file: FileCard.nullable(),
})
export type CustomerFile = z.output<typeof CustomerFile>

const seen = { version: z.int() }
const Removed = z.object({ removed: z.boolean() })
const may = 'customer:write'

export const profile = {
  read: get('/customers/:id/profile', {
    reply: Profile,
    may: 'customer:read',
    says: 'Every number, mail and WeChat (masked), address, relation and who takes care of a customer.',
  }),
  addReach: post('/customers/:id/reached', {
    body: NewReach,
    reply: Profile,
    may,
    says: 'Add a telephone number, e-mail or WeChat id; the first of its kind is the main one.',
  }),
  changeReach: patch('/customers/:id/reached/:reachId', {
    body: z.object({ ...seen, label: Label.optional(), main: z.literal(true).optional() }),
    reply: Profile,
    may,
    says: 'Label a number or make it the main one of its kind.',
  }),
  removeReach: del('/customers/:id/reached/:reachId', {
    reply: Profile,
    may,
    says: 'Remove a number: it identifies this customer no more. The next of its kind becomes the main one.',
  }),
  addAddress: post('/customers/:id/addresses', {
    body: NewAddress,
    reply: Profile,
    may,
    says: 'Add an address by its parts; one that stands there already is not added again.',
  }),
  changeAddress: patch('/customers/:id/addresses/:addressId', {
    body: AddressChange.safeExtend(seen),
    reply: Profile,
    may,
    says: 'Change an address or make it the main one, which stands on one line in the customer, too.',
  }),
  removeAddress: del('/customers/:id/addresses/:addressId', { reply: Profile, may, says: 'Remove an address.' }),
  relate: post('/customers/:id/relations', {
    body: NewRelation,
    reply: Profile,
    may,
    says: 'Relate two customers: contact of an organisation, household, subsidiary or other; circles of subsidiaries are refused.',
  }),
  changeRelation: patch('/customers/:id/relations/:relationId', {
    body: RelationChange.extend(seen),
    reply: Profile,
    may,
    says: 'Change the role of a relation, or make a contact the main one of the organisation.',
  }),
  unrelate: del('/customers/:id/relations/:relationId', { reply: Profile, may, says: 'End a relation.' }),
  entrust: put('/customers/:id/team', {
    body: z.object({ ...seen, ownerId: Id.nullable(), carerIds: z.array(Id).max(50) }),
    reply: Profile.pick({ ownerId: true, carerIds: true }),
    may,
    says: 'Say who is the owner of a customer and who is in the care team beside them.',
  }),
  notes: get('/customers/:id/notes', {
    query: Paging,
    reply: pageOf(CustomerNote),
    may: 'customer:read',
    says: 'Notes on a customer, pinned ones first, then the newest.',
  }),
  write: post('/customers/:id/notes', {
    body: z.object({
      text: NoteText,
      pinned: z.boolean().default(false),
      /** Made by the client, so that a retry writes nothing twice. */
      clientId: Id.optional(),
    }),
    reply: CustomerNote,
    may,
    says: 'Write a note.',
  }),
  rewrite: patch('/customers/:id/notes/:noteId', {
    body: z.object({ ...seen, text: NoteText.optional(), pinned: z.boolean().optional() }),
    reply: CustomerNote,
    may,
    says: 'Change a note of one’s own; pin or unpin any.',
  }),
  removeNote: put('/customers/:id/notes/:noteId/removed', {
    body: Removed,
    reply: CustomerNote,
    may,
    says: 'Remove a note, or bring it back.',
  }),
  files: get('/customers/:id/files', {
    query: Paging,
    reply: pageOf(CustomerFile),
    may: 'customer:read',
    says: 'Files kept with a customer, the newest first.',
  }),
  keep: post('/customers/:id/files', {
    body: z.object({ fileId: Id, note: z.string().trim().max(200).default('') }),
    reply: CustomerFile,
    may,
    says: 'Keep an uploaded file with a customer.',
  }),
  removeFile: put('/customers/:id/files/:keptId/removed', {
    body: Removed,
    reply: CustomerFile,
    may,
    says: 'Remove a file of a customer, or bring it back.',
  }),
}

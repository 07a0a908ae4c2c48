import { type Profile, profile } from '#contract/profile.ts'
import { found } from '#kernel/refusal.ts'
import { type Door, serve } from '#kernel/serve.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { addressesShown, showsOf, wayShown } from '../masking/showing.ts'
import { visibleCustomers } from '../queries.ts'
import { addAddress, addressesOf, changeAddress, removeAddress } from './addresses.ts'
import { filesOf, keepFileWith, removeFile } from './files.ts'
import { notesOf, removeNote, rewriteNote, writeNote } from './notes.ts'
import { addReach, changeReach, removeReach, waysOf } from './reached.ts'
import { changeRelation, relate, relationsOf, unrelate } from './relations.ts'
import { carersOf, entrust } from './team.ts'

export async function profileOf(ctx: Ctx, asked: string): Promise<Profile> {
  const customer = found(
    await visibleCustomers(ctx)
      .select(['id', 'phone', 'email', 'address', 'district', 'postCode', 'ownerId', 'version'])
      .where('id', '=', await seenFile(ctx, asked))
      .executeTakeFirst(),
    'customer',
    asked,
  )
  const { id } = customer
  const [shows, ways, addresses, relations, carerIds] = await Promise.all([
    showsOf(ctx),
    waysOf(ctx, customer),
    addressesOf(ctx, customer),
    relationsOf(ctx, id),
    carersOf(ctx, id),
  ])
  return {
    version: customer.version,
    reached: ways.flatMap(({ typed: _, ...way }) => {
      const value = wayShown(shows, way)
      return value === null ? [] : [{ ...way, value }]
    }),
    addresses: addressesShown(shows, addresses),
    relations,
    ownerId: customer.ownerId,
    carerIds,
  }
}

export function profileRoutes(door: Door) {
  serve(door, profile, {
    read: (ctx, { id }) => profileOf(ctx, id),
    addReach: (ctx, { id, body }) => after(ctx, id, addReach(ctx, id, body)),
    changeReach: (ctx, given) => after(ctx, given.id, changeReach(ctx, given)),
    removeReach: (ctx, { id, reachId }) => after(ctx, id, removeReach(ctx, id, reachId)),
    addAddress: (ctx, { id, body }) => after(ctx, id, addAddress(ctx, id, body)),
    changeAddress: (ctx, given) => after(ctx, given.id, changeAddress(ctx, given)),
    removeAddress: (ctx, { id, addressId }) => after(ctx, id, removeAddress(ctx, id, addressId)),
    relate: (ctx, { id, body }) => after(ctx, id, relate(ctx, id, body)),
    changeRelation: (ctx, given) => after(ctx, given.id, changeRelation(ctx, given)),
    unrelate: (ctx, { id, relationId }) => after(ctx, id, unrelate(ctx, id, relationId)),
    entrust: (ctx, { id, body }) => entrust(ctx, id, body),
    notes: (ctx, { id, query }) => notesOf(ctx, id, query),
    write: (ctx, { id, body }) => writeNote(ctx, id, body),
    rewrite: (ctx, given) => rewriteNote(ctx, given),
    removeNote: (ctx, { id, noteId, body }) => removeNote(ctx, { id, noteId, ...body }),
    files: (ctx, { id, query }) => filesOf(ctx, id, query),
    keep: (ctx, { id, body }) => keepFileWith(ctx, id, body),
    removeFile: (ctx, { id, keptId, body }) => removeFile(ctx, { id, keptId, ...body }),
  })
}

/** As it stands after the change. */
async function after(ctx: Ctx, id: string, change: Promise<void>): Promise<Profile> {
  await change
  return profileOf(ctx, id)
}

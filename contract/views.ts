import * as z from 'zod'
import { get, Id, patch, post, put, Words } from './endpoint.ts'

export const Share = z.enum(['private', 'team', 'department', 'everybody'])
export type Share = z.output<typeof Share>
const Query = z.record(z.string().max(40), z.string().max(4000))
const Columns = z.array(z.string().max(40)).min(1).max(40).nullable()

export const NewView = z.object({
  list: z.string().max(40),
  name: Words(40),
  share: Share.exclude(['everybody']).default('private'),
  /** Which team or department; without one, one's own. With everybody it is shared by an act of its own. */
  shareId: Id.nullable().default(null),
  /** Filters and sorting as they stand in the address of the list. */
  query: Query.default({}),
  /** Which columns, in this order; null: as the page has them. */
  columns: Columns.default(null),
  /** Shows how many there are. Shared ones always do. */
  pinned: z.boolean().default(false),
})
export const View = z.object({
  id: Id,
  list: z.string(),
  name: z.string(),
  ownerId: Id,
  ownerName: z.string().nullable(),
  share: Share,
  shareId: Id.nullable(),
  query: Query,
  columns: Columns,
  pinned: z.boolean(),
  /** Whether I may change it. */
  mayChange: z.boolean(),
  /** My list opens with it. */
  opens: z.boolean(),
  /** How many of its rows I may see, up to 1,000; null: not counted, or being counted. */
  count: z.int().nullable(),
})
export type View = z.output<typeof View>
/** A count says so many and no more. */
export const mostCounted = 1000

const Change = z.object({
  name: Words(40).optional(),
  share: Share.exclude(['everybody']).optional(),
  shareId: Id.nullable().optional(),
  query: Query.optional(),
  columns: Columns.optional(),
  pinned: z.boolean().optional(),
})

export const views = {
  list: get('/views', {
    query: z.object({ list: z.string().max(40) }),
    reply: z.array(View),
    may: 'signed-in',
    says: 'My views of a list and those shared with me, by name, with their counts.',
  }),
  make: post('/views', { body: NewView, reply: View, may: 'signed-in', says: 'Save filters and columns of a list under a name.' }),
  change: patch('/views/:id', {
    body: Change,
    reply: View,
    may: 'signed-in',
    says: 'Rename, share, pin or overwrite a view: its owner, or whoever may share with everybody.',
  }),
  publish: put('/views/:id/everybody', {
    body: z.object({ shared: z.boolean() }),
    reply: View,
    may: 'view:share',
    says: 'Share a view with everybody, or take it back to oneself.',
  }),
  retire: put('/views/:id/retired', {
    body: z.object({ retired: z.boolean() }),
    may: 'signed-in',
    says: 'Delete a view, or take the deletion back.',
  }),
  choose: put('/views/choice', {
    body: z.object({ list: z.string().max(40), viewId: Id.nullable() }),
    may: 'signed-in',
    says: 'With which view a list opens for me; null: with none.',
  }),
}

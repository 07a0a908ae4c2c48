import * as z from 'zod'
import { IdentityKind } from '#contract/customers.ts'
import { RelationKind } from '#contract/profile.ts'
import { event } from '#kernel/events.ts'

/** Which number stands in the personal values. */
export const reachChanged = event('customer.reach_changed', z.object({ kind: IdentityKind, act: z.enum(['labelled', 'main', 'removed']) }))
/** What was written stands in the personal values. */
export const addressChanged = event(
  'customer.address_changed',
  z.object({ act: z.enum(['added', 'changed', 'removed']), main: z.boolean() }),
)
/** Told of both sides; the role stands in the personal values. */
export const customerRelated = event(
  'customer.related',
  z.object({ kind: RelationKind, side: z.enum(['out', 'in']), act: z.enum(['added', 'changed', 'ended']), otherId: z.uuid() }),
)
const people = z.array(z.uuid())
/** Who looks after the customer from now on. */
export const customerEntrusted = event(
  'customer.entrusted',
  z.object({ ownerId: z.uuid().nullable(), wasId: z.uuid().nullable(), carers: z.object({ added: people, removed: people }) }),
)
/** What it says stands in the personal values. */
export const customerNoted = event(
  'customer.noted',
  z.object({ noteId: z.uuid(), act: z.enum(['written', 'changed', 'pinned', 'unpinned', 'removed', 'restored']) }),
)
/** The name of the file stands in the personal values. */
export const customerFiled = event('customer.filed', z.object({ keptId: z.uuid(), act: z.enum(['added', 'removed', 'restored']) }))

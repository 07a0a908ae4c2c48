import * as z from 'zod'
import { audited, event } from '#kernel/events.ts'

/** The number of the other stands in the personal values: it leads to them. */
const other = z.object({ otherId: z.uuid() })
/** Said of the file that is kept: another is read as part of it. */
export const customerMerged = audited('customer.merged', other.extend({ fields: z.array(z.string()) }), 'customer:read')
/** Said of the file that went. */
export const customerMergedAway = audited('customer.merged_away', other, 'customer:read')
/** Said of both. */
export const customerParted = audited('customer.parted', other, 'customer:read')
export const duplicateDismissed = audited(
  'duplicate.dismissed',
  z.object({ aId: z.uuid(), bId: z.uuid(), dismissed: z.boolean() }),
  'customer:read',
)
/** Pairs of a customer were found or fell away. */
export const duplicatesFound = event('duplicate.found', z.object({ open: z.int() }), 'customer:read')
/** Somebody else was looking: this file is looked at a moment later. */
export const lookDue = event('duplicate.look_due', z.object({}), 'customer:read')
/** The next part of the files is looked at. */
export const matchingDue = event('duplicate.matching_due', z.object({}), 'customer:read')

import * as z from 'zod'
import { audited, event } from '#kernel/events.ts'

const n = z.int()
const privacy = 'customer:privacy' as const
/** Why stands with the erasure itself. */
export const erasureAsked = audited('customer.erasure_asked', z.object({}), privacy)
/** The person is gone from everything. `number`: the one they have since. */
export const customerErased = audited('customer.erased', z.object({ number: z.string(), rows: n, files: n }), privacy)
export const packageAsked = audited('customer.package_asked', z.object({}), privacy)
export const customerHeld = audited('customer.held', z.object({ on: z.boolean() }), privacy)
/** Of which number stands, masked, in the personal values. */
export const leftAloneAdded = audited('left_alone.added', z.object({ n, known: n }), 'message:configure')
export const leftAloneLifted = audited('left_alone.lifted', z.object({}), 'message:configure')
export const keepingChanged = audited('keeping.changed', z.object({ kind: z.string(), days: n.nullable() }), privacy)
/** What a night removed because its time was over, by kind. */
export const keptNoLonger = audited('keeping.over', z.object({ kind: z.string(), days: n, rows: n }), privacy)
/** A night goes on with this kind: how many rows went so far, with which of its tables, behind which row, until when. */
export const keepingDue = event(
  'keeping.due',
  z.object({
    kind: z.string(),
    rows: n,
    n: n.default(0),
    after: z.uuid().nullable().default(null),
    until: z.iso.datetime().nullable().default(null),
  }),
  privacy,
)

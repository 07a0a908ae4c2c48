import * as z from 'zod'
import { LadderKind, MoveWay } from '#contract/segments.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const act = z.enum(['added', 'changed', 'retired', 'restored'])
export const segmentChanged = audited('segment.changed', z.object({ act, name: z.string(), changes: Difference }), 'customer:read')
export const ladderChanged = audited('ladder.changed', z.object({ kind: LadderKind, changes: Difference }), 'customer:read')
/** A ladder was asked about everybody: one fact for all it moved, and the steps that could not be asked. */
export const ladderApplied = audited(
  'ladder.applied',
  z.object({ kind: LadderKind, moved: z.int(), unasked: z.array(z.string()).optional() }),
  'customer:read',
)
/** Who follows customers hears that very many stand elsewhere now, and not which. */
export const manyMoved = event('customer.many_moved', z.object({ kind: LadderKind, moved: z.int() }))
/** A customer stands on another step, which had this name then. Where a rule moved very many at once it is told by `ladder.applied` alone. */
export const customerMoved = event(
  'customer.moved',
  z.object({
    kind: LadderKind,
    was: z.string(),
    becomes: z.string(),
    name: z.string(),
    nameEn: z.string(),
    way: MoveWay,
    pinned: z.boolean(),
  }),
)
export const customerReleased = event('customer.released', z.object({ kind: LadderKind }))

import type { LadderKind } from '#contract/segments.ts'
import type { Ctx } from '#kernel/work.ts'
import { type Pin, pinsOf, putPins } from '../segments/pins.ts'
import type { Both } from './moving.ts'
import type { Moved } from './tables.ts'

type Pins = NonNullable<Moved['pins']>

const pinOf = async (ctx: Ctx, id: string, kind: LadderKind): Promise<Pin | null> => (await pinsOf(ctx, kind, [id])).get(id) ?? null
const writePin = (ctx: Ctx, id: string, kind: LadderKind, pin: Pin | null) => putPins(ctx, kind, [{ id, pin }])

/** Whoever's step counts, it stands as it did there: set by hand or not; where both stand on the same one, as long as either was set by hand. */
export async function pinsTogether(
  ctx: Ctx,
  { keptId, goneId }: Both,
  counts: Record<LadderKind, 'kept' | 'gone' | 'same'>,
): Promise<Pins> {
  const changes: Pins = []
  for (const kind of ['tier', 'stage'] as const) {
    const [was, became] = [await pinOf(ctx, keptId, kind), await pinOf(ctx, goneId, kind)]
    if (was === null && became === null) continue
    if (counts[kind] === 'kept' || (counts[kind] === 'same' && (was !== null || became === null))) continue
    await writePin(ctx, keptId, kind, became)
    changes.push({ kind, was, became })
  }
  return changes
}

/** The other file's own pin never left it. What was set or released by hand since counts. */
export async function pinsApart(ctx: Ctx, keptId: string, pins: Pins): Promise<void> {
  for (const { kind, was, became } of pins) {
    const now = await pinOf(ctx, keptId, kind)
    if (now?.at === became?.at && now?.reason === became?.reason) await writePin(ctx, keptId, kind, was)
  }
}

import { sql } from 'kysely'
import type { Group } from '#contract/conditions.ts'
import { cursorOf } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortKeyOf } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { naming } from './askable.ts'
import type { Sql } from './behaviour.ts'
import { compile, membersSql } from './compile.ts'
import { type Book, readBook } from './fields.ts'
import { patiently } from './patience.ts'
import { countSeconds } from './queries.ts'

/** So many that stand next are asked one by one. A page of what many are in is full by then. */
const looks = [150, 600]

type Row = { id: string; sortKey: string }
/** `members`: only those; null: whoever stands next. */
export type ReadOn<R> = (after: string | undefined, size: number, members: Sql | null) => Promise<R[]>

/**
 * Up to `size` rows of a list that are in a segment, in the list's order. Everybody is asked only where few of those who stand next are in it;
 * that is no more than one counts.
 */
export async function inSegment<R extends Row>(
  ctx: Ctx,
  segmentId: string,
  after: string | undefined,
  size: number,
  read: ReadOn<R>,
): Promise<R[]> {
  const book = await readBook(ctx)
  found(book.segments.get(segmentId), 'segment', segmentId)
  const root = naming(segmentId)
  return patiently(ctx, countSeconds, async () => {
    const inside: R[] = []
    let from = after
    for (const look of looks) {
      const rows = await read(from, look, null)
      const held = await heldAmong(
        ctx,
        book,
        root,
        rows.map(row => row.id),
      )
      inside.push(...rows.filter(row => held.has(row.id)))
      const last = rows.at(-1)
      if (inside.length >= size || rows.length < look || !last) return inside.slice(0, size)
      from = cursorOf(sortKeyOf(last))
    }
    return [...inside, ...(await read(from, size - inside.length, membersSql(ctx, compile(ctx, book, [root], 'all'))))]
  })
}

/** For which of these it holds. */
async function heldAmong(ctx: Ctx, book: Book, root: Group, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`${membersSql(ctx, compile(ctx, book, [root], 'few'))} and c.id = any(${ids}::uuid[])`.execute(
    ctx.db,
  )
  return new Set(rows.map(row => row.id))
}

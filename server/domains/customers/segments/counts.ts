import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { canBeAsked, inParts, naming } from './askable.ts'
import type { Sql } from './behaviour.ts'
import { compile } from './compile.ts'
import { readBook } from './fields.ts'
import { inTime } from './patience.ts'
import { countSeconds } from './queries.ts'

export type SegmentCount = { key: string; name: string; nameEn: string; count: number }

/**
 * How many of these customers (`select` of the ids of kept files) are in each segment, the fullest first; those that hold none, and those that cannot be asked, are left
 * out. Null: it takes longer than anybody waits.
 */
export async function segmentCounts(ctx: Ctx, customers: Sql): Promise<SegmentCount[] | null> {
  const book = await readBook(ctx)
  const segments = [...book.segments.values()].filter(({ id }) => canBeAsked(book, naming(id)))
  const counts = await inTime(ctx, countSeconds, async () => {
    const all: number[] = []
    for (const roots of inParts(
      book,
      segments.map(({ id }) => naming(id)),
    )) {
      const { joins, wheres } = compile(ctx, book, roots, 'few')
      const each = wheres.map(where => sql`count(*) filter (where ${where})::int`)
      const { rows } = await sql<{ counts: number[] }>`select array[${sql.join(each)}] as counts from customers.customer c ${joins}
        where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and c.id in (${customers})`.execute(ctx.db)
      all.push(...(rows[0]?.counts ?? []))
    }
    return all
  })
  if (counts === null) return null
  return segments
    .map(({ id, name, nameEn }, n) => ({ key: id, name, nameEn, count: counts[n] ?? 0 }))
    .filter(one => one.count > 0)
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}

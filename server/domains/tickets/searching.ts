import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'

/** More of the newest tickets than these are not looked through: beyond, the text index is the shorter way. Of a million, a page of 20 or 50 then looks through the newest for words in more than 4,000 or 10,000 tickets. */
const longest = 10_000
const shortest = 500

type Plan = { 'Plan Rows': number; Plans?: Plan[] }

/**
 * Where to begin looking for words that occur often: the instant of last change before which nothing needs to be read for a first page; null when the text index is the way.
 * The planner knows how often each pair of signs occurs but multiplies them as if they came by chance: for a saying that stands in every twentieth ticket
 * it would read all of those by the text index and sort them (0.1 to 0.5 s of a million). So its estimate is asked of each pair alone, and the rarest decides.
 */
export async function beginningOf(
  ctx: Ctx,
  words: string,
  after: readonly [string, string] | undefined,
  wanted: number,
): Promise<Date | null> {
  const pairs = words.match(/'[^']+'(?::\*)?/g) ?? []
  const all = sql`select 1 from tickets.searchable t where t.tenant_id = ${ctx.tenantId}`
  const { rows } = await sql<Record<string, [{ Plan: Plan }]>>`explain (format json) ${sql.join(
    [all, ...pairs.map(pair => sql`${all} and t.tsv @@ ${pair}::tsquery`)],
    sql` union all `,
  )}`.execute(ctx.db)
  const plan = Object.values(rows[0] ?? {})[0]?.[0]?.Plan
  const [total, ...shares] = (plan?.Plans ?? []).map(p => p['Plan Rows'])
  if (total === undefined || shares.length === 0) return null
  // Twice as far as the rarest pair alone would need.
  const stretch = Math.max(shortest, Math.ceil((2 * wanted * total) / Math.max(1, Math.min(...shares))))
  if (stretch > longest) return null
  const from = after ? sql`and (changed_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``
  const last = await sql<{ at: Date }>`select changed_at as at from tickets.ticket where tenant_id = ${ctx.tenantId} ${from}
    order by changed_at desc, id desc offset ${stretch} limit 1`.execute(ctx.db)
  return last.rows[0]?.at ?? null
}

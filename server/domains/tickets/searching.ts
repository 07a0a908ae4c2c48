import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'

/** More of the newest tickets than these are not looked through: beyond, the text index is the shorter way. Of a million, a page of 20 looks through the newest for words in more than 2,000 tickets: a ticket that is looked at costs a tenth of one that the index brings up to be sorted. */
export const longest = 20_000
const shortest = 500

type Plan = { 'Plan Rows': number; Plans?: Plan[] }

/**
 * How many of the newest tickets to look through for a first page of words that occur often; null when the text index is the way.
 * The planner knows how often each pair of signs occurs but multiplies them as if they came by chance: for a saying that stands in every twentieth ticket
 * it would read all of those by the text index and sort them (0.1 to 0.5 s of a million). So its estimate is asked of each pair alone, and the rarest decides.
 */
export async function reachOf(ctx: Ctx, words: string, wanted: number): Promise<number | null> {
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
  const reach = Math.max(shortest, Math.ceil((2 * wanted * total) / Math.max(1, Math.min(...shares))))
  return reach > longest ? null : reach
}

/** The instant of last change of the ticket so many behind the newest; null when there are not so many. */
export async function changedAtBehind(ctx: Ctx, reach: number, after: readonly [string, string] | undefined): Promise<Date | null> {
  const from = after ? sql`and (changed_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``
  const { rows } = await sql<{ at: Date }>`select changed_at as at from tickets.ticket where tenant_id = ${ctx.tenantId} ${from}
    order by changed_at desc, id desc offset ${reach} limit 1`.execute(ctx.db)
  return rows[0]?.at ?? null
}

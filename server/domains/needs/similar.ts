import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { needs, SimilarNeed } from '#contract/needs.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleNeeds } from './queries.ts'
import { leastLikeness, likeness, pairsOf } from './rules.ts'

const mostPairs = 24
/** That hold all pairs of the title, or all of one half of it: few, however many hold one of them. */
const mostNear = 200
/** That hold any pair at all: the last changed. */
const mostFar = 1_000
const mostCompared = 200
const mostSimilar = 5

/** Candidates share pairs of signs of the title, those that share most first; the likeness decides, and a person after it. */
export async function similarNeeds(
  ctx: Ctx,
  { title, text = '', besides }: z.output<typeof needs.similar.query>,
): Promise<z.output<typeof SimilarNeed>[]> {
  const pairs = [...new Set(pairsOf(title))].slice(0, mostPairs)
  if (pairs.length === 0) return []
  const middle = Math.ceil(pairs.length / 2)
  const near = [pairs, pairs.slice(0, middle), pairs.slice(middle)]
    .filter(some => some.length > 1)
    .map(some => holding(some, ' & ', mostNear))
  const ways = [...near, holding(pairs, ' | ', mostFar)].map(one => one(ctx, besides))
  const { rows: nearest } = await sql<{ id: string }>`select x.id from (${sql.join(
    ways.map(way => sql`(${way})`),
    sql` union `,
  )}) x order by (select count(*) from unnest(x.search) w where w.lexeme = any(${pairs}::text[])) desc, x.changed_at desc, x.id desc
    limit ${mostCompared}`.execute(ctx.db)
  if (nearest.length === 0) return []
  const rows = await visibleNeeds(ctx)
    .select(['n.id', 'n.title', 'n.text', 'n.state', 'n.voices'])
    .where(sql<boolean>`n.id = any(${nearest.map(row => row.id)}::uuid[])`)
    .execute()
  return rows
    .map(({ text: said, ...row }) => ({ ...row, score: likeness({ title, text }, { title: row.title, text: said }) }))
    .filter(row => row.score >= leastLikeness)
    .sort((a, b) => b.score - a.score || b.voices - a.voices)
    .slice(0, mostSimilar)
}

const holding =
  (pairs: readonly string[], by: ' & ' | ' | ', most: number) =>
  (ctx: Ctx, besides: string | undefined): RawBuilder<unknown> => {
    const query = pairs.map(pair => `'${pair}'`).join(by)
    let rows = visibleNeeds(ctx, 'need:read', 'needs.searchable')
      .select(['n.id', 'n.search', 'n.changedAt'])
      .where(sql<boolean>`n.merged_into is null and n.state not in ('done', 'declined') and n.search @@ ${query}::tsquery`)
      .orderBy('n.changedAt', 'desc')
      .limit(most)
    if (besides) rows = rows.where(sql<boolean>`n.id <> ${besides}`)
    return sql`${rows}`
  }

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { readSearch } from '../rules.ts'
import { beginsWith, exactly } from './exact.ts'
import { findingWords } from './words.ts'

// Ids are made in the order in which customers were added: among those never in contact the latest comes first.
export const lastContact = sql<Date>`coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00')`
export const holds = (query: string): RawBuilder<SqlBool> => sql<SqlBool>`search @@ ${query}::tsquery`

/** Of whom one in fifty has the words is soon met in any order; looked for among so many. */
const tasted = 2_000
const common = 40
const mostFetched = 3_000

/** Who is meant by what was typed in a list's box. `ids` are all of them unless `also` is there: so many hold the words, or have a number that begins so, that they are not fetched before. `isCommon`: those in contact last do so often that they are soon met as one reads on. */
export type Sought = { ids: readonly string[]; also: RawBuilder<SqlBool> | null; isCommon: boolean }

/** Null when nothing in it can be looked for. `seen`: whom the actor sees, when not everybody. */
export async function sought(ctx: Ctx, q: string, seen: Expression<unknown> | null): Promise<Sought | null> {
  const search = readSearch(q)
  // A full telephone number or e-mail is meant as such; its digits are not looked for in texts.
  const query = search.phone || search.email ? null : (findingWords(search.words)?.any ?? null)
  const wordsCommon = query !== null && (await isCommon(ctx, holds(query)))
  const [exact, held] = await Promise.all([
    exactly(ctx, q, search, { most: mostFetched + 1, seen }),
    query === null ? [] : wordsCommon ? null : idsHolding(ctx, query),
  ])
  const numbered = exact.filter(hit => hit.by === 'number')
  const typed = numbered.length > mostFetched ? numbered[0]?.typed : undefined
  const numbers = typed === undefined ? null : await beginning(ctx, typed)
  const hits = numbers ? exact.filter(hit => hit.by !== 'number') : exact
  const ids = [...new Set([...hits.map(hit => hit.id), ...(numbers?.merged ?? []), ...(held ?? [])])]
  const also = [...(held === null && query !== null ? [holds(query)] : []), ...(numbers ? [numbers.begins] : [])]
  if (also.length > 0)
    return { ids, also: sql<SqlBool>`(${sql.join(also, sql` or `)})`, isCommon: wordsCommon || (numbers?.isCommon ?? false) }
  return ids.length > 0 ? { ids, also: null, isCommon: false } : null
}

async function isCommon(ctx: Ctx, holding: RawBuilder<SqlBool>): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (select search, number from customers.searchable
    where tenant_id = ${ctx.tenantId} order by ${lastContact} desc, id desc limit ${tasted}) c where ${holding}`.execute(ctx.db)
  return (rows[0]?.n ?? 0) >= common
}

/** Of so many numbers that begin so. `merged`: those whose own begins otherwise, but one that was merged into them. */
async function beginning(ctx: Ctx, typed: string): Promise<{ begins: RawBuilder<SqlBool>; merged: string[]; isCommon: boolean }> {
  const of = (column: RawBuilder<unknown>) => beginsWith(column, typed, typed.toUpperCase())
  const begins = of(sql`number`)
  const [common, { rows }] = await Promise.all([
    isCommon(ctx, begins),
    sql<{
      id: string
    }>`select k.id from customers.searchable a join customers.searchable k on k.tenant_id = ${ctx.tenantId} and k.id = a.merged_into
      where a.tenant_id = ${ctx.tenantId} and a.merged_into is not null and ${of(sql`a.number`)} and not (${of(sql`k.number`)}) limit ${mostFetched}`.execute(
      ctx.db,
    ),
  ])
  return { begins, merged: rows.map(row => row.id), isCommon: common }
}

/** Null when there are more than are worth fetching before they are put in order. */
async function idsHolding(ctx: Ctx, query: string): Promise<string[] | null> {
  const rows = await byTextIndex(ctx, async () => {
    const found = await sql<{ id: string }>`select coalesce(merged_into, id) as id from customers.searchable
      where tenant_id = ${ctx.tenantId} and ${holds(query)} limit ${mostFetched + 1}`.execute(ctx.db)
    return found.rows
  })
  return rows.length > mostFetched ? null : rows.map(row => row.id)
}

/** Whatever the statistics say: the text index, or the few rows of a small tenant. */
export async function byTextIndex<R>(ctx: Ctx, read: () => Promise<R>): Promise<R> {
  ctx.write`set local enable_seqscan = off`
  ctx.write`set local enable_indexscan = off`
  const found = await read()
  ctx.write`set local enable_indexscan = on`
  ctx.write`set local enable_seqscan = on`
  return found
}

/** Read in the order of its index, and no further than the page is long. */
export async function inOrder<R>(ctx: Ctx, read: () => Promise<R>): Promise<R> {
  ctx.write`set local enable_seqscan = off`
  ctx.write`set local enable_bitmapscan = off`
  const rows = await read()
  ctx.write`set local enable_bitmapscan = on`
  ctx.write`set local enable_seqscan = on`
  return rows
}

import { type SqlBool, sql } from 'kysely'
import type * as z from 'zod'
import type { FoundCustomer, finding } from '#contract/finding.ts'
import { scopeOf } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { shownTo, showsOf } from '../masking/showing.ts'
import { leftAloneAmong } from '../privacy/aloneByAddress.ts'
import { columns, onlySeen, visibleCustomers } from '../queries.ts'
import { readSearch } from '../rules.ts'
import { type Exact, exactly } from './exact.ts'
import { byTextIndex, holds, lastContact } from './sought.ts'
import { whyByWords, whyExact } from './why.ts'
import { findingWords } from './words.ts'

/** Among so many with the latest contact is looked first: whatever one customer in two hundred has is found there ten times over. */
const mostLookedThrough = 2_000
/** What was not is rare, and fetched by the text index; of more than so many these are as good as others. */
const mostFetched = 3_000
const mostExact = 50

type Words = NonNullable<ReturnType<typeof findingWords>>
type Near = { id: string; begins: boolean }

/**
 * Whoever fits best, for a box in which somebody is typing: every part reads a bounded number of rows, however many customers there are and however little was typed.
 * First who is meant by a number; then whose name begins so; then the rest, who was in contact last first.
 */
export async function findCustomers(ctx: Ctx, { q, size = 10 }: z.output<typeof finding.find.query>): Promise<FoundCustomer[]> {
  const search = readSearch(q)
  // A full telephone number or e-mail is meant as such.
  const words = search.phone || search.email ? null : findingWords(q)
  const [shows, people] = await Promise.all([showsOf(ctx), peopleSeen(ctx)])
  const [exact, latest] = await Promise.all([
    exactly(ctx, q, search, { most: mostExact, seen: onlySeen(ctx) }),
    words ? amongLatest(ctx, words, people, size) : [],
  ])
  const near = words ? [...latest, ...(await amongAll(ctx, words, people, latest, size))] : []

  const found = await linesOf(ctx, [...new Set([...exact.map(hit => hit.id), ...near.map(one => one.id)])])
  const lastAt = (id: string) => found.get(id)?.lastContactAt?.getTime() ?? 0
  const named = spread(
    exact.filter(hit => found.has(hit.id)),
    lastAt,
  )
  const why = new Map(named.map(hit => [hit.id, whyExact(hit, shows)]))
  const others = near
    .filter(one => !why.has(one.id))
    .map(one => ({ ...one, at: lastAt(one.id) }))
    .sort((a, b) => Number(b.begins) - Number(a.begins) || b.at - a.at || (a.id < b.id ? 1 : -1))
  const best = [...new Set([...named.map(hit => hit.id), ...others.map(one => one.id)])].flatMap(id => found.get(id) ?? []).slice(0, size)
  const alone = await leftAloneAmong(ctx, best)
  return best.map(row => {
    const shown = shownTo(shows, row)
    return { ...shown, leftAlone: alone.has(row.id), why: why.get(row.id) ?? whyByWords(shown, q) }
  })
}

/** Surest first; of what may be meant otherwise (ends of telephones, beginnings of numbers) each kind in turn, so that a common one hides no other. */
function spread(hits: readonly Exact[], at: (id: string) => number): Exact[] {
  const sure = hits.filter(hit => hit.whole)
  const kinds = Object.values(
    Object.groupBy(
      hits.filter(hit => !hit.whole),
      hit => hit.by,
    ),
  ).map(group => (group ?? []).sort((a, b) => at(b.id) - at(a.id)))
  const turns: Exact[] = []
  for (let n = 0; kinds.some(kind => n < kind.length); n++) turns.push(...kinds.flatMap(kind => kind[n] ?? []))
  const named = new Map<string, Exact>()
  for (const hit of [...sure, ...turns]) if (!named.has(hit.id)) named.set(hit.id, hit)
  return [...named.values()]
}

/** Whose customers the actor sees, looked after or taken care of, when not everybody's. */
async function peopleSeen(ctx: Ctx): Promise<readonly string[] | null> {
  const { actor } = ctx
  const scope = scopeOf(actor, 'customer:read')
  if (scope === 'all') return null
  if (scope === null || actor.kind !== 'user') return []
  if (scope === 'own') return [actor.id]
  const people = await ctx.db
    .selectFrom('identity.factPerson')
    .select('id')
    .where(scope === 'team' ? 'teamId' : 'departmentId', '=', scope === 'team' ? actor.teamId : actor.departmentId)
    .execute()
  return [...new Set([actor.id, ...people.map(person => person.id)])]
}

const kept = sql<string>`coalesce(merged_into, id)`
const order = sql`${lastContact} desc, id desc`

type People = readonly string[] | null
const takenCareOf = (ctx: Ctx, people: readonly string[]) =>
  sql`any(array(select k.customer_id from customers.carer k where k.tenant_id = ${ctx.tenantId} and k.user_id = any(${people}::uuid[])))`

/** Looks at each of the latest; of each owner in turn, and at those whom they take care of, when not all are seen. */
async function amongLatest(ctx: Ctx, words: Words, people: People, size: number): Promise<Near[]> {
  const rows = sql`select c.id, c.merged_into, c.last_contact_at, c.search from customers.searchable c where c.tenant_id = ${ctx.tenantId}`
  const latest =
    people === null
      ? sql`${rows} order by ${order} limit ${mostLookedThrough}`
      : sql`(select c.* from unnest(${people}::uuid[]) o (id) cross join lateral (
          ${rows} and c.owner_id = o.id order by ${order} limit ${Math.ceil(mostLookedThrough / Math.max(1, people.length))}) c)
          union all (${rows} and c.id = ${takenCareOf(ctx, people)} and (c.owner_id is null or c.owner_id <> all(${people}::uuid[])) limit ${mostLookedThrough})`
  const found = await sql<Near>`select ${kept} as id, ${holds(words.begin)} as begins from (${latest}) c
    where ${holds(words.any)} order by 2 desc, ${order} limit ${size}`.execute(ctx.db)
  return found.rows
}

/** What the latest did not fill: names that begin so, and when there are few of any, all. */
async function amongAll(ctx: Ctx, words: Words, people: People, latest: readonly Near[], size: number): Promise<Near[]> {
  if (latest.filter(one => one.begins).length >= size || people?.length === 0) return []
  const query = latest.length >= size ? words.begin : words.fetch
  const theirs = people ? sql`and (owner_id = any(${people}::uuid[]) or id = ${takenCareOf(ctx, people)})` : sql``
  return byTextIndex(ctx, async () => {
    const found = await sql<Near>`select ${kept} as id, ${holds(words.begin)} as begins from (
      select id, merged_into, last_contact_at, search from customers.searchable
      where tenant_id = ${ctx.tenantId} and ${holds(query)} ${theirs} limit ${mostFetched}) c
    where ${holds(words.any)} order by 2 desc, ${order} limit ${size}`.execute(ctx.db)
    return found.rows
  })
}

async function linesOf(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await visibleCustomers(ctx).select(columns).where(sql<SqlBool>`id = any(${ids}::uuid[])`).execute()
  return new Map(rows.map(row => [row.id, row]))
}

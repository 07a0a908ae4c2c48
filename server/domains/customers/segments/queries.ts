import { sql } from 'kysely'
import type * as z from 'zod'
import type { Group } from '#contract/conditions.ts'
import { countKept, type Segment, type SegmentName, type segments } from '#contract/segments.ts'
import { scopeOf } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { canBeAsked, inParts, naming } from './askable.ts'
import type { Sql } from './behaviour.ts'
import { checkCondition, compile, membersSql } from './compile.ts'
import { type Book, readBook } from './fields.ts'
import { patiently } from './patience.ts'

const columns = sql`id, name, name_en as "nameEn", note, condition, version, retired, changed_at as "changedAt", shown as count, shown_at as "countedAt"`
/** So long one waits for a count; a list one leafs through comes sooner or not at all. */
export const countSeconds = 8
const memberSeconds = 30

const shownTo = (ctx: Ctx, row: Segment): Segment =>
  row.countedAt !== null && ctx.now.getTime() - row.countedAt.getTime() < countKept && scopeOf(ctx.actor, 'customer:read') === 'all'
    ? row
    : { ...row, count: null, countedAt: null }

export async function listSegments(ctx: Ctx, withRetired: boolean): Promise<Segment[]> {
  const { rows } = await sql<Segment>`select ${columns} from customers.segment
    where tenant_id = ${ctx.tenantId} ${withRetired ? sql`` : sql`and not retired`} order by name, id`.execute(ctx.db)
  return rows.map(row => shownTo(ctx, row))
}

export async function oneSegment(ctx: Ctx, id: string, { lock = false } = {}): Promise<Segment> {
  const { rows } = await sql<Segment>`select ${columns} from customers.segment
    where tenant_id = ${ctx.tenantId} and id = ${id} ${lock ? sql`for update` : sql``}`.execute(ctx.db)
  return shownTo(ctx, found(rows[0], 'segment', id))
}

const within = (ctx: Ctx, members: Sql) => visibleCustomers(ctx).where(sql<boolean>`id in (${members})`)

/** Ids of a segment's customers, as `select c.id …`: for whoever joins or filters by them within the same work. */
export async function segmentSql(ctx: Ctx, id: string): Promise<Sql> {
  const book = await readBook(ctx)
  found(book.segments.get(id), 'segment', id)
  return membersSql(ctx, compile(ctx, book, [naming(id)], 'all'))
}

async function countOf(ctx: Ctx, members: Sql): Promise<number> {
  const rows = within(ctx, members).select('id')
  const { rows: counted } = await patiently(ctx, countSeconds, () =>
    sql<{ n: number }>`select count(*)::int as n from ${rows} x`.execute(ctx.db),
  )
  return counted[0]?.n ?? 0
}

/** Counted at most once a minute for everybody who sees every customer; for the others each time, of those they see. */
export async function shownCount(ctx: Ctx, id: string): Promise<{ count: number; countedAt: Date }> {
  if (scopeOf(ctx.actor, 'customer:read') !== 'all') {
    await oneSegment(ctx, id)
    return { count: await countOf(ctx, await segmentSql(ctx, id)), countedAt: ctx.now }
  }
  // Its row first: whoever asks at the same time waits for this count instead of counting too.
  const kept = await oneSegment(ctx, id, { lock: true })
  if (kept.count !== null && kept.countedAt !== null) return { count: kept.count, countedAt: kept.countedAt }
  const count = kept.retired ? 0 : await countOf(ctx, await segmentSql(ctx, id))
  await sql`update customers.segment set shown = ${count}, shown_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  return { count, countedAt: ctx.now }
}

/** Live while it is being built: how many, and five of them. */
export async function tryCondition(
  ctx: Ctx,
  { condition, id }: z.output<typeof segments.count.body>,
): Promise<z.output<typeof segments.count.reply>> {
  const began = performance.now()
  const book = await checkCondition(ctx, condition, id)
  const members = membersSql(ctx, compile(ctx, book, [condition], 'all'))
  const count = await countOf(ctx, members)
  const sample = await patiently(ctx, countSeconds, () =>
    within(ctx, members).select(['id', 'name', 'number', 'tier', 'district']).orderBy('id', 'desc').limit(5).execute(),
  )
  return { count, sample, ms: Math.round(performance.now() - began) }
}

/** Which of these conditions hold for one customer, by the order given; in as many statements as it takes. */
async function asked(ctx: Ctx, book: Book, customerId: string, roots: readonly Group[]): Promise<boolean[]> {
  const all: boolean[] = []
  for (const part of inParts(book, roots)) {
    const { joins, wheres } = compile(ctx, book, part, 'few')
    const { rows } = await sql<{ held: boolean[] }>`select array[${sql.join(wheres)}] as held from customers.customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.erased_at is null and c.id =
        (select f.kept_id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.id = ${customerId})`.execute(ctx.db)
    all.push(...(rows[0]?.held ?? part.map(() => false)))
  }
  return all
}

/** The segments a customer is in at this moment; only those named, where some are. Never refused: in what cannot be asked nobody is. */
export async function segmentsOf(ctx: Ctx, customerId: string, named?: readonly string[]): Promise<string[]> {
  if (named?.length === 0) return []
  const book = await readBook(ctx)
  const ids = [...book.segments.keys()].filter(id => (named === undefined || named.includes(id)) && canBeAsked(book, naming(id)))
  const held = await asked(ctx, book, customerId, ids.map(naming))
  return ids.filter((_, n) => held[n])
}
export const isInSegment = async (ctx: Ctx, customerId: string, id: string): Promise<boolean> =>
  (await segmentsOf(ctx, customerId, [id])).length > 0

/** Ids of a segment's customers, by id, from behind the one before: for whoever works through all of them. Whom the actor may see is the caller's to ask. */
export async function segmentMembers(ctx: Ctx, id: string, after: string | null, size: number): Promise<string[]> {
  const members = await segmentSql(ctx, id)
  const { rows } = await patiently(ctx, memberSeconds, () =>
    sql<{ id: string }>`select s.id from (${members}) s
      where ${after === null ? sql`true` : sql`s.id > ${after}`} order by s.id limit ${size}`.execute(ctx.db),
  )
  return rows.map(row => row.id)
}

export async function segmentsShown(ctx: Ctx, customerId: string): Promise<z.output<typeof SegmentName>[]> {
  await seenFile(ctx, customerId)
  const ids = await segmentsOf(ctx, customerId)
  if (ids.length === 0) return []
  const { rows } = await sql<z.output<typeof SegmentName>>`select id, name, name_en as "nameEn" from customers.segment
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) order by name, id`.execute(ctx.db)
  return rows
}

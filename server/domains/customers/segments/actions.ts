import { sql } from 'kysely'
import type * as z from 'zod'
import { mostSegments, type NewSegment, type Segment, type segments } from '#contract/segments.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { askers, oneByOne } from './asking.ts'
import { checkCondition } from './compile.ts'
import { segmentChanged } from './events.ts'
import { oneSegment } from './queries.ts'

const keys = ['name', 'nameEn', 'note', 'condition'] as const
/** What is asked for may name a person: the announcement says that it changed, not to what. */
const told = (before: object, after: object) =>
  Object.fromEntries(
    Object.entries(differenceOf(before, after, keys)).map(([key, change]) => [
      key,
      key === 'name' || key === 'nameEn' ? change : { was: null, is: null },
    ]),
  )

function taken(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505') throw new Refusal('conflict', 'segment.taken')
  throw error
}

export async function addSegment(ctx: Ctx, form: z.output<typeof NewSegment>): Promise<Segment> {
  await oneByOne(ctx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from customers.segment
    where tenant_id = ${ctx.tenantId} and not retired`.execute(ctx.db)
  if ((rows[0]?.n ?? 0) >= mostSegments) throw new Refusal('conflict', 'segment.too_many', { most: mostSegments })
  await checkCondition(ctx, form.condition, null)
  const id = newId()
  await sql`insert into customers.segment (tenant_id, id, name, name_en, note, condition, changed_at) values
    (${ctx.tenantId}, ${id}, ${form.name}, ${form.nameEn}, ${form.note}, ${JSON.stringify(form.condition)}, ${ctx.now})`
    .execute(ctx.db)
    .catch(taken)
  await ctx.emit(segmentChanged, { id }, { act: 'added', name: form.name, changes: told({}, form) })
  return oneSegment(ctx, id)
}

export async function changeSegment(ctx: Ctx, id: string, { version, ...form }: z.output<typeof segments.change.body>): Promise<Segment> {
  await oneByOne(ctx)
  const before = await oneSegment(ctx, id, { lock: true })
  if (before.version !== version) throw new Refusal('conflict', 'segment.changed_meanwhile', { version: before.version })
  const after = {
    name: form.name ?? before.name,
    nameEn: form.nameEn ?? before.nameEn,
    note: form.note ?? before.note,
    condition: form.condition ?? before.condition,
  }
  const changes = told(before, after)
  if (Object.keys(changes).length === 0) return before
  await checkCondition(ctx, after.condition, id)
  // What others made of it may count as theirs: their counts are taken anew as well.
  await sql`update customers.segment set shown = null, shown_at = null where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  await sql`update customers.segment set name = ${after.name}, name_en = ${after.nameEn}, note = ${after.note},
    condition = ${JSON.stringify(after.condition)}, version = version + 1, changed_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`
    .execute(ctx.db)
    .catch(taken)
  await ctx.emit(segmentChanged, { id }, { act: 'changed', name: after.name, changes })
  return oneSegment(ctx, id)
}

export async function retireSegment(ctx: Ctx, id: string, retired: boolean): Promise<Segment> {
  await oneByOne(ctx)
  const before = await oneSegment(ctx, id, { lock: true })
  if (before.retired === retired) return before
  if (retired) {
    const by = await usersOf(ctx, id)
    if (by.length > 0) throw new Refusal('conflict', 'segment.in_use', { by: by.join('、') })
  } else await checkCondition(ctx, before.condition, null)
  await sql`update customers.segment set retired = ${retired}, version = version + 1, changed_at = ${ctx.now}, shown = null, shown_at = null
    where tenant_id = ${ctx.tenantId} and id = ${id}`
    .execute(ctx.db)
    .catch(taken)
  await ctx.emit(segmentChanged, { id }, { act: retired ? 'retired' : 'restored', name: before.name, changes: {} })
  return oneSegment(ctx, id)
}

/** Who asks for it, by name: segments, steps of ladders, rules, and rules of routing. */
async function usersOf(ctx: Ctx, id: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from routing.fact_rule
    where tenant_id = ${ctx.tenantId} and not retired and segment_ids @> ${JSON.stringify([id])}::jsonb order by name`.execute(ctx.db)
  return [...(await askers(ctx, 'segments', ({ value }) => Array.isArray(value) && value.includes(id))), ...rows.map(rule => rule.name)]
}

/** Refused where one of them is not there for new use; none of them is retired before the end of this work. */
export async function nameSegments(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await sql<{ id: string }>`select id from customers.segment
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) and not retired order by id for key share`.execute(ctx.db)
  for (const id of ids) if (!rows.some(row => row.id === id)) found(undefined, 'segment', id)
}

import { sql } from 'kysely'
import * as z from 'zod'
import { LadderKind } from '#contract/segments.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { ask, run } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerMoved, ladderApplied } from './events.ts'
import { readBook } from './fields.ts'
import { columnOf, isPinned, judged, movesOf } from './ladders.ts'
import { readLadder } from './steps.ts'

const batch = 1_000
/** A run that moves more than so many is told by one fact alone: a first application would otherwise announce the whole archive. */
export const mostTold = 1_000

const Cursor = z.object({ after: z.uuid().nullable(), each: z.boolean().nullable(), moved: z.int(), seen: z.int() })
const Params = z.object({ kind: LadderKind })
const ladderNames = { tier: ['等级', 'Tiers'], stage: ['阶段', 'Stages'] } as const

/** Asks a ladder about everybody, by id, a batch a step. */
export const ladderRun = run<z.output<typeof Params>, z.output<typeof Cursor>, unknown>({
  kind: 'ladder.apply',
  may: 'customer:configure',
  params: Params,
  cursor: Cursor,
  start: { after: null, each: null, moved: 0, seen: 0 },
  says: (_, { kind }) => {
    const [zh, en] = ladderNames[LadderKind.parse(kind)]
    return [`按规则更新${zh}`, `${en} by rule`]
  },
  step: async (ctx, { params: { kind }, cursor: { after, moved, seen, ...cursor } }) => {
    const each = cursor.each ?? (await isFew(ctx, kind))
    const { last, size, moves } = await step(ctx, kind, after, each)
    const now = { after: last, each, moved: moved + moves, seen: seen + size }
    const finished = size < batch
    if (finished) {
      await sql`update customers.ladder set applied_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and kind = ${kind}`.execute(ctx.db)
      await ctx.emit(ladderApplied, { id: ctx.tenantId }, { kind, moved: now.moved })
    }
    return { cursor: now, done: now.seen, outcome: { changed: now.moved, skipped: now.seen - now.moved }, finished }
  },
})

async function isFew(ctx: Ctx, kind: LadderKind): Promise<boolean> {
  const { steps } = await readLadder(ctx, kind)
  const { moves } = await movesOf(ctx, await readBook(ctx), kind, steps)
  return moves.reduce((sum, move) => sum + move.customers, 0) <= mostTold
}

/** The next batch by id. */
async function step(ctx: Ctx, kind: LadderKind, after: string | null, each: boolean) {
  const { rows: chunk } = await sql<{ id: string }>`select id from customers.customer
    where tenant_id = ${ctx.tenantId} and ${after === null ? sql`true` : sql`id > ${after}`} order by id limit ${batch}`.execute(ctx.db)
  const ids = chunk.map(row => row.id)
  return { last: ids.at(-1) ?? after, size: ids.length, moves: await applyTo(ctx, kind, ids, each) }
}

/** Asks a ladder about these customers; returns how many moved. `each`: every move is announced. */
export async function applyTo(ctx: Ctx, kind: LadderKind, ids: readonly string[], each: boolean): Promise<number> {
  const { steps } = await readLadder(ctx, kind)
  const { columns, joins } = judged(ctx, await readBook(ctx), kind, steps, 'few')
  const column = columnOf(kind)
  // Whoever was set by hand meanwhile keeps that: the row is asked again when it is written.
  const { rows: moved } = await sql<{ id: string; was: string; becomes: string }>`with judged as (
      select ${columns} from customers.customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.merged_into is null and c.erased_at is null and not ${isPinned(ctx, kind)})
    update customers.customer u set ${column} = j.becomes, version = u.version + 1, changed_xid = pg_current_xact_id()
    from judged j where u.tenant_id = ${ctx.tenantId} and u.id = j.id and j.becomes <> j.was and u.${column} = j.was
    returning u.id, j.was, j.becomes`.execute(ctx.db)
  if (moved.length > 0) {
    const byKey = new Map(steps.map(s => [s.key, s]))
    await sql`insert into customers.ladder_step (tenant_id, id, customer_id, kind, was, becomes, at, way, why)
      select ${ctx.tenantId}, r.id, r.customer_id, ${kind}, r.was, r.becomes, ${ctx.now}, 'rule', r.why
      from json_to_recordset(${JSON.stringify(moved.map(m => ({ id: newId(), customer_id: m.id, was: m.was, becomes: m.becomes, why: byKey.get(m.becomes)?.name ?? '' })))}::json)
        as r (id uuid, customer_id uuid, was text, becomes text, why text)`.execute(ctx.db)
    if (each)
      for (const { id, was, becomes } of moved) {
        const { name = '', nameEn = '' } = byKey.get(becomes) ?? {}
        await ctx.emit(customerMoved, { id, customerId: id }, { kind, was, becomes, name, nameEn, way: 'rule', pinned: false })
      }
  }
  return moved.length
}

export async function applyNow(ctx: Ctx, kind: LadderKind, version: number): Promise<{ runId: string }> {
  const ladder = await readLadder(ctx, kind)
  if (ladder.version !== version || version === 0) throw new Refusal('conflict', 'ladder.changed_meanwhile', { version: ladder.version })
  return { runId: await ask(ctx, ladderRun, { kind }, { kind }) }
}

/** By night, what is switched on. */
export async function applyActive(ctx: Ctx): Promise<void> {
  for (const kind of LadderKind.options) if ((await readLadder(ctx, kind)).active) await ask(ctx, ladderRun, { kind }, { kind })
}

import { sql } from 'kysely'
import * as z from 'zod'
import { LadderKind, type LadderStep } from '#contract/segments.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { Refusal } from '#kernel/refusal.ts'
import { ask, run } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'
import { canBeAsked } from './askable.ts'
import { ladderApplied, manyMoved } from './events.ts'
import { type Book, readBook } from './fields.ts'
import { columnOf, isPinned, judged, movesOf, withCondition } from './ladders.ts'
import { tellMoves, writeMoves } from './moves.ts'
import { inTime } from './patience.ts'
import { readLadder } from './steps.ts'

const batch = 1_000
/** A batch is looked up by indexes: what takes so long for it would take hours for everybody. */
const batchSeconds = 10
/** A run that moves more than so many is told by one fact alone: a first application would otherwise announce the whole archive. */
export const mostTold = 1_000

const Cursor = z.object({
  after: z.uuid().nullable(),
  each: z.boolean().nullable(),
  moved: z.int(),
  seen: z.int(),
  /** Steps that could not be asked, by key. */
  unasked: z.array(z.string()).default([]),
})
const Params = z.object({ kind: LadderKind })
const ladderNames = { tier: ['等级', 'Tiers'], stage: ['阶段', 'Stages'] } as const

/** Asks a ladder about everybody, by id, a batch a step. */
export const ladderRun = run<z.output<typeof Params>, z.output<typeof Cursor>, unknown>({
  kind: 'ladder.apply',
  may: 'customer:configure',
  params: Params,
  cursor: Cursor,
  start: { after: null, each: null, moved: 0, seen: 0, unasked: [] },
  says: (_, { kind }) => {
    const [zh, en] = ladderNames[LadderKind.parse(kind)]
    return [`按规则更新${zh}`, `${en} by rule`]
  },
  step: async (ctx, { params: { kind }, cursor }) => {
    const ladder = await readLadder(ctx, kind)
    const book = await readBook(ctx)
    const unasked = new Set([...cursor.unasked, ...unaskable(book, ladder.steps)])
    const each = cursor.each ?? (await isFew(ctx, book, kind, ladder.steps, unasked))
    const { last, size, moves, slow } = await step(ctx, kind, cursor.after, each, unasked)
    const now = { after: last, each, moved: cursor.moved + moves, seen: cursor.seen + size, unasked: [...new Set([...unasked, ...slow])] }
    const finished = size < batch
    if (finished) await tell(ctx, kind, ladder.steps, now)
    return { cursor: now, done: now.seen, outcome: { changed: now.moved, skipped: now.seen - now.moved }, finished }
  },
})

async function tell(ctx: Ctx, kind: LadderKind, steps: readonly LadderStep[], { each, moved, unasked }: z.output<typeof Cursor>) {
  await sql`update customers.ladder set applied_at = ${ctx.now}, unasked = ${unasked}::text[]
    where tenant_id = ${ctx.tenantId} and kind = ${kind}`.execute(ctx.db)
  const names = steps.flatMap(({ key, name }) => (unasked.includes(key) ? [name] : []))
  await ctx.emit(ladderApplied, { id: ctx.tenantId }, { kind, moved, ...(names.length > 0 ? { unasked: names } : {}) })
  // Whoever follows customers one by one was told of none of them.
  if (!each && moved > 0) await ctx.emit(manyMoved, { id: ctx.tenantId }, { kind, moved })
}

/** What was saved can be asked, unless a segment it names has since become what cannot. */
const unaskable = (book: Book, steps: readonly LadderStep[]): string[] =>
  withCondition(steps).flatMap(({ key, condition }) => (canBeAsked(book, condition) ? [] : [key]))

const countSeconds = 30
/** Too many to count in time are not few. */
async function isFew(ctx: Ctx, book: Book, kind: LadderKind, steps: readonly LadderStep[], unasked: ReadonlySet<string>): Promise<boolean> {
  const found = await inTime(ctx, countSeconds, () => movesOf(ctx, book, kind, steps, unasked))
  return found !== null && found.moves.reduce((sum, move) => sum + move.customers, 0) <= mostTold
}

/** The next batch by id. `slow`: steps that took too long for it and are left out from now on. */
async function step(ctx: Ctx, kind: LadderKind, after: string | null, each: boolean, unasked: ReadonlySet<string>) {
  const { rows: chunk } = await sql<{ id: string }>`select id from customers.customer
    where tenant_id = ${ctx.tenantId} and ${after === null ? sql`true` : sql`id > ${after}`} order by id limit ${batch}`.execute(ctx.db)
  const ids = chunk.map(row => row.id)
  const size = { last: ids.at(-1) ?? after, size: ids.length }
  const moves = await inTime(ctx, batchSeconds, () => movedBy(ctx, kind, ids, unasked))
  if (moves !== null) return { ...size, slow: [], moves: await told(ctx, kind, moves, each) }
  const slow = await slowOnes(ctx, kind, ids, unasked)
  const rest = new Set([...unasked, ...slow])
  // None alone is too slow: then the whole is asked in peace, once.
  return { ...size, slow, moves: await told(ctx, kind, await movedBy(ctx, kind, ids, rest), each) }
}

/** Steps whose condition alone takes too long for a batch. */
async function slowOnes(ctx: Ctx, kind: LadderKind, ids: readonly string[], unasked: ReadonlySet<string>): Promise<string[]> {
  const book = await readBook(ctx)
  const slow: string[] = []
  for (const one of withCondition((await readLadder(ctx, kind)).steps)) {
    if (unasked.has(one.key)) continue
    const { columns, joins } = judged(ctx, book, kind, [one], 'few')
    const found = await inTime(ctx, batchSeconds, () =>
      sql`select ${columns} from customers.customer c ${joins} where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(
        ctx.db,
      ),
    )
    if (found === null) slow.push(one.key)
  }
  return slow
}

type Moved = { id: string; was: string; becomes: string }
async function movedBy(ctx: Ctx, kind: LadderKind, ids: readonly string[], unasked: ReadonlySet<string>): Promise<Moved[]> {
  const { steps } = await readLadder(ctx, kind)
  const { columns, joins } = judged(ctx, await readBook(ctx), kind, steps, 'few', unasked)
  const column = columnOf(kind)
  // Whoever was set by hand meanwhile, on this step or another, keeps that: the row is asked again when it is written.
  const { rows } = await sql<Moved>`with judged as (
      select ${columns} from customers.customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.merged_into is null and c.erased_at is null and not ${isPinned(ctx, kind)})
    update customers.customer u set ${column} = j.becomes, version = u.version + 1, changed_xid = ${thisTransaction}
    from judged j where u.tenant_id = ${ctx.tenantId} and u.id = j.id and j.becomes <> j.was and u.version = j.version
    returning u.id, j.was, j.becomes`.execute(ctx.db)
  return rows
}

/** Asks a ladder about these customers; returns how many moved. `each`: every move is announced. */
export async function applyTo(ctx: Ctx, kind: LadderKind, ids: readonly string[], each: boolean): Promise<number> {
  const unasked = new Set(unaskable(await readBook(ctx), (await readLadder(ctx, kind)).steps))
  return told(ctx, kind, await movedBy(ctx, kind, ids, unasked), each)
}

async function told(ctx: Ctx, kind: LadderKind, moved: readonly Moved[], each: boolean): Promise<number> {
  if (moved.length === 0) return 0
  const names = new Map((await readLadder(ctx, kind)).steps.map(step => [step.key, step.name]))
  const moves = moved.map(({ id, was, becomes }) => ({ id, was, becomes, why: names.get(becomes) ?? '' }))
  await writeMoves(ctx, kind, 'rule', moves)
  if (each) await tellMoves(ctx, kind, 'rule', moves, false)
  return moves.length
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

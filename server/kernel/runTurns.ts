import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import * as z from 'zod'
import type { Actor } from './access.ts'
import { scopeOf, system } from './access.ts'
import { placeOf, recordFile, toItsPlace } from './files.ts'
import { halfOf } from './halves.ts'
import type { House } from './house.ts'
import { outward } from './react.ts'
import { Refusal } from './refusal.ts'
import { begin, nextTurn, oneByOne, type RunKind, type RunRow, runColumns, runDue, runFailed, runFinished, tellAsker } from './runs.ts'
import { type Ctx, work } from './work.ts'

/** A turn lasts about this long, then every other run has one. */
const turnMs = 1000
/** Of the worker's jobs at once: the rest is for reactions. */
const mostTurns = 2
/** So often a step that failed is tried again, after 2, 4, 8 and 16 seconds. */
const mostTries = 5
const keptMs = 7 * 86_400_000
const tellEveryMs = 400
const beatEveryMs = 60_000

type Io = Parameters<NonNullable<RunKind['outside']>>[0]
type Turn = { id: string; kind: string; turn: number; tenantId: string }

/** Carried by the worker like every reaction: a turn that its process did not live to end is told again. */
export const runTurns = outward(runDue, 'carry long work on', (io, { about, detail }) =>
  io.work(async ctx => ctx.tenantId).then(tenantId => carryOn(io, { id: about, ...detail, tenantId })),
)

const carried = new WeakMap<House, number>()

async function carryOn(io: Io, turn: Turn): Promise<void> {
  const { house } = io
  const now = carried.get(house) ?? 0
  if (now >= mostTurns) return io.work(ctx => nextTurn(ctx, turn, 200))
  carried.set(house, now + 1)
  try {
    const def = house.runs.get(turn.kind)
    // A kind that this version no longer has.
    if (!def) return await io.work(ctx => fail(ctx, turn, new Refusal('gone', 'run.kind_gone')))
    await takeTurn(io, def, turn)
  } catch (error) {
    if (error instanceof Refusal) await io.work(ctx => fail(ctx, turn, error))
    else await io.work(ctx => stumble(ctx, turn, error))
  } finally {
    carried.set(house, (carried.get(house) ?? 1) - 1)
  }
}

async function takeTurn(io: Io, def: RunKind, turn: Turn): Promise<void> {
  const until = performance.now() + turnMs
  let toldAt = 0
  for (;;) {
    const before = def.outside ? await io.work(ctx => rowOf(ctx, turn)) : undefined
    if (def.outside && !before) return
    if (before?.stepsOver) return finish(io, def, before, turn)
    const found = before && def.outside ? await def.outside(io, before) : undefined
    const tells = performance.now() - toldAt > tellEveryMs
    if (tells) toldAt = performance.now()
    const row = await work(io.house, system(turn.tenantId), ctx => oneStep(ctx, def, turn, found, tells))
    if (!row) return
    if (row.stepsOver) return finish(io, def, row, turn)
    if (performance.now() > until)
      return io.work(async ctx => {
        if (!(await rowOf(ctx, turn, true))) return
        const next = { ...turn, turn: turn.turn + 1 }
        await sql`update kernel.run set turn = ${next.turn} where tenant_id = ${ctx.tenantId} and id = ${turn.id}`.execute(ctx.db)
        await nextTurn(ctx, next)
      })
  }
}

/** The run while this is its turn. */
async function rowOf(ctx: Ctx, { id, turn }: Turn, lock = false): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select ${runColumns} from kernel.run
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'running' and turn = ${turn} ${lock ? sql`for update` : sql``}`.execute(
    ctx.db,
  )
  const row = rows[0]
  const def = row && ctx.house.runs.get(row.kind)
  return row && def ? { ...row, params: z.parse(def.params, row.params), cursor: z.parse(def.cursor, row.cursor) } : undefined
}

/** One step and where it ended, in one commit. */
async function oneStep(ctx: Ctx, def: RunKind, turn: Turn, found: unknown, tells: boolean): Promise<RunRow | undefined> {
  const row = await rowOf(ctx, turn, true)
  if (!row || row.stepsOver) return row
  ctx.actor = await asker(ctx, row, def)
  const { output, ...step } = await def.step(ctx, row, found)
  const next: RunRow = {
    ...row,
    cursor: step.cursor,
    done: step.done,
    total: step.total ?? row.total,
    outcome: step.outcome ?? row.outcome,
    stepsOver: step.finished === true,
    written: row.written + (output?.length ?? 0),
  }
  if (output && output.length > 0) await append(partOf(ctx.house, ctx.tenantId, row.id), row.written, output)
  await sql`update kernel.run set cursor = ${JSON.stringify(next.cursor)}, done = ${next.done}, total = ${next.total}, outcome = ${JSON.stringify(next.outcome)},
    steps_over = ${next.stepsOver}, written = ${next.written}, tries = 0, beat_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${row.id}`.execute(
    ctx.db,
  )
  if (tells) tellAsker(ctx, next)
  return next
}

/** Whoever asked, with what they may now: rights that were taken away end the run. */
async function asker(ctx: Ctx, { askedById }: RunRow, { may }: RunKind): Promise<Actor> {
  const actor = askedById === null ? system(ctx.tenantId) : await ctx.house.standIn(ctx, askedById)
  if (!actor || scopeOf(actor, may) === null) throw new Refusal('forbidden', 'access.denied', { permission: may })
  return actor
}

/** What a run keeps on the disk while it goes on: the `part` that becomes its result, and what its kind lays out for itself. */
export const workingPlace = (house: House, tenantId: string, id: string, what: 'part' | 'rows' | 'rows.half') =>
  path.join(house.settings.filesFolder, tenantId, 'runs', `${id}.${what}`)
export const partOf = (house: House, tenantId: string, id: string) => workingPlace(house, tenantId, id, 'part')
export async function clearWorkingPlaces(house: House, tenantId: string, id: string): Promise<void> {
  for (const what of ['part', 'rows', 'rows.half'] as const) await rm(workingPlace(house, tenantId, id, what), { force: true })
}

/** What a step wrote that was never committed stands beyond the committed length and is cut off. */
async function append(place: string, at: number, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true })
  const handle = await open(place, at === 0 ? 'w' : 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Refusal('gone', 'run.part_lost')
    throw error
  })
  try {
    if ((await handle.stat()).size < at) throw new Refusal('gone', 'run.part_lost')
    await handle.truncate(at)
    await handle.write(bytes, 0, bytes.length, at)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** All steps are over: their outputs become the result. Begun anew after a crash, it makes the same file under the same name. */
async function finish(io: Io, def: RunKind, row: RunRow, turn: Turn): Promise<void> {
  const { house } = io
  const result = row.written > 0 ? def.result?.(row) : undefined
  const made = result ? await beating(io, turn, () => assemble(house, def, row, turn)) : null
  await io.work(async ctx => {
    await oneByOne(ctx)
    const still = await rowOf(ctx, turn, true)
    if (!still) {
      // Another turn may have made the same file, or be at it.
      if (made && (await wasCancelled(ctx, row.id)))
        ctx.afterCommit('remove the result of a run that was cancelled', () => rm(placeOf(house, turn.tenantId, row.id), { force: true }))
      return
    }
    if (made && result) await recordFile(ctx, { id: row.id, ...result, ...made, ownerId: row.askedById, noun: 'run' })
    await sql`update kernel.run set state = 'done', ended_at = ${ctx.now}, file_id = ${made ? row.id : null},
      expires_at = ${made ? new Date(ctx.now.getTime() + keptMs) : null} where tenant_id = ${ctx.tenantId} and id = ${row.id}`.execute(
      ctx.db,
    )
    await ctx.emit(runFinished, { id: row.id }, endOf(still))
    await over(ctx, { ...still, state: 'done' })
  })
}

const wasCancelled = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await sql`select 1 from kernel.run where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'cancelled'`.execute(ctx.db)).rows
    .length > 0

const endOf = ({ kind, facts, done, outcome }: RunRow) => ({ kind, facts, done, outcome })

/** A run has ended, one way or the other: its working part goes, and who waits has its room. */
export async function over(ctx: Ctx, row: RunRow): Promise<void> {
  // A failed one may go on where it stood.
  if (row.state !== 'failed') ctx.afterCommit('remove the working part of a run', house => clearWorkingPlaces(house, ctx.tenantId, row.id))
  tellAsker(ctx, row)
  await begin(ctx)
}

/** A large result takes its time: nobody takes the turn for lost meanwhile. */
async function beating<T>(io: Io, turn: Turn, make: () => Promise<T>): Promise<T> {
  const beat = () =>
    io
      .work(ctx =>
        sql`update kernel.run set beat_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${turn.id} and turn = ${turn.turn} and state = 'running'`.execute(
          ctx.db,
        ),
      )
      .catch(error => io.house.log.warn({ err: error, run: turn.id }, 'long work could not say that it goes on and says so again'))
  const timer = setInterval(beat, beatEveryMs)
  try {
    return await make()
  } finally {
    clearInterval(timer)
  }
}

async function assemble(house: House, def: RunKind, row: RunRow, { tenantId, turn }: Turn) {
  const part = createReadStream(partOf(house, tenantId, row.id), { end: row.written - 1, highWaterMark: 1 << 18 })
  // Of this turn: should another be at it too, neither writes into the other's.
  const half = await halfOf(house, tenantId, `${row.id}.${turn}`)
  const handle = await open(half, 'w', 0o600)
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const bytes of def.finish ? def.finish(part, row) : part) {
      hash.update(bytes)
      size += bytes.length
      await handle.write(bytes)
    }
    await handle.sync()
  } catch (error) {
    await rm(half, { force: true })
    throw error
  } finally {
    await handle.close()
    part.destroy()
  }
  await toItsPlace(house, tenantId, row.id, half)
  return { size, sha256: hash.digest('hex') }
}

async function fail(ctx: Ctx, turn: Turn, refusal: Refusal): Promise<void> {
  await oneByOne(ctx)
  const row = await rawRow(ctx, turn)
  if (!row) return
  await sql`update kernel.run set state = 'failed', ended_at = ${ctx.now}, code = ${refusal.code}, code_facts = ${JSON.stringify(refusal.facts)}
    where tenant_id = ${ctx.tenantId} and id = ${turn.id}`.execute(ctx.db)
  await ctx.emit(runFailed, { id: turn.id }, { ...endOf(row), code: refusal.code })
  await over(ctx, { ...row, state: 'failed' })
}

const rawRow = async (ctx: Ctx, { id, turn }: Turn) =>
  (
    await sql<RunRow>`select ${runColumns} from kernel.run where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'running' and turn = ${turn} for update`.execute(
      ctx.db,
    )
  ).rows[0]

/** A bug, or a disk that is full for a moment: tried again later, a few times. */
async function stumble(ctx: Ctx, turn: Turn, error: unknown): Promise<void> {
  ctx.house.log.error({ err: error, run: turn.id, kind: turn.kind }, 'a step of long work failed')
  await oneByOne(ctx)
  const row = await rawRow(ctx, turn)
  if (!row) return
  if (row.tries + 1 >= mostTries) return fail(ctx, turn, new Refusal('unavailable', 'run.broken'))
  await sql`update kernel.run set tries = tries + 1, beat_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${turn.id}`.execute(
    ctx.db,
  )
  await nextTurn(ctx, turn, 1000 * 2 ** (row.tries + 1))
}

const beatLostMs = 10 * 60_000

/** A turn that got lost (a backup from the middle of one) is given again. */
export async function findLostTurns(ctx: Ctx): Promise<void> {
  const { rows } = await sql<RunRow>`update kernel.run set turn = turn + 1, beat_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and state = 'running' and beat_at < ${new Date(ctx.now.getTime() - beatLostMs)} returning ${runColumns}`.execute(
    ctx.db,
  )
  for (const row of rows) await nextTurn(ctx, row)
  await oneByOne(ctx)
  await begin(ctx)
}

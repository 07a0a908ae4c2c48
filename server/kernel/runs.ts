import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission, Schema } from '#contract/endpoint.ts'
import { RunProgress, type RunState } from '#contract/runs.ts'
import { actorId, asUser, system } from './access.ts'
import { audited, event } from './events.ts'
import { newId } from './ids.ts'
import type { Outward } from './react.ts'
import { Refusal } from './refusal.ts'
import type { Ctx } from './work.ts'

export type Counts = Record<string, number>
export type RunSeen<P = unknown, C = unknown> = {
  id: string
  params: P
  cursor: C
  done: number
  total: number | null
  outcome: Counts
  askedById: string | null
  askedAt: Date
}
/** What one step made true. `output` is added to the result; `done` counts from the beginning, `outcome` replaces what was counted before. */
export type Step<C = unknown> = {
  cursor: C
  done: number
  total?: number
  outcome?: Counts
  output?: Uint8Array
  finished?: boolean
}

/** A kind of long work as the house keeps it. */
export type RunKind<P = unknown> = {
  kind: string
  may: Permission
  params: Schema<P>
  cursor: Schema
  start: unknown
  outside?: (io: Outward, run: RunSeen) => Promise<unknown>
  step: (ctx: Ctx, run: RunSeen, found: unknown) => Promise<Step>
  result?: (run: RunSeen) => { name: string; type: string }
  finish?: (written: AsyncIterable<Uint8Array>, run: RunSeen) => AsyncIterable<Uint8Array>
  says?: Says
}
/** What one of them is called where somebody is told that it is over, in both languages. */
type Says = (
  ctx: Ctx,
  facts: Record<string, unknown>,
) => readonly [zh: string, en: string] | Promise<readonly [zh: string, en: string] | null>

/**
 * Long work, in steps. Each step is one bounded `work` (a second at most) as the person who asked, with what they may at that moment, and commits its cursor with
 * what it did: after a crash the next step begins where the last committed one ended.
 * `outside` runs before each step without any transaction (reading files, drawing pages); it may run twice. What it found is handed to the step.
 * `result` names the file that the steps' outputs make, one after the other; `finish` may turn them into another format, outside any transaction.
 */
export const run = <P, C, F = undefined>(def: {
  kind: `${string}.${string}`
  /** Asked for again before each step. */
  may: Permission
  params: Schema<P>
  cursor: Schema<C>
  start: C
  outside?: (io: Outward, run: RunSeen<P, C>) => Promise<F>
  step: (ctx: Ctx, run: RunSeen<P, C>, found: F) => Promise<Step<C>>
  result?: (run: RunSeen<P, C>) => { name: string; type: string }
  finish?: (written: AsyncIterable<Uint8Array>, run: RunSeen<P, C>) => AsyncIterable<Uint8Array>
  says?: Says
}): RunKind<P> => def as unknown as RunKind<P> // Kept beside kinds of other shapes; params and cursor are parsed by its own schemas before its functions see them.

export function registerRuns(all: readonly RunKind[]): ReadonlyMap<string, RunKind> {
  const byKind = new Map<string, RunKind>()
  for (const one of all) {
    if (byKind.has(one.kind)) throw new Error(`two kinds of runs are called ${one.kind}`)
    byKind.set(one.kind, one)
  }
  return byKind
}

const told = z.object({ kind: z.string(), facts: z.record(z.string(), z.unknown()) })
const ended = told.extend({ done: z.int(), outcome: z.record(z.string(), z.int()) })
export const runAsked = audited('run.asked', told, 'audit:read')
export const runFinished = audited('run.finished', ended, 'audit:read')
export const runFailed = audited('run.failed', ended.extend({ code: z.string() }), 'audit:read')
export const runCancelled = audited('run.cancelled', ended, 'audit:read')
export const runDownloaded = audited('run.downloaded', told, 'audit:read')
/** A turn of a run falls due. */
export const runDue = event('run.due', z.object({ kind: z.string(), turn: z.int() }), 'audit:read')

/** Of one tenant at once; what is asked beyond waits. */
const mostRunning = 2
/** Of one person, open at once. */
const mostOpen = 20

export type RunRow = RunSeen & {
  kind: string
  facts: Record<string, unknown>
  state: RunState
  stepsOver: boolean
  written: number
  turn: number
  tries: number
}
export const runColumns = sql`id, kind, facts, params, state, cursor, steps_over as "stepsOver", done, total, outcome, written, turn, tries, asked_by_id as "askedById", asked_at as "askedAt"`

/** Asks for long work. It begins at once, or when the tenant's other work leaves room. `personal`: what the audit keeps apart, such as words that were searched for. */
export async function ask<P>(
  ctx: Ctx,
  def: RunKind<P>,
  params: NoInfer<P>,
  facts: Record<string, unknown>,
  personal?: Record<string, string>,
): Promise<string> {
  if (ctx.actor.kind !== 'system') asUser(ctx.actor)
  const id = newId()
  const by = actorId(ctx.actor)
  await oneByOne(ctx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.run
    where tenant_id = ${ctx.tenantId} and state in ('waiting', 'running') and asked_by_id is not distinct from ${by}`.execute(ctx.db)
  if (by !== null && (rows[0]?.n ?? 0) >= mostOpen) throw new Refusal('too_many', 'run.too_many', { most: mostOpen })
  await sql`insert into kernel.run (tenant_id, id, kind, facts, params, state, cursor, asked_by_id, asked_at)
    values (${ctx.tenantId}, ${id}, ${def.kind}, ${JSON.stringify(facts)}, ${JSON.stringify(z.encode(def.params, params))}, 'waiting',
      ${JSON.stringify(def.start)}, ${by}, ${ctx.now})`.execute(ctx.db)
  await ctx.emit(runAsked, { id }, { kind: def.kind, facts }, personal)
  await begin(ctx)
  return id
}

/** The same as the house's own: it outlasts whoever wanted it, and what they may. */
export async function askAsHouse<P>(ctx: Ctx, def: RunKind<P>, params: NoInfer<P>, facts: Record<string, unknown>): Promise<string> {
  const { actor } = ctx
  ctx.actor = system(ctx.tenantId)
  const id = await ask(ctx, def, params, facts)
  ctx.actor = actor
  return id
}

/** Whoever begins or ends a run of the tenant waits for the others who do: nobody counts the same room twice. */
export const oneByOne = (ctx: Ctx) => sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} runs`}, 0))`.execute(ctx.db)

/** Gives the room that is left to who waits longest, before all to people who have nothing running. Under `oneByOne`. */
export async function begin(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string; kind: string; turn: number; askedById: string | null; total: number | null }>`
    update kernel.run set state = 'running', turn = turn + 1, tries = 0, started_at = coalesce(started_at, ${ctx.now}), beat_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = any(array(
      select w.id from kernel.run w where w.tenant_id = ${ctx.tenantId} and w.state = 'waiting'
      order by exists (select 1 from kernel.run r where r.tenant_id = ${ctx.tenantId} and r.state = 'running' and r.asked_by_id is not distinct from w.asked_by_id), w.id
      limit greatest(0, ${mostRunning} - (select count(*) from kernel.run r where r.tenant_id = ${ctx.tenantId} and r.state = 'running'))))
    returning id, kind, turn, asked_by_id, total`.execute(ctx.db)
  for (const row of rows) {
    await nextTurn(ctx, row)
    tellAsker(ctx, { ...row, state: 'running', done: 0 })
  }
}

/** The turn after this one: at once, behind the turns of all who wait already, or later. */
export async function nextTurn(ctx: Ctx, row: { id: string; kind: string; turn: number }, inMs = 0): Promise<void> {
  await ctx.at(new Date(ctx.now.getTime() + inMs), runDue, { id: row.id, clock: 'turn' }, { kind: row.kind, turn: row.turn })
  if (inMs === 0) ctx.afterCommit('begin the next turn of a run', house => house.wakeRelay())
}

/** Progress is pushed to whoever asked. */
export function tellAsker(
  ctx: Ctx,
  row: { id: string; state: RunState; done: number; total: number | null; askedById: string | null },
): void {
  if (row.askedById === null) return
  const { id, state, done, total } = row
  ctx.tell(`user:${row.askedById}`, 'run.progress', RunProgress.parse({ id, state, done, total }))
}

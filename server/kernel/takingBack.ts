import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { BackDoors } from '#contract/imports.ts'
import { asUser, scopeOf } from './access.ts'
import { type Changed, forgetMemory, nextChanged, nextMade } from './importMemory.ts'
import { localTime } from './localTime.ts'
import { found, Refusal } from './refusal.ts'
import { ask, type Counts, oneByOne, type RunKind, run } from './runs.ts'
import { type Door, serve } from './serve.ts'
import type { Ctx } from './work.ts'
import { rowsPerSheet, sheetRow, workbook } from './xlsx.ts'

type Pair = readonly [zh: string, en: string]
/** One that stays as it is: how people know it, and why it was not taken back. */
export type Kept = { known: readonly string[]; code: string }
export type TakenBack = { removed: number; restored: number; kept: Kept[] }
export type Back = {
  asks: BackDoors
  /** By what the kept ones are known, as a heading. */
  known: readonly Pair[]
  /** What the import made, in the version it left, unless somebody has used it since. */
  remove: (ctx: Ctx, made: readonly { id: string; version: number }[]) => Promise<TakenBack>
  /** What it changed has its former values again, but for what somebody has changed since. */
  restore: (ctx: Ctx, changed: readonly Changed[]) => Promise<TakenBack>
  /** Announced once, when all is over. */
  over: (ctx: Ctx, runId: string, outcome: Counts) => Promise<void>
  reasons: Record<string, Pair>
}

const batch = 2_000
const Params = z.object({ runId: z.uuid(), language: z.enum(['zh', 'en']), total: z.int() })
/** Why how many of them were kept, in the words of that day. */
const Why = z.record(z.string(), z.object({ name: z.string(), nameEn: z.string(), n: z.int() }))
const Cursor = z.object({ kept: z.int(), why: Why.default({}) })

/** Takes an import back batch by batch. What a batch has taken back is forgotten with the same commit: killed anywhere, it goes on with what is left. */
export function takingBack(noun: string, name: Pair, { asks, known, remove, restore, over, reasons }: Back) {
  const imported = `import.${noun}`
  const kind = run({
    kind: `taking_back.${noun}`,
    may: asks.ask.may as Permission,
    params: Params,
    cursor: Cursor,
    start: { kept: 0, why: {} },
    says: () => [`撤销导入${name[0]}`, `The taking back of an import of ${name[1].toLowerCase()}`],
    step: async (ctx, { params: { runId, language, total }, cursor, done, outcome }) => {
      // What failed half-way is not gone on with from the moment its first half is taken back.
      ctx.write`update kernel.run set state = 'cancelled' where tenant_id = ${ctx.tenantId} and id = ${runId} and state = 'failed'`
      const made = await nextMade(ctx, runId)
      const changed = made.length > 0 ? [] : await nextChanged(ctx, runId, batch)
      const count = made.length + changed.length
      const back = made.length > 0 ? await remove(ctx, made) : await restore(ctx, changed)
      const counts = {
        removed: (outcome.removed ?? 0) + back.removed,
        restored: (outcome.restored ?? 0) + back.restored,
        kept: (outcome.kept ?? 0) + back.kept.length,
      }
      if (count === 0) {
        forgetMemory(ctx, [runId])
        await over(ctx, runId, counts)
      }
      return {
        cursor: { kept: cursor.kept + back.kept.length, why: counted(cursor.why, back.kept) },
        done: done + count,
        total: Math.max(total, done + count),
        outcome: counts,
        output: keptLines(back.kept, language, cursor.kept),
        finished: count === 0,
      }
    },
    result: ({ params: { language }, askedAt }) => ({
      name: `${language === 'zh' ? `${name[0]}未撤销的` : `${name[1]}, not taken back`} ${localTime(askedAt, 'UTC').slice(0, 10)}.xlsx`,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    }),
    finish: (written, { params: { language } }) => workbook(written, known.length + 1, language === 'zh' ? '未撤销' : 'Kept'),
  })

  function counted(before: z.output<typeof Why>, kept: readonly Kept[]): z.output<typeof Why> {
    const why = { ...before }
    for (const { code } of kept) {
      const [name, nameEn] = reasons[code] ?? [code, code]
      why[code] = { name, nameEn, n: (why[code]?.n ?? 0) + 1 }
    }
    return why
  }

  function keptLines(kept: readonly Kept[], language: 'zh' | 'en', before: number): Uint8Array {
    const say = (pair: Pair) => pair[language === 'zh' ? 0 : 1]
    if (kept.length === 0) return new Uint8Array()
    const head = before === 0 ? sheetRow([...known.map(say), language === 'zh' ? '原因' : 'Reason'], 1, 'UTC', 2) : ''
    const lines = kept.map((one, n) => {
      const reason = reasons[one.code]
      return sheetRow([...one.known, reason ? say(reason) : one.code], ((before + n) % rowsPerSheet) + 2, 'UTC')
    })
    return Buffer.from(head + lines.join(''))
  }

  async function begin(ctx: Ctx, runId: string, language: 'zh' | 'en'): Promise<string> {
    await oneByOne(ctx)
    const whose = scopeOf(ctx.actor, 'house:operate') === null ? sql`and asked_by_id = ${asUser(ctx.actor).id}` : sql``
    const { rows } = await sql<{ state: string; backUntil: Date | null; outcome: Counts }>`
      select state, back_until as "backUntil", outcome from kernel.run
      where tenant_id = ${ctx.tenantId} and id = ${runId} and kind = ${imported} ${whose}`.execute(ctx.db)
    const row = found(rows[0], 'run', runId)
    if (row.state === 'waiting' || row.state === 'running') throw new Refusal('conflict', 'import.not_over')
    if (row.backUntil === null || row.backUntil <= ctx.now) throw new Refusal('conflict', 'import.not_remembered')
    const open = await sql`select 1 from kernel.run where tenant_id = ${ctx.tenantId} and kind = ${kind.kind}
      and state in ('waiting', 'running') and params->>'runId' = ${runId}`.execute(ctx.db)
    if (open.rows.length > 0) throw new Refusal('conflict', 'import.being_taken_back')
    const total = (row.outcome.made ?? 0) + (row.outcome.changed ?? 0)
    return ask(ctx, kind, { runId, language, total }, { noun, runId })
  }

  const routes = (door: Door) => serve(door, asks, { ask: async (ctx, { id, body }) => ({ id: await begin(ctx, id, body.language) }) })
  return { kind: kind as RunKind, routes }
}

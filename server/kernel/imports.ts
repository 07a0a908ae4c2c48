import { setImmediate as breath } from 'node:timers/promises'
import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import { type ImportDoors, Mapping, OnMatch, Reading } from '#contract/imports.ts'
import { actorId, asUser } from './access.ts'
import { placeOf } from './files.ts'
import { importUpload } from './importUpload.ts'
import { type Laid, lay, readLaid } from './laidTable.ts'
import { localTime } from './localTime.ts'
import { found, Refusal } from './refusal.ts'
import { ask, type Counts, type RunKind, run } from './runs.ts'
import { workingPlace } from './runTurns.ts'
import { type Door, serve } from './serve.ts'
import { headOf, tableRows } from './sheets.ts'
import type { Ctx } from './work.ts'
import { rowsPerSheet, sheetRow, workbook } from './xlsx.ts'

type Pair = readonly [zh: string, en: string]
export type Field = { name: Pair; required?: true; titles: readonly string[] }
export type Values<K extends string> = Partial<Record<K, string>>
/** A row that says something, read from its cells. `twin`: the line above that says the same, when one does. */
export type ImportRow<R> = { line: number; said: R; twin: number | null }
/** Why a row did not come in. `of`: the line above that it says again. */
export type Problem = { line: number; code: string; of?: number }
export type Taken = { made: number; changed: number; skipped: Problem[]; problems: Problem[] }
export type How = { onMatch: OnMatch; dry: boolean; runId: string }
export type ListImport = { kind: RunKind; routes: (door: Door) => void }

/** Written in one commit: a fifth of a second of the database's time. */
const batch = 2_000
/** Read before others have their turn: rows of a few milliseconds. */
const mouthful = 100
const Params = z.object({
  fileId: z.uuid(),
  reading: Reading,
  mapping: Mapping,
  title: z.array(z.string()),
  onMatch: OnMatch,
  dry: z.boolean(),
  language: z.enum(['zh', 'en']),
})
const Cursor = z.object({ at: z.int(), bad: z.int() })
type Batch<R> = Laid & { good: ImportRow<R>[]; bad: Problem[] }

/**
 * A noun that comes from tables. The table is laid out on the disk once, a row to a line; then batches are taken in, each in one commit with the place it ended at:
 * killed anywhere it goes on there, and no row is taken twice. What is wrong with a row is its own affair: the others come in.
 * While the database writes a batch, the next is read.
 */
export function listImport<K extends string, R>(def: {
  noun: string
  name: Pair
  asks: ImportDoors
  fields: Record<K, Field>
  /** What may be done with what is there already; the first is offered. */
  onMatch: readonly OnMatch[]
  /** By which values rows are the same thing. Pure. */
  keysOf: (values: Values<K>) => string[]
  /** What a row says, or what is wrong with it. Pure: read ahead, and again after a crash. */
  read: (values: Values<K>) => R | { wrong: string }
  /** A batch of rows that say something, in one set of statements. */
  take: (ctx: Ctx, rows: ImportRow<R>[], how: How) => Promise<Taken>
  /** Announced once, when all is in. */
  over?: (ctx: Ctx, runId: string, outcome: Counts) => Promise<void>
  problems: Record<string, Pair>
}): ListImport {
  const { noun, name, asks, fields } = def
  // Long work is for people with a permission: none of these doors is public.
  const may = asks.ask.may as Permission
  const keys = Object.keys(fields) as K[]
  const valuesOf = (cells: readonly string[], mapping: Mapping): Values<K> => {
    const values: Values<K> = {}
    for (const key of keys) {
      const column = mapping[key]
      if (column !== undefined) values[key] = cells[column] ?? ''
    }
    return values
  }
  const checkMapping = (mapping: Mapping, title: readonly string[]) => {
    for (const [key, column] of Object.entries(mapping))
      if (!(key in fields) || column >= title.length) throw new Refusal('invalid', 'import.field_unknown', { field: key })
    const missing = keys.find(key => fields[key].required && mapping[key] === undefined)
    if (missing) throw new Refusal('invalid', 'sheet.column_missing', { column: missing })
  }

  async function readBatch(laid: string, at: number, mapping: Mapping): Promise<Batch<R>> {
    const read = await readLaid(laid, at, batch)
    const good: ImportRow<R>[] = []
    const bad: Problem[] = []
    for (const [n, { line, twin, cells }] of read.rows.entries()) {
      if (n % mouthful === 0) await breath()
      const said = def.read(valuesOf(cells, mapping))
      if (isWrong(said)) bad.push({ line, code: said.wrong })
      else good.push({ line, twin, said })
    }
    return { ...read, good, bad }
  }

  /** The batch after the one that is being written, by run: at most as many as runs have a turn at once. */
  const ahead = new Map<string, { at: number; coming: Promise<Batch<R>> }>()

  const kind = run({
    kind: `import.${noun}`,
    may,
    params: Params,
    cursor: Cursor,
    start: { at: 0, bad: 0 },
    says: (_, { dry }) =>
      dry
        ? [`导入${name[0]}的检查`, `The check of ${name[1].toLowerCase()} to import`]
        : [`导入${name[0]}`, `The import of ${name[1].toLowerCase()}`],
    outside: async ({ house, work }, { id, params, cursor }): Promise<Batch<R>> => {
      const tenantId = await work(async ctx => ctx.tenantId)
      const laid = workingPlace(house, tenantId, id, 'rows')
      if (cursor.at === 0)
        await lay(laid, tableRows(placeOf(house, tenantId, params.fileId), params.reading), cells =>
          def.keysOf(valuesOf(cells, params.mapping)),
        )
      const begun = ahead.get(id)
      ahead.delete(id)
      const now = await (begun?.at === cursor.at ? begun.coming : readBatch(laid, cursor.at, params.mapping))
      if (!now.over) {
        const coming = readBatch(laid, now.next, params.mapping)
        // Whoever comes for it hears of it; a run that was cancelled never does.
        coming.catch(() => {})
        if (ahead.size >= mostAhead) ahead.clear()
        ahead.set(id, { at: now.next, coming })
      }
      return now
    },
    step: async (ctx, { id, params, cursor, done, outcome }, read) => {
      const { onMatch, dry } = params
      const taken =
        read.good.length > 0
          ? await def.take(ctx, read.good, { onMatch, dry, runId: id })
          : { made: 0, changed: 0, skipped: [], problems: [] }
      const problems = [...read.bad, ...taken.problems]
      const left = [...problems, ...taken.skipped].sort((a, b) => a.line - b.line)
      const counts = {
        made: (outcome.made ?? 0) + taken.made,
        changed: (outcome.changed ?? 0) + taken.changed,
        skipped: (outcome.skipped ?? 0) + taken.skipped.length,
        failed: (outcome.failed ?? 0) + problems.length,
      }
      if (read.over && !dry) await def.over?.(ctx, id, counts)
      return {
        cursor: { at: read.next, bad: cursor.bad + left.length },
        done: done + read.rows.length,
        total: read.total,
        outcome: counts,
        output: leftLines(read, left, params, cursor.bad),
        finished: read.over,
      }
    },
    result: ({ params: { language }, askedAt }) => ({
      name: `${language === 'zh' ? `${name[0]}未导入的行` : `${name[1]} import, rows left out`} ${localTime(askedAt, 'UTC').slice(0, 10)}.xlsx`,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    }),
    finish: (written, { params }) => workbook(written, params.title.length + 2, params.language === 'zh' ? '未导入' : 'Left out'),
  })

  /** The rows that were left out, as they came, with their line and the reason. */
  function leftLines(read: Laid, left: readonly Problem[], { language, title }: z.output<typeof Params>, before: number): Uint8Array {
    if (left.length === 0) return new Uint8Array()
    const cells = new Map(read.rows.map(row => [row.line, row.cells]))
    const said = ({ code, of }: Problem) =>
      (def.problems[code]?.[language === 'zh' ? 0 : 1] ?? code) + (of ? (language === 'zh' ? `（第 ${of} 行）` : ` (line ${of})`) : '')
    const head =
      before === 0 ? sheetRow([language === 'zh' ? '行' : 'Line', language === 'zh' ? '原因' : 'Reason', ...title], 1, 'UTC', 2) : ''
    const lines = left.map((one, n) =>
      sheetRow([one.line, said(one), ...(cells.get(one.line) ?? [])], ((before + n) % rowsPerSheet) + 2, 'UTC'),
    )
    return Buffer.from(head + lines.join(''))
  }

  const fieldList = keys.map(key => ({
    key,
    name: fields[key].name[0],
    nameEn: fields[key].name[1],
    required: fields[key].required === true,
  }))
  return {
    kind,
    routes: door => {
      importUpload(door, asks.ask.path, may)
      serve(door, asks, {
        fields: async () => fieldList,
        head: async (ctx, { body: { fileId, reading } }) => {
          const head = await headOf(await ownUpload(ctx, fileId), reading)
          return {
            ...head,
            fields: fieldList,
            onMatch: [...def.onMatch],
            mapping: (await lastMapping(ctx, kind.kind, head.title)) ?? guess(head.title),
          }
        },
        ask: async (ctx, { body }) => {
          const head = await headOf(await ownUpload(ctx, body.fileId), body.reading)
          checkMapping(body.mapping, head.title)
          if (!def.onMatch.includes(body.onMatch)) throw new Refusal('invalid', 'import.match_unknown')
          const facts = { noun, dry: body.dry, onMatch: body.onMatch }
          return { id: await ask(ctx, kind, { ...body, title: head.title }, facts) }
        },
      })
    },
  }

  function guess(title: readonly string[]): Mapping {
    const mapping: Mapping = {}
    const plain = (text: string) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[\s*（）()：:_-]/g, '')
    for (const key of keys) {
      const known = [...fields[key].titles, ...fields[key].name].map(plain)
      const column = title.findIndex((text, n) => known.includes(plain(text)) && !Object.values(mapping).includes(n))
      if (column >= 0) mapping[key] = column
    }
    return mapping
  }
}

const mostAhead = 8
const isWrong = (said: unknown): said is { wrong: string } => typeof said === 'object' && said !== null && 'wrong' in said

/** The same person brought a table with the same heading before: its columns are the same again. */
async function lastMapping(ctx: Ctx, kind: string, title: readonly string[]): Promise<Mapping | null> {
  const { rows } = await sql<{ mapping: Mapping }>`select params->'mapping' as mapping from kernel.run
    where tenant_id = ${ctx.tenantId} and asked_by_id = ${actorId(ctx.actor)} and kind = ${kind} and params->'title' = ${JSON.stringify(title)}::jsonb
    order by id desc limit 1`.execute(ctx.db)
  return rows[0]?.mapping ?? null
}

async function ownUpload(ctx: Ctx, fileId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from kernel.file where tenant_id = ${ctx.tenantId} and id = ${fileId}
    and noun = 'import' and owner_id = ${asUser(ctx.actor).id}`.execute(ctx.db)
  found(rows[0], 'file', fileId)
  return placeOf(ctx.house, ctx.tenantId, fileId)
}

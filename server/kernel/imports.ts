import { setImmediate as breath } from 'node:timers/promises'
import * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import { DateOrder, type ImportDoors, ImportKeys, Mapping, OnMatch, Reading } from '#contract/imports.ts'
import { placeOf } from './files.ts'
import { backDaysOf, keepUntil, type Memory, remember } from './importMemory.ts'
import { guess, keepChoice, lastChoice, ownUpload } from './importSource.ts'
import { importUpload } from './importUpload.ts'
import { firstRows, type Problem, WrongRow, wordsOf, wrongRows } from './importWrong.ts'
import { type Laid, lay, readLaid } from './laidTable.ts'
import { localTime } from './localTime.ts'
import { Refusal } from './refusal.ts'
import { ask, type Counts, type RunKind, run } from './runs.ts'
import { workingPlace } from './runTurns.ts'
import { type Door, serve } from './serve.ts'
import { headOf, tableRows, withoutBanner } from './sheets.ts'
import { type Back, takingBack } from './takingBack.ts'
import type { Ctx } from './work.ts'
import { rowsPerSheet, sheetRow, workbook } from './xlsx.ts'

export type { Problem } from './importWrong.ts'

type Pair = readonly [zh: string, en: string]
export type Field = { name: Pair; required?: true; titles: readonly string[]; isDay?: true }
/** Of what the organisation added itself, by key. */
export type More = Readonly<Record<string, string>>
/** By which fields a row is known to be there already. `usual`: unless something else was chosen. */
export type Key = { name: Pair; fields: readonly string[]; usual?: true }
export type Values<K extends string> = Partial<Record<K, string>>
/** A row that says something, read from its cells. `twin`: the line above that says the same and something, when there is one; whether it came in is another question. */
export type ImportRow<R> = { line: number; said: R; twin: number | null }
/** `memory`: what it takes to take the batch back, where the noun offers that. */
export type Taken = { made: number; changed: number; skipped: Problem[]; problems: Problem[]; memory?: Memory }
export type How = { onMatch: OnMatch; dry: boolean; runId: string; keys: readonly string[]; dates: DateOrder }
export type ListImport = { kind: RunKind; back: RunKind | null; routes: (door: Door) => void }

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
  keys: ImportKeys.optional(),
  dates: DateOrder.optional(),
  /** For so many days it can be taken back. */
  backDays: z.int().optional(),
  dry: z.boolean(),
  language: z.enum(['zh', 'en']),
})
const Cursor = z.object({ at: z.int(), bad: z.int(), wrong: z.array(WrongRow).default([]) })
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
  /** Fields that the organisation made itself, as far as whoever brings the table may fill them. */
  more?: (ctx: Ctx) => Promise<Record<string, Field>>
  /** What may be done with what is there already; the first is offered. */
  onMatch: readonly OnMatch[]
  /** What things can be known by, where that is for choosing. */
  keys?: Record<string, Key>
  /** By which values rows are the same thing. Pure. */
  keysOf: (values: Values<K>, keys: readonly string[]) => string[]
  /** What a row says, or what is wrong with it. Pure: read ahead, and again after a crash. */
  read: (values: Values<K>, dates: DateOrder, more: More) => R | { wrong: string }
  /** A batch of rows that say something, in one set of statements. */
  take: (ctx: Ctx, rows: ImportRow<R>[], how: How) => Promise<Taken>
  /** Announced once, when all is in. */
  over?: (ctx: Ctx, runId: string, outcome: Counts) => Promise<void>
  problems: Record<string, Pair>
  /** In which field what is wrong stands, by the problem. */
  wrongIn?: Readonly<Record<string, K>>
  /** How whoever brings the table sees what stands in a field; without it as it came. */
  shownTo?: (ctx: Ctx) => Promise<(field: string, value: string) => string>
  /** How an import is taken back as a whole. */
  back?: Back
}): ListImport {
  const { noun, name, asks, fields } = def
  const back = def.back ? takingBack(noun, name, def.back) : null
  const known = Object.entries(def.keys ?? {})
  const usualKeys = known.flatMap(([key, { usual }]) => (usual ? [key] : []))
  /** What was asked before there was a choice, or asked without one, is known as usual. */
  const knownBy = (chosen: readonly string[] | undefined) => (chosen && chosen.length > 0 ? [...chosen] : usualKeys)
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
  const moreOf = (cells: readonly string[], mapping: Mapping): More =>
    Object.fromEntries(Object.entries(mapping).flatMap(([key, column]) => (key in fields ? [] : [[key, cells[column] ?? '']])))
  const allFields = async (ctx: Ctx): Promise<Record<string, Field>> => ({ ...fields, ...(await def.more?.(ctx)) })
  const checkMapping = (mapping: Mapping, title: readonly string[], all: Record<string, Field>) => {
    for (const [key, column] of Object.entries(mapping))
      if (!(key in all) || column >= title.length) throw new Refusal('invalid', 'import.field_unknown', { field: key })
    const missing = keys.find(key => fields[key].required && mapping[key] === undefined)
    if (missing) throw new Refusal('invalid', 'sheet.column_missing', { column: missing })
  }

  const readRow = (cells: readonly string[], { mapping, dates = 'asked' }: z.output<typeof Params>) =>
    def.read(valuesOf(cells, mapping), dates, moreOf(cells, mapping))

  async function readBatch(laid: string, at: number, params: z.output<typeof Params>): Promise<Batch<R>> {
    const read = await readLaid(laid, at, batch)
    const good: ImportRow<R>[] = []
    const bad: Problem[] = []
    for (const [n, { line, twin, cells }] of read.rows.entries()) {
      if (n % mouthful === 0) await breath()
      const said = readRow(cells, params)
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
    start: { at: 0, bad: 0, wrong: [] },
    says: (_, { dry }) =>
      dry
        ? [`导入${name[0]}的检查`, `The check of ${name[1].toLowerCase()} to import`]
        : [`导入${name[0]}`, `The import of ${name[1].toLowerCase()}`],
    outside: async ({ house, work }, { id, params, cursor }): Promise<Batch<R>> => {
      const tenantId = await work(async ctx => ctx.tenantId)
      const laid = workingPlace(house, tenantId, id, 'rows')
      if (cursor.at === 0)
        await lay(
          laid,
          withoutBanner(tableRows(placeOf(house, tenantId, params.fileId), params.reading)),
          cells => def.keysOf(valuesOf(cells, params.mapping), knownBy(params.keys)),
          cells => !isWrong(readRow(cells, params)),
        )
      const begun = ahead.get(id)
      ahead.delete(id)
      const now = await (begun?.at === cursor.at ? begun.coming : readBatch(laid, cursor.at, params))
      if (!now.over) {
        const coming = readBatch(laid, now.next, params)
        // Whoever comes for it hears of it; a run that was cancelled never does.
        coming.catch(() => {})
        if (ahead.size >= mostAhead) ahead.clear()
        ahead.set(id, { at: now.next, coming })
      }
      return now
    },
    step: async (ctx, { id, params, cursor, done, outcome }, read) => {
      const { onMatch, dry, keys, dates = 'asked', backDays = 0 } = params
      const taken: Taken =
        read.good.length > 0
          ? await def.take(ctx, read.good, { onMatch, dry, runId: id, keys: knownBy(keys), dates })
          : { made: 0, changed: 0, skipped: [], problems: [] }
      if (taken.memory && backDays > 0) {
        remember(ctx, id, cursor.at, taken.memory)
        if (cursor.at === 0 || read.over) keepUntil(ctx, id, backDays)
      }
      const problems = [...read.bad, ...taken.problems]
      const left = [...problems, ...taken.skipped].sort((a, b) => a.line - b.line)
      const counts = {
        made: (outcome.made ?? 0) + taken.made,
        changed: (outcome.changed ?? 0) + taken.changed,
        skipped: (outcome.skipped ?? 0) + taken.skipped.length,
        failed: (outcome.failed ?? 0) + problems.length,
      }
      const room = firstRows - cursor.wrong.length
      const wrong =
        room > 0 && problems.length > 0
          ? wrongRows(problems.toSorted((a, b) => a.line - b.line).slice(0, room), {
              ...{ words: def.problems, columns: def.wrongIn ?? {}, mapping: params.mapping, title: params.title },
              cells: new Map(read.rows.map(row => [row.line, row.cells])),
              shown: def.shownTo ? await def.shownTo(ctx) : (_, value) => value,
            })
          : []
      if (read.over && !dry) await def.over?.(ctx, id, counts)
      return {
        cursor: { at: read.next, bad: cursor.bad + left.length, wrong: [...cursor.wrong, ...wrong] },
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
    const say = (pair: Pair) => pair[language === 'zh' ? 0 : 1]
    const head =
      before === 0 ? sheetRow([language === 'zh' ? '行' : 'Line', language === 'zh' ? '原因' : 'Reason', ...title], 1, 'UTC', 2) : ''
    const lines = left.map((one, n) =>
      sheetRow([one.line, say(wordsOf(one, def.problems)), ...(cells.get(one.line) ?? [])], ((before + n) % rowsPerSheet) + 2, 'UTC'),
    )
    return Buffer.from(head + lines.join(''))
  }

  const listed = (all: Record<string, Field>) =>
    [...keys, ...Object.keys(all).filter(key => !(key in fields))].flatMap(key => {
      const field = all[key]
      if (!field) return []
      return [{ key, name: field.name[0], nameEn: field.name[1], required: field.required === true, isDay: field.isDay === true }]
    })
  const keyList = known.map(([key, { name, fields }]) => ({ key, name: name[0], nameEn: name[1], fields: [...fields] }))
  const usualMatch = def.onMatch[0] ?? 'skip'
  return {
    kind,
    back: back?.kind ?? null,
    routes: door => {
      importUpload(door, asks.ask.path, may)
      back?.routes(door)
      serve(door, asks, {
        fields: async ctx => listed(await allFields(ctx)),
        head: async (ctx, { body: { fileId, reading } }) => {
          const head = await headOf(await ownUpload(ctx, fileId), reading)
          const last = await lastChoice(ctx, kind.kind, head.title)
          const keys = knownBy(last?.keys.filter(key => def.keys?.[key]))
          const all = await allFields(ctx)
          const offered = listed(all)
          return {
            ...head,
            fields: offered,
            onMatch: [...def.onMatch],
            keys: keyList,
            // What somebody else could fill, or what is no field any more, is nothing to whoever brings it now.
            mapping: last ? Object.fromEntries(Object.entries(last.mapping).filter(([key]) => key in all)) : guess(head.title, all),
            chosen: {
              keys,
              onMatch: last && def.onMatch.includes(last.onMatch) ? last.onMatch : usualMatch,
              dates: offered.some(field => field.isDay) ? (last?.dates ?? 'asked') : null,
            },
          }
        },
        ask: async (ctx, { body }) => {
          const head = await headOf(await ownUpload(ctx, body.fileId), body.reading)
          checkMapping(body.mapping, head.title, await allFields(ctx))
          if (!def.onMatch.includes(body.onMatch)) throw new Refusal('invalid', 'import.match_unknown')
          const { dates = 'asked', mapping, onMatch, dry } = body
          const keys = knownBy(body.keys)
          const stranger = keys.find(key => !def.keys?.[key])
          if (stranger !== undefined) throw new Refusal('invalid', 'import.key_unknown', { key: stranger })
          keepChoice(ctx, kind.kind, head.title, { mapping, keys, onMatch, dates })
          const backDays = back && !dry ? await backDaysOf(ctx) : 0
          const facts = { noun, dry, onMatch, ...(keys.length > 0 ? { keys } : {}) }
          return { id: await ask(ctx, kind, { ...body, keys, dates, backDays, title: head.title }, facts) }
        },
      })
    },
  }
}

const mostAhead = 8
const isWrong = (said: unknown): said is { wrong: string } => typeof said === 'object' && said !== null && 'wrong' in said

import { sql } from 'kysely'
import * as z from 'zod'
import type { Endpoint, Permission, Schema } from '#contract/endpoint.ts'
import type { ExportColumn, ExportFormat } from '#contract/exports.ts'
import { limitOf, scopeOf } from './access.ts'
import { csvLine, encoded, mark } from './csv.ts'
import { localTime } from './localTime.ts'
import type { Page } from './paging.ts'
import { Refusal } from './refusal.ts'
import { ask, type RunKind, run } from './runs.ts'
import { type Door, serve } from './serve.ts'
import type { Ctx } from './work.ts'
import { rowsPerSheet, sheetRow, workbook } from './xlsx.ts'

export type Cell = string | number | Date | null | undefined
type Pair = readonly [zh: string, en: string]
/** Picks the language of the file. */
export type Say = (pair: Pair) => string
/** `masked`: for whoever asks; `sensitive`: left out until it is chosen. */
export type Column<R> = { title: Pair; value: (row: R, say: Say) => Cell; masked?: boolean; sensitive?: boolean }

type Asks<F> = {
  columns: Endpoint<string, Schema, Schema, z.ZodArray<typeof ExportColumn>>
  ask: Endpoint<
    string,
    Schema,
    Schema<{ filter: F; format: ExportFormat; columns: string[]; language: 'zh' | 'en'; reveal?: { reason: string } | undefined }>,
    z.ZodObject<{ id: z.ZodUUID }>
  >
}
export type ListExport = { kind: RunKind; routes: (door: Door) => void }

const pageSize = 500
const Cursor = z.object({ after: z.string().nullable() })
const Sent = z.object({ filter: z.record(z.string(), z.unknown()) })

/**
 * A list that can be taken along, written by the list's own query page by page: whoever asked sees in the file what they see in the list, masked as there.
 * Pages are cut by key over living data: no row stands twice, each as it was when its page was read.
 */
export function listExport<F extends object, R>(def: {
  noun: string
  name: Pair
  asks: Asks<F>
  columns: Record<string, Column<R>>
  /** Columns that are a tenant's own, as far as whoever asks sees them. */
  more?: (ctx: Ctx) => Promise<Record<string, Column<R>>>
  page: (ctx: Ctx, query: F & { after: string | undefined; size: number }, run: { id: string; isFirst: boolean }) => Promise<Page<R>>
  /** The last page has been read. */
  over?: (ctx: Ctx, runId: string) => Promise<unknown>
  /** What is masked unless whoever asks may have it in full and says why. */
  masked?: {
    may: Permission
    columns: readonly string[]
    unmask: (ctx: Ctx, rows: R[]) => Promise<R[]>
    /** Which of the columns whoever asks sees masked; without it all of them. */
    forAsker?: (ctx: Ctx) => Promise<(column: string) => boolean>
  }
}): ListExport {
  const { noun, name, asks, masked } = def
  const columnsFor = async (ctx: Ctx): Promise<Record<string, Column<R>>> => ({ ...def.columns, ...(await def.more?.(ctx)) })
  const may = asks.ask.may as Permission
  const Params = z.object({ asked: asks.ask.body, zone: z.string() })
  const pick =
    (language: 'zh' | 'en'): Say =>
    pair =>
      pair[language === 'zh' ? 0 : 1]
  const chosen = (columns: Record<string, Column<R>>, keys: readonly string[]) =>
    keys.map(key => {
      const column = columns[key]
      if (!column) throw new Refusal('invalid', 'export.column_unknown', { column: key })
      return column
    })

  /** Whoever may look at a few a day may not carry off all. */
  const mayReveal = ({ actor }: Ctx) => {
    if (!masked) throw new Refusal('invalid', 'export.nothing_masked')
    if (scopeOf(actor, masked.may) === null) throw new Refusal('forbidden', 'access.denied', { permission: masked.may })
    if (limitOf(actor, masked.may) !== null) throw new Refusal('forbidden', 'export.reveal_limited')
  }

  const kind = run({
    kind: `export.${noun}`,
    may,
    params: Params,
    cursor: Cursor,
    start: { after: null },
    says: () => [`导出${name[0]}`, `The export of ${name[1].toLowerCase()}`],
    step: async (ctx, { id, params: { asked, zone }, cursor, done }) => {
      const say = pick(asked.language)
      const wanted = chosen(await columnsFor(ctx), asked.columns)
      const isFirst = cursor.after === null
      const page = await def.page(ctx, { ...asked.filter, after: cursor.after ?? undefined, size: pageSize }, { id, isFirst })
      if (page.next === null) await def.over?.(ctx, id)
      if (asked.reveal) mayReveal(ctx)
      const rows = asked.reveal && masked ? await masked.unmask(ctx, page.rows) : page.rows
      const cells = rows.map(row => wanted.map(column => column.value(row, say)))
      const titles = wanted.map(column => say(column.title))
      return {
        cursor: { after: page.next },
        done: done + cells.length,
        outcome: { rows: done + cells.length },
        output:
          asked.format === 'xlsx'
            ? sheetLines(isFirst ? titles : null, cells, done, zone)
            : csvLines(isFirst ? titles : null, cells, asked.format, zone),
        finished: page.next === null,
      }
    },
    result: ({ params: { asked, zone }, askedAt }) => ({
      name: `${pick(asked.language)(name)} ${localTime(askedAt, zone).slice(0, 16).replace(':', '')}.${asked.format === 'xlsx' ? 'xlsx' : 'csv'}`,
      type: asked.format === 'xlsx' ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv',
    }),
    finish: (written, { params: { asked } }) =>
      asked.format === 'xlsx' ? workbook(written, asked.columns.length, pick(asked.language)(name)) : written,
  })

  return {
    kind,
    routes: door =>
      serve(
        door,
        { columns: asks.columns, ask: asks.ask },
        {
          columns: async ctx => {
            const forAsker = (await masked?.forAsker?.(ctx)) ?? (() => true)
            return Object.entries(await columnsFor(ctx)).map(([key, { title, masked: isMasked, sensitive }]) => ({
              ...{ key, name: title[0], nameEn: title[1] },
              unmask: masked?.columns.includes(key) ? masked.may : null,
              masked: isMasked ?? (masked?.columns.includes(key) === true && forAsker(key)),
              sensitive: sensitive === true,
            }))
          },
          ask: async (ctx, { body }) => {
            chosen(await columnsFor(ctx), body.columns)
            if (body.reveal) mayReveal(ctx)
            const { filter } = Sent.parse(z.encode(asks.ask.body, body))
            const narrowed = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== 'after' && key !== 'size'))
            const facts = { noun, format: body.format, columns: body.columns.length, filtered: Object.keys(narrowed).length > 0 }
            const personal: Record<string, string> = {
              ...(facts.filtered ? { filter: JSON.stringify(narrowed) } : {}),
              ...(body.reveal ? { reason: body.reveal.reason } : {}),
            }
            const said = body.reveal ? { ...facts, revealed: true } : facts
            return { id: await ask(ctx, kind, { asked: body, zone: await zoneOf(ctx) }, said, personal) }
          },
        },
      ),
  }
}

async function zoneOf(ctx: Ctx): Promise<string> {
  const { rows } = await sql<{ timezone: string }>`select timezone from identity.fact_tenant where tenant_id = ${ctx.tenantId}`.execute(
    ctx.db,
  )
  return rows[0]?.timezone ?? 'UTC'
}

function csvLines(titles: readonly string[] | null, rows: readonly Cell[][], format: 'csv' | 'gb18030', zone: string): Uint8Array {
  const text = [...(titles ? [titles] : []), ...rows].map(cells => csvLine(cells, zone)).join('')
  return titles && format === 'csv' ? Buffer.concat([mark, encoded(text, format)]) : encoded(text, format)
}

function sheetLines(titles: readonly string[] | null, rows: readonly Cell[][], done: number, zone: string): Uint8Array {
  const lines = rows.map((cells, n) => sheetRow(cells, ((done + n) % rowsPerSheet) + 2, zone))
  return Buffer.from((titles ? sheetRow(titles, 1, zone, 2) : '') + lines.join(''))
}

/** A view in which a domain says what its things are called: `id` and `name`. */
type Named = `${string}.fact_${string}`

/** A page with what its ids are called, under a key for each; the ids of one view are asked for together. */
export async function withNames<R extends object, K extends string>(
  ctx: Ctx,
  page: Page<R>,
  names: Record<K, readonly [view: Named, id: (row: R) => string | null]>,
): Promise<Page<R & Record<K, string>>> {
  const all = Object.entries<readonly [Named, (row: R) => string | null]>(names)
  const wanted = new Map<Named, Set<string>>()
  for (const [, [view, idOf]] of all)
    for (const row of page.rows) {
      const id = idOf(row)
      if (id !== null) wanted.set(view, (wanted.get(view) ?? new Set()).add(id))
    }
  const known = new Map(await Promise.all([...wanted].map(async ([view, ids]) => [view, await namesIn(ctx, view, [...ids])] as const)))
  const nameOf = (view: Named, id: string | null) => (id === null ? '' : (known.get(view)?.get(id) ?? ''))
  const rows = page.rows.map(row => ({ ...row, ...Object.fromEntries(all.map(([key, [view, idOf]]) => [key, nameOf(view, idOf(row))])) }))
  // One entry for every key of `names`, which no type of the standard library says.
  return { next: page.next, rows: rows as (R & Record<K, string>)[] }
}

async function namesIn(ctx: Ctx, view: Named, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`select id, name from ${sql.table(view)}
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.name]))
}

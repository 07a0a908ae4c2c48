import * as z from 'zod'
import { type Endpoint, get, Id, type Permission, post } from './endpoint.ts'

/** How a table is read: which sheet of a workbook, or which signs a text is written in. */
export const Reading = z.union([
  z.object({ sheet: z.string().max(100) }),
  z.object({ encoding: z.enum(['utf-8', 'gb18030', 'utf-16le']), separator: z.enum([',', ';', '\t', '|']) }),
])
export type Reading = z.output<typeof Reading>
export const ImportField = z.object({ key: z.string(), name: z.string(), nameEn: z.string(), required: z.boolean() })
/** Field → column, counted from 0. */
export const Mapping = z.record(z.string().max(40), z.int().min(0).max(200))
export type Mapping = z.output<typeof Mapping>

/** What happens to a row whose customer, person or thing is there already. */
export const OnMatch = z.enum(['skip', 'update', 'new'])
export type OnMatch = z.output<typeof OnMatch>

export const TableHead = z.object({
  reading: Reading,
  sheets: z.array(z.string()),
  title: z.array(z.string()),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()) })),
  fields: z.array(ImportField),
  /** What its columns seem to hold, or held the last time you brought such a table. */
  mapping: Mapping,
  /** What may be done with rows whose thing is there already. */
  onMatch: z.array(OnMatch),
})
export type TableHead = z.output<typeof TableHead>

/** A noun that is brought in from tables. The file is sent to `POST /api<path>/imports/file` first; the sender alone can use it. */
export const importsOf = <const P extends `/${string}`>(path: P, may: Permission) => ({
  head: post(`${path}/imports/head` as `${P}/imports/head`, {
    may,
    body: z.object({ fileId: Id, reading: Reading.optional() }),
    reply: TableHead,
    says: `How a table for ${path.slice(1)} begins, how it is read, and which column is which field.`,
  }),
  fields: get(`${path}/imports/fields` as `${P}/imports/fields`, {
    may,
    reply: z.array(ImportField),
    says: `Which fields of ${path.slice(1)} a table can fill.`,
  }),
  ask: post(`${path}/imports` as `${P}/imports`, {
    may,
    body: z.object({
      fileId: Id,
      reading: Reading,
      mapping: Mapping,
      onMatch: OnMatch,
      /** Changes nothing and writes down what is wrong with which row. */
      dry: z.boolean(),
      language: z.enum(['zh', 'en']),
    }),
    reply: z.object({ id: Id }),
    says: `Checks a table row by row, or brings it into ${path.slice(1)}, as long work (GET /runs/:id). Rows with problems, and rows of what is there already, are left out and come back as a sheet with the reason beside each.`,
  }),
})

export const customerImports = importsOf('/customers', 'customer:import')
export const receivableImports = importsOf('/receivables', 'receivable:write')
/** The doors of any noun that comes from tables. */
export type ImportDoors = {
  [K in keyof typeof customerImports]: (typeof customerImports)[K] extends Endpoint<string, infer Q, infer B, infer R>
    ? Endpoint<string, Q, B, R>
    : never
}

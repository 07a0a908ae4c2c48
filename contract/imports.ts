import * as z from 'zod'
import { type Endpoint, get, Id, type Permission, post, put } from './endpoint.ts'

export const TextEncoding = z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5'])
/** How a table is read: which sheet of a workbook, or which signs a text is written in. */
export const Reading = z.union([
  z.object({ sheet: z.string().max(100) }),
  z.object({ encoding: TextEncoding, separator: z.enum([',', ';', '\t', '|']) }),
])
export type Reading = z.output<typeof Reading>
export const ImportField = z.object({ key: z.string(), name: z.string(), nameEn: z.string(), required: z.boolean(), isDay: z.boolean() })
/** Field → column, counted from 0. */
export const Mapping = z.record(z.string().max(60), z.int().min(0).max(511))
export type Mapping = z.output<typeof Mapping>

/** What happens to a row whose customer, person or thing is there already. */
export const OnMatch = z.enum(['skip', 'update', 'new'])
export type OnMatch = z.output<typeof OnMatch>

/** How 03/04/2026 is meant. `asked`: such a row is reported, not guessed. */
export const DateOrder = z.enum(['asked', 'dmy', 'mdy'])
export type DateOrder = z.output<typeof DateOrder>

/** By what a row is known to be there already; the first that a row has a value for decides, then the next. */
export const ImportKey = z.object({ key: z.string(), name: z.string(), nameEn: z.string(), fields: z.array(z.string()) })
export const ImportKeys = z.array(z.string().max(40)).max(10)

export const TableHead = z.object({
  reading: Reading,
  sheets: z.array(z.string()),
  title: z.array(z.string()),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()) })),
  fields: z.array(ImportField),
  /** What its columns seem to hold, or held the last time such a table was brought. */
  mapping: Mapping,
  /** What may be done with rows whose thing is there already. */
  onMatch: z.array(OnMatch),
  /** All by which things can be known; none where that is not for choosing. */
  keys: z.array(ImportKey),
  /** As offered, or as it was chosen the last time such a table was brought. `dates` is null where no field holds a day. */
  chosen: z.object({ keys: ImportKeys, onMatch: OnMatch, dates: DateOrder.nullable() }),
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
      /** Left out: as usual. */
      keys: ImportKeys.optional(),
      dates: DateOrder.optional(),
      /** Changes nothing and writes down what is wrong with which row. */
      dry: z.boolean(),
      language: z.enum(['zh', 'en']),
    }),
    reply: z.object({ id: Id }),
    says: `Checks a table row by row, or brings it into ${path.slice(1)}, as long work (GET /runs/:id). Rows with problems, and rows of what is there already, are left out and come back as a sheet with the reason beside each.`,
  }),
})

/** Of nouns whose imports can be taken back as a whole. */
export const takingBackOf = <const P extends `/${string}`>(path: P, may: Permission) => ({
  ask: post(`${path}/imports/:id/taking-back` as `${P}/imports/:id/taking-back`, {
    may,
    body: z.object({ language: z.enum(['zh', 'en']) }),
    reply: z.object({ id: Id }),
    says: `Takes an import of ${path.slice(1)} back as a whole, as long work (GET /runs/:id): what it made is removed, what it changed has its former values again. What has been used or changed since is kept and listed with the reason.`,
  }),
})

const customerDoors = importsOf('/customers', 'customer:import')
export const customerImports = customerDoors
export const customerTakingBack = takingBackOf('/customers', 'customer:import')
export const receivableImports = importsOf('/receivables', 'receivable:write')
/** The doors of any noun that comes from tables. */
export type ImportDoors = {
  [K in keyof typeof customerDoors]: (typeof customerDoors)[K] extends Endpoint<string, infer Q, infer B, infer R>
    ? Endpoint<string, Q, B, R>
    : never
}
export type BackDoors = {
  ask: typeof customerTakingBack.ask extends Endpoint<string, infer Q, infer B, infer R>
    ? Endpoint<`${string}/imports/:id/taking-back`, Q, B, R>
    : never
}

/** For so many days an import can be taken back; 0: never. What is remembered for it goes when they are over. */
export const ImportPolicy = z.object({ backDays: z.int().min(0).max(90) })
export const importPolicy = {
  read: get('/import-policy', { may: 'house:operate', reply: ImportPolicy, says: 'For how long imports can be taken back.' }),
  write: put('/import-policy', {
    may: 'house:operate',
    body: ImportPolicy,
    reply: ImportPolicy,
    says: 'Sets for how long imports can be taken back; for those that begin from now on.',
  }),
}

import * as z from 'zod'
import { get, Id, type Permission, post, type Schema, Words } from './endpoint.ts'

/** A workbook, or text with commas: in UTF-8 with its mark, or in GB18030 for programs that know nothing else. */
export const ExportFormat = z.enum(['xlsx', 'csv', 'gb18030'])
export type ExportFormat = z.output<typeof ExportFormat>
/** `unmask`: the permission by which a column that is masked can be had in full; null when nothing of it is masked. */
export const ExportColumn = z.object({
  key: z.string(),
  name: z.string(),
  nameEn: z.string(),
  unmask: z.string().nullable(),
  /** Stands masked in the file, as whoever asks sees it in the list. */
  masked: z.boolean(),
  /** Not for everybody's eyes: such a column is offered, and left out until somebody chooses it. */
  sensitive: z.boolean(),
})
export type ExportColumn = z.output<typeof ExportColumn>

/** A list that can be taken along. `query` is the list's own: what it shows is what is written. */
export const exportsOf = <const P extends `/${string}`, Q extends Schema>(path: P, query: Q, may: Permission) => ({
  columns: get(`${path}/exports/columns` as `${P}/exports/columns`, {
    may,
    reply: z.array(ExportColumn),
    says: `What an export of ${path.slice(1)} can hold.`,
  }),
  ask: post(`${path}/exports` as `${P}/exports`, {
    may,
    body: z.object({
      filter: query,
      format: ExportFormat,
      columns: z.array(z.string().max(40)).min(1).max(100),
      language: z.enum(['zh', 'en']),
      /** Numbers in full, for whoever may reveal them; why stands in the audit. */
      reveal: z.object({ reason: Words(200) }).optional(),
    }),
    reply: z.object({ id: Id }),
    says: `Writes ${path.slice(1)} as filtered into a file, as long work (GET /runs/:id). Nothing stands twice in it; a row is as it was when its page was read.`,
  }),
})

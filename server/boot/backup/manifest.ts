import * as z from 'zod'

/** First in a backup: what it is and from where. Times are ISO 8601. */
export const Manifest = z.object({
  format: z.literal('huiyin backup'),
  version: z.literal(1),
  product: z.string(),
  at: z.iso.datetime(),
  /** The database's shape: what a restore must stand on before the rows come. */
  migrations: z.array(z.string()),
  /** The whole installation, or tenants of it. */
  whole: z.boolean(),
  tenants: z.array(z.object({ id: z.uuid(), slug: z.string() })),
  /** Columns by table, in the order of the rows' values. */
  tables: z.record(z.string(), z.array(z.string())),
  /** Events go by the month: the first that is needed. */
  firstEvent: z.iso.datetime().nullable(),
  /** Tells whether stored secrets can be read under a key, without telling the key. */
  keyCheck: z.string(),
})
export type Manifest = z.output<typeof Manifest>

/** Last in a backup: without it the file was cut off. */
export const Ending = z.object({
  rows: z.record(z.string(), z.int()),
  jobs: z.int(),
  files: z.int(),
  /** Files whose row was there and whose content was not. */
  missing: z.array(z.string()),
  /** SHA-256 over the name and content of every entry before this one. */
  sha256: z.string(),
})
export type Ending = z.output<typeof Ending>

/** A job that was handed over and not done yet. */
export const Job = z.object({ payload: z.unknown(), runAt: z.iso.datetime(), attempts: z.int() })
export type Job = z.output<typeof Job>

export const manifestName = 'manifest.json'
export const endingName = 'whole.json'
export const keyName = 'secret.key'

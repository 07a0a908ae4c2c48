import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openAs } from '#kernel/db.ts'
import type { Ctx } from '#kernel/work.ts'

/** A row with the names of our columns; the tenant is added. */
export type Row = Record<string, unknown>
/** Rows may be made while they are asked for: the database then works on what it has. */
export type Fill = (table: string, rows: Iterable<Row>) => Promise<void>

const snake = (key: string) => key.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)
const columnsOf = (row: Row | undefined) => Object.keys(row ?? {})

/** Rows by way of JSON: PostgreSQL reads every value as its column's type. */
const insertion = (table: string, keys: readonly string[], tenant: string, json: string) => {
  const names = keys.map(snake).join(', ')
  return `insert into ${table} (tenant_id, ${names}) select ${tenant}, ${names} from json_populate_recordset(null::${table}, ${json})`
}
const asJson = (rows: readonly Row[]) =>
  JSON.stringify(rows.map(row => Object.fromEntries(Object.entries(row).map(([key, value]) => [snake(key), value]))))

/** Inside a piece of work, as everybody writes. */
export async function place(ctx: Ctx, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const [before = '', middle = '', after = ''] = insertion(table, columnsOf(rows[0]), '\u0000', '\u0000').split('\u0000')
  await sql`${sql.raw(before)}${ctx.tenantId}::uuid${sql.raw(middle)}${asJson(rows)}::json${sql.raw(after)}`.execute(ctx.db)
}

/**
 * One transaction over the owner's connection, by COPY where the owner is above row-level security, by batches of inserts where not.
 * `unasked`: foreign keys are not asked where the owner may say so: of millions of rows that hold by the way they are made (a test counts), asking takes half of the time.
 */
export async function inBulk<T>(
  url: string,
  tenantId: string,
  fn: (fill: Fill, client: pg.Client) => Promise<T>,
  { unasked = false } = {},
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'huiyin sample' })
  // A connection that dies fails the statement at hand; there is nobody else to tell.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ super: boolean; above: boolean }>(
      'select rolsuper as super, rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
    )
    const above = rows[0]?.above === true
    await client.query(above ? 'begin' : openAs('app', tenantId))
    if (unasked && rows[0]?.super) await client.query('set local session_replication_role = replica')
    const touched = new Set<string>()
    const way = above ? copying(client, tenantId) : inserting(client, tenantId)
    const result = await fn(async (table, all) => {
      touched.add(table)
      await way(table, all)
    }, client)
    await client.query('commit')
    for (const table of touched) await client.query(`analyze ${table}`).catch(() => {})
    return result
  } finally {
    await client.end()
  }
}

function inserting(client: pg.Client, tenantId: string): Fill {
  return async (table, rows) => {
    for (const batch of batchesOf(rows, 5000))
      await client.query(insertion(table, columnsOf(batch[0]), '$1::uuid', '$2::json'), [tenantId, asJson(batch)])
  }
}

function* batchesOf(rows: Iterable<Row>, size: number): Generator<Row[]> {
  let batch: Row[] = []
  for (const row of rows)
    if (batch.push(row) === size) {
      yield batch
      batch = []
    }
  if (batch.length > 0) yield batch
}

function copying(client: pg.Client, tenantId: string): Fill {
  const types = new Map<string, Map<string, string>>()
  return async (table, rows) => {
    const known = types.get(table) ?? (await typesOf(client, table))
    types.set(table, known)
    const each = rows[Symbol.iterator]()
    const first = each.next()
    if (first.done) return
    const keys = columnsOf(first.value)
    const columns = keys.map(key => ({ key, type: known.get(snake(key)) ?? 'text' }))
    const stream = client.query(copyFrom(`copy ${table} (tenant_id, ${keys.map(snake).join(', ')}) from stdin`))
    const lines = function* () {
      let text = ''
      for (let next: IteratorResult<Row> = first; !next.done; next = each.next()) {
        const row = next.value
        text += tenantId
        for (const { key, type } of columns) text += `\t${encoded(row[key], type)}`
        text += '\n'
        if (text.length < 250_000) continue
        yield text
        text = ''
      }
      yield text
    }
    await pipeline(Readable.from(lines(), { objectMode: false }), stream)
  }
}

async function typesOf(client: pg.Client, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    'select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attnum > 0',
    [table],
  )
  return new Map(rows.map(r => [r.name, r.type]))
}

function encoded(value: unknown, type: string): string {
  if (value === null || value === undefined) return '\\N'
  if (value instanceof Date) return value.toISOString()
  if (type === 'jsonb' || type === 'json') return escaped(JSON.stringify(value))
  if (Array.isArray(value)) return escaped(`{${value.map(v => `"${String(v).replace(/["\\]/g, '\\$&')}"`).join(',')}}`)
  return escaped(String(value))
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escaped = (text: string) => text.replace(/[\\\n\r\t]/g, c => escapes[c] ?? c)

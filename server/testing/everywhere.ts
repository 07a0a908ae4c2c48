import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import type pg from 'pg'
import { holdings, impersonalTables } from '#kernel/holdings.ts'
import { newId } from '#kernel/ids.ts'

type Column = { name: string; type: string; needed: boolean }
export type Planted = {
  tenantId: string
  customerId: string
  otherId: string
  words: string
  phone: string
  email: string
  name: string
  number: string
}

const today = new Date()
/** Kept for long, over, and not waiting for anybody: the first of these that a column may say. */
const over = ['person', 'customer', 'in', 'over', 'done', 'closed', 'kept', 'delivered', 'left', 'made', 'answered', 'visitor']

/** What a row may not say together with the rest. */
const left = new Set(
  `messaging.block.call_id tasks.evidence.matter_id tasks.evidence.noun tasks.approval_step.role_id tickets.ticket.paused_at tickets.ticket.left_minutes
   surveys.rating.ticket_id surveys.invitation.ticket_id customers.care_plan.tier views.view.share_id`.split(/\s+/),
)

/** Every table with its columns, as the database has them: what is added tomorrow is among them. */
export async function tablesOf(db: pg.Client): Promise<Map<string, Column[]>> {
  const { rows } = await db.query<Column & { table: string }>(`
    select n.nspname || '.' || c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull and not a.atthasdef as needed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public', 'graphile_worker')
    order by 1, a.attnum`)
  return Map.groupBy(rows, row => row.table)
}

async function choicesOf(db: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{
    table: string
    said: string
  }>(`select n.nspname || '.' || c.relname as table, pg_get_constraintdef(k.oid) as said
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.contype = 'c'`)
  const choices = new Map<string, string[]>()
  for (const { table, said } of rows) {
    const match = /\(\((\w+) = ANY \(ARRAY\[(.*?)\]\)/.exec(said)
    if (match?.[1] && match[2])
      choices.set(
        `${table}.${match[1]}`,
        [...match[2].matchAll(/'(\w*)'/g)].map(([, one]) => one ?? ''),
      )
  }
  return choices
}

/** Rows of a person in these tables, one each, that say their words in every column that takes words; what belongs together is found under one id. Returns tables that would not take one. */
export async function plantIn(db: pg.Client, tables: readonly string[], who: Planted, ids = new Map<string, string>()): Promise<string[]> {
  const [all, choices] = [await tablesOf(db), await choicesOf(db)]
  const idOf = (noun: string) => ids.get(noun) ?? ids.set(noun, newId()).get(noun) ?? ''
  const nouns: Record<string, string> = {
    owner: 'visitor',
    about: 'task',
    thing: 'customer',
    kept: 'customer',
    gone: 'customer',
    a: 'customer',
  }
  ids.set('customer', who.customerId)
  const refused: string[] = []
  const wordFor = (table: string, { name, type }: Column, isCode: boolean): unknown => {
    const allowed = choices.get(`${table}.${name}`)
    if (name === 'tenant_id') return who.tenantId
    if (left.has(`${table}.${name}`)) return null
    if (name === 'b_id' || name === 'to_id') return who.otherId
    if (`${table}.${name}` === 'documents.version.files') return JSON.stringify({ pdf: idOf('file') })
    if (name === 'alpha') return 0.5
    if (name === 'called') return '96116'
    if (name === 'audience') return JSON.stringify({ numbers: [who.number] })
    if (`${table}.${name}` === 'messaging.suppression.address') return who.email
    if (name === 'before_until') return '2999-01-01'
    if (name === 'id') return idOf(table.split('.')[1] ?? '')
    if (type === 'uuid') return name === 'about' ? null : idOf(nouns[name.slice(0, -3)] ?? name.slice(0, -3))
    if (allowed) return over.find(one => allowed.includes(one)) ?? allowed.at(-1)
    if (name === 'phone') return who.phone
    if (name === 'email') return who.email
    if (name === 'version') return 1
    if (isCode && type === 'text') return `code ${idOf('code')}`
    if (isCode && type === 'jsonb') return '[]'
    if (type === 'text') return who.words
    if (type === 'text[]') return [who.words]
    if (type === 'uuid[]') return [idOf('file')]
    if (type === 'jsonb') return JSON.stringify({ words: who.words, list: [who.words], phone: Number(who.phone.slice(1)) })
    if (type === 'tsvector') return `'${who.phone.slice(3)}':1`
    if (type === 'bytea') return Buffer.from('-')
    if (type === 'boolean') return false
    if (type.startsWith('timestamp')) return today
    if (type === 'date') return today.toISOString().slice(0, 10)
    return /int|numeric|double|real/.test(type) ? 1 : null
  }
  for (const table of tables) {
    const words = impersonalTables().flatMap(one => one.words[table]?.split(' ') ?? [])
    // What holds no words by its declaration is a code.
    const stays = holdings().find(one => one.table === table)?.stays
    const isCode = (name: string) => (words.length > 0 ? !words.includes(name) : stays?.includes(name))
    const columns = (all.get(table) ?? [])
      .map(column => ({ column, value: wordFor(table, column, isCode(column.name) === true) }))
      .filter(one => one.value !== null)
    await db.query('savepoint row')
    try {
      // Rows of tables they hang on are not what is asked here.
      await db.query(`set local session_replication_role = replica`)
      await db.query(
        `insert into ${table} (${columns.map(({ column }) => column.name).join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
        columns.map(({ value }) => value),
      )
    } catch (error) {
      refused.push(`${table}: ${error instanceof Error ? error.message : error}`)
      await db.query('rollback to savepoint row')
    }
  }
  return refused
}

/** So many rows of nobody in a table, each under ids of its own: enough that the planner no longer prefers to read all of them. */
export async function fill(db: pg.Client, table: string, tenantId: string, n: number): Promise<void> {
  const [all, choices] = [await tablesOf(db), await choicesOf(db)]
  const columns = (all.get(table) ?? []).filter(one => !left.has(`${table}.${one.name}`))
  const said = ({ name, type }: Column): string => {
    const allowed = choices.get(`${table}.${name}`)
    if (name === 'tenant_id') return `'${tenantId}'::uuid`
    // Of this moment, as ids are.
    if (name === 'id') return `('${newId().slice(0, 14)}' || substr(gen_random_uuid()::text, 15))::uuid`
    if (name === 'a_id' || name === 'b_id') return `('${name === 'a_id' ? 0 : 'f'}' || substr(gen_random_uuid()::text, 2))::uuid`
    if (type === 'uuid') return 'gen_random_uuid()'
    if (allowed) return `'${over.find(one => allowed.includes(one)) ?? allowed.at(-1)}'`
    if (name === 'alpha') return '0.5'
    if (name === 'before_until') return `date '2999-01-01'`
    if (type === 'text') return `'x' || g`
    if (type.endsWith('[]')) return `'{}'`
    if (type === 'jsonb') return `'{}'`
    if (type === 'boolean') return 'false'
    if (type.startsWith('timestamp') || type === 'date') return `date '2026-01-01'`
    if (type === 'xid8') return 'pg_current_xact_id()'
    return type === 'tsvector' ? `''::tsvector` : type === 'bytea' ? `''::bytea` : '1'
  }
  await db.query(`set session_replication_role = replica`)
  await db.query(
    `insert into ${table} (${columns.map(one => one.name).join(', ')}) select ${columns.map(said).join(', ')} from generate_series(1, ${n}) g`,
  )
  await db.query(`set session_replication_role = default; analyze ${table}`)
}

/** Wherever any of the words still stands: in every column of every table there is, and in every file of the folder, packed ones unpacked. */
export async function remains(db: pg.Client, folder: string, words: readonly string[]): Promise<string[]> {
  const { rows: all } = await db.query<{ name: string; columns: string[] }>(`
    select format('%I.%I', n.nspname, c.relname) as name, array_agg(quote_ident(a.attname) order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') group by n.nspname, c.relname`)
  const found: string[] = []
  for (const { name, columns } of all) {
    const { rows } = await db.query<Record<string, string>>(
      `select ${columns.map((column, n) => `max(${column}::text) filter (where ${column}::text ilike any($1)) as c${n}`).join(', ')} from ${name}`,
      [words.map(word => `%${word}%`)],
    )
    for (const [n, column] of columns.entries()) if (rows[0]?.[`c${n}`]) found.push(`${name}.${column}: ${rows[0][`c${n}`]?.slice(0, 120)}`)
  }
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const place = path.join(file.parentPath, file.name)
    const bytes = await readFile(place)
    const texts = [
      bytes.toString('latin1'),
      bytes.toString('utf8'),
      ...(bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50
        ? [JSON.stringify(Object.values(unzipSync(bytes)).map(part => strFromU8(part)))]
        : []),
    ]
    if (words.some(word => texts.some(text => text.includes(word)))) found.push(`file ${place}`)
  }
  return found
}

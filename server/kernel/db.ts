import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely'
import pg from 'pg'
import { isId } from './ids.ts'
import type { Tables } from './tables.ts'
import { isPlain, TenantPlugin } from './tenantPlugin.ts'

// int8 sums and counts of ours stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
// A date without time stays text: it belongs to a calendar, not to a time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)

const slowly = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)
const utc = /^[1-9]\d{3}-.{14}(?:\.(\d{1,6}))?\+00$/
/** A page of tickets holds four hundred instants, and pg takes each apart by pattern for every zone and calendar there is. */
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, text => {
  const found = utc.exec(text)
  if (!found) return slowly(text)
  const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
  return new Date(
    Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17), Number((found[1] ?? '').slice(0, 3).padEnd(3, '0'))),
  )
})

const names = new Map<string, string>()
function nameOf(text: string): string {
  let name = names.get(text)
  if (name === undefined) {
    if (names.size > 5000) names.clear()
    name = createHash('sha1').update(text).digest('base64url').slice(0, 20)
    names.set(text, name)
  }
  return name
}

declare module 'pg' {
  interface ClientBase {
    readonly connection: { readonly stream: Duplex }
  }
  interface PoolConfig {
    pipeline?: boolean
  }
}

/** Statements given in one turn of the event loop leave in one write: a write costs more than most statements. */
class Gathering extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // A proxy, as `query` has more shapes than one override can have: whatever it was given goes on as it came.
    this.query = new Proxy(this.query, {
      apply: (_, client: this, given) => {
        const { stream } = client.connection
        stream.cork()
        process.nextTick(() => stream.uncork())
        return Reflect.apply(super.query, client, given)
      },
    })
  }
}

export function newPool(url: string, max: number, application: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    pipeline: true,
    Client: Gathering,
    application_name: application,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // An idle connection that the server closed is replaced by the pool; the next query tells whoever cares.
  pool.on('error', () => {})
  pool.on('connect', client => {
    client.on('error', () => {})
  })
  return pool
}

/**
 * Why the transaction of a connection failed: its first failure. Statements sent after the failing one fail too, and not only as aftermath (a statement that could
 * not be parsed any more is missing to the next that names it); whoever waits for one of those may hear of it first.
 */
const reasons = new WeakMap<pg.PoolClient, unknown>()
function blame(client: pg.PoolClient, error: unknown): void {
  if (!reasons.has(client) && !isAftermath(error)) reasons.set(client, error)
}
const isAftermath = (error: unknown) => error instanceof Error && 'code' in error && error.code === '25P02'

/** One connection as Kysely sees it: statements are named, because Kysely names none and parsing costs more than running. */
class OneConnection implements DatabaseConnection {
  #client: pg.PoolClient
  constructor(client: pg.PoolClient) {
    this.#client = client
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql: text, parameters } = query
    try {
      const result =
        parameters.length > 0
          ? await this.#client.query<unknown[]>({ name: nameOf(text), text, values: [...parameters], rowMode: 'array' })
          : await this.#client.query<unknown[]>({ text, rowMode: 'array' })
      // What failed since that savepoint is undone; before it nothing had, or there would be none.
      if (text.startsWith('rollback to savepoint ')) reasons.delete(this.#client)
      return { rows: rowsOf<R>(result), ...(result.rowCount === null ? {} : { numAffectedRows: BigInt(result.rowCount) }) }
    } catch (error) {
      blame(this.#client, error)
      throw error
    }
  }
  // biome-ignore lint/correctness/useYield: a cursor cannot share a pipelined connection; nobody streams through Kysely
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming goes through COPY or keyset pages')
  }
}

/** The rows with their columns named as in code: once per answer rather than once more per row. */
function rowsOf<R>({ rows, fields }: pg.QueryArrayResult<unknown[]>): R[] {
  const keys = fields.map(field => camel.keyOf(field.name))
  return rows.map(values => {
    const row: Record<string, unknown> = {}
    for (let n = 0; n < keys.length; n++) row[keys[n] ?? ''] = values[n]
    return row as R
  })
}

const texts = new WeakMap<TemplateStringsArray, { name: string; text: string }>()

/** Sends a statement of which nothing is asked back. It leaves in the order of the calls, together with what else is said in this turn; the commit fails when it failed. */
export function send(client: pg.PoolClient, parts: TemplateStringsArray, values: readonly unknown[]): void {
  let statement = texts.get(parts)
  if (!statement) {
    const text = parts.reduce((said, part, n) => `${said}$${n}${part}`)
    statement = { name: nameOf(text), text }
    texts.set(parts, statement)
  }
  client.query({ ...statement, values: [...values] }, (error: Error | null) => {
    if (error) blame(client, error)
  })
}

/** SQL written by hand holds nothing to rename; rows have their names from `rowsOf`. */
class Camel extends CamelCasePlugin {
  keyOf(column: string): string {
    return this.camelCase(column)
  }
  override transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return isPlain(args.node) ? args.node : super.transformQuery(args)
  }
  override async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return args.result
  }
}
const camel = new Camel({ maintainNestedObjectKeys: true })
const compiler = new PostgresQueryCompiler()
const adapter = new PostgresAdapter()

/** Kysely bound to one open transaction of one tenant. */
export function bound(client: pg.PoolClient, tenantId: string): Kysely<Tables> {
  const connection = new OneConnection(client)
  const dialect: Dialect = {
    createAdapter: () => adapter,
    createQueryCompiler: () => compiler,
    createIntrospector: db => new PostgresIntrospector(db),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: async () => {
        throw new Error('nobody below `work` opens a transaction')
      },
      commitTransaction: async () => {},
      rollbackTransaction: async () => {},
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
  }
  return new Kysely<Tables>({ dialect, plugins: [new TenantPlugin(tenantId), camel] })
}

/** SET statements only: `set local` reaches the shards of Citus, `set_config()` does not. */
export function openAs(role: 'app' | 'relay' | 'finder', tenantId?: string): string {
  if (tenantId === undefined) return `begin; set local role ${role}`
  if (!isId(tenantId)) throw new Error(`not a tenant: ${tenantId}`)
  return `begin; set local role ${role}; set local app.tenant = '${tenantId}'`
}

/**
 * For work that is done again when it is lost, as jobs are: its commits do not wait for the disk. They reach it in their order, so whatever is there afterwards stands on
 * what went before; a server that dies forgets at most the last half second.
 */
export const hasten = (client: pg.ClientBase): Promise<unknown> =>
  client.query({ name: 'hasten', text: 'set synchronous_commit = off' }).catch(() => {})

/** One transaction on one connection; the opening statement and the first query share a round trip. */
export async function transaction<T>(pool: pg.Pool, opening: string, fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  reasons.delete(client)
  let broken: Error | undefined
  try {
    let failed: Error | undefined
    const opened = client.query(opening).catch((error: Error) => {
      failed = error
    })
    let result: T
    try {
      result = await fn(client)
    } finally {
      // Whoever failed below may have failed because the opening did; that reason is the one to tell.
      await opened
      if (failed) broken = failed
    }
    if (failed) throw failed
    // A failed statement nobody waited for leaves a transaction that answers `commit` by rolling back.
    const { command } = await client.query('commit')
    if (command !== 'COMMIT') throw reasons.get(client) ?? new Error('the transaction failed in a statement nobody waited for')
    return result
  } catch (error) {
    try {
      await client.query('rollback')
    } catch (cause) {
      broken = cause instanceof Error ? cause : new Error(String(cause))
    }
    throw error instanceof pg.DatabaseError ? (reasons.get(client) ?? error) : error
  } finally {
    client.release(broken)
  }
}

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { pack as newPack, type Pack } from 'tar-stream'
import { openAs } from '#kernel/db.ts'
import { hmac } from '#kernel/secrets.ts'
import { StartFailure } from '../faces.ts'
import { type Ending, endingName, type Job, keyName, type Manifest, manifestName } from './manifest.ts'
import { migrationsOf, tenantTables } from './tables.ts'

const partBytes = 4 * 1_048_576

export type Source = {
  controlUrl: string
  /** Null leaves the contents of files where they are: only their rows come along. */
  filesFolder: string | null
  key: Buffer
  /** The installation's own key as the data folder keeps it; null when it comes from outside or must not be in the backup. */
  keptKey: string | null
  product: string
  now: Date
}
export type Backup = { manifest: Manifest; ending: Ending }
type Tell = (table: string, rows: number) => void

/**
 * A whole installation, or one tenant, as of one instant, into a file that is either whole or not there. A gzipped tar: what is in it can be looked at with ordinary
 * tools. The product may run; it is neither stopped nor held up. Streams: memory does not grow with the size.
 */
export async function backUp(
  source: Source,
  file: string,
  { tenant, tell = () => {} }: { tenant?: string; tell?: Tell } = {},
): Promise<Backup> {
  const part = `${file}.part`
  const client = new pg.Client({ connectionString: source.controlUrl, application_name: 'huiyin backup' })
  client.on('error', () => {})
  await client.connect()
  try {
    const tar = newPack()
    const written = pipeline(tar, createGzip({ level: 4 }), createWriteStream(part, { mode: 0o600 }))
    // Whatever breaks one side ends the other, and is told once.
    const filled = fill(client, source, tar, tenant, tell).then(
      done => {
        tar.finalize()
        return done
      },
      error => {
        tar.destroy(error)
        throw error
      },
    )
    const [done, end] = await Promise.allSettled([filled, written])
    if (done.status === 'rejected') throw done.reason
    if (end.status === 'rejected') throw end.reason
    const handle = await open(part, 'r+')
    await handle.sync()
    await handle.close()
    await rename(part, file)
    return done.value
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await client.end()
  }
}

async function fill(client: pg.Client, source: Source, tar: Pack, slug: string | undefined, tell: Tell): Promise<Backup> {
  await client.query('begin isolation level repeatable read read only')
  const tables = await tenantTables(client)
  const all = await tenantsOf(client)
  const tenants = slug === undefined ? all : all.filter(t => t.slug === slug)
  if (tenants.length === 0)
    throw slug === undefined
      ? new StartFailure('backup.nothing', '库里还没有机构，没有可备份的', 'There is no organisation yet, so nothing to back up')
      : new StartFailure('backup.no_such_tenant', `没有短名为 ${slug} 的机构`, `No organisation has the short name ${slug}`)
  const manifest: Manifest = {
    format: 'huiyin backup',
    version: 1,
    product: source.product,
    at: source.now.toISOString(),
    migrations: await migrationsOf(client),
    whole: slug === undefined,
    tenants,
    tables,
    firstEvent: await firstEvent(client, tenants),
    keyCheck: keyCheckOf(source.key),
  }
  const hash = createHash('sha256')
  const add = async (name: string, content: Buffer) => {
    hash.update(name).update(content)
    await entry(tar, name, content)
  }
  await add(manifestName, Buffer.from(JSON.stringify(manifest, null, 2)))
  if (manifest.whole && source.keptKey !== null) await add(keyName, Buffer.from(source.keptKey))
  const rows: Record<string, number> = {}
  let jobs = 0
  let files = 0
  const missing: string[] = []
  for (const { id } of tenants) {
    const found = await jobsOf(client, id)
    jobs += found.length
    await add(`tenants/${id}/jobs.json`, Buffer.from(JSON.stringify(found)))
    await become(client, id)
    for (const [table, columns] of Object.entries(tables)) {
      rows[table] =
        (rows[table] ?? 0) + (await rowsOf(client, table, columns, id, (n, bytes) => add(`tenants/${id}/${table}/${n}.copy`, bytes)))
      tell(table, rows[table])
    }
    const { filesFolder } = source
    if (filesFolder !== null)
      for (const file of await fileIds(client, id)) {
        const content = await readFile(path.join(filesFolder, id, file.slice(-2), file)).catch(() => null)
        if (content === null) missing.push(file)
        else {
          files++
          await add(`files/${id}/${file}`, content)
        }
      }
  }
  await client.query('commit')
  const ending: Ending = { rows, jobs, files, missing, sha256: hash.digest('hex') }
  await entry(tar, endingName, Buffer.from(JSON.stringify(ending, null, 2)))
  return { manifest, ending }
}

export const keyCheckOf = (key: Buffer): string => hmac(key, 'huiyin backup')

const entry = (tar: Pack, name: string, content: Buffer) =>
  new Promise<void>((resolve, reject) => {
    tar.entry({ name, size: content.length }, content, error => (error ? reject(error) : resolve()))
  })

/** As the product itself: whatever stands between tenants stands between them here, too. */
async function become(client: pg.Client, tenantId: string) {
  await client.query(openAs('app', tenantId).replace('begin; ', ''))
}

async function tenantsOf(client: pg.Client): Promise<{ id: string; slug: string }[]> {
  await client.query('set local role finder')
  const { rows } = await client.query<{ id: string; slug: string }>(
    `select tenant_id as id, key as slug from kernel.directory where kind = 'slug' order by key`,
  )
  await client.query('reset role')
  return rows
}

async function firstEvent(client: pg.Client, tenants: readonly { id: string }[]): Promise<string | null> {
  let first: Date | null = null
  for (const { id } of tenants) {
    await become(client, id)
    const { rows } = await client.query<{ at: Date }>('select at from kernel.event where tenant_id = $1 order by id limit 1', [id])
    const at = rows[0]?.at
    if (at && (first === null || at < first)) first = at
  }
  await client.query('reset role')
  return first?.toISOString() ?? null
}

async function jobsOf(client: pg.Client, tenantId: string): Promise<Job[]> {
  await client.query('reset role')
  const { rows } = await client.query<{ payload: unknown; run_at: Date; attempts: number }>(
    `select j.payload, j.run_at, j.attempts from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = 'react' and j.payload->>'tenant' = $1 order by j.id`,
    [tenantId],
  )
  return rows.map(r => ({ payload: r.payload, runAt: r.run_at.toISOString(), attempts: r.attempts }))
}

const fileIds = async (client: pg.Client, tenantId: string) =>
  (await client.query<{ id: string }>('select id from kernel.file where tenant_id = $1 order by id', [tenantId])).rows.map(r => r.id)

/** The rows of one table in parts that end with a row. */
async function rowsOf(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  tenantId: string,
  put: (n: number, bytes: Buffer) => Promise<void>,
): Promise<number> {
  const stream = client.query(copyTo(`copy (select ${columns.join(', ')} from ${table} where tenant_id = '${tenantId}') to stdout`))
  let parts = 0
  let held: Buffer[] = []
  let bytes = 0
  const flush = async () => {
    if (bytes === 0) return
    const all = Buffer.concat(held)
    // In COPY's text form a line feed ends a row and is nothing else.
    const end = all.lastIndexOf(10) + 1
    held = end < all.length ? [all.subarray(end)] : []
    bytes = all.length - end
    if (end > 0) await put(++parts, all.subarray(0, end))
  }
  for await (const chunk of stream) {
    held.push(chunk)
    bytes += chunk.length
    if (bytes >= partBytes) await flush()
  }
  await flush()
  // The rows end before PostgreSQL says how many they were: whatever is asked next is answered after that.
  await client.query('select')
  return stream.rowCount
}

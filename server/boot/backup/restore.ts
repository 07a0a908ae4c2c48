import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Extract, extract } from 'tar-stream'
import * as z from 'zod'
import { isId } from '#kernel/ids.ts'
import { knownMigrations, migrate } from '#kernel/migrate.ts'
import { StartFailure } from '../faces.ts'
import { keyCheckOf } from './backup.ts'
import { Ending, endingName, Job, keyName, Manifest, manifestName } from './manifest.ts'
import { migrationsOf, numberOn, tenantTables, unbound } from './tables.ts'

export type Target = {
  controlUrl: string
  filesFolder: string
  key: Buffer
  /** Keeps the backup's own key, where the installation has none that anything depends on yet; null: the key comes from outside. */
  keepKey: ((text: string) => Promise<void>) | null
}
export type Restored = { manifest: Manifest; ending: Ending; secretsReadable: boolean }
type Tell = (table: string, rows: number) => void

/**
 * Puts a backup into an installation that has none of its tenants, in one transaction: after whatever breaks, nothing of it is there and it can be begun again.
 * The database may be another PostgreSQL than the one it came from; an older backup is brought up to today's shape.
 */
export async function restore(target: Target, file: string, tell: Tell = () => {}): Promise<Restored> {
  const client = new pg.Client({ connectionString: target.controlUrl, application_name: 'huiyin restore' })
  client.on('error', () => {})
  await client.connect()
  try {
    const read = entriesOf(file)
    try {
      const first = await read.next()
      if (first.done || first.value.name !== manifestName) throw notABackup(file)
      const manifest = manifestOf(first.value.content, file)
      await stand(client, target, manifest)
      const nothingThere = !(await anybody(client))
      await client.query('begin')
      const tables = await tenantTables(client)
      const restored = await fillIn(client, target, manifest, { tables, nothingThere }, read, file, tell).catch(error => {
        throw isLoose(error) ? inconsistent(file, error.detail ?? error.message) : error
      })
      await client.query('commit')
      await migrate(target.controlUrl)
      for (const table of Object.keys(tables)) await client.query(`analyze ${table}`)
      return restored
    } finally {
      await read.return(undefined)
    }
  } finally {
    await client.end()
  }
}

/** The shape the rows were in, and room for the tenants. */
async function stand(client: pg.Client, target: Target, manifest: Manifest) {
  const known = await knownMigrations()
  const strange = manifest.migrations.find(name => !known.includes(name))
  if (strange !== undefined)
    throw new StartFailure(
      'restore.newer',
      `备份来自更新的版本（${manifest.product}，${strange}），请先升级本程序再恢复`,
      `The backup comes from a newer version (${manifest.product}, ${strange}): upgrade this program first`,
    )
  await migrate(target.controlUrl, manifest.migrations)
  if ((await migrationsOf(client)).length > manifest.migrations.length && (await anybody(client)))
    throw new StartFailure(
      'restore.older',
      '备份来自较旧的版本，而这里已有机构：先恢复到一个空的安装，升级后重新备份，再恢复到这里',
      'The backup comes from an older version and this installation has organisations: restore it into an empty installation, back that up again, and restore that here',
    )
  await client.query('set role finder')
  const { rows } = await client.query<{ key: string }>(
    `select key from kernel.directory where kind = 'slug' and (tenant_id = any($1::uuid[]) or key = any($2::text[]))`,
    [manifest.tenants.map(t => t.id), manifest.tenants.map(t => t.slug)],
  )
  await client.query('reset role')
  if (rows[0])
    throw new StartFailure(
      'restore.there_already',
      `这里已有短名为 ${rows[0].key} 的机构，备份不会覆盖它`,
      `This installation already has the organisation ${rows[0].key}; a backup does not overwrite it`,
    )
  if (manifest.whole && (await anybody(client)))
    throw new StartFailure(
      'restore.not_empty',
      '这里已有别的机构：整个安装的备份只能恢复到空的安装',
      'This installation has organisations: a backup of a whole installation goes into an empty one',
    )
}

async function anybody(client: pg.Client): Promise<boolean> {
  await client.query('set role finder')
  const { rows } = await client.query(`select 1 from kernel.directory limit 1`)
  await client.query('reset role')
  return rows.length > 0
}

async function fillIn(
  client: pg.Client,
  target: Target,
  manifest: Manifest & { raw: Buffer },
  here: { tables: Record<string, string[]>; nothingThere: boolean },
  read: AsyncGenerator<Entry>,
  file: string,
  tell: Tell,
): Promise<Restored> {
  const hash = createHash('sha256')
  // The first entry was read by whoever called.
  hash.update(manifestName).update(manifest.raw)
  const done: Done = { rows: {}, jobs: 0, files: 0 }
  const tables = Object.keys(manifest.tables)
  if (manifest.firstEvent !== null)
    await client.query(`select kernel.event_partitions($1::date, (now() + interval '4 months')::date)`, [manifest.firstEvent])
  let ending: Ending | null = null
  let key: string | null = null
  await unbound(client, Object.keys(here.tables), here, async () => {
    for await (const { name, content } of ahead(read)) {
      if (name === endingName) {
        ending = endingOf(content, file)
        break
      }
      hash.update(name).update(content)
      if (name === keyName) key = content.toString()
      else await take(client, target, manifest, name, content, done, file, tell)
    }
    check(ending, done, hash, file)
    await numberOn(client, tables)
  })
  if (ending === null) throw cutOff(file)
  if (key !== null && target.keepKey) await target.keepKey(key)
  return { manifest, ending, secretsReadable: (key !== null && target.keepKey !== null) || keyCheckOf(target.key) === manifest.keyCheck }
}

type Done = { rows: Record<string, number>; jobs: number; files: number }

async function take(
  client: pg.Client,
  target: Target,
  manifest: Manifest,
  name: string,
  content: Buffer,
  done: Done,
  file: string,
  tell: Tell,
) {
  const [kind = '', tenantId = '', what = '', more = ''] = name.split('/')
  if (!manifest.tenants.some(t => t.id === tenantId)) throw notABackup(file)
  if (kind === 'files' && isId(what) && more === '') {
    await keepFile(target.filesFolder, tenantId, what, content)
    done.files++
    return
  }
  if (kind !== 'tenants') throw notABackup(file)
  if (what === 'jobs.json') {
    const jobs = z.array(Job).parse(JSON.parse(content.toString()))
    for (const { payload, runAt, attempts } of jobs)
      await client.query(`select graphile_worker.add_job('react', $1::json, run_at => $2::timestamptz, max_attempts => $3::int)`, [
        JSON.stringify(payload),
        runAt,
        Math.max(1, 8 - attempts),
      ])
    done.jobs += jobs.length
    return
  }
  const columns = manifest.tables[what]
  if (!columns || !/^[\w".]+$/.test(what) || !columns.every(c => /^[\w"]+$/.test(c))) throw notABackup(file)
  const into = client.query(copyFrom(`copy ${what} (${columns.join(', ')}) from stdin`))
  await pipeline(async function* () {
    yield content
  }, into)
  done.rows[what] = (done.rows[what] ?? 0) + into.rowCount
  tell(what, done.rows[what])
}

async function keepFile(folder: string, tenantId: string, id: string, content: Buffer) {
  const place = path.join(folder, tenantId, id.slice(-2), id)
  await mkdir(path.dirname(place), { recursive: true })
  await writeFile(`${place}.half`, content, { mode: 0o600 })
  await rename(`${place}.half`, place)
}

/** What came is what was written, all of it. */
function check(ending: Ending | null, done: Done, hash: Hash, file: string) {
  if (ending === null) throw cutOff(file)
  const wrong =
    ending.sha256 !== hash.digest('hex') ||
    ending.files !== done.files ||
    ending.jobs !== done.jobs ||
    Object.entries(ending.rows).some(([table, n]) => (done.rows[table] ?? 0) !== n)
  if (wrong)
    throw new StartFailure(
      'restore.damaged',
      `备份文件 ${file} 已损坏，没有恢复任何内容`,
      `The backup ${file} is damaged; nothing was restored`,
    )
}

type Entry = { name: string; content: Buffer }
/** No part and no file that was ever taken is as large. */
const largest = 256 * 1_048_576

/** Entry after entry; each fits into memory because it was written so. */
async function* entriesOf(file: string): AsyncGenerator<Entry> {
  const tar: Extract = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), tar)
  reading.catch(() => {})
  try {
    for await (const entry of tar) {
      if ((entry.header.size ?? 0) > largest) throw notABackup(file)
      yield { name: entry.header.name, content: await buffer(entry) }
    }
    await reading
  } catch (error) {
    if (error instanceof StartFailure) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new StartFailure('restore.no_file', `没有这个文件：${file}`, `There is no such file: ${file}`)
    throw cutOff(file)
  } finally {
    tar.destroy()
  }
}

/** The next one is unpacked while this one goes in. */
async function* ahead<T>(read: AsyncGenerator<T>): AsyncGenerator<T> {
  for (let next = read.next(); ; ) {
    const { value, done } = await next
    if (done) return
    next = read.next()
    // Told when it is asked for; whoever stops before does not ask.
    next.catch(() => {})
    yield value
  }
}

function manifestOf(content: Buffer, file: string): Manifest & { raw: Buffer } {
  try {
    return { ...Manifest.parse(JSON.parse(content.toString())), raw: content }
  } catch {
    throw notABackup(file)
  }
}

function endingOf(content: Buffer, file: string): Ending {
  try {
    return Ending.parse(JSON.parse(content.toString()))
  } catch {
    throw notABackup(file)
  }
}

const notABackup = (file: string) =>
  new StartFailure('restore.not_a_backup', `${file} 不是回音的备份文件`, `${file} is not a backup of this program`)
const inconsistent = (file: string, why: string) =>
  new StartFailure(
    'restore.inconsistent',
    `备份文件 ${file} 里的数据彼此对不上，没有恢复任何内容：${why}`,
    `The rows in ${file} do not fit one another; nothing was restored: ${why}`,
  )
/** A foreign key that points nowhere, or a row that is there twice. */
const isLoose = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && (error.code === '23503' || error.code === '23505')
const cutOff = (file: string) =>
  new StartFailure('restore.cut_off', `备份文件 ${file} 不完整，没有恢复任何内容`, `The backup ${file} is cut off; nothing was restored`)

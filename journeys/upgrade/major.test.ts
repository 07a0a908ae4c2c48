import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { type Binaries, findBinaries, findOlder, lastShipped } from '../../server/boot/binaries.ts'
import { startEmbedded } from '../../server/boot/embedded.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { databaseAccount } from '../../server/boot/roles.ts'
import { startProduct } from '../../tools/product.ts'

// Data of an embedded PostgreSQL of another major version than today's: what a new release meets. Real programs of both, and the product on either side.
const root = path.resolve(import.meta.dirname, '../..')
const silent = { info: () => {}, warn: () => {} }
const account = databaseAccount('')
const ours = findBinaries(account)
const older = ['17', '16', '15'].map(major => findOlder(major, account)).find(found => found !== null) ?? null
if (!older) console.warn('no older PostgreSQL is installed: moving to a new major version is not tested here')

const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
const newFolder = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-major-'))
  endings.push(() => removeData(folder))
  return folder
}

function huiyin(args: string[], folder: string) {
  const child = spawn(process.execPath, [path.join(root, 'tools/huiyin.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, DATA: folder },
    stdio: 'pipe',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  return { child, ended: new Promise<number | null>(resolve => child.once('exit', resolve)), said: () => said }
}
async function told(args: string[], folder: string) {
  const run = huiyin(args, folder)
  return { code: await run.ended, said: run.said() }
}

/** Every row of every tenant's table, boiled down. The number of a transaction is each cluster's own. */
async function contents(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'graphile_worker', 'public') order by 1`,
    )
    const found: Record<string, string> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ n: number; sum: string }>(
        `select count(*)::int as n, coalesce(md5(string_agg(md5(row), '' order by md5(row))), '') as sum from (select (to_jsonb(t) - 'changed_xid' - 'xid')::text as row from ${name} t) t`,
      )
      found[name] = `${rows[0]?.n} ${rows[0]?.sum}`
    }
    return found
  } finally {
    await client.end()
  }
}

async function enter(url: string): Promise<number> {
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'supervisor', password: 'clearwater', bearer: true }),
  })
  return reply.status
}

const listed = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .map(file => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .sort()

/** A data folder as a release with that PostgreSQL left it: sample centre, a file, its key. */
async function folderOf(binaries: Binaries) {
  const folder = newFolder()
  const database = await startEmbedded({ folder, log: silent, binaries })
  try {
    const product = await startProduct(folder, { DATABASE_URL: database.url })
    await product.stop()
    return { folder, before: await contents(database.url) }
  } finally {
    await database.stop()
  }
}
const cluster = (folder: string) => path.join(folder, 'postgres/cluster')
const majorOf = (folder: string) => readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim()
async function contentsOf(folder: string) {
  const database = await startEmbedded({ folder, log: silent })
  try {
    return await contents(database.url)
  } finally {
    await database.stop()
  }
}

test('the programs that a later release needs to read today’s data are written down', () => {
  expect(lastShipped[ours.major]).toBe(ours.version)
})

test.skipIf(!older)(
  'a start meets an older cluster, touches nothing and says what to do; huiyin upgrade moves everything and keeps the old one',
  async () => {
    if (!older) return
    const { folder, before } = await folderOf(older)
    expect(Object.keys(before).length).toBeGreaterThan(50)
    const untouched = listed(cluster(folder))
    for (const command of [['serve', '--port=0'], ['doctor'], ['migrate']]) {
      const met = await told(command, folder)
      expect(met.code).toBe(1)
      expect(met.said).toContain(`PostgreSQL ${older.major} 写成`)
      expect(met.said).toContain('npx huiyin upgrade')
    }
    expect(listed(cluster(folder))).toEqual(untouched)

    const lost = await told(['upgrade', `--binaries=${folder}`], folder)
    expect(lost.code).toBe(1)
    expect(lost.said).toContain(`PostgreSQL ${older.major} `)
    expect(listed(cluster(folder))).toEqual(untouched)

    const done = await told(['upgrade'], folder)
    expect(done.code, done.said).toBe(0)
    expect(majorOf(cluster(folder))).toBe(ours.major)
    expect(majorOf(`${cluster(folder)}-${older.major}`)).toBe(older.major)
    expect(readdirSync(path.join(folder, 'postgres')).filter(name => /upgrad/.test(name))).toEqual([])
    expect(await contentsOf(folder)).toEqual(before)
    const again = await told(['upgrade'], folder)
    expect([again.code, again.said]).toEqual([0, expect.stringContaining('nothing to do')])

    const product = await startProduct(folder)
    endings.push(() => product.stop())
    expect(await enter(product.url)).toBe(200)
    const beside = await told(['upgrade'], folder)
    expect([beside.code, beside.said]).toEqual([1, expect.stringContaining('Another instance')])
  },
  240_000,
)

test.skipIf(!older)(
  'broken off anywhere, it leaves the old cluster or the whole new one, and can be begun again',
  async () => {
    if (!older) return
    const { folder, before } = await folderOf(older)
    for (const ms of [600, 1_800, 3_600]) {
      const run = huiyin(['upgrade'], folder)
      await wait(ms)
      run.child.kill('SIGKILL')
      await run.ended
      if (majorOf(cluster(folder)) === ours.major) break
      expect(majorOf(cluster(folder))).toBe(older.major)
    }
    const done = await told(['upgrade'], folder)
    expect(done.code, done.said).toBe(0)
    expect(await contentsOf(folder)).toEqual(before)

    // Between the old one going aside and the new one coming to its place.
    renameSync(cluster(folder), `${cluster(folder)}.upgraded`)
    expect(existsSync(cluster(folder))).toBe(false)
    expect(await contentsOf(folder)).toEqual(before)
  },
  240_000,
)

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeSample } from '#domains/sample/making.ts'
import { keepFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { knownMigrations, migrate } from '#kernel/migrate.ts'
import { halting } from '#testing/halting.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { removeData } from '../removeData.ts'
import { backUp, type Source } from './backup.ts'
import { restore, type Target } from './restore.ts'
import { tenantTables } from './tables.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
let house: TestHouse
let folder: string
let source: Source
const databases: string[] = []
beforeAll(async () => {
  house = await openHouse()
  folder = mkdtempSync(path.join(tmpdir(), 'huiyin-backup-'))
  const now = house.now()
  house.house.settings.filesFolder = path.join(folder, 'files')
  const tenantId = await makeSample(house.house, house.url, { size: { contacts: 400, customers: 80 }, language: 'zh', now })
  await keepFile(house.house, { kind: 'system', tenantId }, 'p.png', pixel)
  await house.house.control.query(`select graphile_worker.add_job('react', $1::json, run_at => now() + interval '1 hour')`, [
    JSON.stringify({ tenant: tenantId, reaction: 'ticket.opened: a', event: newId() }),
  ])
  source = {
    controlUrl: house.url,
    filesFolder: path.join(folder, 'files'),
    key: house.house.key,
    keptKey: 'k'.repeat(43),
    product: 'test',
    now,
  }
}, 60_000)
afterAll(async () => {
  removeData(folder)
  await house.close()
})
afterEach(async () => {
  for (const name of databases.splice(0)) await admin(`drop database ${name} with (force)`)
})

async function admin(text: string) {
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** A database with nothing in it. */
async function emptyDatabase(): Promise<string> {
  const name = `huiyin_restored_${randomBytes(4).toString('hex')}`
  await admin(`create database ${name}`)
  databases.push(name)
  const url = new URL(house.url)
  url.pathname = `/${name}`
  return url.href
}

async function targetOf(controlUrl: string): Promise<Target & { keys: string[] }> {
  const keys: string[] = []
  const filesFolder = mkdtempSync(path.join(folder, 'files-'))
  return { controlUrl, filesFolder, key: randomBytes(32), keepKey: async text => void keys.push(text), keys }
}

/** Every row of every tenant table, boiled down; computed columns too. The number of a transaction is each cluster's own. */
async function contents(url: string, only?: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const found: Record<string, string> = {}
    for (const table of Object.keys(await tenantTables(client))) {
      const { rows } = await client.query<{ n: number; sum: string }>(
        `select count(*)::int as n, coalesce(md5(string_agg(md5(row), '' order by md5(row))), '') as sum from (select (to_jsonb(t) - 'changed_xid' - 'xid')::text as row from ${table} t ${only ? `where tenant_id = '${only}'` : ''}) t`,
      )
      found[table] = `${rows[0]?.n} ${rows[0]?.sum}`
    }
    return found
  } finally {
    await client.end()
  }
}

/** Everything the catalogue says of our tables: columns, keys, indexes, what binds rows and who may do what. */
async function shape(url: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const ours = `n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'graphile_worker', 'public')`
  try {
    const ask = async (text: string) => (await client.query<{ row: string }>(text)).rows.map(r => r.row)
    return {
      tables:
        await ask(`select concat_ws(' ', c.oid::regclass, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl) as row
                         from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind in ('r', 'p', 'v', 'S') order by 1`),
      columns:
        await ask(`select concat_ws(' ', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstattarget, pg_get_expr(d.adbin, d.adrelid)) as row
                         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                         left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where ${ours} and c.relkind in ('r', 'p') and a.attnum > 0 order by 1`),
      indexes:
        await ask(`select concat_ws(' ', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisunique, i.indisprimary, p.inhparent::regclass) as row
                          from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
                          left join pg_inherits p on p.inhrelid = i.indexrelid where ${ours} order by 1`),
      keys: await ask(`select concat_ws(' ', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated) as row
                       from pg_constraint k join pg_namespace n on n.oid = k.connamespace where ${ours} order by 1`),
      policies: await ask(
        `select concat_ws(' ', polrelid::regclass, polname, polcmd, pg_get_expr(polqual, polrelid)) as row from pg_policy order by 1`,
      ),
    }
  } finally {
    await client.end()
  }
}

/** Rows put back bear the transaction that put them back: a reader of changes who begins again is told of each. */
async function tellsEverybodyAgain(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ n: number; transactions: number; ahead: number }>(
    `select count(*)::int as n, count(distinct changed_xid)::int as transactions, (count(*) filter (where changed_xid > pg_current_xact_id()))::int as ahead
     from customers.customer`,
  )
  await client.end()
  expect(rows[0]?.n).toBeGreaterThan(0)
  expect(rows[0]).toMatchObject({ transactions: 1, ahead: 0 })
}

const tenantId = async () => {
  const { rows } = await house.house.control.query<{ id: string }>(`select tenant_id as id from kernel.directory where key = 'qingyuan'`)
  return rows[0]?.id ?? ''
}

test('a whole installation comes back as it was: rows, files, jobs to be done, key', async () => {
  const file = path.join(folder, 'whole.huiyin')
  const { ending } = await backUp(source, file)
  const { rows: kept } = await house.house.control.query<{ id: string }>('select id from kernel.file where tenant_id = $1', [
    await tenantId(),
  ])
  expect(ending).toMatchObject({ files: kept.length, jobs: 1, missing: [] })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const target = await targetOf(await emptyDatabase())
  const restored = await restore(target, file)
  expect(restored).toMatchObject({ secretsReadable: true, ending })
  expect(target.keys).toEqual([source.keptKey])
  expect(await contents(target.controlUrl)).toEqual(await contents(house.url))
  await tellsEverybodyAgain(target.controlUrl)
  const [id = ''] = (
    await house.house.control.query<{ id: string }>(`select id from kernel.file where tenant_id = $1 and name = 'p.png'`, [
      await tenantId(),
    ])
  ).rows.map(r => r.id)
  expect(readFileSync(path.join(target.filesFolder, await tenantId(), id.slice(-2), id))).toEqual(pixel)
  expect(await shape(target.controlUrl)).toEqual(await shape(house.url))
  const client = new pg.Client({ connectionString: target.controlUrl })
  await client.connect()
  // The next number is free.
  const skill = await client.query<{ number: number }>(
    `insert into routing.skill (tenant_id, id, name) values ($1, $2, '新技能') returning number`,
    [await tenantId(), newId()],
  )
  const most = await client.query<{ n: number }>('select max(number)::int as n from routing.skill')
  expect(skill.rows[0]?.number).toBe(most.rows[0]?.n)
  expect((await client.query('select 1 from graphile_worker._private_jobs')).rows).toHaveLength(1)
  await client.end()
  await expect(restore(target, file)).rejects.toMatchObject({ code: 'restore.there_already' })
}, 60_000)

test('what PostgreSQL says after the rows may come late: the backup counts them all the same', async () => {
  const file = path.join(folder, 'late.huiyin')
  const way = await halting(house.url)
  const { ending } = await backUp({ ...source, controlUrl: way.url }, file).finally(way.close)
  const counted = await house.house.control.query<{ n: number }>('select count(*)::int as n from tickets.ticket')
  expect(counted.rows[0]?.n).toBeGreaterThan(0)
  expect(ending.rows['tickets.ticket']).toBe(counted.rows[0]?.n)
  await expect(restore(await targetOf(await emptyDatabase()), file)).resolves.toMatchObject({ ending })
}, 60_000)

test('one tenant goes to an installation of others, and only it', async () => {
  const file = path.join(folder, 'one.huiyin')
  const id = await tenantId()
  const { manifest } = await backUp(source, file, { tenant: 'qingyuan' })
  expect(manifest.tenants).toEqual([{ id, slug: 'qingyuan' }])
  await expect(backUp(source, file, { tenant: 'nobody' })).rejects.toMatchObject({ code: 'backup.no_such_tenant' })

  const other = await openHouse()
  try {
    // A neighbour with rows in every table, and under other names.
    const neighbour = await makeSample(other.house, other.url, { size: { contacts: 100, customers: 40 }, language: 'en', now: source.now })
    await other.house.control.query(`update kernel.directory set key = 'neighbour-' || key where tenant_id = $1`, [neighbour])
    const target = { ...(await targetOf(other.url)), key: source.key }
    const before = await contents(other.url, neighbour)
    expect(await restore(target, file)).toMatchObject({ secretsReadable: true })
    expect(target.keys).toEqual([])
    expect(await contents(other.url, id)).toEqual(await contents(house.url, id))
    expect(await contents(other.url, neighbour)).toEqual(before)
    // Whole onto others: no.
    const whole = path.join(folder, 'whole.huiyin')
    await backUp(source, whole)
    await expect(restore(target, whole)).rejects.toMatchObject({ code: 'restore.there_already' })
  } finally {
    await other.close()
  }
}, 120_000)

test('every table that knows tenants is in the backup of one, with all of its rows and nobody else’s', async () => {
  const id = await tenantId()
  const { manifest, ending } = await backUp(source, path.join(folder, 'tables.huiyin'), { tenant: 'qingyuan' })
  const { rows } = await house.house.control.query<{ name: string }>(
    `select c.table_schema || '.' || c.table_name as name from information_schema.columns c
     join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
     where c.column_name = 'tenant_id' and not exists (select from pg_class p join pg_namespace n on n.oid = p.relnamespace
       where n.nspname = c.table_schema and p.relname = c.table_name and p.relispartition) order by 1`,
  )
  const known = rows.map(r => r.name)
  expect(Object.keys(manifest.tables).sort()).toEqual(known.sort())
  expect(Object.keys(ending.rows).sort()).toEqual(known)
  for (const table of known) {
    const { rows: counted } = await house.house.control.query<{ n: number }>(
      `select count(*)::int as n from ${table} where tenant_id = $1`,
      [id],
    )
    expect([table, ending.rows[table]]).toEqual([table, counted[0]?.n])
  }
  // What the later domains keep is really there to be kept.
  const filled = known.filter(table => (ending.rows[table] ?? 0) > 0)
  expect(filled).toEqual(
    expect.arrayContaining([
      ...['tasks.task', 'tasks.comment', 'tasks.approval', 'tasks.approval_step', 'tasks.watcher', 'tasks.evidence', 'tasks.absence'],
      ...[
        'messaging.message',
        'messaging.outgoing',
        'kernel.run',
        'documents.document',
        'documents.version',
        'views.view',
        'automation.rule',
        'automation.version',
      ],
      ...['improvement.standard', 'improvement.attainment', 'improvement.finding'],
    ]),
  )
}, 60_000)

test('a backup of an older version is brought up to today’s shape; one of a newer version is refused', async () => {
  const known = await knownMigrations()
  const old = await emptyDatabase()
  await migrate(old, known.slice(0, -1))
  const client = new pg.Client({ connectionString: old })
  await client.connect()
  const id = newId()
  await client.query(`insert into kernel.directory (kind, key, tenant_id) values ('slug', 'yesterday', $1)`, [id])
  await client.query(`insert into identity.tenant (tenant_id, slug, name, created_at) values ($1, 'yesterday', '昨天', now())`, [id])
  await client.end()
  const file = path.join(folder, 'old.huiyin')
  await backUp({ ...source, controlUrl: old }, file)
  const target = await targetOf(await emptyDatabase())
  await restore(target, file)
  expect((await contents(target.controlUrl))['identity.tenant']).toMatch(/^1 /)
  const moved = new pg.Client({ connectionString: target.controlUrl })
  await moved.connect()
  expect((await moved.query('select 1 from public.huiyin_migration')).rows).toHaveLength(known.length)
  await moved.end()

  const newer = path.join(folder, 'newer.huiyin')
  writeFileSync(newer, gzipSync(Buffer.from(gunzipSync(readFileSync(file)).toString('latin1').replace('0001_', '9999_'), 'latin1')))
  await expect(restore(await targetOf(await emptyDatabase()), newer)).rejects.toMatchObject({ code: 'restore.newer' })
}, 60_000)

test('a file that is cut off, changed, of somebody else or full of tricks restores nothing', async () => {
  const file = path.join(folder, 'good.huiyin')
  await backUp(source, file)
  const bad = path.join(folder, 'bad.huiyin')
  const bytes = gunzipSync(readFileSync(file))
  const changed = (from: string, to: string) => {
    const text = bytes.toString('latin1')
    expect(text).toContain(from)
    return gzipSync(Buffer.from(text.replace(from, to), 'latin1'))
  }
  const clean = await emptyDatabase()
  const refused = async (code: string) => {
    await expect(restore(await targetOf(clean), bad)).rejects.toMatchObject({ code })
    const client = new pg.Client({ connectionString: clean })
    await client.connect()
    const { rows } = await client.query(`select to_regclass('kernel.directory') as there`)
    if (rows[0]?.there) expect((await client.query('select 1 from kernel.directory')).rows).toEqual([])
    await client.end()
  }
  writeFileSync(bad, readFileSync(file))
  truncateSync(bad, Math.floor(statSync(file).size / 2))
  await refused('restore.cut_off')
  writeFileSync(bad, changed('interaction.wrapped', 'interaction.wrapqed'))
  await refused('restore.damaged')
  writeFileSync(
    bad,
    changed(
      `tenants/${await tenantId()}/jobs.json`,
      `tenants/${await tenantId()}/../../x`.padEnd(`tenants/${await tenantId()}/jobs.json`.length, 'y'),
    ),
  )
  await expect(restore(await targetOf(clean), bad)).rejects.toBeInstanceOf(Error)
  writeFileSync(bad, 'not a backup at all')
  await refused('restore.cut_off')
  rmSync(bad)
  await refused('restore.no_file')
}, 60_000)

const command = (args: string[], env: Record<string, string>) => {
  const child = spawn(process.execPath, [path.join(root, 'tools/huiyin.mjs'), ...args], {
    cwd: root,
    stdio: 'pipe',
    env: { ...process.env, ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  return { child, ended, said: () => said }
}

const filling = `query ilike 'copy %'`
const indexing = `query ilike 'create %index %' and application_name = 'huiyin restore'`
/** Begins a restore and kills it as soon as the database does this for it. */
async function killedWhile(doing: string, args: string[], env: Record<string, string>, client: pg.Client): Promise<void> {
  const run = command(args, env)
  let caught = false
  for (const until = Date.now() + 60_000; !caught && Date.now() < until && run.child.exitCode === null; await wait(1))
    caught =
      (await client.query(`select 1 from pg_stat_activity where datname = current_database() and state = 'active' and ${doing}`)).rows
        .length > 0
  run.child.kill('SIGKILL')
  await run.ended
  expect(caught, run.said()).toBe(true)
}

test('killed in the middle, neither leaves half of anything, and both can be begun again', async () => {
  const data = mkdtempSync(path.join(folder, 'data-'))
  mkdirSync(path.join(data, 'files'), { recursive: true })
  const file = path.join(folder, 'killed.huiyin')
  const whole = await contents(house.url)
  for (const [n, moment] of [0, 40, 120, 400].entries()) {
    const run = command(['backup', file], { DATA: data, DATABASE_URL: house.url })
    for (const until = Date.now() + 20_000; Date.now() < until && !existsSync(`${file}.part`); await wait(5))
      if (run.child.exitCode !== null) break
    await wait(moment)
    run.child.kill('SIGKILL')
    await run.ended
    if (existsSync(file)) {
      expect(n).toBeGreaterThan(0)
      break
    }
  }
  const again = command(['backup', file], { DATA: data, DATABASE_URL: house.url })
  expect(await again.ended, again.said()).toBe(0)
  expect(again.said()).toContain('qingyuan')

  const url = await emptyDatabase()
  const env = { DATA: mkdtempSync(path.join(folder, 'data-')), DATABASE_URL: url }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const empty = async () => {
    await expect
      .poll(
        async () =>
          (await client.query(`select 1 from pg_stat_activity where application_name = 'huiyin restore' and datname = current_database()`))
            .rows,
      )
      .toEqual([])
    expect((await client.query('select 1 from kernel.directory')).rows).toEqual([])
    expect((await client.query('select 1 from graphile_worker._private_jobs')).rows).toEqual([])
  }
  await killedWhile(filling, ['restore', file], env, client)
  await empty()
  // All rows are in and the indexes are being built: still nothing of it is there, and no index of the empty house is missing.
  const before = await shape(url)
  await killedWhile(indexing, ['restore', file], env, client)
  await empty()
  expect(await shape(url)).toEqual(before)
  await client.end()
  const second = command(['restore', file], env)
  expect(await second.ended, second.said()).toBe(0)
  expect(await contents(url)).toEqual(whole)
  expect(await shape(url)).toEqual(await shape(house.url))
}, 180_000)

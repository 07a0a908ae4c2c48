import { readdir, readFile } from 'node:fs/promises'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

const folder = new URL('../../migrations/', import.meta.url)
const lock = 4_107_002

const file = /^\d{4}_.*\.sql$/

/** Every migration of this version, in order. */
export const knownMigrations = async (): Promise<string[]> => (await readdir(folder)).filter(name => file.test(name)).sort()

/**
 * Applies what is missing, each file in a transaction of its own, one process at a time. `url` is the owner's. `only`: an older shape, for rows that
 * were saved in it.
 */
export async function migrate(url: string, only?: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'huiyin migrate' })
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(${lock})`)
    await client.query('create table if not exists public.huiyin_migration (name text primary key, at timestamptz not null default now())')
    const done = new Set((await client.query<{ name: string }>('select name from public.huiyin_migration')).rows.map(r => r.name))
    const missing = (await knownMigrations()).filter(name => !done.has(name) && (only === undefined || only.includes(name)))
    for (const name of missing) await apply(client, name)
    const { rows } = await client.query<{ there: boolean }>(`select to_regclass('graphile_worker._private_jobs') is not null as there`)
    if (missing.length > 0 || !rows[0]?.there) await runMigrations({ connectionString: url })
    await client.query(`select kernel.event_partitions((now() - interval '14 months')::date, (now() + interval '4 months')::date)`)
    return missing
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, name: string) {
  const text = await readFile(new URL(name, folder), 'utf8')
  try {
    await client.query(`begin;\n${text}\n; insert into public.huiyin_migration (name) values ('${name}'); commit`)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

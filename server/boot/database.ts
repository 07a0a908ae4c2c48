import pg from 'pg'
import type { Config } from '../config.ts'
import { addressOfRunning, startEmbedded } from './embedded.ts'
import { codeOf, face } from './faces.ts'
import { whoHolds } from './lock.ts'

type Log = { info(words: string): void; warn(words: string): void }
export type Database = { dataUrl: string; controlUrl: string; embedded: boolean; stop(): Promise<void> }

/** The database of this installation: a PostgreSQL somewhere, proved to be usable, or the embedded one. */
export async function openDatabase(config: Pick<Config, 'DATA' | 'DATABASE_URL' | 'DATABASE_CONTROL_URL'>, log: Log): Promise<Database> {
  if (!config.DATABASE_URL) {
    const embedded = await startEmbedded({ folder: config.DATA, log })
    return { dataUrl: embedded.url, controlUrl: embedded.url, embedded: true, stop: embedded.stop }
  }
  const controlUrl = config.DATABASE_CONTROL_URL ?? config.DATABASE_URL
  for (const url of new Set([config.DATABASE_URL, controlUrl])) await checkDatabase(url)
  return { dataUrl: config.DATABASE_URL, controlUrl, embedded: false, stop: async () => {} }
}

/** The same for a command beside a running product: its embedded database is shared, not started a second time. */
export async function joinDatabase(config: Pick<Config, 'DATA' | 'DATABASE_URL' | 'DATABASE_CONTROL_URL'>, log: Log): Promise<Database> {
  const running = config.DATABASE_URL || (await whoHolds(config.DATA)) === null ? null : addressOfRunning(config.DATA)
  return running ? { dataUrl: running, controlUrl: running, embedded: true, stop: async () => {} } : openDatabase(config, log)
}

/** Reachable, new enough, and allowed to make roles; says the version. */
export async function checkDatabase(url: string): Promise<string> {
  const where = url.replace(/^\w+:\/\/(?:[^@/]*@)?/, '').replace(/\?.*$/, '')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 8000, application_name: 'huiyin check' })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string; number: string; makes: boolean; ready: boolean }>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number,
              (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as makes,
              exists (select from pg_roles where rolname = 'app') as ready`,
    )
    const found = rows[0]
    if (!found || Number(found.number) < 150_000) throw face.databaseTooOld(where, found?.version ?? '?')
    if (!found.makes && !found.ready) throw face.databaseNoRights(where, 'CREATEROLE')
    return found.version
  } catch (error) {
    if (error instanceof Error && error.name === 'StartFailure') throw error
    throw face.databaseUnreachable(where, why(error))
  } finally {
    await client.end().catch(() => {})
  }
}

const why = (error: unknown) => {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return codeOf(first) || (first instanceof Error ? first.message : String(first))
}

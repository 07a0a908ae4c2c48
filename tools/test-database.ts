import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../server/boot/embedded.ts'
import { whoHolds } from '../server/boot/lock.ts'
import { removeData } from '../server/boot/removeData.ts'
import { migrate } from '../server/kernel/migrate.ts'

/**
 * One PostgreSQL for the whole run, one migrated template in it. Workers find them in TEST_DATABASE_ADMIN_URL and TEST_TEMPLATE
 * and clone a database each. TEST_DATABASE_URL names a server to use instead of the embedded one; `none` is for tests that need no database.
 */
export default async function setup() {
  if (process.env.TEST_DATABASE_URL === 'none') return
  const server = process.env.TEST_DATABASE_URL ? { url: process.env.TEST_DATABASE_URL, stop: async () => {} } : await throwaway()
  const template = `huiyin_template_${randomBytes(4).toString('hex')}`
  await ask(server.url, `create database ${template}`)
  const migrated = new URL(server.url)
  migrated.pathname = `/${template}`
  await migrate(migrated.href)
  process.env.TEST_DATABASE_ADMIN_URL = server.url
  process.env.TEST_TEMPLATE = template
  // What several files of a run share, such as the sample centre of the journeys.
  const shared = mkdtempSync(join(tmpdir(), 'huiyin-test-run-'))
  process.env.TEST_FOLDER = shared

  return async () => {
    rmSync(shared, { recursive: true, force: true })
    for (const name of [template, `${template}_centre`]) await ask(server.url, `drop database if exists ${name} with (force)`)
    await server.stop()
  }
}

const silent = { info: () => {}, warn: () => {} }

async function throwaway() {
  await clearAway()
  const folder = mkdtempSync(join(tmpdir(), 'huiyin-test-db-'))
  const server = await startEmbedded({ folder, durable: false, log: { ...silent, warn: console.warn } })
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      removeData(folder)
    },
  }
}

/** A run that was killed leaves its server behind: taken over and ended here. */
async function clearAway() {
  for (const name of readdirSync(tmpdir()).filter(each => each.startsWith('huiyin-test-db-'))) {
    const folder = join(tmpdir(), name)
    // A run that is just beginning holds nothing yet.
    if (Date.now() - statSync(folder).mtimeMs < 3_600_000) continue
    if ((await whoHolds(folder)) !== null || !existsSync(join(folder, 'postgres/cluster'))) continue
    await startEmbedded({ folder, durable: false, log: silent }).then(
      left => left.stop(),
      () => {},
    )
    removeData(folder)
  }
}

async function ask(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { removeData } from '../server/boot/removeData.ts'
import { type Product, startProduct } from '../tools/product.ts'

/** `restart`: ended as its service manager ends it, and begun anew at its place. */
type Furnished = Product & { restart: () => Promise<void> }
/**
 * The product over a database of its own on the run's PostgreSQL: a copy of one sample centre that the first who needs it lets the product make.
 * With settings of its own (`SAMPLE: 'off'`), or outside a run of the tests, it begins from nothing.
 */
export async function startFurnished(env: Record<string, string> = {}): Promise<Furnished> {
  const server = process.env.TEST_DATABASE_ADMIN_URL
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-journey-'))
  const remove = () => removeData(folder)
  if (!server) {
    return restartable(folder, env, remove)
  }
  const name = `journey_${randomBytes(6).toString('hex')}`
  const drop = () => asked(server, `drop database if exists ${name} with (force)`)
  // Tables there already: two migrations at once on one server meet at the roles they share.
  if (Object.keys(env).length > 0) await asked(server, `create database ${name} template ${process.env.TEST_TEMPLATE}`)
  else {
    const centre = await sampleCentre(server)
    await asked(server, `create database ${name} template ${centre.database}`)
    cpSync(centre.folder, folder, { recursive: true })
  }
  return restartable(folder, { ...env, DATABASE_URL: at(server, name) }, async () => {
    remove()
    await drop()
  })
}

async function restartable(folder: string, env: Record<string, string>, after: () => Promise<void> | void): Promise<Furnished> {
  let product = await startProduct(folder, env)
  return {
    ...product,
    restart: async () => {
      await product.stop()
      product = await startProduct(folder, env, Number(new URL(product.url).port))
    },
    stop: async () => {
      await product.stop()
      await after()
    },
  }
}

/** Made once in a run; whoever comes while it is being made waits for it. Its folder lies within the run's, which the run removes. */
async function sampleCentre(server: string): Promise<{ database: string; folder: string }> {
  const database = `${process.env.TEST_TEMPLATE}_centre`
  const folder = path.join(process.env.TEST_FOLDER ?? tmpdir(), 'centre')
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('the sample centre of the journeys'))")
    if (existsSync(folder)) return { database, folder }
    const half = `${folder}.half`
    rmSync(half, { recursive: true, force: true })
    mkdirSync(half, { recursive: true })
    await client.query(`drop database if exists ${database} with (force)`)
    await client.query(`create database ${database} template ${process.env.TEST_TEMPLATE}`)
    const product = await startProduct(half, { DATABASE_URL: at(server, database) })
    await product.stop()
    renameSync(half, folder)
    return { database, folder }
  } finally {
    await client.end()
  }
}

function at(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}
async function asked(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

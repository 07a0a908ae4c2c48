import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { freePort, type Product, startProduct } from '../../bench/product.ts'
import { startEmbedded } from '../../server/boot/embedded.ts'
import { drained, embeddedOf, expectWhole, isReady, setUpCentre } from './centre.ts'
import { startLoad } from './load.ts'

const rounds = process.env.PROVE ? 10 : 2
const contactsPerSecond = process.env.PROVE ? 200 : 60
/** What a customer notices: from the blow until the first thing said after it is taken. The brief run shares its machine with whatever else is tested. */
const healMs = process.env.PROVE ? 5_000 : 15_000
const limit = 60_000 + rounds * 30_000

const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
const folderOf = (name: string) => {
  const folder = mkdtempSync(path.join(tmpdir(), `huiyin-${name}-`))
  endings.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function ready(url: string, patience = 60_000) {
  for (const until = Date.now() + patience; Date.now() < until; await wait(20)) if (await isReady(url)) return
  throw new Error(`${url} does not become ready`)
}

/** Blow after blow under load, then everything is counted. */
async function endure(urls: string[], database: () => string, blow: (round: number) => Promise<void>) {
  const keys = await setUpCentre(urls[0] ?? '')
  const load = startLoad(urls, keys, contactsPerSecond)
  const healed: number[] = []
  await wait(2_000)
  for (let round = 0; round < rounds; round++) {
    await wait(500 + Math.random() * 1_500)
    const moment = Date.now()
    await blow(round)
    healed.push(await load.healed(moment, 20_000))
  }
  await wait(1_000)
  await load.stop()
  const pool = new pg.Pool({ connectionString: database(), max: 2 })
  endings.push(() => pool.end())
  const emptied = await drained(pool, 20_000)
  await expectWhole(pool, load)
  const slowest = Math.max(...healed)
  process.stderr.write(
    `  ${load.contacts()} contacts, ${load.tickets.size} tickets, ${load.messages.size} messages; healed within ${Math.round(slowest)} ms (${healed.map(Math.round).join(', ')}); jobs done ${emptied.toFixed(1)} s after\n`,
  )
  expect(slowest).toBeLessThan(healMs)
}

test('a server that is killed comes back, and nothing acknowledged is lost or doubled', { timeout: limit }, async () => {
  const folder = folderOf('killed')
  const port = await freePort()
  let product: Product = await startProduct(folder, { SAMPLE: 'off' }, port)
  endings.push(() => product.stop())
  await endure(
    [product.url],
    () => embeddedOf(folder).url,
    async () => {
      process.kill(product.pid, 'SIGKILL')
      // As a service manager does.
      const next = startProduct(folder, { SAMPLE: 'off' }, port)
      product = await next
    },
  )
})

test('a database that is killed is started again, and nothing acknowledged is lost or doubled', { timeout: limit }, async () => {
  const folder = folderOf('orphaned')
  const product = await startProduct(folder, { SAMPLE: 'off' })
  endings.push(() => product.stop())
  const { postmaster } = embeddedOf(folder)
  await endure(
    [product.url],
    () => embeddedOf(folder).url,
    async () => process.kill(postmaster(), 'SIGKILL') as never,
  )
})

test.each([2, 3])('of %i servers on one database one may be killed at any time', { timeout: limit }, async servers => {
  const folder = folderOf('several')
  const embedded = await startEmbedded({ folder, log: { info: () => {}, warn: () => {} } })
  endings.push(() => embedded.stop())
  const SECRET_KEY = 'one key for every process of them all'
  const ports = await Promise.all(Array.from({ length: servers }, freePort))
  const start = (n: number) =>
    startProduct(path.join(folder, `server-${n}`), { SAMPLE: 'off', DATABASE_URL: embedded.url, SECRET_KEY }, ports[n])
  const products: Product[] = []
  for (let n = 0; n < servers; n++) products.push(await start(n))
  endings.push(() => Promise.all(products.map(p => p.stop())))
  await endure(
    products.map(p => p.url),
    () => embedded.url,
    async round => {
      const n = round % servers
      const victim = products[n]
      if (!victim) return
      process.kill(victim.pid, 'SIGKILL')
      products[n] = await start(n)
      await ready(victim.url)
    },
  )
})

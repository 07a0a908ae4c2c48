import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { startEmbedded } from '../../server/boot/embedded.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { type Product, startProduct } from '../../tools/product.ts'
import { drained, embeddedOf, expectWhole, isReady, setUpCentre } from './centre.ts'
import { startLoad } from './load.ts'

const rounds = process.env.PROVE ? 10 : 2
const contactsPerSecond = process.env.PROVE ? 200 : 60
/** What a customer notices: from the blow until the first thing said after it is taken. */
const healMs = 5_000
/** A few rounds on a machine that does other things too: what counts there is how many calm starts of the product on it the healing takes. */
const healWithin = (calmStartMs: number) => (process.env.PROVE ? healMs : Math.max(healMs, 4 * calmStartMs))
const limit = 60_000 + rounds * 30_000

const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
const folderOf = (name: string) => {
  const folder = mkdtempSync(path.join(tmpdir(), `huiyin-${name}-`))
  endings.push(() => removeData(folder))
  return folder
}

async function ready(url: string, patience = 60_000) {
  for (const until = Date.now() + patience; Date.now() < until; await wait(20)) if (await isReady(url)) return
  throw new Error(`${url} does not become ready`)
}

/** Blow after blow under load, then everything is counted. */
async function endure(urls: string[], database: () => string, calmStartMs: number, blow: (round: number) => Promise<void>) {
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
  expect(slowest).toBeLessThan(healWithin(calmStartMs))
}

test('a server that is killed comes back, and nothing acknowledged is lost or doubled', { timeout: limit }, async () => {
  const folder = folderOf('killed')
  const first = await startProduct(folder, { SAMPLE: 'off' })
  await first.stop()
  let product: Product = await startProduct(folder, { SAMPLE: 'off' })
  const { port } = new URL(product.url)
  endings.push(() => product.stop())
  await endure(
    [product.url],
    () => embeddedOf(folder).url,
    product.readyMs,
    async () => {
      process.kill(product.pid, 'SIGKILL')
      // As a service manager does.
      product = await startProduct(folder, { SAMPLE: 'off' }, Number(port))
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
    product.readyMs,
    async () => void process.kill(postmaster(), 'SIGKILL'),
  )
})

test.each([2, 3])('of %i servers on one database one may be killed at any time', { timeout: limit }, async servers => {
  const folder = folderOf('several')
  const embedded = await startEmbedded({ folder, log: { info: () => {}, warn: () => {} } })
  endings.push(() => embedded.stop())
  const SECRET_KEY = 'one key for every process of them all'
  const start = (n: number, port = 0) =>
    startProduct(path.join(folder, `server-${n}`), { SAMPLE: 'off', DATABASE_URL: embedded.url, SECRET_KEY }, port)
  const products: Product[] = []
  for (let n = 0; n < servers; n++) products.push(await start(n))
  endings.push(() => Promise.all(products.map(p => p.stop())))
  await endure(
    products.map(p => p.url),
    () => embedded.url,
    products.at(-1)?.readyMs ?? 0,
    async round => {
      const n = round % servers
      const victim = products[n]
      if (!victim) return
      process.kill(victim.pid, 'SIGKILL')
      products[n] = await start(n, Number(new URL(victim.url).port))
      await ready(victim.url)
    },
  )
})

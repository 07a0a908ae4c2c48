import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { noticeCentre, openProvider } from '../../bench/noticeProvider.ts'
import { addressOfRunning } from '../../server/boot/embedded.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { startProduct } from '../../tools/product.ts'

const customers = process.env.PROVE ? 100_000 : 12_000
const kills = process.env.PROVE ? 3 : 1
const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('a notice whose process is killed in the middle reaches everybody, and nobody twice', { timeout: 420_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-notice-'))
  endings.push(() => removeData(folder))
  const provider = await openProvider()
  endings.push(provider.close)
  const env = { SAMPLE: 'off', PRIVATE_HOSTS: '127.0.0.1' }
  let product = await startProduct(folder, env)
  endings.push(() => product.stop())
  const centre = await noticeCentre(product.url, folder, provider.url, customers)
  await centre.begin()
  for (let kill = 1; kill <= kills; kill++) {
    for (const until = Date.now() + 60_000; provider.sent.size < (customers * kill) / (kills + 2) && Date.now() < until; ) await wait(5)
    process.kill(product.pid, 'SIGKILL')
    await centre.database.end().catch(() => {})
    expect(provider.sent.size).toBeLessThan(customers)
    product = await startProduct(folder, env)
    centre.database = new pg.Pool({ connectionString: addressOfRunning(folder) ?? '', max: 1 })
    centre.database.on('error', () => {})
  }
  const states = async () => {
    const { rows } = await centre.database.query<{ state: string; n: number }>(
      'select state, count(*)::int as n from messaging.outgoing group by 1',
    )
    return Object.fromEntries(rows.map(r => [r.state, r.n]))
  }
  // What was in hand is taken again when its lease is over.
  for (const until = Date.now() + 240_000; Date.now() < until; await wait(500)) if ((await states()).handed === customers) break
  expect(await states()).toEqual({ handed: customers })
  expect(provider.sent.size).toBe(customers)
  expect(new Set(provider.sent.values()).size).toBe(customers)
  process.stderr.write(`  ${customers} notices over ${kills} kills; ${provider.again()} were said again under their own reference\n`)
  await centre.database.end()
})

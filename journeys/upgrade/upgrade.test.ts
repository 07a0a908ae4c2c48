import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { removeData } from '../../server/boot/removeData.ts'
import { type Product, startProduct } from '../../tools/product.ts'

const root = path.resolve(import.meta.dirname, '../..')
const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
const folderOf = (name: string) => {
  const folder = mkdtempSync(path.join(tmpdir(), `huiyin-${name}-`))
  endings.push(() => removeData(folder))
  return folder
}
async function started(folder: string): Promise<Product> {
  const product = await startProduct(folder)
  endings.push(() => product.stop())
  return product
}

/** `npx huiyin …` as somebody types it. */
async function huiyin(args: string[], folder: string) {
  const child = spawn(process.execPath, [path.join(root, 'tools/huiyin.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, DATA: folder },
    stdio: 'pipe',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve))
  return { code, said }
}

async function enter(url: string) {
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'supervisor', password: 'clearwater', bearer: true }),
  })
  expect(reply.status).toBe(200)
  const { bearer } = (await reply.json()) as { bearer: string }
  return bearer
}
const ask = async (url: string, bearer: string, address: string, body?: unknown) => {
  const reply = await fetch(`${url}/api${address}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${bearer}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(reply.ok, `${address}: ${reply.status}`).toBe(true)
  return reply.status === 204 ? null : reply.json()
}
const seen = async (url: string, bearer: string) => ({
  tickets: await ask(url, bearer, '/tickets?box=all&size=20'),
  customers: await ask(url, bearer, '/customers?size=20'),
  queues: await ask(url, bearer, '/queues'),
})

test('backed up while it runs, restored elsewhere, an installation goes on as if nothing had been', async () => {
  const here = folderOf('here')
  const first = await started(here)
  const bearer = await enter(first.url)
  const before = await seen(first.url, bearer)
  const file = path.join(folderOf('kept'), 'huiyin.backup')
  const made = await huiyin(['backup', file], here)
  expect(made.code, made.said).toBe(0)
  expect(statSync(file).size).toBeGreaterThan(100_000)
  // Beside a running product nothing is restored.
  const beside = await huiyin(['restore', file], here)
  expect(beside.code).toBe(1)
  expect(beside.said).toContain('产品正在运行')

  const there = folderOf('there')
  const restored = await huiyin(['restore', file], there)
  expect(restored.code, restored.said).toBe(0)
  const second = await started(there)
  // Who was signed in still is: sessions and the key have come along.
  expect(await seen(second.url, bearer)).toEqual(before)
  expect(await seen(second.url, await enter(second.url))).toEqual(before)
}, 120_000)

const kept = path.join(import.meta.dirname)
test.each(readdirSync(kept).filter(name => name.endsWith('.huiyin')))(
  'data of version %s goes on under today’s',
  async name => {
    expect(readFileSync(path.join(kept, name)).length).toBeGreaterThan(1_000)
    const folder = folderOf('yesterday')
    const restored = await huiyin(['restore', path.join(kept, name)], folder)
    expect(restored.code, restored.said).toBe(0)
    const product = await started(folder)
    const bearer = await enter(product.url)
    const { tickets } = (await seen(product.url, bearer)) as { tickets: { rows: { id: string }[] } }
    expect(tickets.rows.length).toBeGreaterThan(5)
    for (const { id } of tickets.rows) await ask(product.url, bearer, `/tickets/${id}/entries`)
    const id = tickets.rows[0]?.id ?? ''
    await ask(product.url, bearer, `/tickets/${id}/comments`, { text: '升级之后', public: false })
    expect(JSON.stringify(await ask(product.url, bearer, `/tickets/${id}/entries`))).toContain('升级之后')
  },
  120_000,
)

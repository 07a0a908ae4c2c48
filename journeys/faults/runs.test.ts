import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { Run } from '#contract/runs.ts'
import { tableRows } from '#kernel/sheets.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { type Product, startProduct } from '../../tools/product.ts'
import { embeddedOf, setUpCentre } from './centre.ts'

const rows = process.env.PROVE ? 400_000 : 30_000
const formats = process.env.PROVE ? (['csv', 'xlsx'] as const) : (['csv'] as const)
const blows = process.env.PROVE ? 5 : 1
const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('long work that is killed in the middle goes on, whole and with nothing doubled', {
  timeout: process.env.PROVE ? 900_000 : 240_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-runs-'))
  endings.push(() => removeData(folder))
  let product: Product = await startProduct(folder, { SAMPLE: 'off' })
  endings.push(() => product.stop())
  const { bearer } = await setUpCentre(product.url)
  const headers = { authorization: `Bearer ${bearer}` }
  const post = async (at: string, body: object) => {
    const reply = await fetch(`${product.url}/api${at}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = await reply.json()
    if (!reply.ok) throw new Error(`${at}: ${reply.status} ${JSON.stringify(said)}`)
    return said
  }
  const seen = async (id: string) => Run.parse(await (await fetch(`${product.url}/api/runs/${id}`, { headers })).json())

  /** Blow after blow while it goes on, each after it got a step further than before. */
  async function endure(id: string) {
    let struck = 0
    let last = 0
    for (const until = Date.now() + 500_000; Date.now() < until; await wait(25)) {
      const run = await seen(id)
      if (run.state === 'done') return { run, struck }
      expect(run.state, run.code ?? '').toMatch(/waiting|running/)
      if (struck === blows || run.done < last + rows / (blows + 2)) continue
      last = run.done
      process.kill(product.pid, 'SIGKILL')
      struck++
      await wait(200)
      product = await startProduct(folder, { SAMPLE: 'off' })
    }
    throw new Error('it does not end')
  }

  const table = Array.from(
    { length: rows },
    (_, n) => `E${String(n).padStart(7, '0')},客户${n},1370${String(n).padStart(7, '0')},东大街 ${n} 号`,
  )
  const form = new FormData()
  form.append('file', new Blob([`户号,姓名,电话,地址\n${table.join('\n')}\n`]), 'customers.csv')
  const { id: fileId } = await (await fetch(`${product.url}/api/customers/imports/file`, { method: 'POST', headers, body: form })).json()
  const { reading, mapping } = await post('/customers/imports/head', { fileId })
  const began = performance.now()
  const brought = await endure(
    (await post('/customers/imports', { fileId, reading, mapping, onMatch: 'skip', dry: false, language: 'zh' })).id,
  )
  const importSeconds = (performance.now() - began) / 1000
  expect(brought.struck).toBe(blows)
  expect(brought.run).toMatchObject({ done: rows, total: rows, outcome: { made: rows, changed: 0, skipped: 0, failed: 0 } })
  const client = new pg.Client({ connectionString: embeddedOf(folder).url })
  await client.connect()
  const { rows: counted } = await client.query<{ customers: number; numbers: number; identities: number; told: number }>(
    `select (select count(*)::int from customers.customer) as customers, (select count(distinct number)::int from customers.customer) as numbers,
      (select count(*)::int from customers.customer_identity) as identities, (select count(*)::int from kernel.event where name = 'customer.imported') as told`,
  )
  await client.end()
  expect(counted[0]).toEqual({ customers: rows, numbers: rows, identities: rows, told: 1 })

  for (const format of formats) {
    const asked = { filter: {}, format, columns: ['number', 'name', 'phone'], language: 'zh' }
    const written = await endure((await post('/customers/exports', asked)).id)
    expect(written.struck).toBe(blows)
    const file = path.join(folder, `taken.${format}`)
    const reply = await fetch(`${product.url}/api/runs/${written.run.id}/file`, { headers })
    await writeFile(file, Buffer.from(await reply.arrayBuffer()))
    const numbers: string[] = []
    for await (const { cells } of tableRows(file, format === 'csv' ? { encoding: 'utf-8', separator: ',' } : { sheet: '客户' }))
      numbers.push(cells[0] ?? '')
    expect(numbers.shift()?.replace('\ufeff', '')).toBe('户号')
    expect(numbers).toHaveLength(rows)
    expect(new Set(numbers).size).toBe(rows)
  }
  process.stderr.write(
    `  ${rows} rows brought in and taken along, the product killed ${(1 + formats.length) * blows} times; the import took ${importSeconds.toFixed(1)} s\n`,
  )
})

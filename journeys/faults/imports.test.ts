import { once } from 'node:events'
import { createWriteStream, mkdtempSync, openAsBlob, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { Run } from '#contract/runs.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { type Product, startProduct } from '../../tools/product.ts'
import { embeddedOf, setUpCentre } from './centre.ts'

const rows = Number(process.env.ROWS ?? (process.env.PROVE ? 1_000_000 : 60_000))
const known = Math.floor(rows / 100)
const blows = process.env.PROVE ? 4 : 2
const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A table on the disk: a million rows are no text in memory here. */
async function tableIn(place: string): Promise<Blob> {
  const out = createWriteStream(place)
  out.write('户号,姓名,电话,邮箱,地址\n')
  for (let n = 0; n < rows; n += 1000) {
    let text = ''
    for (let k = n; k < Math.min(n + 1000, rows); k++)
      text += `E${k},客户${k},13${String(700_000_000 + k)},c${k}@example.com,东大街 ${k % 999} 号\n`
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return openAsBlob(place)
}
const memoryOf = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

test('an import that is killed again and again brings every row once, and is taken back whole the same way', {
  timeout: process.env.PROVE ? 1_800_000 : 400_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-imports-'))
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

  /** Blow after blow while it goes on; memory is looked at all the while. */
  async function endure(id: string, strikes: number) {
    const memory: number[] = []
    const began = performance.now()
    let struck = 0
    let last = 0
    for (const until = Date.now() + 1_500_000; Date.now() < until; await wait(50)) {
      const run = await seen(id)
      memory.push(memoryOf(product.pid))
      if (run.state === 'done') {
        const seconds = (performance.now() - began) / 1000
        const tenths = Array.from({ length: 10 }, (_, n) => Math.round(memory[Math.floor(((n + 0.5) * memory.length) / 10)] ?? 0))
        return { run, struck, said: `${Math.round(run.done / seconds)} rows/s, memory by tenths ${tenths.join(' ')} MB` }
      }
      expect(run.state, run.code ?? '').toMatch(/waiting|running/)
      if (struck === strikes || run.done < last + rows / (strikes + 2)) continue
      last = run.done
      process.kill(product.pid, 'SIGKILL')
      struck++
      await wait(200)
      product = await startProduct(folder, { SAMPLE: 'off' })
    }
    throw new Error('it does not end')
  }
  const bring = async (file: Blob, onMatch: string) => {
    const form = new FormData()
    form.append('file', file, 'customers.csv')
    const { id: fileId } = await (await fetch(`${product.url}/api/customers/imports/file`, { method: 'POST', headers, body: form })).json()
    const { reading, mapping } = await post('/customers/imports/head', { fileId })
    return (await post('/customers/imports', { fileId, reading, mapping, onMatch, dry: false, language: 'zh' })).id
  }
  const ask = async <T extends object>(statement: string): Promise<T> => {
    const client = new pg.Client({ connectionString: embeddedOf(folder).url })
    await client.connect()
    const { rows: said } = await client.query<T>(statement)
    await client.end()
    return said[0] as T
  }

  const firsts = Array.from({ length: known }, (_, n) => `E${n},旧${n},1360${String(n).padStart(7, '0')}`)
  const first = await endure(await bring(new Blob([`户号,姓名,电话\n${firsts.join('\n')}\n`]), 'skip'), 0)
  expect(first.run.outcome).toMatchObject({ made: known, failed: 0 })
  const whole = `select count(*)::int as customers, count(distinct number)::int as numbers, (select count(*)::int from customers.customer_identity) as identities,
    (select md5(string_agg(i.customer_id || i.kind || i.value || i.typed, ',' order by i.customer_id, i.kind, i.value)) from customers.customer_identity i join customers.customer c on c.id = i.customer_id where c.name like '旧%') as known,
    md5(string_agg(id || number || name || coalesce(phone, '') || coalesce(email, '') || address || search, ',' order by id) filter (where name like '旧%')) as old,
    (select count(*)::int from kernel.event where name = 'customer.imported') as told from customers.customer`
  const before = await ask<Record<string, unknown>>(whole)

  const brought = await endure(await bring(await tableIn(path.join(folder, 'customers.csv')), 'update'), blows)
  expect(brought.struck).toBe(blows)
  expect(brought.run).toMatchObject({ done: rows, total: rows, outcome: { made: rows - known, changed: known, skipped: 0, failed: 0 } })
  expect(await ask(whole)).toMatchObject({ customers: rows, numbers: rows, identities: rows * 2, told: 2, old: null })

  const back = await endure((await post(`/customers/imports/${brought.run.id}/taking-back`, { language: 'zh' })).id, blows)
  expect(back.struck).toBe(blows)
  expect(back.run).toMatchObject({ done: rows, outcome: { removed: rows - known, restored: known, kept: 0 } })
  expect(await ask(whole)).toEqual({ ...before, told: 2 })
  expect(
    await ask(
      'select (select count(*) from kernel.import_made)::int as made, (select count(*) from kernel.import_changed)::int as changed',
    ),
  ).toMatchObject({ changed: 0 })
  process.stderr.write(
    `  ${rows} rows, the product killed ${brought.struck + back.struck} times\n  brought in: ${brought.said}\n  taken back: ${back.said}\n`,
  )
})

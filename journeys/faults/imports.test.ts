import { once } from 'node:events'
import { createWriteStream, openAsBlob, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openCentre } from './centre.ts'

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
  const { folder, post, bring, endure: centreEndures, ask: askAll } = await openCentre('imports', endings)
  const ask = async <T extends object>(statement: string) => (await askAll<T>(statement))[0]
  async function endure(id: string, strikes: number) {
    const memory: number[] = []
    const look = (pid: number) => memory.push(memoryOf(pid))
    const { run, struck, seconds } = await centreEndures(id, { rows, strikes, patience: 1_500_000, look })
    const tenths = Array.from({ length: 10 }, (_, n) => Math.round(memory[Math.floor(((n + 0.5) * memory.length) / 10)] ?? 0))
    return { run, struck, said: `${Math.round(run.done / seconds)} rows/s, memory by tenths ${tenths.join(' ')} MB` }
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

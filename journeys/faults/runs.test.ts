import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { tableRows } from '#kernel/sheets.ts'
import { openCentre } from './centre.ts'

const rows = Number(process.env.ROWS ?? (process.env.PROVE ? 400_000 : 30_000))
const formats = process.env.PROVE ? (['csv', 'xlsx'] as const) : (['csv'] as const)
const blows = process.env.PROVE ? 5 : 1
const endings: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('long work that is killed in the middle goes on, whole and with nothing doubled', {
  timeout: process.env.PROVE ? 900_000 : 240_000,
}, async () => {
  const { folder, get, post, bring, endure: centreEndures, ask } = await openCentre('runs', endings)
  const endure = (id: string) => centreEndures(id, { rows, strikes: blows, patience: 500_000 })

  const table = Array.from(
    { length: rows },
    (_, n) => `E${String(n).padStart(7, '0')},客户${n},1370${String(n).padStart(7, '0')},东大街 ${n} 号`,
  )
  const brought = await endure(await bring(new Blob([`户号,姓名,电话,地址\n${table.join('\n')}\n`]), 'skip'))
  expect(brought.struck).toBe(blows)
  expect(brought.run).toMatchObject({ done: rows, total: rows, outcome: { made: rows, changed: 0, skipped: 0, failed: 0 } })
  expect(
    await ask(
      `select (select count(*)::int from customers.customer) as customers, (select count(distinct number)::int from customers.customer) as numbers,
      (select count(*)::int from customers.customer_identity) as identities, (select count(*)::int from kernel.event where name = 'customer.imported') as told`,
    ),
  ).toEqual([{ customers: rows, numbers: rows, identities: rows, told: 1 }])

  for (const format of formats) {
    const asked = { filter: {}, format, columns: ['number', 'name', 'phone'], language: 'zh' }
    const written = await endure((await post('/customers/exports', asked)).id)
    expect(written.struck).toBe(blows)
    const file = path.join(folder, `taken.${format}`)
    await writeFile(file, Buffer.from(await (await get(`/runs/${written.run.id}/file`)).arrayBuffer()))
    const numbers: string[] = []
    for await (const { cells } of tableRows(file, format === 'csv' ? { encoding: 'utf-8', separator: ',' } : { sheet: '客户' }))
      numbers.push(cells[0] ?? '')
    expect(numbers.shift()?.replace('\ufeff', '')).toBe('户号')
    expect(numbers).toHaveLength(rows)
    expect(new Set(numbers).size).toBe(rows)
  }
  process.stderr.write(
    `  ${rows} rows brought in and taken along, the product killed ${(1 + formats.length) * blows} times; the import took ${brought.seconds.toFixed(1)} s\n`,
  )
})

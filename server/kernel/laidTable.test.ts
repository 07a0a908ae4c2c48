import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lay, readLaid } from './laidTable.ts'
import type { TableRow } from './sheets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'huiyin-laid-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function* table(rows: readonly string[][]): AsyncGenerator<TableRow> {
  yield { line: 1, cells: ['姓名', '备注'] }
  for (const [n, cells] of rows.entries()) yield { line: n + 2, cells }
}
let tables = 0
async function laid(rows: readonly string[][], most: number, isRead: (cells: string[]) => boolean = () => true) {
  const place = path.join(folder, `${tables++}`)
  await lay(place, table(rows), ([key = '']) => (key === '' ? [] : [key]), isRead)
  const all = []
  for (let at = 0, over = false; !over; ) {
    const read = await readLaid(place, at, most)
    all.push(...read.rows)
    at = read.next
    over = read.over
    expect(read.total).toBe(rows.filter(cells => cells.some(Boolean)).length)
  }
  return all
}

test.each([1, 2, 7, 5_000])('a table read by %i rows at a time is the table', async most => {
  const rows = Array.from({ length: 23 }, (_, n) => [`客户${n}`, n % 5 === 0 ? '一行\n两行' : '𠮷'.repeat(n)])
  expect((await laid(rows, most)).map(row => row.cells)).toEqual(rows)
})

test('rows longer than what is read at once are whole; empty ones and signs that nobody sees are left out', async () => {
  const long = '长'.repeat(200_000)
  const read = await laid(
    [
      [`a\u0000\u001fb\u001e`, 'x'],
      ['', ''],
      [long, 'y'],
      ['z', '\t'],
    ],
    2,
  )
  expect(read).toEqual([
    { line: 2, twin: null, cells: ['ab', 'x'] },
    { line: 4, twin: null, cells: [long, 'y'] },
    { line: 5, twin: null, cells: ['z', '\t'] },
  ])
})

test('of a hundred thousand rows each knows the first that says the same', async () => {
  const half = 50_000
  const rows = Array.from({ length: 2 * half }, (_, n) => [`k${n % half}`, ''])
  const read = await laid(rows, 4_000)
  const wrong = read.filter(({ twin }, n) => twin !== (n < half ? null : n - half + 2))
  expect(wrong).toEqual([])
})

test.each([1, 40_000])('of %i pairs, and long rows, the first is one that can come in, wherever it lies', async pairs => {
  const bad = (n: number) => n % 3 === 0
  const row = (n: number, said: string) => [`k${n}`, n === 0 ? said.repeat(9_000) : said]
  const all = Array.from({ length: pairs }, (_, n) => n)
  const rows = ['错', '对', '又'].flatMap((said, turn) => all.map(n => row(n, bad(n) && turn === 0 ? '错' : said === '错' ? '好' : said)))
  const read = await laid(rows, 4_000, ([, said = '']) => !said.startsWith('错'))
  const line = (turn: number, n: number) => turn * pairs + n + 2
  const expected = [0, 1, 2].flatMap(turn => all.map(n => (turn === 0 || (bad(n) && turn === 1) ? null : line(bad(n) ? 1 : 0, n))))
  expect(read.filter(({ twin }, n) => twin !== expected[n]).slice(0, 3)).toEqual([])
})

test('a table without rows is read as none', async () => {
  expect(await laid([], 10)).toEqual([])
})

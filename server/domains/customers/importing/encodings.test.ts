import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'

// As tables really come: written by Excel in China, by an export in UTF-16, by hand; with all that stands in them.
let house: TestHouse
let me: Awaited<ReturnType<Awaited<ReturnType<typeof openTables>>['as']>>
beforeAll(async () => {
  house = await openHouse()
  me = await (await openTables(house, '/customers')).as('张敏')
})
afterAll(() => house.close())

const columns = 500
const title = ['户号', '姓名', '手机', '备注', '建档日期']
const wide = (cells: readonly string[], rest: string) => [
  ...cells,
  ...Array.from({ length: columns - cells.length }, (_, n) => `${rest}${n}`),
]
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const rows = [
  ['陈𠮷㐂', '13912340001', '很快🙂，好吃👨‍👩‍👧', '2026-11-21'],
  ["=cmd|'/c calc'!A1", '13912340002', '=1+1', '2026/11/21'],
  ['王芳', '13912340003', '一行\r\n两行, "好"', '2026年11月21日'],
  ['欧阳，娜娜', '13912340004', '+86 先生', '20261121'],
  ['𪚥𠀀 Ⅷ ㈱', '13912340005', '@总店 -3', '46347'],
  ['号码太长', '123456789012345678901234567890', '', ''],
  ['哪一天', '13912340007', '', '2026'],
]
const tableOf = (start: string) =>
  [
    wide(title, '列'),
    ...rows.map(([name = '', phone = '', note = '', day = ''], n) => wide([`${start}${n}`, name, phone, note, day], '值')),
  ]
    .map(cells => cells.map(quoted).join(','))
    .join('\r\n')

const mark = { utf8: [0xef, 0xbb, 0xbf], little: [0xff, 0xfe], big: [0xfe, 0xff] }
test.each([
  ['U', 'UTF-8', 'utf-8', []],
  ['UB', 'UTF-8 with its mark', 'utf-8', mark.utf8],
  ['G', 'GB18030', 'gb18030', []],
  ['L', 'UTF-16, the small end first', 'utf-16le', mark.little],
  ['LN', 'the same without its mark', 'utf-16le', []],
  ['B', 'UTF-16, the large end first', 'utf-16be', mark.big],
] as const)('%s: a table in %s comes in whole', async (start, _, encoding, signs) => {
  const bytes = Buffer.concat([Buffer.from(signs), iconv.encode(tableOf(`${start}-`), encoding)])
  const { head, run, left } = await me.imported(bytes, { onMatch: 'new' })
  expect(head.reading).toEqual({ encoding, separator: ',' })
  expect(head.title).toHaveLength(columns)
  expect(head.title.slice(0, 5)).toEqual(title)
  expect(run).toMatchObject({ state: 'done', outcome: { made: 5, changed: 0, skipped: 0, failed: 2 } })
  expect(left.map(row => [row[0], row[1], row[3]])).toEqual([
    [8, '电话号码不对', '号码太长'],
    [9, '建档日期读不出', '哪一天'],
  ])
  const { rows: kept } = await house.house.control.query<{ name: string; note: string; phone: string; since: Date }>(
    'select name, note, phone, since from customers.customer where tenant_id = $1 and number like $2 order by number',
    [house.tenantId, `${start}-%`],
  )
  expect(kept).toEqual(
    rows.slice(0, 5).map(([name, phone, note]) => ({ name, note, phone: `+86${phone}`, since: new Date('2026-11-20T16:00:00Z') })),
  )
})

test('a table in Big5 comes in whole', async () => {
  const text =
    '客戶編號,姓名,電話,備註\r\nT-1,陳小姐,13912350001,網路金融卡收款的特點是什麼\r\nT-2,歐陽娜娜,13912350002,款項即時入帳，請說明\r\n'
  const { head, run } = await me.imported(iconv.encode(text, 'big5'))
  expect([head.reading, run.outcome]).toMatchObject([{ encoding: 'big5' }, { made: 2, failed: 0 }])
  const { rows } = await house.house.control.query(`select name from customers.customer where number like 'T-%' order by number`)
  expect(rows).toEqual([{ name: '陳小姐' }, { name: '歐陽娜娜' }])
})

test('what turns out to be written otherwise further down is refused with its line, and nothing of it is half in', async () => {
  const start = `户号,姓名\r\n${Array.from({ length: 30_000 }, (_, n) => `X-${n},王芳`).join('\r\n')}\r\n`
  const bytes = Buffer.concat([Buffer.from(start), iconv.encode('X-9,陈𠮷㐂\r\n', 'gb18030')])
  const { run } = await me.imported(bytes)
  expect(run).toMatchObject({ state: 'failed', code: 'sheet.encoding', codeFacts: { line: expect.any(Number) }, done: 0 })
  const { rows } = await house.house.control.query(`select 1 from customers.customer where number like 'X-%'`)
  expect(rows).toEqual([])
})

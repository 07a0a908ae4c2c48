import { afterAll, beforeAll, expect, test } from 'vitest'
import { OwnField } from '#contract/ownFields.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { addField, changeField } from '../own/fields.ts'
import { isWrongOwn, readOwn } from './own.ts'

let house: TestHouse
let desk: Awaited<ReturnType<typeof openTables>>
let me: Awaited<ReturnType<(typeof desk)['as']>>
let usage = ''
const usages = [
  { value: 'home', label: '居民', labelEn: 'Household' },
  { value: 'shop', label: '商业', labelEn: 'Business' },
]
beforeAll(async () => {
  house = await openHouse()
  desk = await openTables(house, '/customers')
  me = await desk.as('张敏')
  const add = (key: string, field: Record<string, unknown>, position: number) =>
    house.work(ctx => addField(ctx, OwnField.parse({ key, field: { label: key, type: 'text', ...field }, position })))
  await add('people', { label: '人口', labelEn: 'People', type: 'number', min: 1, max: 20 }, 0)
  usage = (await add('usage', { label: '用途', type: 'choice', options: usages, required: true }, 1)).id
  await add('opened', { label: '通水日', type: 'date' }, 2)
  await add('meter', { label: '有水表', type: 'yesno' }, 3)
  await add('code', { label: '册号', pattern: 'digits', longest: 6 }, 4)
  const admin = await house.house.control.query(`select id from identity.role where tenant_id = $1 and code = 'admin'`, [house.tenantId])
  await add('secret', { label: '密', seenBy: [admin.rows[0].id] }, 5)
})
afterAll(() => house.close())

const kept = async (start: string) => {
  const { rows } = await house.house.control.query<{ fields: unknown; version: number }>(
    'select fields, version from customers.customer where tenant_id = $1 and number like $2 order by number',
    [house.tenantId, `${start}%`],
  )
  return rows.map(row => row.fields)
}

test('own fields are columns like others: typed, by their rules, and what is wrong names its field', async () => {
  const text = `户号,姓名,人口,用途,通水日,有水表,册号,密
A-1,甲,"1,2",居民,2026年3月5日,是,001,内
A-2,乙,３,SHOP,2026/3/5,无,,
A-3,丙,12,household,5.3.2026,No,,
A-4,丁,,shop,46086,√,,
A-5,戊,21,居民,,,,
A-6,己,两口,居民,,,,
A-7,庚,,工业,,,,
A-8,辛,,居民,2026-02-30,,,
A-9,壬,,居民,03/04/2026,,,
B-1,癸,,居民,,也许,,
B-2,子,,居民,,,12a,
B-3,丑,,居民,,,1234567,
B-4,寅,,,,,,
`
  const dry = await me.imported(text, { dry: true })
  const { run, left, head } = await me.imported(text)
  expect(head.fields.slice(-6).map(field => [field.key, field.name, field.nameEn, field.isDay])).toEqual([
    ['own.people', '人口', 'People', false],
    ['own.usage', '用途', '用途', false],
    ['own.opened', '通水日', '通水日', true],
    ['own.meter', '有水表', '有水表', false],
    ['own.code', '册号', '册号', false],
    ['own.secret', '密', '密', false],
  ])
  expect(Object.keys(head.mapping).filter(key => key.startsWith('own.'))).toHaveLength(6)
  const reasons = [
    [2, '人口：不是数字'],
    [6, '人口：太大'],
    [7, '人口：不是数字'],
    [8, '用途：没有这个选项'],
    [9, '通水日：日期读不出'],
    [10, '通水日：可以是两天，请选日期的写法'],
    [11, '有水表：只能是“是”或“否”'],
    [12, '册号：格式不对'],
    [13, '册号：太长'],
    [14, '用途：要填'],
  ]
  expect(left.map(row => [row[0], row[1]])).toEqual(reasons)
  expect(dry.left.map(row => [row[0], row[1]])).toEqual(reasons)
  expect(run.outcome).toEqual({ made: 3, changed: 0, skipped: 0, failed: 10 })
  expect(await kept('A-')).toEqual([
    { people: 3, usage: 'shop', opened: '2026-03-05', meter: false },
    { people: 12, usage: 'home', opened: '2026-03-05', meter: false },
    { usage: 'shop', opened: '2026-03-05', meter: true },
  ])
})

test('what a table leaves empty stays, and all of it is taken back', async () => {
  await me.imported('户号,姓名,人口,用途,密\nC-1,甲,2,居民,内\nC-2,乙,3,居民,\n')
  const before = await kept('C-')
  const second = await me.imported('户号,姓名,人口,用途,册号\nC-1,甲,4,,12\nC-2,乙,,居民,\nC-1,甲,5,商业,\nC-3,丙,1,居民,\nC-3,丙,,,77\n', {
    onMatch: 'update',
  })
  expect(second.run.outcome).toEqual({ made: 1, changed: 4, skipped: 0, failed: 0 })
  expect(await kept('C-')).toEqual([
    { people: 5, usage: 'shop', code: '12', secret: '内' },
    { people: 3, usage: 'home' },
    { people: 1, usage: 'home', code: '77' },
  ])
  const back = await me.over((await me.takeBack(second.run)).id)
  expect(back.run.outcome).toEqual({ removed: 1, restored: 1, kept: 0 })
  expect(await kept('C-')).toEqual(before)
})

test('text that comes back masked, as it was taken along, changes nothing', async () => {
  await me.imported('户号,姓名,密,用途\nE-1,甲,一二三四五六,居民\n')
  await me.imported('户号,姓名,密,用途\nE-1,甲,一二****五六,商业\n', { onMatch: 'update' })
  expect(await kept('E-')).toEqual([{ secret: '一二三四五六', usage: 'shop' }])
})

test('a field of others is no column, and one that closes meanwhile is left alone', async () => {
  const other = await desk.as('李四', 'supervisor')
  const { fileId, head } = await other.sent('户号,姓名,密\nD-1,甲,看\n')
  expect(head.fields.map(field => field.key)).not.toContain('own.secret')
  expect(head.mapping).toEqual({ name: 1, number: 0 })
  // The same heading, brought by one who sees it, and then by one who does not.
  expect((await me.imported('户号,姓名,密\nD-2,甲,看\n')).head.mapping).toEqual({ name: 1, number: 0, 'own.secret': 2 })
  expect((await other.sent('户号,姓名,密\nD-1,甲,看\n')).head.mapping).toEqual({ name: 1, number: 0 })
  const asked = { fileId, reading: head.reading, onMatch: 'skip', dry: false, language: 'zh' }
  const mapping = { name: 1, number: 0, 'own.secret': 2 }
  expect(await other.post('', { ...asked, mapping })).toMatchObject({ code: 'import.field_unknown', facts: { field: 'own.secret' } })
  const admins = await house.house.control.query(`select id from identity.role where tenant_id = $1 and code = 'admin'`, [house.tenantId])
  const field = { label: '用途', type: 'choice', options: usages, writtenBy: [admins.rows[0].id] }
  const late = await other.sent('户号,姓名,用途\nD-3,甲,居民\n')
  const { id } = await other.post<{ id: string }>('', { ...asked, fileId: late.fileId, mapping: late.head.mapping })
  await house.work(ctx => changeField(ctx, usage, OwnField.partial().parse({ field })))
  expect((await other.over(id)).left.map(row => row[1])).toEqual(['用途：您不能填写'])
})

test('hostile cells are words, or told', () => {
  const field = OwnField.parse({ key: 'n', field: { label: 'n', type: 'number' } }).field
  const seen = [{ key: 'n', ...field, mayWrite: true, masked: false }]
  const read = (cell: string) => {
    const said = readOwn({ n: cell }, seen, 'asked')
    return isWrongOwn(said) ? said.code : said.n
  }
  expect(['1,234.5', '－7', '.5', '1e999', 'NaN', '=1+1', '0x10', '1,2,3', '１２', ''].map(read)).toEqual([
    1234.5,
    -7,
    0.5,
    'own.number',
    'own.number',
    'own.number',
    'own.number',
    'own.number',
    12,
    undefined,
  ])
  expect(isWrongOwn(readOwn({ __proto__x: 'x' }, seen, 'asked'))).toBe(true)
})

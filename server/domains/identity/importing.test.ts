import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { keepFile } from '#kernel/files.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { listAudit } from './audit.ts'
import { importPeople, previewImport } from './importing.ts'
import { addPerson } from './people.ts'

let house: TestHouse
let admin: User
beforeAll(async () => {
  house = await openHouse()
  admin = await house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: department, name: '抢修中心', nameEn: 'Repairs', parentId: null }).execute()
    await ctx.db.insertInto('identity.team').values({ id: team, name: '早班', departmentId: department }).execute()
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'admin').executeTakeFirstOrThrow()
    const { id } = await addPerson(ctx, { name: '管理', login: 'taken', roleId: role.id, departmentId: null, teamId: null })
    return house.user({ id })
  })
})
afterAll(() => house.close())

const department = '01900000-0000-7000-8000-0000000000d1'
const team = '01900000-0000-7000-8000-0000000000e1'
const read = async (name: string, bytes: Buffer) => {
  const { id } = await keepFile(house.house, admin, name, bytes)
  return house.as(admin).work(ctx => previewImport(ctx, id))
}
const problems = (rows: Awaited<ReturnType<typeof read>>['rows']) => rows.map(r => [r.line, ...r.problems.map(p => `${p.field} ${p.code}`)])

const sheet = `姓名,登录名,部门,班组,角色
林夏,linxia,抢修中心,早班,坐席
"王, 小二",wanger,,,Agent
,nobody,,,坐席

赵六,TAKEN,,,坐席
钱七,linxia,,,坐席
孙八,sun ba,火星,,司机
李九,lijiu,,早班,坐席
`
/** GB18030 of this text: the runtime decodes it, so the table is turned around. */
function gb18030(text: string): Buffer {
  const decode = new TextDecoder('gb18030')
  const bytes = new Map<string, Buffer>()
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      const pair = Buffer.from([high, low])
      const char = decode.decode(pair)
      if ([...char].length === 1 && !bytes.has(char)) bytes.set(char, pair)
    }
  return Buffer.concat([...text].map(c => (c.charCodeAt(0) < 0x80 ? Buffer.from(c) : (bytes.get(c) ?? Buffer.from('?')))))
}

const expected = [
  [2],
  [3],
  [4, 'name sheet.missing'],
  [6, 'login person.login_taken'],
  [7, 'login sheet.twice'],
  [8, 'login sheet.login_bad', 'role role.not_found', 'department department.not_found'],
  [9, 'team person.team_elsewhere'],
]

test.each([
  ['UTF-8', Buffer.from(sheet)],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${sheet}`)],
  ['GB18030', gb18030(sheet)],
  ['lines ended as on Windows', Buffer.from(sheet.replaceAll('\n', '\r\n'))],
  ['semicolons', Buffer.from(sheet.replaceAll(',', ';').replace('王; 小二', '王, 小二'))],
])('a CSV in %s is read, and every bad row says why', async (_, bytes) => {
  const { rows } = await read('people.csv', bytes)
  expect(problems(rows)).toEqual(expected)
  expect(rows[0]?.person).toMatchObject({ name: '林夏', login: 'linxia', departmentId: department, teamId: team })
  expect(rows[1]?.name).toBe('王, 小二')
})

/** The least a workbook consists of. */
function workbook(rows: string[][]): Buffer {
  const cell = (text: string, column: number, row: number) => `<c r="${'ABCDE'[column]}${row}" t="inlineStr"><is><t>${text}</t></is></c>`
  const xml = (text: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
      ),
      '_rels/.rels': xml(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      ),
      'xl/workbook.xml': xml(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="人员" sheetId="1" r:id="rId1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': xml(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      'xl/worksheets/sheet1.xml': xml(
        `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map((row, n) => `<row r="${n + 1}">${row.map((text, column) => cell(text, column, n + 1)).join('')}</row>`).join('')}</sheetData></worksheet>`,
      ),
    }),
  )
}

test('a workbook is read like a CSV', async () => {
  const { rows } = await read(
    'people.xlsx',
    workbook([
      ['Name', 'Login', 'Role'],
      ['林夏', 'linxia', '坐席'],
      ['', 'wanger', 'Agent'],
    ]),
  )
  expect(problems(rows)).toEqual([[2], [3, 'name sheet.missing']])
})

test.each([
  ['a picture under a false name', 'people.xlsx', Buffer.from('\x89PNG\r\n\x1a\n'), 'file.type_refused'],
  ['a sheet without logins', 'people.csv', Buffer.from('姓名,角色\n林夏,坐席\n'), 'sheet.column_missing'],
  ['headings alone', 'people.csv', Buffer.from('姓名,登录名,角色\n'), 'sheet.empty'],
  ['a thousand and one rows', 'people.csv', Buffer.from(`姓名,登录名,角色\n${'甲,jia,坐席\n'.repeat(1001)}`), 'sheet.too_long'],
])('%s is refused', async (_, name, bytes, code) => {
  await expect(read(name, bytes)).rejects.toThrow(code)
})

test('all of them are added or none, told once, each with a link', async () => {
  const { rows } = await read('people.csv', Buffer.from(sheet))
  const people = rows.flatMap(row => (row.person ? [row.person] : []))
  const [first] = people
  if (!first) throw new Error('no good row')
  const add = (all: typeof people) => house.as(admin).work(ctx => importPeople(ctx, { people: all }))
  await expect(add([...people, { ...first, login: 'taken' }])).rejects.toThrow('person.login_taken')
  await expect(add([...people, first])).rejects.toThrow('person.login_taken')
  const { people: made } = await add(people)
  expect(made.map(p => p.login)).toEqual(['linxia', 'wanger'])
  expect(made.every(p => /^p\./.test(p.token))).toBe(true)
  expect(await house.said('person.imported')).toMatchObject([{ people: 2 }])
  const { rows: entries } = await house.as(admin).work(ctx => listAudit(ctx, { what: 'person.imported' }))
  expect(entries).toMatchObject([{ what: 'person.imported', actorName: '管理', facts: { people: '2' } }])
})

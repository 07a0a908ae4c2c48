import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { placeOf } from '#kernel/files.ts'
import { oneRun } from '#kernel/runDesk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { listAudit } from './audit.ts'
import { addPerson } from './people.ts'
import { openSession, standIn } from './sessions.ts'

let house: TestHouse
let admin: User
let token = ''
const department = '01900000-0000-7000-8000-0000000000d1'
const team = '01900000-0000-7000-8000-0000000000e1'
beforeAll(async () => {
  house = await openHouse()
  house.house.standIn = standIn
  admin = await house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: department, name: '抢修中心', nameEn: 'Repairs', parentId: null }).execute()
    await ctx.db.insertInto('identity.team').values({ id: team, name: '早班', departmentId: department }).execute()
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'admin').executeTakeFirstOrThrow()
    const { id } = await addPerson(ctx, { name: '管理', login: 'taken', roleId: role.id, departmentId: null, teamId: null })
    token = (await openSession(ctx, id, { ip: '127.0.0.1', userAgent: 'test' })).token
    return house.user({ id })
  })
})
afterAll(() => house.close())

const post = async (url: string, payload: object | Buffer, type = 'application/json') => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  return (await house.app.inject({ method: 'POST', url: `/api/people/imports${url}`, headers, payload })).json()
}
async function imported(bytes: Buffer | string, dry = false) {
  const edge = '----huiyin'
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n`
  const file = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(`\r\n--${edge}--\r\n`)])
  const { id: fileId } = await post('/file', file, `multipart/form-data; boundary=${edge}`)
  const { reading, mapping, onMatch } = await post('/head', { fileId })
  const { id, code } = await post('', { fileId, reading, mapping, onMatch: onMatch?.[0], dry, language: 'zh' })
  if (code) return { id: '', code, run: null, problems: [] }
  await house.settle()
  const run = await house.as(admin).work(ctx => oneRun(ctx, id))
  const sheet = run.file ? await readSheet(readFileSync(placeOf(house.house, house.tenantId, id))) : []
  return { id, code, run, problems: sheet.slice(1).map(row => [row[0], row[1]]) }
}

const sheet = `姓名,登录名,部门,班组,角色,邮箱
林夏,linxia,抢修中心,早班,坐席,linxia@example.com
"王, 小二",wanger,,,Agent,
,nobody,,,坐席,

赵六,TAKEN,,,坐席,
钱七,linxia,,,坐席,
孙八,sun ba,火星,,司机,
周九,zhoujiu,火星,,坐席,
吴十,wushi,,,司机,
李九,lijiu,,早班,坐席,
郑一,zhengyi,,,坐席,不是邮箱
`
const wrong = [
  [4, '缺姓名'],
  [6, '登录名已有别人在用'],
  [7, '登录名在表里出现了两次（第 2 行）'],
  [8, '登录名只能用小写字母、数字和 . _ @ -'],
  [9, '没有这个部门'],
  [10, '没有这个角色'],
  [11, '班组不在这个部门'],
  [12, '邮箱不对'],
]

test.each([
  ['UTF-8', Buffer.from(sheet)],
  ['GB18030', iconv.encode(sheet, 'gb18030')],
])('a table in %s is checked without a change, and every bad row says why', async (_, bytes) => {
  const { run, problems } = await imported(bytes, true)
  expect(run).toMatchObject({ state: 'done', outcome: { made: 2, changed: 0, skipped: 0, failed: wrong.length } })
  expect(problems).toEqual(wrong)
  const { rows } = await house.house.control.query("select 1 from identity.person where login = 'linxia'")
  expect(rows).toEqual([])
})

test('good rows become people of their place, told of once; the table brought again brings nobody', async () => {
  const { run, id, problems } = await imported(sheet)
  expect(run?.outcome).toMatchObject({ made: 2, failed: wrong.length })
  expect(problems).toEqual(wrong)
  const { rows } = await house.house.control.query(
    'select name, login, email, department_id, team_id, password_hash from identity.person where tenant_id = $1 and login in ($2, $3) order by login',
    [house.tenantId, 'linxia', 'wanger'],
  )
  expect(rows).toEqual([
    { name: '林夏', login: 'linxia', email: 'linxia@example.com', department_id: department, team_id: team, password_hash: null },
    { name: '王, 小二', login: 'wanger', email: null, department_id: null, team_id: null, password_hash: null },
  ])
  expect(await house.said('person.imported')).toMatchObject([{ people: 2 }])
  const { rows: entries } = await house.as(admin).work(ctx => listAudit(ctx, { what: 'person.imported' }))
  expect(entries).toMatchObject([{ what: 'person.imported', actorName: '管理', facts: { people: '2' } }])
  const again = await imported(sheet)
  expect(again.run?.outcome).toMatchObject({ made: 0, skipped: 2, failed: wrong.length })
  expect(again.problems.slice(0, 2)).toEqual([
    [2, '已有这位同事，跳过了'],
    [3, '已有这位同事，跳过了'],
  ])

  const given = await post(`/${id}/links`, {})
  expect(given.people.map((p: { login: string; token: string }) => [p.login, p.token.slice(0, 2)])).toEqual([
    ['linxia', 'p.'],
    ['wanger', 'p.'],
  ])
  expect(await house.said('person.links_given')).toEqual([{ people: 2 }])
  // Whoever has a password needs no link.
  await house.house.control.query("update identity.person set password_hash = 'x' where login = 'linxia'")
  expect((await post(`/${id}/links`, {})).people).toHaveLength(1)
})

test('nobody is given more than whoever brings them may give, and links go to whoever brought the people in', async () => {
  const { id } = await imported('姓名,登录名,角色\n孟十一,meng11,坐席\n')
  const other = await house.work(async ctx => {
    const grants = JSON.stringify({ 'identity:configure': 'all', 'identity:read': 'all' })
    await ctx.db.insertInto('identity.role').values({ id: team, code: null, name: '人事', nameEn: '', grants, limits: '{}' }).execute()
    const hr = await addPerson(ctx, { name: '人事', login: 'hr', roleId: team, departmentId: null, teamId: null })
    return (await openSession(ctx, hr.id, { ip: '127.0.0.1', userAgent: 'test' })).token
  })
  const mine = token
  token = other
  const { problems } = await imported('姓名,登录名,角色\n高升,gaosheng,坐席\n同行,tonghang,人事\n')
  expect(problems).toEqual([[2, '这个角色的权限比您的大']])
  expect(await post(`/${id}/links`, {})).toMatchObject({ code: 'run.not_found' })
  token = mine
})

test('what is retired is given to nobody', async () => {
  await house.work(ctx =>
    ctx.db
      .insertInto('identity.role')
      .values({ id: department, code: null, name: '旧角色', nameEn: '', grants: '{}', limits: '{}', retired: true })
      .execute(),
  )
  const { problems } = await imported('姓名,登录名,角色\n旧人,jiuren,旧角色\n')
  expect(problems).toEqual([[2, '没有这个角色']])
})

test('a table without logins is refused before anything is asked for', async () => {
  expect(await imported('姓名,角色\n林夏,坐席\n')).toMatchObject({ code: 'sheet.column_missing' })
})

import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Mapping, OnMatch } from '#contract/imports.ts'
import { openSession, standIn } from '#domains/identity/index.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import type { User } from './access.ts'
import { placeOf } from './files.ts'
import { newId } from './ids.ts'
import { cancelRun, oneRun } from './runDesk.ts'
import type { Reading } from './sheets.ts'
import { sheetRow, workbook } from './xlsx.ts'

let house: TestHouse
let asker: User
let token = ''
beforeAll(async () => {
  house = await openHouse()
  asker = await openDesk(house).person('张敏')
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id })
  await house.work(ctx => ctx.db.updateTable('identity.person').set({ roleId: sqlAdmin() }).where('id', '=', asker.id).execute())
  token = await house.work(async ctx => (await openSession(ctx, asker.id, { ip: '127.0.0.1', userAgent: 'test' })).token)
})
afterAll(() => house.close())
const sqlAdmin = () => sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = 'admin')`

async function upload(name: string, bytes: Buffer) {
  const edge = '----huiyin'
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/customers/imports/file',
    headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${edge}` },
    payload: Buffer.concat([
      Buffer.from(
        `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${edge}--\r\n`),
    ]),
  })
  return reply.json<{ id: string; code?: string }>()
}
const post = async <T>(url: string, body: object) =>
  (
    await house.app.inject({
      method: 'POST',
      url: `/api/customers/imports${url}`,
      headers: { authorization: `Bearer ${token}` },
      payload: body,
    })
  ).json<T & { code?: string }>()
type Head = { reading: Reading; title: string[]; mapping: Mapping; sheets: string[]; rows: { line: number; cells: string[] }[] }

async function imported(bytes: Buffer | string, more: { onMatch?: OnMatch; dry?: boolean; name?: string } = {}) {
  const { id: fileId } = await upload(more.name ?? 'kunden.csv', Buffer.from(bytes))
  const head = await post<Head>('/head', { fileId })
  const { id } = await post<{ id: string }>('', {
    fileId,
    reading: head.reading,
    mapping: head.mapping,
    onMatch: more.onMatch ?? 'skip',
    dry: more.dry ?? false,
    language: 'zh',
  })
  await house.settle()
  const run = await house.as(asker).work(ctx => oneRun(ctx, id))
  return { run, head, problems: run.file ? await readSheet(readFileSync(placeOf(house.house, house.tenantId, id))) : null }
}
const customers = (where = 'true') =>
  house.house.control
    .query<{ name: string; number: string; phone: string | null; tags: string[]; tier: string }>(
      `select name, number, phone, tags, tier from customers.customer where tenant_id = $1 and ${where} order by number`,
      [house.tenantId],
    )
    .then(({ rows }) => rows)

test('a table is read as it comes, checked without a change, and brought in once', async () => {
  const text =
    '户号,客户姓名,手机号,等级,标签\nA-1,陈秀兰,138 0000 6021,金卡,"老户、VIP"\nA-2,,13800006022,,\nA-3,王强,12,,\nA-4,李娜,13800006024,白金,\nA-5,赵磊,,,\n'
  const dry = await imported(text, { dry: true })
  expect(dry.head.mapping).toEqual({ number: 0, name: 1, phone: 2, tier: 3, tags: 4 })
  expect(dry.run).toMatchObject({ state: 'done', done: 5, total: 5, outcome: { made: 2, failed: 3 } })
  expect(await customers()).toEqual([])
  expect(dry.problems?.[0]).toEqual(['行', '原因', '户号', '客户姓名', '手机号', '等级', '标签'])
  expect(dry.problems?.slice(1).map(row => [row[0], row[1]])).toEqual([
    [3, '缺姓名'],
    [4, '电话号码不对'],
    [5, '没有这个等级'],
  ])
  const { run } = await imported(text)
  expect(run.outcome).toEqual({ made: 2, changed: 0, skipped: 0, failed: 3 })
  expect(await customers()).toEqual([
    { number: 'A-1', name: '陈秀兰', phone: '+8613800006021', tags: ['老户', 'VIP'], tier: 'gold' },
    { number: 'A-5', name: '赵磊', phone: null, tags: [], tier: 'normal' },
  ])
  const again = await imported(text)
  expect(again.run.outcome).toMatchObject({ made: 0, skipped: 2, failed: 3 })
  expect(again.problems?.slice(1).map(row => row[0])).toEqual([2, 3, 4, 5, 6])
  expect(again.problems?.[1]?.[1]).toBe('已有这位客户，跳过了')
  expect(await house.said('customer.imported')).toHaveLength(2)
})

test('two rows of one number are told with the line above, in the check as in the import', async () => {
  const text = '户号,姓名,电话\nD-1,甲,13911119001\nD-1,乙,13911119002\nD-3,丙,13911119001\n'
  for (const dry of [true, false]) {
    const { run, problems } = await imported(text, { dry })
    expect(run.outcome).toMatchObject({ made: 1, skipped: 0, failed: 2 })
    expect(problems?.slice(1).map(row => [row[0], row[1]])).toEqual([
      [3, '同一位客户在表里出现了两次（第 2 行）'],
      [4, '同一位客户在表里出现了两次（第 2 行）'],
    ])
  }
})

test('a row corrected below the wrong one comes in, in the check as in the import', async () => {
  const text = '户号,姓名,电话,负责人\nF-1,甲,12,\nF-1,甲,13911129001,\nF-1,甲,13911129001,\nF-2,乙,,查无此人\nF-2,乙,,\nF-3,,,\nF-3,丙,,\n'
  for (const dry of [true, false]) {
    const { run, problems } = await imported(text, { dry })
    expect(run.outcome).toMatchObject({ made: 3, skipped: 0, failed: 4 })
    expect(problems?.slice(1).map(row => [row[0], row[1]])).toEqual([
      [2, '电话号码不对'],
      [4, '同一位客户在表里出现了两次（第 3 行）'],
      [5, '没有这位负责人'],
      [7, '缺姓名'],
    ])
  }
})

test('the same customer is known by number, telephone or e-mail, in the table and before it', async () => {
  const text =
    '姓名,电话,邮箱,地址\n周一,13911110001,,旧地址\n周一,+86 139 1111 0001,,新地址\n周二,,Z@example.com,\n周二,,z@EXAMPLE.com,东街\n'
  expect((await imported(text, { onMatch: 'update', dry: true })).run.outcome).toMatchObject({ made: 2, changed: 2 })
  expect((await imported(text, { onMatch: 'update' })).run.outcome).toMatchObject({ made: 2, changed: 2 })
  const { rows } = await house.house.control.query(
    "select name, address from customers.customer where name in ('周一', '周二') order by name",
  )
  expect(rows).toEqual([
    { name: '周二', address: '东街' },
    { name: '周一', address: '新地址' },
  ])
  // A telephone that two share tells nobody apart, unless by the name.
  await imported('姓名,电话\n甲,13911110009\n乙,13911110009\n', { onMatch: 'new' })
  const shared = await imported('姓名,电话,备注\n甲,13911110009,记\n丙,13911110009,\n', { onMatch: 'update' })
  expect(shared.run.outcome).toMatchObject({ changed: 1, failed: 1 })
  expect(shared.problems?.[1]?.[1]).toBe('有几位客户都符合，分不清是哪一位')
})

test('GB18030, semicolons, quotes over lines and rare characters are read', async () => {
  const text = '姓名;电话;备注\r\n陈𠮷㐂;028-85553366;"一行\r\n两行; ""好"""\r\n'
  const { head } = await imported(iconv.encode(text, 'gb18030'))
  expect(head.reading).toEqual({ encoding: 'gb18030', separator: ';' })
  const { rows } = await house.house.control.query("select name, note, phone from customers.customer where name like '陈𠮷%'")
  expect(rows).toEqual([{ name: '陈𠮷㐂', note: '一行\r\n两行; "好"', phone: '+862885553366' }])
})

test('a workbook is read with the sheet that was chosen, shared strings, numbers and all', async () => {
  async function* lines() {
    yield Buffer.from(
      sheetRow(['姓名', '电话'], 1, 'UTC', 2) + sheetRow(['表一', 13922220001], 2, 'UTC') + sheetRow(['=1+1', '13922220002'], 3, 'UTC'),
    )
  }
  const parts: Uint8Array[] = []
  for await (const bytes of workbook(lines(), 2, '客户')) parts.push(bytes)
  const { run, head } = await imported(Buffer.concat(parts), { name: 'kunden.xlsx' })
  expect(head.sheets).toEqual(['客户'])
  expect(run.outcome).toMatchObject({ made: 2 })
  expect((await customers("phone like '+861392222%'")).map(c => c.name).sort()).toEqual(['=1+1', '表一'])
})

test('whatever strings a table holds, no row breaks another', async () => {
  const naughty = [
    "'; drop table customers.customer; --",
    '<script>alert(1)</script>',
    '𝒞𝓁𝒾𝑒𝓃𝓉',
    'NULL',
    'undefined',
    '０１２',
    '\u202egnp.exe',
    '\\',
    '"{}"',
    '🙂'.repeat(20),
    'ａ'.repeat(60),
    '%s%n',
    '١٢٣',
  ]
  const text = `name,note\n${naughty.map(name => `"${name.replaceAll('"', '""')}",x`).join('\n')}\n"${'长'.repeat(90)}",x\n`
  const { run } = await imported(text)
  expect(run.outcome).toMatchObject({ made: naughty.length, failed: 1 })
})

test('a line of any width takes no more than five hundred columns', async () => {
  const { id: fileId } = await upload('wide.csv', Buffer.from(`姓名,电话${','.repeat(100_000)}\n王芳,13922220009${',x'.repeat(100_000)}\n`))
  const head = await post('/head', { fileId })
  expect(head).toMatchObject({ title: expect.any(Array), rows: [{ cells: expect.any(Array) }] })
  expect(JSON.stringify(head).length).toBeLessThan(10_000)
})

test('what is no table, or was packed to hurt, is refused at the door', async () => {
  const zip = (name: string, size = 4, flags = 0) => {
    const path = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(flags, 8)
    entry.writeUInt32LE(4, 20)
    entry.writeUInt32LE(size, 24)
    entry.writeUInt16LE(path.length, 28)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(46 + path.length, 12)
    end.writeUInt32LE(34, 16)
    return Buffer.concat([local, Buffer.from('abcd'), entry, path, end])
  }
  const code = async (bytes: Buffer, name = 'x.xlsx') => (await upload(name, bytes)).code
  expect(await code(zip('../../etc/passwd'))).toBe('file.broken')
  expect(await code(zip('C:\\x'))).toBe('file.broken')
  expect(await code(zip('xl/workbook.xml', 0xffffffff))).toBe('file.zip64')
  expect(await code(zip('xl/workbook.xml', 900_000_000))).toBe('file.swells')
  expect(await code(zip('xl/workbook.xml', 4, 1))).toBe('file.encrypted')
  expect(await code(Buffer.alloc(0))).toBe('file.empty')
  expect(await code(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 1]), 'old.xls')).toBe('file.old_workbook')
  const { id: fileId } = await upload('x.csv', Buffer.from([1, 0, 2, 0, 0, 0]))
  expect(await post('/head', { fileId })).toMatchObject({ code: 'file.type_refused' })
  expect(await post('/head', { fileId: newId() })).toMatchObject({ code: 'import.file_gone' })
  const { id: empty } = await upload('x.csv', Buffer.from('\n\n'))
  expect(await post('/head', { fileId: empty })).toMatchObject({ code: 'sheet.empty' })
})

test('two who bring the same table at once double nobody', async () => {
  const text = `户号,姓名,电话\n${Array.from({ length: 2050 }, (_, n) => `T-${n},客${n},1370000${String(n).padStart(4, '0')}`).join('\n')}\n`
  const [one, two] = await Promise.all([upload('a.csv', Buffer.from(text)), upload('b.csv', Buffer.from(text))])
  const ids: string[] = []
  for (const { id: fileId } of [one, two]) {
    const { reading, mapping } = await post<Head>('/head', { fileId })
    ids.push((await post<{ id: string }>('', { fileId, reading, mapping, onMatch: 'skip', dry: false, language: 'zh' })).id)
  }
  const { runReaction } = await import('./worker.ts')
  const { rows } = await house.house.control.query<{ tenant: string; id: string; name: string; said: { about: string; detail: unknown } }>(
    `delete from kernel.timer where name = 'run.due' returning tenant_id as tenant, id, name, said`,
  )
  expect(rows).toHaveLength(2)
  await Promise.all(
    rows.map(row =>
      runReaction(house.house, house.reactions, {
        tenant: row.tenant,
        reaction: 'run.due: carry long work on',
        event: row.id,
        timer: row.said,
      }),
    ),
  )
  await house.settle()
  const runs = await Promise.all(ids.map(id => house.as(asker).work(ctx => oneRun(ctx, id))))
  expect(runs.map(r => r.state)).toEqual(['done', 'done'])
  expect(runs.reduce((sum, r) => sum + (r.outcome.made ?? 0), 0)).toBe(2050)
  expect(runs.reduce((sum, r) => sum + (r.outcome.skipped ?? 0), 0)).toBe(2050)
  expect(await customers("number like 'T-%'")).toHaveLength(2050)
  await expect(house.as(asker).work(ctx => cancelRun(ctx, ids[0] ?? ''))).rejects.toMatchObject({ code: 'run.is_over' })
})

test('the file belongs to whoever sent it', async () => {
  const { id: fileId } = await upload('x.csv', Buffer.from('姓名\n陈\n'))
  await house.work(ctx =>
    sql`update kernel.file set owner_id = ${newId()} where tenant_id = ${ctx.tenantId} and id = ${fileId}`.execute(ctx.db),
  )
  expect(await post('/head', { fileId })).toMatchObject({ code: 'import.file_gone' })
})

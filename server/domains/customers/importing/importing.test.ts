import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Condition } from '#contract/conditions.ts'
import { NewReceivable } from '#contract/receivables.ts'
import type { Run } from '#contract/runs.ts'
import { forgetOldImports, setBackDays } from '#kernel/importMemory.ts'
import { allRuns, forgetOldRuns, myRuns } from '#kernel/runDesk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { changeCustomer } from '../actions.ts'
import { rememberIdentity, touch } from '../identify.ts'
import { carersOf, entrust } from '../profile/team.ts'
import { deliver } from '../receivables/bringing.ts'
import { applyTo } from '../segments/applying.ts'
import { changeLadder } from '../segments/ladders.ts'

let house: TestHouse
let desk: Awaited<ReturnType<typeof openTables>>
let me: Awaited<ReturnType<(typeof desk)['as']>>
beforeAll(async () => {
  house = await openHouse()
  desk = await openTables(house, '/customers')
  me = await desk.as('张敏')
})
afterAll(() => house.close())

const imported: (typeof me)['imported'] = (...args) => me.imported(...args)
async function takenBack(run: Run) {
  const { id, code } = await me.takeBack(run)
  expect(code).toBeUndefined()
  return me.over(id)
}

/** Everything of the customers whose numbers begin so, ids and all. */
async function whole(start: string) {
  const { rows } = await house.house.control.query<{ said: string }>(
    `select jsonb_build_object('row', to_jsonb(c) - 'version' - 'changed_xid',
        'identities', (select jsonb_agg(jsonb_build_array(i.kind, i.value, i.typed, i.main) order by i.kind, i.value) from customers.customer_identity i where i.customer_id = c.id),
        'places', (select jsonb_agg(jsonb_build_array(a.province, a.city, a.district, a.street, a.detail)) from customers.address a where a.customer_id = c.id))::text as said
      from customers.customer c where c.tenant_id = $1 and c.number like $2 order by c.number`,
    [house.tenantId, `${start}%`],
  )
  return rows.map(row => row.said)
}
const idOf = async (number: string) =>
  (await house.work(ctx => ctx.db.selectFrom('customers.customer').select('id').where('number', '=', number).executeTakeFirstOrThrow())).id

const remembered = async () => {
  const { rows } = await house.house.control.query<{ n: number }>(
    'select (select count(*) from kernel.import_made where tenant_id = $1)::int + (select count(*) from kernel.import_changed where tenant_id = $1)::int as n',
    [house.tenantId],
  )
  return rows[0]?.n
}

test('every column comes in: parts of an address, a second phone, the external id, who looks after them, since when', async () => {
  const text =
    '编号,姓名,手机,备用电话,外部编号,省份,城市,区,街道,详细地址,负责人,开户日期\n' +
    `W-1,陈一,13912340001,028-85553366,X-1,上海市,上海市,徐汇区,漕河泾街道,桂平路 1 号,张敏,2026年1月5日\n` +
    'W-2,陈二,1391234000212345678901234567890,,,,,,,,,\nW-3,陈三,,,X-1,,,,,,,\nW-4,陈四,,,,,,,,,李四光,\nW-5,陈五,,,,,,,,,,03/04/2026\nW-6,陈六,,,,,,,,,,45000\n'
  const { run, left } = await imported(text)
  expect(run.outcome).toEqual({ made: 2, changed: 0, skipped: 0, failed: 4 })
  expect(left.map(row => [row[0], row[1]])).toEqual([
    [3, '电话号码不对'],
    [4, '同一位客户在表里出现了两次（第 2 行）'],
    [5, '没有这位负责人'],
    [6, '建档日期可以是两天，请选日期的写法'],
  ])
  const [one] = await whole('W-1')
  const said = JSON.parse(one ?? '')
  expect(said.row).toMatchObject({ address: '上海市徐汇区漕河泾街道桂平路 1 号', ext_id: 'X-1', owner_id: me.id })
  expect(new Date(said.row.since).toISOString()).toBe('2026-01-04T16:00:00.000Z')
  expect(said.identities).toEqual([
    ['phone', '+8613912340001', '13912340001', true],
    ['phone', '+862885553366', '028-85553366', false],
  ])
  expect(said.places).toEqual([['上海市', '上海市', '徐汇区', '漕河泾街道', '桂平路 1 号']])
  expect((await imported(text.replace(/W-[1-4].*\n/g, ''), { dates: 'dmy', onMatch: 'update' })).run.outcome).toMatchObject({
    made: 1,
    changed: 1,
  })
})

test('the owner and the care team are called by one name, and recognised by every name they had', async () => {
  const { fields } = await import('./fields.ts')
  expect([fields.owner.name, fields.carers.name]).toEqual([
    ['负责人', 'Owner'],
    ['协同', 'Care team'],
  ])
  for (const heads of ['负责人,协同', 'Owner,Care team', '客户经理,服务团队', 'Looked after by,Carers', '专员,维护人'])
    expect((await me.sent(`户号,${heads}\n1,2,3\n`)).head.mapping).toEqual({ number: 0, owner: 1, carers: 2 })
})

test('the first rows with problems are told at once: line, column and value, masked as whoever brings them sees it, in both languages', async () => {
  const rows = Array.from({ length: 2100 }, (_, n) => `P-${n},客${n},${n > 2000 ? '1370000' : ''},,`).join('\n')
  const { run } = await imported(
    `客户号,名字,手机,电子邮箱,开户日期\nQ-1,,,,\nQ-2,陈,1371234,,\nQ-3,陈,,chen.example.com,\nQ-4,陈,,,03/04/2026\n${rows}\n`,
    { dry: true, mapping: { number: 0, name: 1, phone: 2, email: 3, since: 4 } },
  )
  expect(run.outcome.failed).toBe(103)
  expect(run.wrongRows.map(({ nameEn: _, ...row }) => row)).toEqual([
    { line: 2, column: '名字', value: '', name: '缺姓名' },
    { line: 3, column: '手机', value: '13****34', name: '电话号码不对' },
    { line: 4, column: '电子邮箱', value: 'ch****om', name: '邮箱不对' },
    { line: 5, column: '开户日期', value: '03/04/2026', name: '建档日期可以是两天，请选日期的写法' },
    { line: 2007, column: '手机', value: '13****00', name: '电话号码不对' },
  ])
  expect(run.wrongRows[0]?.nameEn).toBe('The name is missing')
  // Whoever operates the house sees how far it is, not what is in it.
  const all = await house.as(house.user()).work(ctx => allRuns(ctx, {}))
  expect(all.rows.find(row => row.id === run.id)).toMatchObject({ outcome: run.outcome, wrongRows: [] })
  expect((await imported('户号,姓名\nQ-9,好\n', { dry: true })).run.wrongRows).toEqual([])
  await house.house.control.query("update kernel.run set expires_at = now() - interval '1 day' where id = $1", [run.id])
  await house.work(forgetOldRuns)
  expect((await me.over(run.id)).run.wrongRows).toEqual([])
})

describe('who is the same customer', () => {
  test('is told by the keys that were chosen, in their order', async () => {
    await imported('户号,姓名,电话,地址\nY-1,王芳,13912350001,东街 1 号\nY-2,王芳,13912350002,西街 2 号\n')
    const text = '姓名,电话,地址,备注\n王芳,13912350002,东街 1 号,记\n'
    const dry = (keys: string[]) => imported(text, { keys, onMatch: 'update', dry: true })
    expect((await dry(['email'])).run.outcome).toMatchObject({ made: 1 })
    await imported('姓名,地址,备注\n王芳,东街 1 号,地\n', { keys: ['place'], onMatch: 'update' })
    expect(JSON.parse((await whole('Y-1'))[0] ?? '').row.note).toBe('地')
    await imported(text, { keys: ['phone', 'place'], onMatch: 'update' })
    expect(JSON.parse((await whole('Y-2'))[0] ?? '').row).toMatchObject({ note: '记', address: '东街 1 号' })
    // Now two of one name live there.
    expect((await dry(['place'])).left.map(row => row[1])).toEqual(['有几位客户都符合，分不清是哪一位'])
    const { head } = await me.sent(text)
    expect(head.chosen).toEqual({ keys: ['place'], onMatch: 'update', dates: 'asked' })
    expect(head.keys.map(key => key.key)).toEqual(['number', 'extId', 'phone', 'email', 'place'])
    const { fileId } = await me.sent(text)
    const strange = { fileId, reading: head.reading, mapping: head.mapping, onMatch: 'skip', keys: ['shoe'], dry: true, language: 'zh' }
    expect((await me.post('', strange)).code).toBe('import.key_unknown')
  })
})

describe('an import taken back', () => {
  test('leaves the care team as it was, and whoever was given another since', async () => {
    const [one, other] = [await desk.as('维护一'), await desk.as('维护二')]
    const team = async (number: string) => (await house.work(async ctx => carersOf(ctx, await idOf(number)))).toSorted()
    await imported('户号,姓名,服务团队\nT-1,旧,维护一\n')
    const { run, left } = await imported(
      '户号,姓名,负责人,服务团队\nT-1,旧,,"维护一、维护二"\nT-2,新,维护一,"维护一，维护二"\nT-3,新三,,维护二\nT-4,错,,"维护一、谁"\nT-1,旧,,维护二\n',
      { onMatch: 'update' },
    )
    expect(left.map(row => row.slice(0, 2))).toEqual([[5, '协同里有一位不存在']])
    expect([await team('T-1'), await team('T-2')]).toEqual([[one.id, other.id].sort(), [other.id]])
    await house.work(async ctx => entrust(ctx, await idOf('T-3'), { version: 1, ownerId: null, carerIds: [one.id] }))
    const back = await takenBack(run)
    expect(back.run.outcome).toEqual({ removed: 1, restored: 1, kept: 1 })
    expect(back.left.map(row => row.map(String))).toEqual([['T-3', '新三', '导入后改过']])
    expect(await team('T-1')).toEqual([one.id])
    const { rows } = await house.house.control.query(
      'select 1 from customers.carer k where not exists (select 1 from customers.customer c where c.id = k.customer_id)',
    )
    expect(rows).toEqual([])
  })

  test('leaves everything as it was before', async () => {
    const text =
      '户号,姓名,电话,邮箱,地址,标签\nB-1,原一,13912360001,b1@example.com,南街 1 号,老户\nB-2,原二,13912360002,,,\nB-3,原三,,,,\n'
    await imported(text)
    await imported('户号,姓名,省份,详细地址\nB-3,原三,四川省,一号\n', { onMatch: 'update' })
    const before = await whole('B-')
    const rows = Array.from({ length: 2100 }, (_, n) => `BN-${n},新${n},,,,,,`).join('\n')
    const { run } = await imported(
      `户号,姓名,电话,邮箱,地址,标签,外部编号,第二电话\nB-1,改一,13912369991,b9@example.com,北街 9 号,"新、贵",X-91,13912369993\nB-2,原二,,b2@example.com,,,,\nB-3,原三,,,北街,,,\n${rows}\nB-1,再改,13912369992,,,,,\nBN-7,新改,13912369994,,,,,\n`,
      { onMatch: 'update' },
    )
    expect(run.outcome).toEqual({ made: 2100, changed: 5, skipped: 0, failed: 0 })
    expect(run.backUntil?.getTime()).toBeGreaterThan(Date.now())
    expect(await whole('B-')).not.toEqual(before)
    const back = await takenBack(run)
    expect(back.run).toMatchObject({ state: 'done', file: null, outcome: { removed: 2100, restored: 3, kept: 0 } })
    expect(await whole('B-')).toEqual(before)
    expect(await whole('BN-')).toEqual([])
    expect((await me.takeBack(run)).code).toBe('import.not_remembered')
    expect((await house.said('customer.taken_back')).at(-1)).toEqual({ removed: 2100, restored: 3, kept: 0 })
  })

  test('keeps who has been used or changed since, and says why', async () => {
    await imported('户号,姓名,备注\nC-7,旧七,\nC-8,旧八,\nC-9,旧九,\n')
    const { run } = await imported(
      `户号,姓名,电话,备注\n${[1, 2, 3, 4].map(n => `C-${n},客${n},1391237000${n},`).join('\n')}\nC-7,新七,13912370007,记七\nC-8,新八,,\nC-9,新九,13912370009,\n`,
      { onMatch: 'update' },
    )
    const [first, second, third] = [await idOf('C-1'), await idOf('C-2'), await idOf('C-3')]
    const [seventh, eighth, ninth] = [await idOf('C-7'), await idOf('C-8'), await idOf('C-9')]
    await house.work(async ctx => {
      await touch(ctx, first)
      await changeCustomer(ctx, second, { version: 1, note: '改过' })
      await rememberIdentity(ctx, third, 'wechat', 'wx-3')
      await changeCustomer(ctx, seventh, { version: 2, phone: '13912370077' })
      await changeCustomer(ctx, eighth, { version: 2, name: '八' })
      await changeCustomer(ctx, ninth, { version: 2, note: '是她' })
    })
    const { run: back, left } = await takenBack(run)
    expect(back.outcome).toEqual({ removed: 1, restored: 1, kept: 5 })
    // The import says so itself, wherever it is looked at.
    const told = { id: back.id, state: 'done', byName: '张敏', endedAt: expect.any(Date), outcome: back.outcome, hasFile: true }
    const one = (await me.over(run.id)).run
    expect(one.takenBack).toMatchObject(told)
    expect(one.takenBack?.why).toEqual([
      { name: '导入后改过', nameEn: 'Changed since', n: 3 },
      { name: '有联系记录', nameEn: 'Has been in contact', n: 1 },
      { name: '有的内容导入后改过，其余已撤销', nameEn: 'Partly changed since; the rest is as it was', n: 1 },
    ])
    const mine = await house.as(house.user({ id: me.id })).work(ctx => myRuns(ctx, {}))
    expect(mine.rows.find(row => row.id === run.id)?.takenBack).toEqual(one.takenBack)
    expect(mine.rows.find(row => row.id === back.id)?.takenBack).toBeNull()
    expect(left.map(row => row.map(String)).sort()).toEqual([
      ['C-1', '客1', '有联系记录'],
      ['C-2', '客2', '导入后改过'],
      ['C-3', '客3', '导入后改过'],
      ['C-7', '新七', '有的内容导入后改过，其余已撤销'],
      ['C-8', '八', '导入后改过'],
    ])
    const now = (await whole('C-')).map(said => JSON.parse(said))
    expect(now.map(said => said.row.name)).toEqual(['客1', '客2', '客3', '旧七', '八', '旧九'])
    // What a person wrote stays, number and all.
    expect(now[3]).toMatchObject({
      row: { phone: '+8613912370077', note: '' },
      identities: [['phone', '+8613912370077', '13912370077', expect.any(Boolean)]],
    })
    expect(now[5]).toMatchObject({ row: { phone: null, note: '是她' }, identities: null })
  })

  test('is not hindered by what machines wrote since: a ladder, and what is owed', async () => {
    await imported('户号,姓名,标签\nM-1,原一,大户\nM-2,原二,\n')
    const { run } = await imported('户号,姓名\nM-1,改一\nM-2,改二\n', { onMatch: 'update' })
    const [one, two] = [await idOf('M-1'), await idOf('M-2')]
    const step = (key: string, condition: ReturnType<typeof Condition.parse> | null) => ({
      key,
      name: key,
      nameEn: '',
      advice: '',
      adviceEn: '',
      condition,
    })
    const richer = Condition.parse({ match: 'all', of: [{ field: 'tags', op: 'hasAny', value: ['大户'] }] })
    await house.work(async ctx => {
      await changeLadder(ctx, 'tier', { version: 0, active: false, steps: [step('key', null), step('gold', richer), step('silver', null)] })
      expect(await applyTo(ctx, 'tier', [one], false)).toBe(1)
      const bill = { extId: 'B1', customerId: two, amount: 1200, openAmount: 1200, issuedOn: '2026-01-01', dueOn: '2999-01-01' }
      await deliver(ctx, { source: '营收系统', items: [NewReceivable.parse(bill)] })
    })
    const versions = await house.house.control.query('select version from customers.customer where id = any($1)', [[one, two]])
    expect(versions.rows).toEqual([{ version: 3 }, { version: 3 }])
    expect((await takenBack(run)).run.outcome).toEqual({ removed: 0, restored: 2, kept: 0 })
    const now = (await whole('M-')).map(said => JSON.parse(said).row)
    expect(now).toMatchObject([
      { name: '原一', tier: 'gold' },
      { name: '原二', balance_due: 1200 },
    ])
  })

  test('is for whoever may, while it is remembered', async () => {
    const { run } = await imported('户号,姓名\nE-1,记\n')
    const other = await desk.as('别人', 'agent')
    expect((await other.takeBack(run)).code).toBe('access.denied')
    const dry = await imported('户号,姓名\nE-2,检查\n', { dry: true })
    expect((await me.takeBack(dry.run)).code).toBe('import.not_remembered')
    await house.work(ctx => setBackDays(ctx, 0))
    const { run: never } = await imported('户号,姓名\nE-3,不记\n')
    expect((await me.takeBack(never)).code).toBe('import.not_remembered')
    await house.work(ctx => setBackDays(ctx, 30))
    expect(await remembered()).toBeGreaterThan(0)
    await house.house.control.query("update kernel.run set back_until = now() - interval '1 day' where tenant_id = $1", [house.tenantId])
    await house.work(forgetOldImports)
    expect(await remembered()).toBe(0)
    expect((await me.takeBack(run)).code).toBe('import.not_remembered')
  })
})

import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { Mapping, OnMatch, Reading } from '#contract/imports.ts'
import { openSession, standIn } from '#domains/identity/index.ts'
import type { User } from '#kernel/access.ts'
import { placeOf } from '#kernel/files.ts'
import { oneRun } from '#kernel/runDesk.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'

let house: TestHouse
let asker: User
let token = ''
beforeAll(async () => {
  house = await openHouse()
  asker = await openDesk(house).person('张敏')
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id })
  const admin = sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = 'admin')`
  await house.work(ctx => ctx.db.updateTable('identity.person').set({ roleId: admin }).where('id', '=', asker.id).execute())
  token = await house.work(async ctx => (await openSession(ctx, asker.id, { ip: '127.0.0.1', userAgent: 'test' })).token)
  for (const number of ['1001', '1002']) await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: `户 ${number}`, number })))
})
afterAll(() => house.close())

async function imported(text: string, { onMatch = 'update', dry = false }: { onMatch?: OnMatch; dry?: boolean } = {}) {
  const at = '/api/receivables/imports'
  const headers = { authorization: `Bearer ${token}` }
  const post = async <T>(url: string, payload: object) =>
    (await house.app.inject({ method: 'POST', url: at + url, headers, payload })).json<T>()
  const edge = '----huiyin'
  const { id: fileId } = (
    await house.app.inject({
      method: 'POST',
      url: `${at}/file`,
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${edge}` },
      payload: `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="bills.csv"\r\ncontent-type: application/octet-stream\r\n\r\n${text}\r\n--${edge}--\r\n`,
    })
  ).json<{ id: string }>()
  const head = await post<{ reading: Reading; mapping: Mapping }>('/head', { fileId })
  const { reading, mapping } = head
  const { id } = await post<{ id: string }>('', { fileId, reading, mapping, onMatch, dry, language: 'zh' })
  await house.settle()
  const run = await house.as(asker).work(ctx => oneRun(ctx, id))
  const left = run.file ? await readSheet(readFileSync(placeOf(house.house, house.tenantId, id))) : []
  return { mapping, outcome: run.outcome, left: left.slice(1).map(row => [row[0], row[1]]) }
}
const balances = async () =>
  (
    await house.house.control.query<{ number: string; due: string }>(
      'select number, balance_due as due from customers.customer where tenant_id = $1 order by number',
      [house.tenantId],
    )
  ).rows.map(row => [row.number, Number(row.due)])

const bills = `账单号,用户号,应收金额,欠费金额,开票日期,截止日期,账期,费用类型,状态
B-1,1001,86.40,86.40,2026/10/1,2026-10-20,202610,水费,
B-2,1001,"¥1,200.05",0,2026年9月1日,20260920,2026-09,水费,正常
B-3,1002,50,,2026-10-01,2026-10-20,,污水处理费,争议
B-4,9999,50,,2026-10-01,2026-10-20,,,
B-5,1002,50,60,2026-10-01,2026-10-20,,,
B-6,1002,=1+1,,2026-10-01,2026-10-20,,,
B-7,1002,50,,2026-10-01,2026-02-30,,,
,1002,50,,2026-10-01,2026-10-20,,,
B-1,1001,86.40,80,2026-10-01,2026-10-20,2026-10,水费,
`

test('bills come from a table: checked without a change, brought in once, and every row left out says why', async () => {
  const dry = await imported(bills, { dry: true })
  expect(dry.mapping).toEqual({ extId: 0, customer: 1, amount: 2, open: 3, issuedOn: 4, dueOn: 5, period: 6, kind: 7, hold: 8 })
  expect(await balances()).toEqual([
    ['1001', 0],
    ['1002', 0],
  ])
  const real = await imported(bills)
  const wrong = [
    [5, '没有这个户号'],
    [6, '未收金额不对，或比应收还多'],
    [7, '金额不对'],
    [8, '日期不对'],
    [9, '缺单据号或户号'],
  ]
  expect(real.left).toEqual(wrong)
  expect(dry.left).toEqual(wrong)
  expect(real.outcome).toEqual({ made: 3, changed: 1, skipped: 0, failed: 5 })
  expect(dry.outcome).toEqual(real.outcome)
  expect(await balances()).toEqual([
    ['1001', 80_00],
    ['1002', 50_00],
  ])
  const kept = await imported(bills, { onMatch: 'skip' })
  expect(kept.outcome).toMatchObject({ made: 0, changed: 0, skipped: 4, failed: 5 })
  expect(await house.said('receivable.imported')).toHaveLength(2)
  expect(await house.said('receivable.delivered')).toEqual([])
})

test('what a table leaves empty stays: a paid bill is not opened by it, a dispute not lifted', async () => {
  const kept = async () =>
    (
      await house.house.control.query<Record<string, unknown>>(
        `select ext_id, number, kind, period, amount, open_amount, issued_on, settled_at, hold, overdue, version from customers.receivable
          where tenant_id = $1 and ext_id like 'P-%' order by ext_id`,
        [house.tenantId],
      )
    ).rows
  await imported(`单据号,户号,应收金额,未收金额,开账日期,到期日,账期,费用类别,状态
P-1,1001,86.40,0,2026-08-01,2026-08-20,2026-07,水费,
P-2,1001,50,50,2026-08-01,2026-08-20,2026-07,污水处理费,争议
`)
  const before = await kept()
  expect(before).toMatchObject([
    { number: 'P-1', open_amount: 0, settled_at: null, overdue: false, version: 1 },
    { number: 'P-2', open_amount: 5000, hold: 'disputed', overdue: false },
  ])
  await imported('单据号,户号,应收金额,到期日\nP-1,1001,86.40,2026-08-20\nP-2,1001,50,2026-08-20\n')
  await imported(
    '单据号,户号,应收金额,未收金额,开账日期,到期日,账期,费用类别,状态\nP-1,1001,86.40,,,2026-08-20,,,\nP-2,1001,50,,,2026-08-20,,,\n',
  )
  expect(await kept()).toEqual(before)
  await imported('单据号,户号,应收金额,到期日,状态\nP-2,1001,50,2026-08-20,正常\n')
  expect((await kept())[1]).toMatchObject({ hold: '', open_amount: 5000, overdue: true })
})

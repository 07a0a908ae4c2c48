import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { decideMasking } from '../masking/settings.ts'

let house: TestHouse
let desk: Awaited<ReturnType<typeof openTables>>
let me: Awaited<ReturnType<(typeof desk)['as']>>
beforeAll(async () => {
  house = await openHouse()
  desk = await openTables(house, '/customers')
  me = await desk.as('张敏')
})
afterAll(() => house.close())

const kept = async (start: string) => {
  const { rows } = await house.house.control.query(
    'select phone, email, address, note from customers.customer where tenant_id = $1 and number like $2 order by number',
    [house.tenantId, `${start}%`],
  )
  return rows
}

test('a list that was taken along masked and comes back changes what was changed in it, and nothing masked', async () => {
  await me.imported(
    '户号,姓名,电话,邮箱,地址\nM-1,甲,13812346021,chen@water.cn,杭州市滨江区榕溪里 1 号\nM-2,乙,13812346022,lin@water.cn,\n',
  )
  const { run, left } = await me.imported(
    '户号,姓名,电话,邮箱,地址,备注\nM-1,甲,138****6021,c***@water.cn,杭州市滨江区****,记下\nM-2,乙,138****9999,l***@water.cn,,\nM-3,丙,138****6021,,,\nM-2,乙,,x***@water.cn,,\n',
    { onMatch: 'update' },
  )
  expect(run.outcome).toMatchObject({ made: 0, changed: 1, failed: 3 })
  expect(left.map(row => row.slice(0, 2))).toEqual([3, 4, 5].map(line => [line, '遮住的内容和档案里的对不上']))
  expect(await kept('M-')).toEqual([
    { phone: '+8613812346021', email: 'chen@water.cn', address: '杭州市滨江区榕溪里 1 号', note: '记下' },
    { phone: '+8613812346022', email: 'lin@water.cn', address: '', note: '' },
  ])
  const { rows } = await house.house.control.query(`select 1 from customers.customer_identity where value like '%*%'`)
  expect(rows).toEqual([])
})

test('who does not see a field does not write it by a table either, but for whoever comes in', async () => {
  const { rows } = await house.house.control.query(`select id from identity.role where tenant_id = $1 and code = 'admin'`, [house.tenantId])
  await me.imported('户号,姓名,电话,地址,邮编\nH-1,甲,13812347001,东街 1 号,310000\n')
  for (const field of ['phone', 'address'] as const)
    await house.work(ctx => decideMasking(ctx, { role: rows[0].id, field, showing: 'hidden' }))
  const { run, left } = await me.imported(
    '户号,姓名,电话,地址,邮编,备注\nH-1,甲,13900000000,,,\nH-1,甲,,西街,,\nH-1,甲,13812347001,,310001,记\nH-2,乙,13812347002,南街,,\n',
    { onMatch: 'update' },
  )
  expect(run.outcome).toMatchObject({ made: 1, changed: 1, failed: 2 })
  expect(left.map(row => row.slice(0, 2))).toEqual([2, 3].map(line => [line, '有一项不对您的角色显示，不能改']))
  expect(await kept('H-')).toEqual([
    { phone: '+8613812347001', email: null, address: '东街 1 号', note: '记' },
    { phone: '+8613812347002', email: null, address: '南街', note: '' },
  ])
})

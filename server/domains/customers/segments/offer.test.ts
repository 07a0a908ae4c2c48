import { afterAll, beforeAll, expect, test } from 'vitest'
import { Condition, type Leaf } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { newId } from '#kernel/ids.ts'
import { heard } from '#testing/heard.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { automation } from '../automation.ts'
import { addSegment } from './actions.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const load = (id: string, asked: readonly Leaf[]) => {
  const subject = automation.subjects?.[0]
  if (!subject) throw new Error('no subject')
  return house.work(ctx => subject.load(ctx, id, asked))
}
const segment = (name: string, tag: string) =>
  house.work(ctx =>
    addSegment(ctx, {
      ...{ name, nameEn: '', note: '' },
      condition: Condition.parse({ of: [{ field: 'tags', op: 'hasAny', value: [tag] }] }),
    }),
  )

test('a rule asks for segments, own fields and money only where a condition of it turns on them', async () => {
  const [one, other] = [await segment('甲', '甲'), await segment('乙', '乙')]
  const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '客', tags: ['甲', '乙'], tier: 'gold' })))
  const asks = async (asked: readonly Leaf[]) => {
    const said = await heard(() => load(id, asked))
    const of = (table: string) => said.some(({ text }) => text.includes(table))
    return { segments: of('customers.segment'), own: of('own_field'), money: of('customers.account') }
  }
  expect(await asks([{ field: 'tier', op: 'is', value: ['gold'] }])).toEqual({ segments: false, own: false, money: false })
  expect(await asks([{ field: 'overdueDays', op: 'atLeast', value: 1 }])).toEqual({ segments: false, own: false, money: true })
  const named = (value: string[] | null, op: Leaf['op'] = 'hasAny') => load(id, [{ field: 'segments', op, value }])
  expect((await named([one.id]))?.fields).toMatchObject({ tier: 'gold', segments: [one.id] })
  expect((await named([newId()]))?.fields).toMatchObject({ segments: [] })
  expect((await named(null, 'filled'))?.fields.segments).toEqual(expect.arrayContaining([one.id, other.id]))
  expect((await load(id, []))?.fields).not.toHaveProperty('segments')
})

test('what a rule hears of money is of the whole family, as the segments and the page say it', async () => {
  const [kept, gone] = await house.work(async ctx => [
    await addCustomer(ctx, NewCustomer.parse({ name: '留' })),
    await addCustomer(ctx, NewCustomer.parse({ name: '并' })),
  ])
  const t = house.tenantId
  await house.house.control.query('update customers.customer set merged_into = $1 where id = $2', [kept?.id, gone?.id])
  for (const [id, amount, days] of [
    [kept?.id, 100, 3],
    [gone?.id, 250, 9],
  ] as const) {
    const since = `(now() at time zone 'Asia/Shanghai')::date - ${days}`
    await house.house.control.query(
      `insert into customers.account (tenant_id, customer_id, overdue_amount, overdue_since, billed_for, heard_at) values ($1, $2, $3, ${since}, current_date, now())`,
      [t, id, amount],
    )
    await house.house.control.query(
      `insert into customers.flag (tenant_id, id, customer_id, code, level, since, set_at) values ($1, $2, $3, $4, 'warn', current_date, now())`,
      [t, newId(), id, `mark_${days}`],
    )
  }
  const seen = await load(kept?.id ?? '', [{ field: 'flags', op: 'filled', value: null }])
  expect(seen?.fields).toMatchObject({ overdueAmount: 350, overdueDays: 9, flags: ['mark_3', 'mark_9'] })
})

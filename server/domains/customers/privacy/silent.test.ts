import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { NewOpportunity } from '#contract/sales.ts'
import { moveOpportunity, openOpportunity } from '#domains/sales/actions.ts'
import { firstIdOf } from '#kernel/audit.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { writeNote } from '../profile/notes.ts'
import { recordConsent } from '../reaching.ts'
import { deliver } from '../receivables/bringing.ts'
import { beginKeeping, changeKeeping, keepNoLonger, previewKeeping } from './keeping.ts'

const span = 900
let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
})
afterAll(() => house.close())

const add = (name: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
async function record(customerId: string, endedAt: Date | null) {
  await house.work(async ctx => {
    const kindId = newId()
    await ctx.db
      .insertInto('customers.recordKind')
      .values({ id: kindId, name: `水表 ${kindId}`, nameEn: '', code: kindId, fields: '[]', position: 0, retired: false })
      .execute()
    await ctx.db
      .insertInto('customers.record')
      .values({ id: newId(), kindId, customerId, number: newId(), extId: null, fields: '{}', note: '', since: ctx.now, endedAt })
      .execute()
  })
}
/** Told by the books just now. */
const bill = (customerId: string, issuedOn: string, more: object = {}) =>
  house.work(ctx =>
    deliver(ctx, {
      source: '营收',
      items: [NewReceivable.parse({ extId: newId(), customerId, amount: 900, openAmount: 0, issuedOn, dueOn: issuedOn, ...more })],
    }),
  )
const namesLeft = async () => {
  const rows = await house.work(ctx => ctx.db.selectFrom('customers.customer').select('name').where('erasedAt', 'is', null).execute())
  return rows.map(row => row.name).sort()
}
const preview = () => house.work(ctx => previewKeeping(ctx, { kind: 'customers', days: span }))

test('who never rings but has a meter, pays, or was written about since is a customer still; all others go, in one night and as many as were shown', async () => {
  const me = house.user()
  const kept = ['有水表', '并入的有水表', '每月缴费', '刚缴旧账', '商机在谈', '刚记过备注', '刚问过同意', '刚迁走']
  const ids = new Map<string, string>()
  for (const name of [...kept, '水表早拆了', '旧账早清了', '商机早丢了']) ids.set(name, (await add(name)).id)
  const id = (name: string) => ids.get(name) ?? ''
  const alias = await add('旧户名')
  await house.work(ctx =>
    ctx.db
      .updateTable('customers.customer')
      .set({ mergedInto: id('并入的有水表') })
      .where('id', '=', alias.id)
      .execute(),
  )
  const old = dateIn('Asia/Shanghai', house.now())
  await record(id('有水表'), null)
  await record(alias.id, null)
  await record(id('水表早拆了'), house.now())
  await bill(id('旧账早清了'), old, { settledAt: house.now().toISOString() })
  const open = (name: string) =>
    house.as(me).work(ctx => openOpportunity(ctx, NewOpportunity.parse({ title: '扩容', customerId: id(name), value: 1 })))
  const lost = await open('商机早丢了')
  await open('商机在谈')
  const stage = await house.work(ctx => ctx.db.selectFrom('sales.stage').select('id').where('kind', '=', 'lost').executeTakeFirstOrThrow())
  await house.as(me).work(ctx => moveOpportunity(ctx, lost.id, { stageId: stage.id, note: '不装了', version: 1 }))
  for (let n = 0; n < 25; n++) await add('什么也没有')
  await house.pass(1000 * 24 * 60)
  await add('新来的')
  const today = dateIn('Asia/Shanghai', house.now())
  await bill(id('每月缴费'), today)
  await bill(id('刚缴旧账'), old, { settledAt: house.now().toISOString() })
  await record(id('刚迁走'), house.now())
  await house.as(me).work(ctx => writeNote(ctx, id('刚记过备注'), { text: '仍在用水', pinned: false }))
  await house
    .as(me)
    .work(ctx => recordConsent(ctx, id('刚问过同意'), { purpose: 'survey', channel: 'sms', given: true, source: 'phone', proof: '' }))

  expect(await preview()).toMatchObject({ rows: 28, more: false })
  await house.work(ctx => changeKeeping(ctx, { kind: 'customers', days: span }))
  await house.work(beginKeeping)
  for (let turn = 0; turn < 12; turn++) {
    await house.settle()
    await house.pass(1)
  }
  expect(await namesLeft()).toEqual([...kept, '新来的', '旧户名'].sort())
  expect(await preview()).toMatchObject({ rows: 0 })
  expect(await house.said('keeping.over')).toEqual([{ kind: 'customers', days: span, rows: 28 }])
}, 180_000)

test('a file that somebody changed since is not one of them', async () => {
  const [changed, idle] = [await add('刚改过的'), await add('没人管的')]
  await house.as(house.user()).work(ctx => changeCustomer(ctx, changed.id, { version: changed.version, address: '新街 8 号' }))
  // Files say by their ids when they were made, and so do events, by the clock of the machine: both files are from before then.
  const older = new Date(Date.now() - 40 * 86_400_000)
  const aged = (id: string) => firstIdOf(older).slice(0, 14) + id.slice(14)
  for (const { id } of [changed, idle])
    await house.work(ctx =>
      ctx.db
        .updateTable('customers.customer')
        .set({ id: aged(id), since: older })
        .where('id', '=', id)
        .execute(),
    )
  const clock = house.house.clock
  house.house.clock = () => new Date()
  const rows = async () => (await house.work(ctx => previewKeeping(ctx, { kind: 'customers', days: 10 }))).rows
  expect(await rows()).toBe(2)
  await house.house.control.query('update kernel.event set customer_id = $1 where customer_id = $2', [aged(changed.id), changed.id])
  expect(await rows()).toBe(1)
  house.house.clock = clock
}, 30_000)

test('when the night is over nobody else goes, and the next goes on', async () => {
  const one = await add('过夜的')
  await house.pass(1000 * 24 * 60)
  const part = (until: Date) =>
    house.work(ctx => keepNoLonger(ctx, { kind: 'customers', rows: 0, n: 0, after: null, until: until.toISOString() }))
  await part(house.now())
  expect(await namesLeft()).toContain(one.name)
  const next = new Date(house.now().getTime() + 60_000)
  for (let turn = 0; turn < 3; turn++) await part(next)
  expect(await namesLeft()).not.toContain(one.name)
}, 60_000)

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { NewFlag } from '#contract/flags.ts'
import { CarePlanForm } from '#contract/keyAccounts.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { finishTask } from '#domains/tasks/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { listKeyAccounts } from '../care/accounts.ts'
import { careOf, planCare } from '../care/plans.ts'
import { tend } from '../care/tending.ts'
import { takeBatch } from '../feed/batch.ts'
import { rememberIdentity, touch } from '../identify.ts'
import { takeCustomers } from '../importing/take.ts'
import { writeNote } from '../profile/notes.ts'
import { profileOf } from '../profile/routes.ts'
import { oneCustomer } from '../queries.ts'
import { leaveAlone, recordConsent } from '../reaching.ts'
import { accountFacts } from '../receivables/automation.ts'
import { deliver } from '../receivables/bringing.ts'
import { dropFlag, flagsOf, setFlag } from '../receivables/flags.ts'
import { lookAtOverdue } from '../receivables/overdue.ts'
import { accountOf, deliverBalance, listReceivables } from '../receivables/queries.ts'
import { dayAfter } from '../receivables/rules.ts'
import { placeByHand, release, standingsOf } from '../segments/standing.ts'
import { mergeCustomers, partCustomers } from './merging.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await house.noon()
})
afterAll(() => house.close())

const add = (more: Record<string, unknown> = {}) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', ...more })))
const one = (id: string) => house.work(ctx => oneCustomer(ctx, id))
const askedFor = async (keptId: string, goneId: string, more: Record<string, unknown> = {}) =>
  NewMerge.parse({ keptId, goneId, keptVersion: (await one(keptId)).version, goneVersion: (await one(goneId)).version, ...more })
const merge = async (keptId: string, goneId: string, more: Record<string, unknown> = {}) => {
  const asked = await askedFor(keptId, goneId, more)
  return house.work(ctx => mergeCustomers(ctx, asked))
}
const part = (id: string) => house.work(ctx => partCustomers(ctx, id, { differ: true }))
const today = () => dateIn('Asia/Shanghai', house.now())
const rowOf = async (id: string) =>
  (
    await house.house.control.query<{ balance_due: string; ext_id: string | null }>(
      'select balance_due, ext_id from customers.customer where id = $1',
      [id],
    )
  ).rows[0]

describe('what both owe', () => {
  let last = 0
  const bill = (more: Record<string, unknown>) =>
    NewReceivable.parse({
      extId: `F${++last}`,
      amount: 1_000,
      openAmount: 1_000,
      issuedOn: dayAfter(today(), -60),
      dueOn: dayAfter(today(), 5),
      ...more,
    })
  const bring = (...items: NewReceivable[]) => house.work(ctx => deliver(ctx, { source: '营收', items }))
  const due = async (id: string) => (await house.work(ctx => accountOf(ctx, id))).balanceDue
  const file = async (id: string) => Number((await rowOf(id))?.balance_due)
  const toldOf = async (...ids: string[]) =>
    (
      await house.house.control.query<{ step: number; about: string }>(
        `select (detail->>'step')::int as step, about from kernel.event where name = 'receivable.overdue' and customer_id = any($1) order by id`,
        [ids],
      )
    ).rows

  test('is one sum at once, also of bills that still name the gone file, and each file’s own again at once', async () => {
    const [a, b] = [await add(), await add()]
    await bring(bill({ customerId: a.id }), bill({ customerId: b.id, openAmount: 300 }))
    const { id } = await merge(a.id, b.id)
    expect([await file(a.id), await due(a.id), await due(b.id), (await one(b.id)).balanceDue]).toEqual([1_300, 1_300, 1_300, 1_300])
    await bring(bill({ customerNumber: b.number, openAmount: 50 }))
    expect([await file(a.id), await due(a.id)]).toEqual([1_350, 1_350])
    expect((await house.work(ctx => listReceivables(ctx, b.id, {}))).rows).toHaveLength(3)
    await house.work(ctx =>
      deliverBalance(ctx, b.id, { balance: 400, overdueAmount: 0, overdueSince: null, currency: 'CNY', source: '营收' }),
    )
    expect(await file(a.id)).toBe(1_400)
    await part(id)
    expect([await file(a.id), await due(a.id), await file(b.id), await due(b.id)]).toEqual([1_000, 1_000, 400, 400])
  })

  test('stays right where only the gone file has an account, and along a chain of three', async () => {
    const [a, b, c] = [await add(), await add(), await add()]
    await bring(bill({ customerId: c.id, openAmount: 70 }))
    const first = await merge(b.id, c.id)
    await bring(bill({ customerId: c.id, openAmount: 30 }))
    expect(await file(b.id)).toBe(100)
    const second = await merge(a.id, b.id)
    await bring(bill({ customerId: b.id, openAmount: 5 }), bill({ customerNumber: c.number, openAmount: 20 }))
    expect([await file(a.id), await due(c.id)]).toEqual([125, 125])
    await part(second.id)
    expect([await file(a.id), await file(b.id), await due(b.id)]).toEqual([0, 125, 125])
    await part(first.id)
    expect([await file(a.id), await file(b.id), await file(c.id)]).toEqual([0, 5, 120])
  })

  test('past its day is told of once for both, and over when neither owes', async () => {
    const [a, b] = [await add({ tier: 'key' }), await add()]
    const [mine, other] = [bill({ customerId: a.id, openAmount: 0 }), bill({ customerId: b.id, dueOn: dayAfter(today(), -3) })]
    await bring(mine, other)
    const { id } = await merge(a.id, b.id)
    await bring(bill({ customerId: a.id, extId: mine.extId, openAmount: 500, dueOn: dayAfter(today(), -2) }))
    await house.work(lookAtOverdue)
    await house.work(lookAtOverdue)
    expect(await toldOf(a.id, b.id)).toEqual([{ step: 1, about: a.id }])
    expect(await house.work(ctx => accountFacts(ctx, a.id))).toEqual({ flags: ['overdue'], overdueAmount: 1_500, overdueDays: 3 })
    expect((await house.work(ctx => listKeyAccounts(ctx, { show: 'overdue' }))).rows.find(row => row.id === a.id)).toMatchObject({
      overdueAmount: 1_500,
      overdueDays: 3,
      balanceDue: 1_500,
    })
    const cleared = async () => (await house.said('receivable.cleared')).length
    await bring({ ...other, openAmount: 0 })
    expect(await cleared()).toBe(0)
    await bring(bill({ customerId: a.id, extId: mine.extId, openAmount: 0 }))
    expect(await cleared()).toBe(1)
    await part(id)
    expect(await house.work(ctx => flagsOf(ctx, [a.id, b.id]))).toEqual([])
  })

  test('marks set under either name are the customer’s, and taken away under either', async () => {
    const [a, b] = [await add(), await add()]
    const flag = NewFlag.parse({ level: 'info', name: '低保', source: '民政' })
    await house.work(ctx => setFlag(ctx, b.id, 'aid', flag))
    await merge(a.id, b.id)
    await house.work(ctx => setFlag(ctx, b.id, 'meter', { ...flag, name: '换表' }))
    expect((await house.work(ctx => flagsOf(ctx, [a.id]))).map(one => one.code).sort()).toEqual(['aid', 'meter'])
    await house.work(ctx => dropFlag(ctx, a.id, 'aid'))
    await house.work(ctx => dropFlag(ctx, b.id, 'meter'))
    expect(await house.work(ctx => flagsOf(ctx, [a.id]))).toEqual([])
  })
})

test('a table and another system that still know the gone file bring what they say to the kept one', async () => {
  const added = await house.work(ctx =>
    takeBatch(ctx, [
      { extId: 'K-1', name: '留下' },
      { extId: 'G-1', name: '并入' },
    ]),
  )
  const [kept = '', gone = ''] = added.results.map(result => result.id ?? '')
  await merge(kept, gone)
  const blank = { number: '', phone: '', phoneTyped: '', phone2: '', phone2Typed: '', email: '', kind: '', tier: '', district: '', address: '', postCode: '', owner: '', ownerId: '', since: '', search: '', province: '', city: '', county: '', street: '', detail: '' } as const // biome-ignore format: what a table may leave empty
  const said = { ...blank, id: kept, name: '留下', extId: 'G-1', note: '表里说的', tags: [], carers: [], carerIds: [], own: {}, fields: {} }
  const took = await house.work(ctx =>
    takeCustomers(ctx, [{ line: 2, twin: null, said }], { onMatch: 'update', dry: false, keys: ['extId'], dates: 'asked', runId: newId() }),
  )
  expect(took).toMatchObject({ made: 0, changed: 1, problems: [] })
  expect(await one(kept)).toMatchObject({ note: '表里说的' })
  expect([(await rowOf(kept))?.ext_id, (await rowOf(gone))?.ext_id]).toEqual(['K-1', 'G-1'])
  const owed = NewReceivable.parse({ extId: 'FG', customerExtId: 'G-1', amount: 100, openAmount: 100, issuedOn: today(), dueOn: today() })
  expect((await house.work(ctx => deliver(ctx, { source: '营收', items: [owed] }))).rows[0]?.outcome).toBe('made')
  expect((await one(kept)).balanceDue).toBe(100)
})

describe('care', () => {
  const plan = (id: string, more: Record<string, unknown> = {}) =>
    house.work(ctx =>
      planCare(ctx, id, CarePlanForm.parse({ visitDays: 28, contactDays: null, version: 0, startsOn: dayAfter(today(), -27), ...more })),
    )
  const care = (id: string) => house.work(ctx => careOf(ctx, id))
  const tasks = async (...ids: string[]) =>
    (
      await house.work(ctx =>
        sql<{ id: string; done: boolean }>`select id, done_at is not null as done from tasks.fact_task
          where tenant_id = ${ctx.tenantId} and matter_id = any(${ids}::uuid[]) and kind = 'care' order by id`.execute(ctx.db),
      )
    ).rows

  test('of the gone file goes on where the kept one has no plan, and comes back', async () => {
    const [a, b] = [await add(), await add()]
    await plan(b.id)
    const { id } = await merge(a.id, b.id)
    await house.work(ctx => tend(ctx))
    await house.settle()
    expect(await care(a.id)).toMatchObject({ own: { visitDays: 28 }, rounds: [{ kind: 'visit', doneAt: null }] })
    const [task, ...more] = await tasks(a.id, b.id)
    expect([task?.done, more]).toEqual([false, []])
    await house.work(ctx => finishTask(ctx, task?.id ?? '', '去过'))
    await house.settle()
    expect(await care(b.id)).toMatchObject({ visitOn: dayAfter(today(), 28), rounds: [{ doneAt: expect.any(Date) }] })
    await part(id)
    expect(await care(a.id)).toMatchObject({ own: null, rounds: [] })
    expect(await care(b.id)).toMatchObject({ own: { visitDays: 28 }, rounds: [{ doneAt: expect.any(Date) }] })
  })

  test('by two plans asks for one visit while both are one, and for both again afterwards', async () => {
    const [a, b] = [await add(), await add()]
    await plan(a.id, { visitDays: 30 })
    await plan(b.id)
    const before = await care(b.id)
    expect((await tasks(a.id, b.id)).map(task => task.done)).toEqual([false, false])
    const { id } = await merge(a.id, b.id)
    await house.settle()
    await house.work(ctx => tend(ctx))
    await house.settle()
    expect((await tasks(a.id)).map(task => task.done)).toEqual([false])
    expect((await tasks(b.id)).map(task => task.done)).toEqual([true])
    // That one file's task went is no visit.
    expect(await care(a.id)).toMatchObject({ own: { visitDays: 30 }, rounds: [{ doneAt: null }] })
    expect((await one(a.id)).lastContactAt).toBeNull()
    await part(id)
    await house.settle()
    expect(await care(b.id)).toEqual(before)
    expect((await tasks(a.id, b.id)).map(task => task.done)).toEqual([false, false])
  })

  test('a step set by hand stays with whose step counts', async () => {
    const [a, b] = [await add(), await add({ tier: 'gold' })]
    await house.work(ctx => placeByHand(ctx, b.id, 'tier', { step: 'gold', reason: '老客户' }))
    const pinned = async (id: string) => (await house.work(ctx => standingsOf(ctx, id))).standings[0]
    const kept = await merge(a.id, b.id)
    expect(await pinned(a.id)).toMatchObject({ step: 'normal', pinned: null })
    await part(kept.id)
    const gold = await merge(a.id, b.id, { choices: { tier: 'gone' } })
    expect(await pinned(b.id)).toMatchObject({ step: 'gold', pinned: { reason: '老客户' } })
    await part(gold.id)
    expect([await pinned(a.id), await pinned(b.id)]).toMatchObject([{ pinned: null }, { step: 'gold', pinned: { reason: '老客户' } }])
    const again = await merge(a.id, b.id, { choices: { tier: 'gone' } })
    await house.work(ctx => release(ctx, a.id, 'tier'))
    expect(await pinned(a.id)).toMatchObject({ step: 'gold', pinned: null })
    await part(again.id)
    expect(await pinned(b.id)).toMatchObject({ pinned: { reason: '老客户' } })
  })
})

/** Until so many of this database's connections wait for a lock. */
async function waiting(n: number): Promise<void> {
  for (;;) {
    const { rows } = await house.house.control.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if ((rows[0]?.n ?? 0) >= n) return
  }
}

test('whoever writes something down while a merging is about to be kept writes it under the file that counts', async () => {
  const [a, b] = [await add(), await add({ phone: '13900001111' })]
  const consent = { purpose: 'survey', channel: 'sms', given: true, source: 'phone', proof: '' } as const
  const writers: ((ctx: Ctx) => Promise<unknown>)[] = [
    ctx => writeNote(ctx, b.id, { text: '同时写下', pinned: false }),
    ctx => recordConsent(ctx, b.id, consent),
    ctx => leaveAlone(ctx, b.id, { on: true, until: null, reason: '' }),
    ctx => rememberIdentity(ctx, b.id, 'wechat', 'wx_same_time'),
    ctx => setFlag(ctx, b.id, 'aid', NewFlag.parse({ level: 'info', name: '低保', source: '民政' })),
    ctx => planCare(ctx, b.id, CarePlanForm.parse({ visitDays: 28, contactDays: null, version: 0 })),
    ctx => touch(ctx, b.id),
    ctx => changeCustomer(ctx, b.id, { version: b.version, note: '没看到' }),
  ]
  let writing: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([])
  const asked = await askedFor(a.id, b.id)
  await house.work(async ctx => {
    await mergeCustomers(ctx, asked)
    writing = Promise.allSettled(writers.map(write => house.work(write)))
    await waiting(writers.length)
  })
  const outcomes = await writing
  expect(outcomes.slice(0, -1).map(outcome => outcome.status)).toEqual(writers.slice(0, -1).map(() => 'fulfilled'))
  expect(outcomes.at(-1)).toMatchObject({ reason: { message: 'customer.merged_meanwhile' } })
  for (const table of ['note', 'consent', 'undisturbed', 'flag', 'care_plan', 'customer_identity']) {
    const { rows } = await house.house.control.query<{ id: string }>(
      `select customer_id as id from customers.${table} where customer_id = any($1)`,
      [[a.id, b.id]],
    )
    expect([...new Set(rows.map(row => row.id))], table).toEqual([a.id])
  }
  expect((await one(a.id)).lastContactAt).not.toBeNull()
})

test('by the id of the gone file everybody is shown the kept one', async () => {
  const [a, b] = [await add({ name: '留下' }), await add({ name: '并入' })]
  const contact = { channel: 'chat', direction: 'in', queueId: null, subject: '停水', source: 'widget', state: 'waiting' } as const
  await house.work(ctx => openInteraction(ctx, { ...contact, customerId: b.id }))
  const { id } = await merge(a.id, b.id)
  const named = async () => (await house.work(ctx => listInteractions(ctx, { customerId: a.id }))).rows.map(row => row.customerName)
  expect(await named()).toEqual(['留下'])
  expect((await house.work(ctx => profileOf(ctx, b.id))).version).toBe((await one(a.id)).version)
  await part(id)
  expect(await house.work(ctx => listInteractions(ctx, { customerId: b.id }).then(page => page.rows.map(row => row.customerName)))).toEqual(
    ['并入'],
  )
})

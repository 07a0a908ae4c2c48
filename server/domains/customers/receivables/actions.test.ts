import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { NewFlag } from '#contract/flags.ts'
import { NewReceivable, receivables } from '#contract/receivables.ts'
import { addPerson } from '#domains/identity/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { mergeCustomers } from '../duplicates/merging.ts'
import { oneCustomer } from '../queries.ts'
import { accountFacts } from './automation.ts'
import { deliver } from './bringing.ts'
import { dropFlag, flagsOf, setFlag } from './flags.ts'
import { lookAtOverdue } from './overdue.ts'
import { accountOf, deliverBalance, listReceivables } from './queries.ts'
import { dayAfter } from './rules.ts'

const zone = 'Asia/Shanghai'
let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await house.noon()
})
afterAll(() => house.close())

const today = () => dateIn(zone, house.now())
const ago = (days: number) => dayAfter(today(), -days)
const customer = (more: Record<string, unknown> = {}) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', ...more })))
let last = 0
const bill = (customerId: string, more: Record<string, unknown> = {}) =>
  NewReceivable.parse({
    extId: `B${++last}`,
    customerId,
    amount: 10_000,
    openAmount: 10_000,
    issuedOn: ago(20),
    dueOn: dayAfter(today(), 5),
    ...more,
  })
const bring = (...items: NewReceivable[]) => house.work(ctx => deliver(ctx, { source: '营收系统', items }))
const account = (id: string) => house.work(ctx => accountOf(ctx, id))
const flags = async (id: string) => (await house.work(ctx => flagsOf(ctx, [id]))).map(flag => flag.code)
const night = () => house.work(lookAtOverdue)
const told = async (id: string) =>
  (
    await house.work(ctx =>
      sql<{
        step: number
      }>`select (detail->>'step')::int as step from kernel.event where tenant_id = ${ctx.tenantId} and name = 'receivable.overdue' and about = ${id} order by id`.execute(
        ctx.db,
      ),
    )
  ).rows.map(row => row.step)

describe('what the books deliver', () => {
  test('is summed in the customer’s file, and said twice it changes nothing', async () => {
    const { id, version } = await customer()
    const [a, b] = [bill(id, { amount: 8640, openAmount: 8640 }), bill(id, { amount: 5000, openAmount: 2000 })]
    expect((await bring(a, b)).rows.map(row => row.outcome)).toEqual(['made', 'made'])
    expect(await house.work(ctx => oneCustomer(ctx, id))).toMatchObject({ balanceDue: 10_640, version: version + 1 })
    expect((await bring(a, b)).rows.map(row => row.outcome)).toEqual(['same', 'same'])
    expect(await house.work(ctx => oneCustomer(ctx, id))).toMatchObject({ balanceDue: 10_640, version: version + 1 })
    expect((await bring({ ...a, openAmount: 0 })).rows).toMatchObject([{ outcome: 'changed', code: null }])
    const rows = (await house.work(ctx => listReceivables(ctx, id, {}))).rows
    expect(rows.find(row => row.extId === a.extId)).toMatchObject({
      openAmount: 0,
      settledAt: expect.any(Date),
      version: 2,
      source: '营收系统',
    })
    expect(await account(id)).toMatchObject({ balanceDue: 2000, overdueAmount: 0, source: '营收系统', byBalance: false })
  })

  test('a period is paid with the last of its bills, on the day the books say', async () => {
    const { id } = await customer()
    const [a, b] = [
      bill(id, { amount: 8640, openAmount: 0, settledAt: '2026-03-05T02:00:00Z' }),
      bill(id, { amount: 900, openAmount: 900 }),
    ]
    const period = async () => (await account(id)).periods.at(-1)
    await bring(a, b)
    expect(await period()).toMatchObject({ amount: 9540, openAmount: 900, settledAt: null })
    await bring({ ...b, openAmount: 0, settledAt: new Date('2026-03-09T02:00:00Z') })
    expect(await period()).toMatchObject({ openAmount: 0, settledAt: new Date('2026-03-09T02:00:00Z') })
    // Of one among them nobody knows when.
    await bring(bill(id, { amount: 100, openAmount: 0 }))
    expect(await period()).toMatchObject({ openAmount: 0, settledAt: null })
  })

  test('that came in paid was paid nobody knows when, unless the books say so', async () => {
    const { id } = await customer()
    const old = bill(id, { amount: 8640, openAmount: 0 })
    const said = bill(id, { amount: 8640, openAmount: 0, settledAt: '2026-03-05T02:00:00Z' })
    for (let n = 0; n < 2; n++) {
      await bring(old, said)
      const rows = (await house.work(ctx => listReceivables(ctx, id, {}))).rows
      expect(rows.find(row => row.extId === old.extId)).toMatchObject({ openAmount: 0, settledAt: null })
      expect(rows.find(row => row.extId === said.extId)?.settledAt?.toISOString()).toBe('2026-03-05T02:00:00.000Z')
    }
  })

  test('stays as it is where they say nothing: a paid bill is not opened, a dispute not lifted', async () => {
    const { id } = await customer()
    const long = { dueOn: ago(40), issuedOn: ago(60), period: '2026-08', kind: '水费', number: 'NO-1' }
    const [paid, held, part] = [
      bill(id, { ...long, openAmount: 0, settledAt: house.now().toISOString() }),
      bill(id, { ...long, hold: 'disputed' }),
      bill(id, { ...long, hold: 'suspended', openAmount: 4000 }),
    ]
    await bring(paid, held, part)
    const bare = ({ extId }: NewReceivable, amount = 10_000) =>
      NewReceivable.parse({ extId, customerId: id, amount, issuedOn: long.issuedOn, dueOn: long.dueOn })
    expect((await bring(bare(paid), bare(held), bare(part))).rows.map(row => row.outcome)).toEqual(['same', 'same', 'same'])
    expect(await account(id)).toMatchObject({ balanceDue: 14_000, overdueAmount: 0 })

    await bring(bare(paid, 12_000), bare(part, 12_000))
    const after = (await house.work(ctx => listReceivables(ctx, id, {}))).rows
    expect(after.find(row => row.extId === paid.extId)).toMatchObject({
      amount: 12_000,
      openAmount: 0,
      overdue: false,
      settledAt: paid.settledAt,
    })
    expect(after.find(row => row.extId === part.extId)).toMatchObject({
      amount: 12_000,
      openAmount: 6000,
      hold: 'suspended',
      overdue: false,
    })
    expect(await account(id)).toMatchObject({ balanceDue: 16_000, overdueAmount: 0 })
    await bring({ ...bare(held), hold: '' })
    expect(await account(id)).toMatchObject({ overdueAmount: 10_000 })
  })

  test('is judged one by one; what is wrong says why, and the rest comes in', async () => {
    const { id, number } = await customer()
    const rows = (
      await bring(
        bill(id, { openAmount: 10_001 }),
        bill(id, { currency: 'EUR' }),
        bill(id, { customerId: undefined, customerNumber: 'nobody' }),
        bill(id, { customerId: undefined, customerNumber: number }),
        bill(id, { customerId: undefined }),
      )
    ).rows
    expect(rows.map(row => row.code)).toEqual(['open_wrong', 'currency_other', 'customer_unknown', null, 'customer_unknown'])
    expect((await account(id)).balanceDue).toBe(10_000)
  })

  test('comes too late when the books said something later', async () => {
    const { id } = await customer()
    const one = bill(id, { at: new Date(house.now().getTime() - 3_600_000).toISOString(), openAmount: 4000 })
    await bring(one)
    expect((await bring({ ...one, openAmount: 9000, at: new Date(house.now().getTime() - 7_200_000) })).rows[0]?.outcome).toBe('older')
    expect((await account(id)).balanceDue).toBe(4000)
  })

  test('comes too late also when what was said later changed nothing', async () => {
    const { id } = await customer()
    const hours = (n: number) => new Date(house.now().getTime() - n * 3_600_000)
    const one = { ...bill(id, { openAmount: 4000 }), at: hours(9) }
    const say = async (...items: [openAmount: number, at: Date][]) =>
      (await bring(...items.map(([openAmount, at]) => ({ ...one, openAmount, at })))).rows.map(row => row.outcome)
    await bring(one)
    expect(await say([4000, hours(2)])).toEqual(['same'])
    expect(await say([9000, hours(5)])).toEqual(['older'])
    expect(await say([4000, hours(1)], [7000, hours(1.5)])).toEqual(['same', 'older'])
    expect(await account(id)).toMatchObject({ balanceDue: 4000 })
    const [row] = (await house.work(ctx => listReceivables(ctx, id, {}))).rows
    expect(row).toMatchObject({ openAmount: 4000, version: 1 })
    expect(await say([3000, hours(0.5)], [3000, hours(0)])).toEqual(['changed', 'same'])
    expect(await say([8000, hours(0.2)])).toEqual(['older'])
    expect(await account(id)).toMatchObject({ balanceDue: 3000 })
  })

  test('the same id twice in one call: the later counts; moved to another customer both sums follow', async () => {
    const [one, other] = [await customer(), await customer()]
    const first = bill(one.id, { openAmount: 1000 })
    expect((await bring(first, { ...first, openAmount: 3000 })).rows.map(row => row.outcome)).toEqual(['made', 'changed'])
    expect((await account(one.id)).balanceDue).toBe(3000)
    await bring({ ...first, customerId: other.id, openAmount: 3000 })
    expect([(await account(one.id)).balanceDue, (await account(other.id)).balanceDue]).toEqual([0, 3000])
  })

  test('two writers at once leave the sum right', async () => {
    const { id } = await customer()
    const same = bill(id, { openAmount: 700 })
    await Promise.all(Array.from({ length: 12 }, (_, n) => bring(bill(id, { openAmount: 100 + n }), { ...same, openAmount: 700 + n })))
    const { rows } = await house.work(ctx => listReceivables(ctx, id, {}))
    expect(rows).toHaveLength(13)
    expect(await house.work(ctx => oneCustomer(ctx, id))).toMatchObject({ balanceDue: rows.reduce((sum, row) => sum + row.openAmount, 0) })
  })

  test('pages by key, and open ones by themselves', async () => {
    const { id } = await customer()
    await bring(...Array.from({ length: 7 }, (_, n) => bill(id, { dueOn: dayAfter(today(), n % 3), openAmount: n < 2 ? 0 : 100 })))
    const seen: string[] = []
    for (let after: string | undefined, n = 0; n < 9; n++) {
      const page = await house.work(ctx => listReceivables(ctx, id, { after, size: 3 }))
      seen.push(...page.rows.map(row => `${row.dueOn} ${row.id}`))
      if (page.next === null) break
      after = page.next
    }
    expect(seen).toHaveLength(7)
    expect(seen).toEqual(seen.toSorted().reverse())
    expect((await house.work(ctx => listReceivables(ctx, id, { open: true }))).rows).toHaveLength(5)
  })

  test('a balance without invoices counts until it is taken back', async () => {
    const { id } = await customer()
    await bring(bill(id, { openAmount: 500 }))
    const give = (body: Record<string, unknown>) => house.work(ctx => deliverBalance(ctx, id, receivables.balance.body.parse(body)))
    expect(await give({ balance: 12_300, overdueAmount: 12_300, overdueSince: ago(45), source: '账务' })).toMatchObject({
      balanceDue: 12_300,
      overdueDays: 45,
      byBalance: true,
    })
    expect(await flags(id)).toEqual(['overdue'])
    await expect(give({ balance: 100, overdueAmount: 200 })).rejects.toThrow('receivable.overdue_more')
    await expect(give({ balance: 100, overdueAmount: 50, overdueSince: dayAfter(today(), 1) })).rejects.toThrow('receivable.overdue_later')
    expect(await give({ balance: -300 })).toMatchObject({ balanceDue: -300, overdueAmount: 0 })
    expect(await flags(id)).toEqual([])
    expect(await give({ balance: null })).toMatchObject({ balanceDue: 500, byBalance: false })
  })
})

describe('overdue', () => {
  test('begins at midnight of the tenant, not of anybody else', async () => {
    const { id } = await customer()
    await bring(bill(id, { dueOn: today() }))
    const midnight = startOfDay(zone, dayAfter(today(), 1))
    await house.pass((midnight.getTime() - house.now().getTime()) / 60_000 - 1)
    await night()
    expect(await flags(id)).toEqual([])
    await house.pass(2)
    await night()
    expect(await flags(id)).toEqual(['overdue'])
    expect(await told(id)).toEqual([1])
    expect(await account(id)).toMatchObject({ overdueAmount: 10_000, overdueDays: 1 })
    await house.noon()
  })

  test('is told once at each step, and again only after it was settled', async () => {
    const { id } = await customer()
    const one = bill(id, { dueOn: today() })
    await bring(one)
    const steps: number[] = []
    for (const days of [1, 1, 27, 1, 1, 29, 1, 29, 1, 10]) {
      await house.pass(days * 1440)
      await night()
      await night()
      steps.push((await told(id)).length)
    }
    expect(await told(id)).toEqual([1, 30, 60, 90])
    expect(steps).toEqual([1, 1, 1, 2, 2, 3, 3, 4, 4, 4])
    expect((await house.work(ctx => flagsOf(ctx, [id])))[0]).toMatchObject({ code: 'overdue', level: 'bad' })
    const version = (await house.work(ctx => oneCustomer(ctx, id))).version
    await bring({ ...one, openAmount: 0 })
    expect(await flags(id)).toEqual([])
    expect(await house.work(ctx => oneCustomer(ctx, id))).toMatchObject({ balanceDue: 0, version: version + 1 })
    expect(await house.said('receivable.cleared')).toContainEqual({})
    await bring(bill(id, { dueOn: ago(3) }))
    await night()
    expect(await told(id)).toEqual([1, 30, 60, 90, 1])
  })

  test('is told of anew after it was paid, also while something else is overdue', async () => {
    const { id } = await customer()
    const old = bill(id, { dueOn: ago(95) })
    const young = bill(id, { dueOn: ago(20) })
    await bring(old, young)
    await night()
    expect(await told(id)).toEqual([90])
    await bring({ ...old, openAmount: 0 })
    expect(await account(id)).toMatchObject({ overdueDays: 20 })
    await night()
    for (const days of [9, 1, 30, 30, 5]) {
      await house.pass(days * 1440)
      await night()
    }
    expect(await told(id)).toEqual([90, 30, 60, 90])
  })

  test('of a balance likewise, whose day stays when the books do not name it again', async () => {
    const { id } = await customer()
    const give = (body: Record<string, unknown>) => house.work(ctx => deliverBalance(ctx, id, receivables.balance.body.parse(body)))
    const days = async (n: number, body: Record<string, unknown> = { balance: 500, overdueAmount: 500 }) => {
      await house.pass(n * 1440)
      const said = await give(body)
      await night()
      return said.overdueDays
    }
    expect([await days(0), await days(1), await days(29)]).toEqual([0, 1, 30])
    expect(await told(id)).toEqual([1, 30])
    expect(await days(1, { balance: 0 })).toBe(0)
    expect([await days(1), await days(1), await days(29)]).toEqual([0, 1, 30])
    expect(await told(id)).toEqual([1, 30, 1, 30])
    // Most of it was paid; what is left is overdue for two days.
    await days(40, { balance: 100, overdueAmount: 100, overdueSince: dayAfter(today(), 38) })
    for (const n of [27, 1, 30, 30]) await days(n, { balance: 100, overdueAmount: 100 })
    expect(await told(id)).toEqual([1, 30, 1, 30, 30, 60, 90])
  })

  test('what is suspended or disputed is owed and not told', async () => {
    const { id } = await customer()
    const one = bill(id, { dueOn: ago(40), hold: 'disputed' })
    await bring(one)
    await night()
    expect(await flags(id)).toEqual([])
    expect((await account(id)).balanceDue).toBe(10_000)
    await bring({ ...one, hold: '' })
    expect(await flags(id)).toEqual(['overdue'])
    await night()
    expect(await told(id)).toEqual([30])
    await bring({ ...one, hold: 'suspended' })
    expect(await flags(id)).toEqual([])
  })

  test('the owner of a key account hears of it, and rules know it', async () => {
    const role = await house.work(ctx =>
      ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow(),
    )
    const owner = await house.work(ctx =>
      addPerson(ctx, { name: '罗一宁', login: 'owner', password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }),
    )
    const { id } = await customer({ tier: 'key', name: '清源纸业' })
    await house.work(ctx => ctx.db.updateTable('customers.customer').set({ ownerId: owner.id }).where('id', '=', id).execute())
    await bring(bill(id, { dueOn: ago(2) }))
    await night()
    await house.settle()
    const { rows } = await house.work(ctx =>
      sql<{
        kind: string
        facts: unknown
      }>`select kind, facts from notifications.notification where tenant_id = ${ctx.tenantId} and person_id = ${owner.id}`.execute(ctx.db),
    )
    expect(rows).toEqual([{ kind: 'receivable.overdue', facts: { name: '清源纸业', days: 2, yuan: '100.00' } }])
    expect(await house.work(ctx => accountFacts(ctx, id))).toEqual({ flags: ['overdue'], overdueAmount: 10_000, overdueDays: 2 })
  })
})

describe('flags of the finance system', () => {
  test('are set, changed, run out and are taken away; ours are ours', async () => {
    const { id } = await customer()
    const flag = (code: string, more: Record<string, unknown> = {}) =>
      house.work(ctx => setFlag(ctx, id, code, NewFlag.parse({ level: 'bad', name: '失信', ...more })))
    await flag('credit')
    await flag('credit', { name: '高风险' })
    expect(await house.work(ctx => flagsOf(ctx, [id]))).toMatchObject([{ code: 'credit', name: '高风险', level: 'bad', since: today() }])
    await expect(flag('overdue')).rejects.toThrow('flag.our_own')
    await expect(flag('Not A Code')).rejects.toThrow('flag.code_invalid')
    await flag('watch', { level: 'info', name: '关注', until: today() })
    expect(await flags(id)).toEqual(['credit', 'watch'])
    await house.pass(1440)
    expect(await flags(id)).toEqual(['credit'])
    await house.work(ctx => dropFlag(ctx, id, 'credit'))
    await house.work(ctx => dropFlag(ctx, id, 'credit'))
    expect(await flags(id)).toEqual([])
    expect((await house.said('flag.dropped')).length).toBe(1)
  })

  test('that the file which was merged away bears is changed there, and read once', async () => {
    const [one, other] = [await customer(), await customer()]
    const flag = (id: string, level: string) =>
      house.work(ctx => setFlag(ctx, id, 'credit', NewFlag.parse({ level, name: level === 'bad' ? '失信' : '正常' })))
    await flag(other.id, 'bad')
    const versions = { keptVersion: one.version, goneVersion: other.version }
    await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: one.id, goneId: other.id, ...versions })))
    expect(await flag(one.id, 'info')).toMatchObject({ customerId: one.id })
    expect(await house.work(ctx => flagsOf(ctx, [one.id]))).toMatchObject([{ code: 'credit', level: 'info', name: '正常' }])
    await house.work(ctx => dropFlag(ctx, one.id, 'credit'))
    expect(await flags(one.id)).toEqual([])
  })

  test('and receivables of another tenant are out of reach', async () => {
    const { id } = await customer()
    const one = bill(id)
    await bring(one)
    const elsewhere = <T>(fn: Parameters<typeof asSystem<T>>[2]) => asSystem(house.house, house.otherTenantId, fn)
    expect((await elsewhere(ctx => deliver(ctx, { source: '', items: [one] }))).rows[0]?.code).toBe('customer_unknown')
    await expect(elsewhere(ctx => setFlag(ctx, id, 'credit', NewFlag.parse({ level: 'bad', name: '甲' })))).rejects.toThrow(
      'customer.not_found',
    )
    expect(await elsewhere(ctx => flagsOf(ctx, [id]))).toEqual([])
    await expect(elsewhere(ctx => accountOf(ctx, id))).rejects.toThrow('customer.not_found')
  })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { CarePlanForm } from '#contract/keyAccounts.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { addPerson } from '#domains/identity/index.ts'
import { markEnded, openInteraction } from '#domains/interactions/index.ts'
import { finishTask } from '#domains/tasks/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { addLeftAlone } from '../privacy/leavingAlone.ts'
import { leaveAlone } from '../reaching.ts'
import { deliver } from '../receivables/bringing.ts'
import { flagsOf } from '../receivables/flags.ts'
import { dayAfter } from '../receivables/rules.ts'
import { listKeyAccounts } from './accounts.ts'
import { careOf, planCare, planTier, tierPlans, unplanCare } from './plans.ts'
import { takeBack } from './settling.ts'
import { tend } from './tending.ts'

const zone = 'Asia/Shanghai'
let house: TestHouse
let ownerId: string
beforeAll(async () => {
  house = await openHouse()
  await house.noon()
  const role = await house.work(ctx => ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'lead').executeTakeFirstOrThrow())
  ownerId = (
    await house.work(ctx =>
      addPerson(ctx, { name: '罗一宁', login: 'owner', password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }),
    )
  ).id
})
afterAll(() => house.close())

const today = () => dateIn(zone, house.now())
const customer = async (more: Record<string, unknown> = {}) => {
  const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '清源纸业', tier: 'key', ...more })))
  await house.work(ctx => ctx.db.updateTable('customers.customer').set({ ownerId }).where('id', '=', id).execute())
  return id
}
const form = (more: Record<string, unknown> = {}) => CarePlanForm.parse({ visitDays: 28, contactDays: null, version: 0, ...more })
const plan = (id: string, more: Record<string, unknown> = {}) => house.work(ctx => planCare(ctx, id, form(more)))
const tasksOf = async (id: string) =>
  (
    await house.work(ctx =>
      sql<{ id: string; ownerId: string; doneAt: Date | null; dueAt: Date }>`select id, owner_id, done_at, due_at from tasks.fact_task
        where tenant_id = ${ctx.tenantId} and matter_id = ${id} and kind = 'care' order by id`.execute(ctx.db),
    )
  ).rows
const flags = async (id: string) => (await house.work(ctx => flagsOf(ctx, [id]))).map(flag => flag.code)
const days = (n: number) => house.pass(n * 1440)
const call = { channel: 'phone', queueId: null, subject: '', source: '' } as const
const talk = (customerId: string) =>
  house.work(ctx => openInteraction(ctx, { ...call, direction: 'out', customerId, agentId: ownerId, state: 'active' }))
/** An agent calls and nobody takes it off the hook. */
const ring = async (customerId: string) => {
  const { id } = await house.work(ctx =>
    openInteraction(ctx, { ...call, direction: 'out', customerId, agentId: ownerId, state: 'active', unanswered: true }),
  )
  await house.work(ctx => markEnded(ctx, id))
}
const go = () => house.work(ctx => tend(ctx))

describe('a plan of care', () => {
  test('makes the visit a task a week ahead, once, however often it is looked at', async () => {
    const id = await customer()
    expect(await plan(id)).toMatchObject({ visitOn: dayAfter(today(), 28), contactOn: null, own: { visitDays: 28, version: 1 } })
    await days(20)
    await go()
    expect(await tasksOf(id)).toEqual([])
    await days(1)
    await Promise.all([go(), go(), go()])
    await go()
    expect(await tasksOf(id)).toMatchObject([{ ownerId, doneAt: null }])
    expect((await house.work(ctx => careOf(ctx, id))).rounds).toMatchObject([{ kind: 'visit', doneAt: null, taskId: expect.any(String) }])
  })

  test('a finished visit is a contact, settles what was neglected, and the next one counts from it', async () => {
    const id = await customer()
    await plan(id)
    await days(30)
    await go()
    expect(await flags(id)).toEqual(['neglected'])
    const [task] = await tasksOf(id)
    await house.work(ctx => finishTask(ctx, task?.id ?? '', '厂长满意，想要第二块表'), house.user({ id: ownerId, name: '罗一宁' }))
    await house.settle()
    expect(await flags(id)).toEqual([])
    const care = await house.work(ctx => careOf(ctx, id))
    expect(care).toMatchObject({ visitOn: dayAfter(today(), 28), neglectedSince: null })
    expect(care.rounds).toMatchObject([{ doneByName: '罗一宁' }])
    expect((await house.work(ctx => listKeyAccounts(ctx, {}))).rows.find(row => row.id === id)).toMatchObject({ lastContactBy: '罗一宁' })
  })

  test('a contact by whatever way finishes the task to get in touch', async () => {
    const id = await customer()
    await plan(id, { visitDays: null, contactDays: 8 })
    await days(7)
    await go()
    expect(await tasksOf(id)).toHaveLength(1)
    await house.pass(60)
    await talk(id)
    await go()
    await house.settle()
    expect(await tasksOf(id)).toMatchObject([{ doneAt: expect.any(Date) }])
    expect(await flags(id)).toEqual([])
  })

  test('a call that nobody answered, whoever let it ring, is no contact', async () => {
    const id = await customer({ name: '南岸水泥' })
    await plan(id, { visitDays: null, contactDays: 8 })
    const { answeredAt } = await talk(id)
    const spokenOn = answeredAt ?? house.now()
    await days(10)
    await go()
    expect([await flags(id), (await tasksOf(id)).map(task => task.doneAt)]).toEqual([['neglected'], [null]])
    await house.pass(60)
    await ring(id)
    await house.work(ctx => openInteraction(ctx, { ...call, direction: 'in', customerId: id, state: 'active', unanswered: true }))
    await go()
    await house.settle()
    expect([await flags(id), (await tasksOf(id)).map(task => task.doneAt)]).toEqual([['neglected'], [null]])
    const account = (await house.work(ctx => listKeyAccounts(ctx, { sort: 'contact' }))).rows.find(row => row.id === id)
    expect(account).toMatchObject({ lastContactAt: spokenOn, lastContactBy: '罗一宁', contactOn: dayAfter(dateIn(zone, spokenOn), 8) })
    await talk(id)
    await go()
    expect(await flags(id)).toEqual([])
  })

  test('whoever asked to be left alone is visited and not called, and a talk begun is taken back', async () => {
    const [asked, listed] = [await customer({ name: '静园' }), await customer({ name: '静庐', phone: '13900139456' })]
    for (const id of [asked, listed]) await plan(id, { visitDays: 300, contactDays: 8 })
    await days(7)
    await go()
    expect((await tasksOf(asked)).concat(await tasksOf(listed)).map(task => task.doneAt)).toEqual([null, null])
    await house.work(ctx => leaveAlone(ctx, asked, { on: true, until: null, reason: '' }))
    await house.work(ctx => addLeftAlone(ctx, { values: ['139 0013 9456'], until: null, reason: '' }))
    await house.settle()
    expect(await tasksOf(asked)).toMatchObject([{ doneAt: expect.any(Date) }])
    await house.work(ctx => takeBack(ctx))
    await days(300)
    await go()
    for (const id of [asked, listed]) {
      expect((await tasksOf(id)).map(task => task.doneAt)).toEqual([expect.any(Date), null])
      expect(await house.work(ctx => careOf(ctx, id))).toMatchObject({ isAlone: true, contactOn: null, rounds: [{ kind: 'visit' }] })
    }
  })

  test('what a plan no longer asks for is taken back with its task', async () => {
    const [one, other] = [await customer(), await customer()]
    for (const id of [one, other]) await plan(id, { visitDays: 8 })
    await days(7)
    await go()
    await plan(one, { visitDays: 8, active: false, version: 1 })
    await house.work(ctx => unplanCare(ctx, other, 1))
    await house.settle()
    for (const id of [one, other]) {
      expect(await tasksOf(id)).toMatchObject([{ doneAt: expect.any(Date) }])
      expect((await house.work(ctx => careOf(ctx, id))).rounds).toEqual([])
    }
  })

  test('of whom the manager left falls to the department, and those who answer for it are told, no others', async () => {
    const places = await house.work(async ctx => {
      const [here, there] = [newId(), newId()]
      await ctx.db
        .insertInto('identity.department')
        .values([here, there].map(id => ({ id, name: id, nameEn: '' })))
        .execute()
      return { here, there }
    })
    const person = async (code: string, departmentId: string) => {
      const grants: Record<string, 'all' | 'department'> = code === 'lead' ? { 'account:read': 'department', 'customer:read': 'all' } : {}
      const roleId = newId()
      await house.work(ctx =>
        ctx.db
          .insertInto('identity.role')
          .values({ id: roleId, code: `${code} ${roleId}`, name: roleId, nameEn: '', grants })
          .execute(),
      )
      return house.work(ctx =>
        addPerson(ctx, { name: '某人', login: newId(), password: 'Deep-Water-7', roleId, departmentId, teamId: null }),
      )
    }
    const [gone, lead, elsewhere] = [
      await person('agent', places.here),
      await person('lead', places.here),
      await person('lead', places.there),
    ]
    const id = await customer({ tier: 'gold', name: '旧主' })
    await house.work(ctx => ctx.db.updateTable('customers.customer').set({ ownerId: gone.id }).where('id', '=', id).execute())
    await house.work(ctx => ctx.db.updateTable('identity.person').set({ retired: true }).where('id', '=', gone.id).execute())
    await plan(id, { startsOn: dayAfter(today(), -40) })
    await house.settle()
    const { rows } = await house.work(ctx =>
      sql<{
        ownerId: string | null
        departmentId: string
      }>`select owner_id, department_id from tasks.fact_task where tenant_id = ${ctx.tenantId} and matter_id = ${id}`.execute(ctx.db),
    )
    expect(rows).toEqual([{ ownerId: null, departmentId: places.here }])
    const told = await house.work(ctx =>
      sql<{
        personId: string
      }>`select person_id from notifications.notification where tenant_id = ${ctx.tenantId} and link = ${`/customers/${id}`} and kind = 'account.left_alone'`.execute(
        ctx.db,
      ),
    )
    const people = told.rows.map(row => row.personId)
    expect(people).toContain(lead.id)
    expect(people).not.toContain(elsewhere.id)
  })

  test('whoever was left alone is told of once, to the owner and to leadership', async () => {
    const id = await customer({ name: '滨江医院' })
    const before = (await house.said('account.neglected')).length
    await plan(id, { startsOn: dayAfter(today(), -40), contactDays: 30 })
    await go()
    await go()
    expect(await flags(id)).toEqual(['neglected'])
    expect((await house.said('account.neglected')).slice(before)).toEqual([{ days: 12 }])
    await house.settle()
    const { rows } = await house.work(ctx =>
      sql<{
        facts: unknown
      }>`select facts from notifications.notification where tenant_id = ${ctx.tenantId} and person_id = ${ownerId} and link = ${`/customers/${id}`}
        and kind like 'account.%'`.execute(ctx.db),
    )
    expect(rows).toEqual([{ facts: { name: '滨江医院', days: 12 } }])
    expect(await house.work(ctx => unplanCare(ctx, id))).toMatchObject({ own: null, neglectedSince: null })
  })

  test('of the tier counts for whoever has none, and one that is not active leaves its customer out', async () => {
    const [one, other] = [await customer({ tier: 'gold' }), await customer({ tier: 'gold' })]
    await plan(other, { active: false })
    await house.work(ctx => planTier(ctx, 'gold', form({ visitDays: 4, contactDays: null })))
    expect(await house.work(tierPlans)).toMatchObject([{ tier: 'gold', visitDays: 4 }])
    await days(5)
    await go()
    expect([await flags(one), await flags(other)]).toEqual([['neglected'], []])
    expect(await tasksOf(other)).toEqual([])
    await expect(house.work(ctx => planTier(ctx, 'normal', form()))).rejects.toThrow('care_plan.tier_unknown')
  })

  test('of a tier of many is looked at a slice at a time, once a day', async () => {
    await house.work(ctx =>
      sql`insert into customers.customer (tenant_id, id, number, kind, name, tier, since) select ${ctx.tenantId}, gen_random_uuid(), 'MANY-' || n, 'person', '众多', 'silver', ${ctx.now}
        from generate_series(1, 250) n`.execute(ctx.db),
    )
    const tasks = async () => {
      const { rows } = await house.work(ctx =>
        sql<{
          n: number
        }>`select count(*)::int as n from customers.care_round r join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id
          where r.tenant_id = ${ctx.tenantId} and c.tier = 'silver'`.execute(ctx.db),
      )
      return rows[0]?.n
    }
    await house.work(ctx => planTier(ctx, 'silver', form({ visitDays: null, contactDays: 300, startsOn: dayAfter(today(), -299) })))
    await go()
    // Others with a plan stand among the two hundred.
    expect(await tasks()).toBeLessThanOrEqual(200)
    await go()
    expect(await tasks()).toBe(250)
    const late = await customer({ tier: 'silver' })
    await go()
    expect(await tasksOf(late)).toEqual([])
    await days(1)
    for (let n = 0; n < 3; n++) await go()
    expect(await tasksOf(late)).toHaveLength(1)
  })

  test('of two editors the second is told; one that asks for nothing is none', async () => {
    const id = await customer()
    await plan(id)
    await plan(id, { version: 1, visitDays: 60 })
    await expect(plan(id, { version: 1, visitDays: 90 })).rejects.toThrow('care_plan.changed_meanwhile')
    await expect(plan(id, { version: 0 })).rejects.toThrow('care_plan.changed_meanwhile')
    await expect(plan(id, { version: 2, visitDays: null })).rejects.toThrow('care_plan.nothing')
    await expect(house.work(ctx => unplanCare(ctx, id, 1))).rejects.toThrow('care_plan.changed_meanwhile')
    expect(await house.work(ctx => careOf(ctx, id))).toMatchObject({ own: { visitDays: 60, version: 2 } })
    expect(await house.work(ctx => unplanCare(ctx, id, 2))).toMatchObject({ own: null })
    await expect(asSystem(house.house, house.otherTenantId, ctx => careOf(ctx, id))).rejects.toThrow('customer.not_found')
  })
})

describe('key accounts', () => {
  test('stand by value, are filtered, and each is seen by whom it is for', async () => {
    const [small, large] = [await customer({ name: '小户' }), await customer({ name: '大户' })]
    const bill = (customerId: string, extId: string, amount: number, more: Record<string, unknown> = {}) =>
      NewReceivable.parse({ extId, customerId, amount, openAmount: 0, issuedOn: today(), dueOn: today(), ...more })
    await house.work(ctx =>
      deliver(ctx, {
        source: '',
        items: [
          bill(small, 's1', 100_00),
          bill(large, 'l1', 900_00),
          bill(large, 'l2', 300_00, { period: dayAfter(today(), -500).slice(0, 7) }),
          bill(small, 's2', 50_00, { openAmount: 50_00, dueOn: dayAfter(today(), -45) }),
        ],
      }),
    )
    const { rows } = await house.work(ctx => listKeyAccounts(ctx, {}))
    expect(rows.slice(0, 2)).toMatchObject([
      { id: large, billed: 900_00, billedBefore: 300_00, ownerName: '罗一宁' },
      { id: small, billed: 150_00, overdueDays: 45, overdueAmount: 50_00 },
    ])
    expect(rows[0]?.months).toHaveLength(12)
    expect((await house.work(ctx => listKeyAccounts(ctx, { show: 'overdue' }))).rows.map(row => row.id)).toEqual([small])
    const user = (more: Record<string, unknown>) => house.user(more, ['account:read', 'customer:read'])
    expect((await house.work(ctx => listKeyAccounts(ctx, { show: 'mine' }), user({ id: ownerId }))).rows.length).toBe(rows.length)
    expect((await house.work(ctx => listKeyAccounts(ctx, { show: 'mine' }), user({}))).rows).toEqual([])
    expect((await house.work(ctx => listKeyAccounts(ctx, {}), house.user({}, ['customer:read']))).rows).toEqual([])
    const paged: string[] = []
    for (let after: string | undefined, n = 0; n < 20; n++) {
      const page = await house.work(ctx => listKeyAccounts(ctx, { after, size: 2 }))
      paged.push(...page.rows.map(row => row.id))
      if (!page.next) break
      after = page.next
    }
    expect(paged).toEqual(rows.map(row => row.id))
  })

  test('stand by their care: the most overdue first, of a visit and a talk whichever falls due first, who has no plan last; so do the rounds', async () => {
    const [none, late, soon, latest] = [await customer(), await customer(), await customer(), await customer()]
    await plan(none, { active: false })
    await plan(soon, { visitDays: 300, startsOn: today() })
    await plan(late, { visitDays: 300, contactDays: 10, startsOn: dayAfter(today(), -30) })
    await plan(latest, { visitDays: 10, contactDays: 300, startsOn: dayAfter(today(), -90) })
    const mine = [latest, late, soon, none]
    const list = async () => {
      const ids: string[] = []
      for (let after: string | undefined, n = 0; n < 30; n++) {
        const page = await house.work(ctx => listKeyAccounts(ctx, { sort: 'care', after, size: 2 }))
        ids.push(...page.rows.map(row => row.id))
        if (!page.next) break
        after = page.next
      }
      return ids
    }
    const ids = await list()
    expect(ids.filter(id => mine.includes(id))).toEqual(mine)
    expect(ids).toHaveLength(new Set(ids).size)
    expect(ids.toSorted()).toEqual((await house.work(ctx => listKeyAccounts(ctx, {}))).rows.map(row => row.id).toSorted())
    await plan(late, { visitDays: 5, contactDays: 10, startsOn: dayAfter(today(), -30), version: 1 })
    expect((await house.work(ctx => careOf(ctx, late))).rounds.map(round => [round.kind, round.doneAt])).toEqual([
      ['visit', null],
      ['contact', null],
    ])
  })
})

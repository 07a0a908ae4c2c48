import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customers } from '#contract/customers.ts'
import { improvements } from '#contract/improvement.ts'
import { interactions } from '#contract/interactions.ts'
import { accounts } from '#contract/people.ts'
import { standards } from '#contract/standards.ts'
import { surveys } from '#contract/surveys.ts'
import { changeCustomer } from '#domains/customers/actions.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { listCustomers, oneCustomer } from '#domains/customers/queries.ts'
import { addPerson, changePerson, listPeople } from '#domains/identity/people.ts'
import { changeFinding, dropFinding, openFinding, reopenFinding } from '#domains/improvement/actions.ts'
import { listFindings } from '#domains/improvement/queries.ts'
import { addStandard, changeStandard, listStandards, retireStandard } from '#domains/improvement/standards.ts'
import {
  joinCustomer,
  markAbandoned,
  markAnswered,
  markEnded,
  markWrapped,
  moveToQueue,
  openInteraction,
} from '#domains/interactions/actions.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { recordRating } from '#domains/surveys/actions.ts'
import { listRatings } from '#domains/surveys/queries.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { Page } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { makeView } from './actions.ts'
import { countChanges, countEverywhere } from './counting.ts'
import { listViews } from './queries.ts'

type Asked = { after?: string | undefined; size: number }
type Counted = { list: string; query: Record<string, string>; page: (ctx: Ctx, paging: Asked) => Promise<Page<{ id: string }>> }
/** Queries of a list, in the words of its address. */
const every = (...queries: readonly Record<string, string>[]) => queries
let house: TestHouse
let boss: User
const views: (Counted & { id: string })[] = []
const ids = { queue: '', other: '', agent: '', customer: '', role: '', goal: newId() }
const as = <T>(fn: (ctx: Ctx) => Promise<T>) => house.work(fn, boss)

beforeAll(async () => {
  house = await openHouse()
  await house.noon()
  const { person, role } = await openColleagues(house)
  const desk = openDesk(house)
  boss = { ...house.user(), id: (await person('头', 'supervisor')).id }
  ids.agent = (await person('坐席', 'agent')).id
  ids.role = role('agent')
  ;[ids.queue, ids.other] = [await desk.queue(), await desk.queue()]
  ids.customer = (await as(ctx => addCustomer(ctx, { ...customer, name: '王芳' }))).id
  await house.house.control.query(
    `with s as (insert into improvement.strategy (tenant_id, id, name, from_day, until_day) values ($1, gen_random_uuid(), '战略', '2026-01-01', '2027-01-01') returning id)
     insert into improvement.goal (tenant_id, id, strategy_id, name) select $1, $2, id, '目标' from s`,
    [house.tenantId, ids.goal],
  )
  const lists: Counted[] = [
    ...every({}, { state: 'done' }, { queueId: ids.queue }, { agentId: ids.agent, channel: 'chat' }, { customerId: ids.customer }).map(
      (query): Counted => ({
        list: 'contacts',
        query,
        page: (ctx, paging) => listInteractions(ctx, { ...interactions.list.query.parse(query), ...paging }),
      }),
    ),
    ...every({}, { board: 'plan' }, { board: 'closed' }, { ownerId: ids.agent }).map(
      (query): Counted => ({
        list: 'findings',
        query,
        page: (ctx, paging) => listFindings(ctx, { ...improvements.list.query.parse(query), ...paging }),
      }),
    ),
    ...every({}, { goalId: ids.goal }, { retired: 'true' }).map(
      (query): Counted => ({
        list: 'standards',
        query,
        page: (ctx, paging) => listStandards(ctx, { ...standards.list.query.parse(query), ...paging }),
      }),
    ),
    ...every({}, { roleId: ids.role }, { state: 'retired' }, { state: 'all' }).map(
      (query): Counted => ({
        list: 'people',
        query,
        page: (ctx, paging) => listPeople(ctx, { ...accounts.people.query.parse(query), ...paging }),
      }),
    ),
    ...every({}, { tier: 'gold' }).map(
      (query): Counted => ({
        list: 'customers',
        query,
        page: (ctx, paging) => listCustomers(ctx, { ...customers.list.query.parse(query), ...paging }),
      }),
    ),
    ...every({}, { maxScore: '2' }, { agentId: ids.agent }).map(
      (query): Counted => ({
        list: 'ratings',
        query,
        page: (ctx, paging) => listRatings(ctx, { ...surveys.ratings.query.decode(query), ...paging }),
      }),
    ),
  ]
  for (const counted of lists) {
    const { list, query } = counted
    const made = { list, name: '视图', share: 'private' as const, shareId: null, query, columns: null, pinned: true }
    views.push({ ...counted, id: (await as(ctx => makeView(ctx, made))).id })
  }
  await rest()
}, 60_000)
afterAll(() => house.close())

const customer = {
  kind: 'person' as const,
  tier: 'normal' as const,
  phone: null,
  email: null,
  address: '',
  district: '',
  postCode: '',
  note: '',
  tags: [],
  care: [],
}
/** What the processes and timers of a product would do by themselves. */
async function rest() {
  await house.pass(1)
  await house.settle()
  await countEverywhere(house.house)
}

async function countsAreTrue() {
  for (const list of new Set(views.map(v => v.list))) {
    const kept = new Map((await as(ctx => listViews(ctx, list))).map(v => [v.id, v.count]))
    for (const { id, query, page } of views.filter(v => v.list === list)) {
      const rows = await as(ctx => page(ctx, { size: 5_000 }))
      expect(kept.get(id), `${list} ${JSON.stringify(query)}`).toBe(rows.rows.length)
    }
  }
}

test('the counts of every list equal what the list itself finds, after any changes at once and while they are counted', async () => {
  const pools = {
    contact: [] as string[],
    finding: [] as string[],
    standard: [] as string[],
    person: [] as string[],
    customer: [] as string[],
  }
  const one = (pool: string[], n: number) => pool[n % pool.length] ?? newId()
  const contact = (state: 'waiting' | 'active' | 'left') => ({
    channel: 'chat' as const,
    direction: 'in' as const,
    customerId: null,
    queueId: ids.queue,
    subject: '',
    source: '',
    state,
  })
  let login = 0
  const ways: Record<string, (n: number) => Promise<unknown>> = {
    comes: async n => pools.contact.push((await as(ctx => openInteraction(ctx, contact(n % 2 ? 'waiting' : 'left')))).id),
    answered: n => as(ctx => markAnswered(ctx, one(pools.contact, n), ids.agent)),
    moved: n => as(ctx => moveToQueue(ctx, one(pools.contact, n), n % 2 ? ids.other : ids.queue)),
    known: n => as(ctx => joinCustomer(ctx, one(pools.contact, n), ids.customer)),
    ended: n => as(ctx => markEnded(ctx, one(pools.contact, n))),
    wrapped: n => as(ctx => markWrapped(ctx, one(pools.contact, n), { reasonId: null, outcomeId: null, note: '' })),
    gone: n => as(ctx => markAbandoned(ctx, one(pools.contact, n))),
    rated: n =>
      as(ctx =>
        recordRating(ctx, {
          interactionId: one(pools.contact, n),
          ticketId: null,
          customerId: null,
          agentId: n % 2 ? ids.agent : null,
          queueId: null,
          score: 1 + (n % 5),
          words: '',
        }),
      ),
    customer: async () => pools.customer.push((await as(ctx => addCustomer(ctx, { ...customer, name: '李明' }))).id),
    raised: n =>
      as(async ctx => {
        const { id, version } = await oneCustomer(ctx, one(pools.customer, n))
        return changeCustomer(ctx, id, { version, tier: n % 2 ? 'gold' : 'normal' })
      }),
    found: async n =>
      pools.finding.push(
        (
          await as(ctx =>
            openFinding(ctx, {
              title: '改',
              text: '',
              source: { noun: 'idea', id: null, facts: {} },
              ownerId: n % 2 ? ids.agent : null,
              dueAt: null,
            }),
          )
        ).id,
      ),
    owned: n =>
      as(ctx => changeFinding(ctx, one(pools.finding, n), { title: '改', text: '', ownerId: n % 2 ? boss.id : ids.agent, dueAt: null })),
    dropped: n => as(ctx => dropFinding(ctx, one(pools.finding, n), { reason: '不' })),
    reopened: n => as(ctx => reopenFinding(ctx, one(pools.finding, n), { reason: '再' })),
    standard: async n => {
      const words = {
        name: '标',
        nameEn: '',
        kind: 'result' as const,
        text: '',
        source: '',
        ownerId: null,
        goalId: n % 2 ? ids.goal : null,
      }
      pools.standard.push((await as(ctx => addStandard(ctx, { ...words, measure: null }))).id)
    },
    aimed: n => as(ctx => changeStandard(ctx, one(pools.standard, n), { goalId: n % 2 ? null : ids.goal })),
    shelved: n => as(ctx => retireStandard(ctx, one(pools.standard, n), n % 2 === 0)),
    hired: async () => {
      const person = { name: '新', login: `new${++login}`, departmentId: null, teamId: null, roleId: ids.role, password: 'Deep-Water-7' }
      pools.person.push((await as(ctx => addPerson(ctx, person))).id)
    },
    left: n => as(ctx => changePerson(ctx, one(pools.person, n), { retired: n % 2 === 0 })),
    count: () => house.work(countChanges),
  }
  const step = fc.tuple(fc.constantFrom(...Object.keys(ways)), fc.nat(9))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async steps => {
      for (const begin of ['comes', 'found', 'standard', 'customer']) await ways[begin]?.(steps.length)
      // What the state of a thing does not allow is refused and changes nothing.
      await Promise.all(steps.map(([act, n]) => ways[act]?.(n).catch(() => undefined)))
      await Promise.all([countEverywhere(house.house), countEverywhere(house.house)])
      await rest()
      await countsAreTrue()
    }),
    { numRuns: 10 },
  )
  // Not true for want of anything that happened.
  for (const list of new Set(views.map(v => v.list)))
    expect((await as(ctx => listViews(ctx, list))).filter(v => (v.count ?? 0) > 0).length, list).toBeGreaterThan(1)
}, 120_000)

test('what the clock decides is counted at the moment; what no index answers has no count', async () => {
  const save = (list: string, query: Record<string, string>) =>
    as(ctx => makeView(ctx, { list, name: '视图', share: 'private', shareId: null, query, columns: null, pinned: true }))
  const today = await save('contacts', { days: '1' })
  const count = async (list: string, id: string) => (await as(ctx => listViews(ctx, list))).find(v => v.id === id)?.count
  const rows = await as(ctx => listInteractions(ctx, { days: 1, size: 5_000 }))
  expect(rows.rows.length).toBeGreaterThan(0)
  expect(await count('contacts', today.id)).toBe(rows.rows.length)
  for (const [list, query, counted] of [
    ['contacts', { q: '王芳' }, false],
    ['people', { q: '新' }, false],
    ['outbox', { state: 'failed' }, true],
    ['outbox', { state: 'failed', purpose: 'notice' }, false],
    ['outbox', { channel: 'mail' }, false],
    ['audit', { what: 'person.added' }, true],
    ['audit', { what: 'person.added', actorId: boss.id }, false],
  ] as const)
    expect((await count(list, (await save(list, query)).id)) === null, `${list} ${JSON.stringify(query)}`).toBe(!counted)
})

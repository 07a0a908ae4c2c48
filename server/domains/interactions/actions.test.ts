import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ContactOutcome, ContactReason } from '#contract/interactions.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import * as act from './actions.ts'
import { lastAgentOf, listInteractions, oneInteraction } from './queries.ts'
import * as words from './wordsOfWrapUp.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const opened = {
  channel: 'chat',
  direction: 'in',
  customerId: null,
  queueId: null,
  subject: '停水',
  source: 'widget',
  state: 'waiting',
} as const
const open = (more: Partial<act.NewInteraction> = {}) => house.work(ctx => act.openInteraction(ctx, { ...opened, ...more }))
const agentId = crypto.randomUUID()

describe('a contact', () => {
  test('leaves its marks of time from hello to satisfied', async () => {
    const { id } = await open()
    await house.pass(1)
    await house.work(ctx => act.markAnswered(ctx, id, agentId))
    await house.pass(5)
    await house.work(ctx => act.markEnded(ctx, id))
    await house.work(ctx => act.markWrapped(ctx, id, { reasonId: null, outcomeId: null, note: '已解释' }))
    await house.work(ctx => act.rateInteraction(ctx, id, 5))
    const row = await house.work(ctx => oneInteraction(ctx, id))
    expect(row).toMatchObject({ state: 'done', agentId, note: '已解释', rating: 5, customerName: null })
    const minutes = (from: Date | null, to: Date | null) => Math.round(((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 60_000)
    expect([minutes(row.queuedAt, row.answeredAt), minutes(row.answeredAt, row.endedAt), minutes(row.endedAt, row.wrappedAt)]).toEqual([
      1, 5, 0,
    ])
    expect((await house.said('interaction.answered')).at(-1)).toMatchObject({ waitedSeconds: 60, again: false })
  })

  test('that is transferred keeps the first answer', async () => {
    const { id } = await open()
    const first = await house.work(ctx => act.markAnswered(ctx, id, agentId))
    await house.pass(3)
    const second = await house.work(ctx => act.markAnswered(ctx, id, crypto.randomUUID()))
    expect(second.answeredAt).toEqual(first.answeredAt)
    expect((await house.said('interaction.answered')).at(-1)).toMatchObject({ again: true })
  })

  test('ended twice is ended once, and abandoned is not answered any more', async () => {
    const { id } = await open({ state: 'active', agentId })
    const first = await house.work(ctx => act.markEnded(ctx, id))
    await house.pass(1)
    expect((await house.work(ctx => act.markEnded(ctx, id))).endedAt).toEqual(first.endedAt)
    const gone = await open()
    await house.work(ctx => act.markAbandoned(ctx, gone.id))
    await expect(house.work(ctx => act.markAnswered(ctx, gone.id, agentId))).rejects.toMatchObject({
      code: 'interaction.state',
      facts: { state: 'abandoned', wanted: 'active' },
    })
  })

  test('left as a message waits later, and unknown reasons are refused', async () => {
    const { id } = await open({ state: 'left' })
    expect((await house.work(ctx => act.markWaiting(ctx, id))).queuedAt).toBeInstanceOf(Date)
    await house.work(ctx => act.markAnswered(ctx, id, agentId))
    const words = { reasonId: crypto.randomUUID(), outcomeId: null, note: '' }
    await expect(house.work(ctx => act.markWrapped(ctx, id, words))).rejects.toMatchObject({ code: 'contact_reason.not_found' })
  })
})

test('the last agent is whoever last answered this customer, not longer ago than asked', async () => {
  const customerId = crypto.randomUUID()
  const insert = (days: number, agent: string | null) =>
    house.work(async ctx => {
      const at = new Date(ctx.now.getTime() - days * 86_400_000)
      await ctx.db
        .insertInto('interactions.interaction')
        .values({
          id: crypto.randomUUID(),
          channel: 'chat',
          direction: 'in',
          state: 'done',
          customerId,
          queueId: null,
          agentId: agent,
          startedAt: at,
          queuedAt: at,
          answeredAt: agent ? at : null,
          endedAt: at,
          wrappedAt: null,
          reasonId: null,
          outcomeId: null,
          rating: null,
        })
        .execute()
    })
  const earlier = crypto.randomUUID()
  await insert(20, earlier)
  await insert(10, agentId)
  await insert(1, null)
  expect(await house.work(ctx => lastAgentOf(ctx, customerId, 30))).toBe(agentId)
  expect(await house.work(ctx => lastAgentOf(ctx, customerId, 5))).toBeNull()
})

describe('the list', () => {
  test('pages by key, newest first, without gap or repetition', async () => {
    const queueId = crypto.randomUUID()
    const made: string[] = []
    for (let i = 0; i < 7; i++) made.unshift((await open({ queueId })).id)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await house.work(ctx => listInteractions(ctx, { queueId, size: 3, ...(after ? { after } : {}) }))
      seen.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(made)
    await expect(house.work(ctx => listInteractions(ctx, { after: 'bm9uc2Vuc2U' }))).rejects.toMatchObject({ code: 'input.cursor' })
  })

  test('shows an agent only what is theirs, and nobody without permission anything', async () => {
    const mine = await open({ state: 'active', agentId })
    const own = house.user({ id: agentId, grants: new Map([['interaction:read', 'own']]) })
    const rows = (await house.as(own).work(ctx => listInteractions(ctx, { size: 100 }))).rows
    expect(rows.map(r => r.id)).toContain(mine.id)
    expect(new Set(rows.map(r => r.agentId))).toEqual(new Set([agentId]))
    await expect(house.as(house.user({}, [])).work(ctx => oneInteraction(ctx, mine.id))).rejects.toMatchObject({
      code: 'interaction.not_found',
    })
    await expect(house.as(house.user({ tenantId: house.otherTenantId })).work(ctx => oneInteraction(ctx, mine.id))).rejects.toMatchObject({
      code: 'interaction.not_found',
    })
  })
})

test('who serves its customer, or owns the task about it, opens a contact that others answered', async () => {
  const { addCustomer } = await import('#domains/customers/index.ts')
  const { NewCustomer } = await import('#contract/customers.ts')
  const { openTask } = await import('#domains/tasks/index.ts')
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '陈静', phone: '13900001234' })))
  const [known, unknown] = [await open({ customerId: customer.id, agentId }), await open({ agentId })]
  const grants = (...more: ['customer:read' | 'task:read', 'own' | 'team' | 'all'][]) =>
    house.user({ teamId: crypto.randomUUID(), grants: new Map([['interaction:read', 'team'], ...more]) })
  const sees = (actor: ReturnType<typeof grants>, id: string) =>
    house
      .work(ctx => oneInteraction(ctx, id), actor)
      .then(
        i => i.id,
        (error: { code: string }) => error.code,
      )
  expect(await sees(grants(['customer:read', 'all']), known.id)).toBe(known.id)
  expect(await sees(grants(['customer:read', 'own']), known.id)).toBe('interaction.not_found')
  expect(await sees(grants(['customer:read', 'all']), unknown.id)).toBe('interaction.not_found')

  const [lead, owner, agent] = [grants(['task:read', 'team']), grants(['task:read', 'own']), grants(['task:read', 'own'])]
  await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').limit(1).executeTakeFirstOrThrow()
    const person = {
      name: '班长',
      passwordHash: '',
      departmentId: null,
      teamId: null,
      roleId: role.id,
      language: 'zh' as const,
      addedAt: ctx.now,
    }
    await ctx.db
      .insertInto('identity.person')
      .values({ id: owner.id, login: owner.id, ...person })
      .execute()
  })
  const task = (ownerId: string | null) =>
    house.work(ctx =>
      openTask(ctx, {
        kind: 'winback',
        title: '低分回访',
        text: '',
        matter: { noun: 'interaction', id: unknown.id },
        customerId: null,
        ownerId,
        departmentId: null,
        dueAt: null,
        facts: {},
      }),
    )
  await task(owner.id)
  expect([await sees(owner, unknown.id), await sees(lead, unknown.id)]).toEqual([unknown.id, 'interaction.not_found'])
  await task(null)
  expect([await sees(lead, unknown.id), await sees(agent, unknown.id)]).toEqual([unknown.id, 'interaction.not_found'])
})

describe('reasons and outcomes', () => {
  const noWords = { note: '' }
  const queueOf = (name: string) =>
    house.work(async ctx => {
      const { addQueue } = await import('#domains/routing/index.ts')
      const { Queue } = await import('#contract/routing.ts')
      return (await addQueue(ctx, Queue.parse({ name }))).id
    })
  const reason = (name: string, more: Partial<words.Reason> = {}) =>
    house.work(ctx => words.addReason(ctx, ContactReason.parse({ name, ...more })))
  const wrapped = async (queueId: string | null, reasonId: string, outcomeId: string | null = null) => {
    const { id } = await open({ queueId, state: 'active', agentId })
    return house
      .work(ctx => act.markWrapped(ctx, id, { reasonId, outcomeId, ...noWords }))
      .then(
        row => row.state,
        (error: { code: string }) => error.code,
      )
  }

  test('limited to queues are accepted only there, and a branch limits all below it', async () => {
    const [repairs, billing] = [await queueOf('报修'), await queueOf('账务')]
    const branch = await reason('报修', { queueIds: [repairs] })
    const leaf = await reason('漏水', { parentId: branch.id })
    const free = await reason('其他')
    expect([await wrapped(repairs, leaf.id), await wrapped(billing, leaf.id), await wrapped(null, leaf.id)]).toEqual([
      'done',
      'contact_reason.other_queue',
      'done',
    ])
    expect(await wrapped(billing, free.id)).toBe('done')
    const outcome = await house.work(ctx => words.addOutcome(ctx, ContactOutcome.parse({ name: '已派单', queueIds: [repairs] })))
    expect([await wrapped(repairs, free.id, outcome.id), await wrapped(billing, free.id, outcome.id)]).toEqual([
      'done',
      'contact_outcome.other_queue',
    ])
    await expect(reason('无处', { queueIds: [crypto.randomUUID()] })).rejects.toMatchObject({ code: 'queue.not_found' })
  })

  test('a retired reason is chosen no more, but what a contact came with stays', async () => {
    const { id: reasonId } = await reason('旧原因')
    const { id } = await open({ state: 'active', agentId, reasonId })
    await house.work(ctx => words.reasons.retire(ctx, reasonId, true))
    expect(await wrapped(null, reasonId)).toBe('contact_reason.retired')
    await house.work(ctx => act.markWrapped(ctx, id, { reasonId, outcomeId: null, ...noWords }))
  })

  test('a reason never stands below itself, and the list follows the tree', async () => {
    const top = await reason('甲', { position: 900 })
    const middle = await reason('乙', { parentId: top.id, position: 2 })
    const low = await reason('丙', { parentId: middle.id })
    const first = await reason('丁', { parentId: top.id, position: 1 })
    await expect(house.work(ctx => words.changeReason(ctx, top.id, { parentId: low.id }))).rejects.toMatchObject({
      code: 'contact_reason.below_itself',
    })
    await expect(reason('戊', { parentId: crypto.randomUUID() })).rejects.toMatchObject({ code: 'contact_reason.not_found' })
    const names = (await house.work(ctx => words.listReasons(ctx, false))).map(r => r.name)
    expect(names.slice(names.indexOf('甲'))).toEqual(['甲', '丁', '乙', '丙'])
    expect(first.parentId).toBe(top.id)
  })
})

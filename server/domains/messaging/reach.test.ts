import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Queue } from '#contract/routing.ts'
import { chooseState } from '#domains/routing/actions/presence.ts'
import { shiftChanged } from '#domains/routing/events.ts'
import { addQueue } from '#domains/routing/index.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { setTheDesk, type TheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addNote, identifyConversation } from './actions/answer.ts'
import { takeOver } from './actions/handOver.ts'
import { visitorLeaves, visitorSays } from './actions/start.ts'
import { stateOf, thisVisitor } from './actions/visit.ts'
import { signCustomer } from './identity.ts'
import { messagesOf, oneConversation } from './queries.ts'
import { changeWidget, renewSecret } from './widgets.ts'

let house: TestHouse
let desk: TheDesk
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
})
afterAll(() => house.close())

const one = (id: string) => house.work(ctx => oneConversation(ctx, id))
const refused = (code: string) => ({ code })
type Actor = Awaited<ReturnType<TheDesk['visit']>>['actor']
const standing = (actor: Actor) => desk.as(actor, async ctx => stateOf(ctx, await thisVisitor(ctx)))

test('who waits is told a new estimate when an agent goes or comes back, though nobody moved', async () => {
  const agent = await desk.agent('满手', { capacity: 1 })
  const [busy, waiting] = [await desk.visit(), await desk.visit()]
  await desk.start(busy.actor)
  await desk.accept(agent)
  const id = await desk.start(waiting.actor)
  const told = async () => {
    // What was announced sets the beat; after the beat they are told.
    await desk.settle()
    await house.pass(0.1)
    await desk.settle()
    return house.work(ctx =>
      ctx.db.selectFrom('messaging.conversation').select(['placeTold', 'estimateTold']).where('id', '=', id).executeTakeFirstOrThrow(),
    )
  }
  await told()
  await desk.away(agent)
  const without = await told()
  await desk.as(agent, ctx => chooseState(ctx, { state: 'ready', reasonId: null }))
  await desk.rest()
  const withAgent = await told()
  expect([without.placeTold, withAgent.placeTold]).toEqual([1, 1])
  expect([without.estimateTold, withAgent.estimateTold]).toEqual([null, expect.any(Number)])
  await house.work(ctx => ctx.emit(shiftChanged, { id: agent.id }, { to: 'ready', reasonId: null, agentIds: [agent.id], changed: 1 }))
  await house.work(ctx => ctx.db.updateTable('messaging.conversation').set({ estimateTold: null }).where('id', '=', id).execute())
  expect((await told()).estimateTold).toEqual(withAgent.estimateTold)
  await desk.as(waiting.actor, ctx => visitorLeaves(ctx))
  await desk.away(agent)
})

describe('a leader whose reading goes further than the leading', () => {
  const leader = (more: Partial<User> = {}): User =>
    house.user({
      teamId: newId(),
      ...more,
      grants: new Map([
        ['conversation:read', 'all'],
        ['conversation:write', 'own'],
        ['conversation:supervise', 'team'],
      ]),
    })

  test('reads the talks of other teams and touches none', async () => {
    const agent = await desk.agent('别的班')
    const { actor } = await desk.visit()
    const id = await desk.start(actor)
    await desk.accept(agent)
    const other = leader()
    expect(await desk.as(other, ctx => oneConversation(ctx, id))).toMatchObject({ agentId: agent.id })
    for (const act of [
      () => desk.as(other, ctx => takeOver(ctx, id)),
      () => desk.as(other, ctx => addNote(ctx, id, { clientId: newId(), text: '看看' })),
      () => desk.as(other, ctx => identifyConversation(ctx, id, newId())),
    ])
      await expect(act()).rejects.toMatchObject(refused('conversation.not_found'))
    expect(await one(id)).toMatchObject({ agentId: agent.id })

    const teamId = newId()
    await house.work(async ctx => {
      const departmentId = newId()
      await ctx.db.insertInto('identity.department').values({ id: departmentId, name: '客服部', nameEn: '', parentId: null }).execute()
      await ctx.db.insertInto('identity.team').values({ id: teamId, name: '早班', departmentId }).execute()
      await ctx.db.updateTable('identity.person').set({ teamId }).where('id', '=', agent.id).execute()
    })
    const own = await desk.agent('班长', { ready: false, queues: [] })
    await desk.as({ ...leader({ teamId }), id: own.id }, ctx => takeOver(ctx, id))
    expect(await one(id)).toMatchObject({ agentId: own.id })
    await desk.away(agent)
  })
})

test('a queue’s own hours decide whether it serves, whatever the widget says', async () => {
  const night = await house.work(async ctx => (await addQueue(ctx, Queue.parse({ name: '夜里不在', calendarId: desk.ids.never }))).id)
  const always = await house.work(
    async ctx => (await addQueue(ctx, Queue.parse({ name: '昼夜抢修', calendarId: desk.ids.always, position: 2 }))).id,
  )
  const choice = (key: string, queueId: string) => ({ key, label: key, labelEn: '', queueId, reasonId: null })
  await house.work(ctx => changeWidget(ctx, desk.widget.id, { choices: [choice('closed', night), choice('open', desk.ids.water)] }))
  const asleep = await desk.visit()
  expect(asleep.open).toBe(true)
  const id = await desk.start(asleep.actor, '', { choice: 'closed' })
  expect(await one(id)).toMatchObject({ state: 'left', queueId: night })
  expect(await standing(asleep.actor)).toMatchObject({ open: false, opensAt: null })
  await desk.as(asleep.actor, ctx => visitorSays(ctx, { text: '还在吗', clientId: newId() }))
  expect(await one(id)).toMatchObject({ state: 'left' })
  const awake = await desk.visit()
  expect(await one(await desk.start(awake.actor, '', { choice: 'open' }))).toMatchObject({ state: 'waiting' })
  await desk.as(awake.actor, ctx => visitorLeaves(ctx))

  await house.work(ctx => changeWidget(ctx, desk.widget.id, { calendarId: desk.ids.never, choices: [choice('repair', always)] }))
  const late = await desk.visit()
  expect(late.open).toBe(false)
  expect(await one(await desk.start(late.actor, '', { choice: 'repair' }))).toMatchObject({ state: 'waiting', queueId: always })
  await desk.as(late.actor, ctx => visitorLeaves(ctx))
  await house.work(ctx => changeWidget(ctx, desk.widget.id, { calendarId: desk.ids.always, choices: [] }))
})

test('two customers whom we do not know, one after the other at one browser, never see each other’s talk', async () => {
  const { secret } = await house.work(ctx => renewSecret(ctx, desk.widget.id))
  const exp = Math.floor(house.now().getTime() / 1000) + 300
  const sign = (number: string, more = {}) => signCustomer({ number, exp, ...more }, secret)
  const first = await desk.visit(desk.key, { identity: sign('U-1') })
  const id = await desk.start(first.actor, '第一位的事')
  const second = await desk.visit(desk.key, { identity: sign('U-2'), token: first.token })
  expect(second.visitorId).not.toBe(first.visitorId)
  expect(second.conversation).toBeNull()
  expect(second.token).not.toBe(first.token)
  const back = await desk.visit(desk.key, { identity: sign('U-1', { email: 'new@example.com' }), token: first.token })
  expect(back).toMatchObject({ visitorId: first.visitorId, conversation: { id } })

  // Also when an agent has said meanwhile who the first one is.
  const agent = await desk.agent('认人')
  await desk.accept(agent)
  const customer = await house.work(async ctx => {
    const { addCustomer } = await import('#domains/customers/index.ts')
    const { NewCustomer } = await import('#contract/customers.ts')
    return addCustomer(ctx, NewCustomer.parse({ name: '陈静', phone: '13900005678' }))
  })
  await desk.as(agent, ctx => identifyConversation(ctx, id, customer.id))
  const third = await desk.visit(desk.key, { identity: sign('U-3'), token: first.token })
  expect([third.visitorId === first.visitorId, third.conversation]).toEqual([false, null])
  expect((await house.work(ctx => messagesOf(ctx, id, { notes: false }))).map(m => m.text)).toContain('第一位的事')
})

import { describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { routingStage } from '#testing/stage.ts'
import { mine, presenceOf } from '../queries.ts'
import { raisedHands, team } from '../team.ts'
import { listWaiting } from '../waiting.ts'
import { lowerHand, raiseHand, readWord, sayWord } from './hands.ts'
import { changeShift, chooseState, forceState } from './presence.ts'
import { giveContacts, prioritise } from './supervise.ts'

const s = routingStage()
const { agent, rings, seconds, goes } = s

describe('presence', () => {
  test('a reason must be one of that state, and only a change is announced', async () => {
    const user = await agent('甲', [await s.desk.queue()])
    const reasonId = await s.house.work(async ctx => {
      const id = crypto.randomUUID()
      await ctx.db.insertInto('routing.presenceReason').values({ id, name: '用餐', state: 'break' }).execute()
      return id
    })
    await expect(s.house.as(user).work(ctx => chooseState(ctx, { state: 'busy', reasonId }))).rejects.toMatchObject({
      code: 'presence.reason_mismatch',
    })
    const before = (await s.house.said('presence.changed')).length
    await s.house.as(user).work(ctx => chooseState(ctx, { state: 'break', reasonId }))
    await s.house.as(user).work(ctx => chooseState(ctx, { state: 'break', reasonId }))
    expect((await s.house.said('presence.changed')).slice(before)).toEqual([{ from: 'ready', to: 'break', reasonId, why: 'chosen' }])
    await s.house.work(ctx => forceState(ctx, user.id, { state: 'ready', reasonId: null }))
    expect((await s.house.said('presence.changed')).at(-1)).toMatchObject({ to: 'ready', why: 'forced' })
  })

  test('an agent whose console has been gone for half a minute is offline, and what rings goes back', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await s.house.work(ctx => ctx.db.insertInto('routing.console').values({ agentId: user.id, seenAt: ctx.now }).execute())
    await seconds(25)
    expect(await rings(user)).toEqual([contact])
    await seconds(6)
    expect(await s.house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'offline', missed: false })
    const other = await agent('乙', [queue])
    expect(await rings(other)).toEqual([contact])
  })
})

test('a shift is logged in and out at once, told as one event; one unknown name and nobody changes', async () => {
  const queue = await s.desk.queue()
  const [first, second] = [await agent('甲', [queue], { state: 'offline' }), await agent('乙', [queue], { state: 'offline' })]
  const leader = s.house.user()
  const shift = (agentIds: string[], state: 'ready' | 'offline') =>
    s.house.as(leader).work(ctx => changeShift(ctx, { agentIds, state, reasonId: null }))
  const contact = await s.desk.contact(queue)
  const single = (await s.house.said('presence.changed')).length
  await expect(shift([first.id, crypto.randomUUID()], 'ready')).rejects.toMatchObject({ code: 'agent.not_found' })
  expect(await rings(first)).toEqual([])
  expect(await shift([first.id, second.id, first.id], 'ready')).toEqual({ changed: 2 })
  await s.desk.rest()
  expect([...(await rings(first)), ...(await rings(second))]).toEqual([contact])
  expect(await shift([first.id, second.id], 'ready')).toEqual({ changed: 0 })
  expect(await shift([first.id, second.id], 'offline')).toEqual({ changed: 2 })
  expect((await s.house.said('presence.shift_changed')).map(e => [e.to, e.changed])).toEqual([['ready', 2], ['ready', 0], ['offline', 2]]) // biome-ignore format: a row per act
  expect((await s.house.said('presence.changed')).length).toBe(single)
})

describe('a raised hand', () => {
  const raise = (user: User, more: { up?: boolean; interactionId?: string; words?: string } = {}) =>
    s.house.as(user).work(ctx => raiseHand(ctx, { up: true, interactionId: null, words: '', ...more }))
  const hands = () => s.house.as(s.house.user()).work(raisedHands)

  test('is seen by leaders, keeps its time when raised again, and is lowered by either', async () => {
    const user = await agent('甲', [await s.desk.queue()])
    await raise(user)
    await raise(user, { words: '客户要求赔偿' })
    expect(await hands()).toMatchObject([{ agentId: user.id, agentName: '甲', words: '客户要求赔偿' }])
    expect((await s.house.as(user).work(mine)).presence).toMatchObject({ handWords: '客户要求赔偿', handInteractionId: null })
    expect(await s.house.said('hand.explained')).toHaveLength(1)
    await raise(user, { up: false })
    expect(await hands()).toEqual([])
    await raise(user)
    await s.house.work(ctx => lowerHand(ctx, user.id))
    expect(await hands()).toEqual([])
    expect([...(await s.house.said('hand.raised')), ...(await s.house.said('hand.lowered'))]).toEqual([
      { interactionId: null }, { interactionId: null }, { by: 'agent' }, { by: 'leader' },
    ]) // biome-ignore format: four short facts
  })

  test('is about a contact in the own hand, and comes down when the agent goes home', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await expect(raise(user, { interactionId: contact })).rejects.toMatchObject({ code: 'contact.not_found' })
    await s.accepts(user)
    await raise(user, { interactionId: contact })
    const mine = (await s.house.as(s.house.user()).work(ctx => team(ctx, { state: 'asking' }))).rows.find(m => m.agentId === user.id)
    expect(mine).toMatchObject({ handInteractionId: contact, handRaisedAt: expect.any(Date), here: false, handledToday: 0 })
    expect(mine?.inHand).toMatchObject([{ interactionId: contact, wrapping: false }])
    await goes(user, 'offline')
    expect(await hands()).toEqual([])
  })
})

test('a word of a leader stands until it is read, and there are not too many', async () => {
  const user = await agent('甲', [await s.desk.queue()])
  const other = await agent('乙', [])
  const leader = s.house.user({ name: '班长' })
  const say = (text: string) => s.house.as(leader).work(ctx => sayWord(ctx, user.id, text))
  const words = async () => (await s.house.as(user).work(mine)).words
  const { id } = await say('请先安抚，我马上到')
  expect(await words()).toMatchObject([{ id, text: '请先安抚，我马上到' }])
  await expect(s.house.as(other).work(ctx => readWord(ctx, id))).rejects.toMatchObject({ code: 'word.not_found' })
  await s.house.as(user).work(ctx => readWord(ctx, id))
  await s.house.as(user).work(ctx => readWord(ctx, id))
  expect(await words()).toEqual([])
  expect(await s.house.said('word.read')).toHaveLength(1)
  for (let i = 0; i < 20; i++) await say(`第 ${i} 句`)
  await expect(say('再一句')).rejects.toMatchObject({ code: 'word.too_many' })
})

test('a leader of a team sees and moves that team only', async () => {
  const teamId = crypto.randomUUID()
  const [mineQueue, otherQueue] = [await s.desk.queue(), await s.desk.queue()]
  const [ours, theirs] = [await agent('甲', [mineQueue]), await agent('乙', [otherQueue])]
  const departmentId = crypto.randomUUID()
  await s.house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: departmentId, name: '客服部', parentId: null }).execute()
    await ctx.db.insertInto('identity.team').values({ id: teamId, name: '一班', departmentId }).execute()
    await ctx.db.updateTable('identity.person').set({ teamId }).where('id', '=', ours.id).execute()
  })
  await s.goes(ours, 'break')
  await s.goes(theirs, 'break')
  const leader = s.house.user({ teamId, grants: new Map([['routing:supervise' as const, 'team' as const]]) })
  const contacts = [await s.desk.contact(mineQueue), await s.desk.contact(otherQueue)]
  const does = s.house.as(leader).work
  expect((await does(ctx => team(ctx, {}))).rows.map(m => m.agentId)).toEqual([ours.id])
  expect((await does(ctx => listWaiting(ctx, {}))).rows.map(w => w.id)).toEqual([contacts[0]])
  const settled = await does(ctx => prioritise(ctx, { ids: contacts, ahead: true }))
  expect(settled).toEqual({ done: [contacts[0]], refused: [{ id: contacts[1], code: 'routing.not_waiting', facts: { id: contacts[1] } }] })
  for (const act of [
    () => does(ctx => changeShift(ctx, { agentIds: [theirs.id], state: 'ready', reasonId: null })),
    () => does(ctx => lowerHand(ctx, theirs.id)),
    () => does(ctx => sayWord(ctx, theirs.id, '你好')),
    () => does(ctx => giveContacts(ctx, { ids: contacts, agentId: theirs.id })),
  ])
    await expect(act()).rejects.toMatchObject({ code: 'agent.not_found' })
})

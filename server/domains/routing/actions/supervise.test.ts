import { expect, test } from 'vitest'
import { routingStage } from '#testing/stage.ts'
import { outlook } from '../estimate.ts'
import { listWaiting } from '../waiting.ts'
import { giveContacts, moveContacts, prioritise } from './supervise.ts'

const s = routingStage()
const { agent, rings, goes, seconds, does, accepts, declines } = s
const order = async (queueId: string) => (await s.house.work(ctx => listWaiting(ctx, { queueId }))).rows
const gives = (ids: string[], agentId: string) => does(ctx => giveContacts(ctx, { ids, agentId }))

test('moved contacts keep their age, stand by the rules of the new queue, and ring there', async () => {
  const skill = await s.desk.skill('英语')
  const from = await s.desk.queue()
  const to = await s.desk.queue({ demands: [{ skillId: skill, level: 2, relaxAfter: 0 }] })
  const user = await agent('甲', [to], { skills: [{ skillId: skill, level: 2 }], capacity: 2 })
  const ids = [await s.desk.contact(from), await s.desk.contact(from)]
  await s.house.pass(3)
  expect(await does(ctx => moveContacts(ctx, { ids, queueId: to }))).toEqual({ done: [...ids].sort(), refused: [] })
  expect(await rings(user)).toEqual([ids[0]])
  const [first, second] = await order(to)
  expect([first, second]).toMatchObject([
    { id: ids[0], ringsFor: '甲', needs: [{ skillId: skill, level: 2 }] },
    { id: ids[1], ringsFor: null },
  ])
  expect(second?.waitingSince).toEqual((await s.interaction(ids[1] ?? '')).queuedAt)
  expect(s.heard).toEqual(['overflowed', 'overflowed'])
  expect(await s.house.said('contact.moved')).toEqual([{ fromQueueId: from, queueId: to }, { fromQueueId: from, queueId: to }]) // biome-ignore format: two of the same
})

test('what rings, was answered or is of another channel is refused by itself; the rest is moved', async () => {
  const [from, to, mail] = [await s.desk.queue(), await s.desk.queue(), await s.desk.queue({ channel: 'mail' })]
  const user = await agent('甲', [from])
  const answered = await s.desk.contact(from)
  await accepts(user)
  const other = await agent('乙', [from])
  const ringing = await s.desk.contact(from)
  expect(await rings(other)).toEqual([ringing])
  const [waiting, letter] = [await s.desk.contact(from), await s.desk.contact(mail, { channel: 'mail' })]
  const { done, refused } = await does(ctx => moveContacts(ctx, { ids: [answered, ringing, waiting, letter], queueId: to }))
  expect(done).toEqual([waiting])
  expect(new Map(refused.map(r => [r.id, r.code]))).toEqual(
    new Map([
      [answered, 'routing.not_waiting'],
      [ringing, 'routing.offered_elsewhere'],
      [letter, 'queue.other_channel'],
    ]),
  )
  await expect(s.house.work(ctx => moveContacts(ctx, { ids: [waiting], queueId: waiting }))).rejects.toMatchObject({
    code: 'queue.not_found',
  })
})

test('whoever is put ahead goes before every value, and can be put back', async () => {
  const queue = await s.desk.queue()
  const [key, plain, later] = [
    await s.desk.contact(queue, { tier: 'key', priority: 49 }),
    await s.desk.contact(queue),
    await s.desk.contact(queue),
  ]
  await does(ctx => prioritise(ctx, { ids: [plain, later], ahead: true }))
  await does(ctx => prioritise(ctx, { ids: [plain, later], ahead: true }))
  expect((await order(queue)).map(w => [w.id, w.ahead])).toEqual([[plain, true], [later, true], [key, false]]) // biome-ignore format: a row per place
  await does(ctx => prioritise(ctx, { ids: [plain], ahead: false }))
  expect(await s.house.said('contact.prioritised')).toHaveLength(3)
  const user = await agent('甲', [queue])
  expect(await rings(user)).toEqual([later])
})

test('a contact given to one agent rings there first, whatever the skills, and is anyone’s when refused or late', async () => {
  const skill = await s.desk.skill('水质')
  const queue = await s.desk.queue({ demands: [{ skillId: skill, level: 5, relaxAfter: 0 }] })
  const [user, expert] = [await agent('甲', []), await agent('乙', [queue], { skills: [{ skillId: skill, level: 5 }] })]
  await goes(expert, 'break')
  const contact = await s.desk.contact(queue)
  await does(ctx => giveContacts(ctx, { ids: [contact], agentId: user.id }))
  expect(await rings(user)).toEqual([contact])
  await goes(expert, 'ready')
  await declines(user)
  expect(await rings(expert)).toEqual([contact])
  await accepts(expert)

  const other = await s.desk.queue()
  const held = await s.desk.contact(other)
  await does(ctx => giveContacts(ctx, { ids: [held], agentId: expert.id }))
  expect(await order(other)).toMatchObject([{ id: held, preferredAgentName: '乙' }])
  await seconds(61)
  expect(await order(other)).toMatchObject([{ id: held, preferredAgentName: null }])
  await goes(user, 'break')
  expect(await gives([held], user.id)).toEqual({ done: [], refused: [{ id: held, code: 'agent.not_ready', facts: {} }] })
  const unstaffed = await agent('丙', [], { channels: [] })
  expect(await gives([held], unstaffed.id)).toMatchObject({ refused: [{ code: 'agent.not_staffed', facts: { channel: 'chat' } }] })
  await expect(gives([held], crypto.randomUUID())).rejects.toMatchObject({ code: 'agent.not_found' })
})

test('of several given at once those that wait are given, and each refused says why', async () => {
  const queue = await s.desk.queue()
  const user = await agent('甲', [queue], { capacity: 3 })
  const answered = await s.desk.contact(queue)
  await accepts(user)
  const other = await agent('乙', [], { capacity: 3 })
  await goes(user, 'break')
  const ids = [await s.desk.contact(queue), await s.desk.contact(queue)]
  const result = await gives([...ids, answered], other.id)
  expect(result).toEqual({ done: ids.toSorted(), refused: [{ id: answered, code: 'routing.not_waiting', facts: { id: answered } }] })
  expect(await rings(other)).toEqual([ids[0]])
  await accepts(other)
  expect(await rings(other)).toEqual([ids[1]])
})

test('the list is paged in the order of turns, and the outlook is that of somebody who came now', async () => {
  const queue = await s.desk.queue()
  const [first, gold] = [await s.desk.contact(queue), await s.desk.contact(queue, { tier: 'gold' })]
  const last = await s.desk.contact(queue)
  const page = (after?: string) => s.house.work(ctx => listWaiting(ctx, { queueId: queue, size: 1, ...(after ? { after } : {}) }))
  const seen: string[] = []
  for (let next: string | null | undefined; next !== null; ) {
    const got = await page(next)
    seen.push(...got.rows.map(w => w.id))
    next = got.next
  }
  expect(seen).toEqual([gold, first, last])
  expect(await s.house.work(ctx => outlook(ctx, queue))).toEqual({ position: 4, estimate: null })
  await expect(page('nonsense')).rejects.toMatchObject({ code: 'input.cursor' })
})

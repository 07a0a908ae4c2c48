import { describe, expect, test } from 'vitest'
import { routingStage } from '#testing/stage.ts'
import { presenceOf } from '../queries.ts'
import { release } from './handling.ts'
import { acceptOffer } from './offers.ts'
import { leaveQueue } from './queueing.ts'
import { changeQueue } from './queues.ts'

const s = routingStage()
const { goes, rung, agent, rings, seconds, accepts, declines, does, interaction, load } = s

describe('who is offered what', () => {
  test('the agent who has been idle longest is offered the contact, and accepting answers it', async () => {
    const queue = await s.desk.queue()
    const first = await agent('甲', [queue])
    const second = await agent('乙', [queue])
    const contact = await s.desk.contact(queue)
    const later = await s.desk.contact(queue)
    const [offer] = await rung(first)
    expect(offer).toMatchObject({ interactionId: contact, queueName: '用水咨询', customerName: '访客', subject: '停水', preferred: false })
    expect(await rings(second)).toEqual([later])
    await accepts(first)
    expect(s.heard).toEqual(['accepted 甲'])
    expect(await interaction(contact)).toMatchObject({ state: 'active', agentId: first.id, answeredAt: expect.any(Date) })
    expect(await load(first)).toEqual({ channel: 'chat', capacity: 1, used: 1 })
    await expect(s.house.as(first).work(ctx => acceptOffer(ctx, offer?.id ?? ''))).rejects.toMatchObject({
      code: 'offer.over',
      kind: 'gone',
    })
  })

  test('an agent with several places gets one ring at a time and never more than the places', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue], { capacity: 2 })
    const contacts = [await s.desk.contact(queue), await s.desk.contact(queue), await s.desk.contact(queue)]
    expect(await rings(user)).toEqual([contacts[0]])
    await accepts(user)
    expect(await rings(user)).toEqual([contacts[1]])
    await accepts(user)
    expect(await rings(user)).toEqual([])
    await does(ctx => release(ctx, contacts[0] ?? ''))
    expect(await rings(user)).toEqual([contacts[2]])
  })

  test('whoever was just given a contact is last in line for the next', async () => {
    const queue = await s.desk.queue()
    const first = await agent('甲', [queue], { capacity: 3 })
    const second = await agent('乙', [queue], { capacity: 3 })
    await s.desk.contact(queue)
    await accepts(first)
    await s.desk.contact(queue)
    expect([await rings(first), await rings(second)]).toEqual([[], [expect.any(String)]])
  })

  test('value goes first, then given priority, then age', async () => {
    const queue = await s.desk.queue()
    const normal = await s.desk.contact(queue, { tier: 'normal' })
    const urgent = await s.desk.contact(queue, { tier: 'normal', priority: 9 })
    const gold = await s.desk.contact(queue, { tier: 'gold' })
    const older = await s.desk.contact(queue, { tier: 'gold', waitedSince: new Date(s.house.now().getTime() - 60_000) })
    const user = await agent('甲', [queue])
    const order: string[] = []
    for (let i = 0; i < 4; i++) {
      const { interactionId } = await accepts(user)
      order.push(interactionId)
      await does(ctx => release(ctx, interactionId))
    }
    expect(order).toEqual([older, gold, urgent, normal])
  })

  test('a demand keeps out who lacks the skill, and relaxes while the contact waits', async () => {
    const skill = await s.desk.skill('水质')
    const queue = await s.desk.queue({ demands: [{ skillId: skill, level: 3, relaxAfter: 30 }] })
    const without = await agent('甲', [queue])
    const junior = await agent('乙', [queue], { skills: [{ skillId: skill, level: 2 }] })
    const contact = await s.desk.contact(queue)
    expect([await rings(without), await rings(junior)]).toEqual([[], []])
    await seconds(31)
    expect([await rings(without), await rings(junior)]).toEqual([[], [contact]])
    await declines(junior)
    await seconds(60)
    expect(await rings(without)).toEqual([contact])
  })

  test('changed demands of a queue hold at once for whoever waits', async () => {
    const skill = await s.desk.skill('英语')
    const queue = await s.desk.queue({ demands: [{ skillId: skill, level: 5, relaxAfter: 0 }] })
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    expect(await rings(user)).toEqual([])
    await does(ctx => changeQueue(ctx, queue, { demands: [] }))
    expect(await rings(user)).toEqual([contact])
  })
})

describe('refused and missed', () => {
  test('a declined contact keeps its place and goes to somebody else, not back to the same agent', async () => {
    const queue = await s.desk.queue()
    const first = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    const second = await agent('乙', [queue])
    await declines(first)
    expect([await rings(first), await rings(second)]).toEqual([[], [contact]])
    const waiting = await s.house.work(ctx =>
      ctx.db.selectFrom('routing.waiting').select('enqueuedAt').where('id', '=', contact).executeTakeFirstOrThrow(),
    )
    expect(waiting.enqueuedAt).toEqual((await interaction(contact)).queuedAt)
  })

  test('when everybody else is full it waits a minute before it rings at the same desk again', async () => {
    const queue = await s.desk.queue()
    const full = await agent('甲', [queue])
    await s.desk.contact(queue)
    await accepts(full)
    const user = await agent('乙', [queue])
    const contact = await s.desk.contact(queue)
    await declines(user)
    await seconds(50)
    expect(await rings(user)).toEqual([])
    await seconds(11)
    expect(await rings(user)).toEqual([contact])
  })

  test('when nobody else fits it comes back after a breath', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await declines(user)
    expect(await rings(user)).toEqual([])
    await seconds(6)
    expect(await rings(user)).toEqual([contact])
  })

  test('after so many missed offers in a row the agent is set aside', async () => {
    const queue = await s.desk.queue({ ringSeconds: 20 })
    const user = await agent('甲', [queue], { missesAllowed: 2 })
    const contact = await s.desk.contact(queue)
    await seconds(21)
    expect(await s.house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'ready', missed: false })
    await seconds(6)
    expect(await rings(user)).toEqual([contact])
    await seconds(21)
    expect(await s.house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'busy', missed: true })
    expect((await s.house.said('presence.changed')).at(-1)).toEqual({ from: 'ready', to: 'busy', reasonId: null, why: 'missed' })
    await seconds(70)
    expect(await rings(user)).toEqual([])
    const other = await agent('乙', [queue])
    expect(await rings(other)).toEqual([contact])
    await goes(user, 'ready')
    expect(await s.house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'ready', missed: false })
  })

  test('leaving while it rings gives the contact back and frees nobody else', async () => {
    const queue = await s.desk.queue()
    const first = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    const second = await agent('乙', [queue])
    await goes(first, 'break')
    expect([await rings(first), await rings(second)]).toEqual([[], [contact]])
  })

  test('a customer who goes while it rings frees the agent for the next', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    const next = await s.desk.contact(queue)
    expect(await does(ctx => leaveQueue(ctx, contact))).toBe(true)
    expect(await does(ctx => leaveQueue(ctx, contact))).toBe(false)
    expect(await rings(user)).toEqual([next])
  })
})

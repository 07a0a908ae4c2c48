import { describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { routingStage } from '#testing/stage.ts'
import { placeInQueue } from '../estimate.ts'
import { presenceOf } from '../queries.ts'
import { reassign, release, startWrap } from './handling.ts'
import { takeWaiting } from './offers.ts'
import { enqueue, leaveQueue } from './queueing.ts'
import { staff } from './staffing.ts'

const s = routingStage()
const { goes, agent, rung, rings, seconds, accepts, declines, does, interaction, load } = s

const handsOver = (interactionId: string, queueId: string, to: User) =>
  does(ctx =>
    enqueue(ctx, {
      interactionId,
      channel: 'chat',
      queueId,
      customerId: null,
      customerName: '',
      tier: null,
      subject: '',
      onlyAgentId: to.id,
    }),
  )

describe('in hand', () => {
  test('wrap-up holds the place until it is done or its seconds are over', async () => {
    const queue = await s.desk.queue({ wrapSeconds: 30 })
    const user = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await accepts(user)
    await does(ctx => startWrap(ctx, contact))
    const next = await s.desk.contact(queue)
    expect(await s.house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'wrap', load: [{ used: 1 }] })
    const seen = await s.house.house.control.query(`select state from routing.fact_presence where agent_id = $1`, [user.id])
    expect(seen.rows).toEqual([{ state: 'wrap' }])
    expect(await rings(user)).toEqual([])
    await seconds(31)
    expect(await rings(user)).toEqual([next])
    await does(ctx => release(ctx, contact))
    expect(await load(user)).toMatchObject({ used: 0 })
  })

  test('a hand-over rings only for its agent; taken, the place moves with it', async () => {
    const queue = await s.desk.queue()
    const from = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await accepts(from)
    const other = await agent('乙', [queue])
    const to = await agent('丙', [])
    await handsOver(contact, queue, to)
    expect([await rings(other), await rings(to)]).toEqual([[], [contact]])
    expect(await load(from)).toMatchObject({ used: 1 })
    expect(await rung(to)).toMatchObject([{ interactionId: contact, given: true }])
    await accepts(to)
    expect([await load(from), await load(to)]).toMatchObject([{ used: 0 }, { used: 1 }])
    expect(await interaction(contact)).toMatchObject({ state: 'active', agentId: to.id })
    expect(s.heard).toEqual(['accepted 甲', 'accepted 丙'])
  })

  test.each([
    ['refused', async (to: User) => declines(to), 'expired 乙 declined'],
    ['not answered in time', async () => seconds(31), 'expired 乙 missed'],
    ['left by its agent', async (to: User) => goes(to, 'break'), 'expired 乙 late'],
  ])('a hand-over that is %s stays where it was', async (_, act, told) => {
    const queue = await s.desk.queue()
    const from = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    await accepts(from)
    const to = await agent('乙', [queue])
    await handsOver(contact, queue, to)
    await act(to)
    expect(s.heard).toEqual(['accepted 甲', told])
    expect([await load(from), await load(to)]).toMatchObject([{ used: 1 }, { used: 0 }])
    expect(await s.house.work(ctx => placeInQueue(ctx, contact))).toBeNull()
  })

  test('a contact handed to its queue is never offered to the one who hands it over', async () => {
    const queue = await s.desk.queue()
    const from = await agent('甲', [queue], { capacity: 3 })
    const contact = await s.desk.contact(queue)
    await accepts(from)
    await does(ctx =>
      enqueue(ctx, {
        interactionId: contact,
        channel: 'chat',
        queueId: queue,
        customerId: null,
        customerName: '',
        tier: null,
        subject: '',
      }),
    )
    await seconds(5)
    expect(await rings(from)).toEqual([])
    const other = await agent('乙', [queue])
    await declines(other)
    await seconds(61)
    expect([await rings(from), await rings(other)]).toEqual([[], [contact]])
  })

  test('a supervisor who is not staffed takes over without a place', async () => {
    const queue = await s.desk.queue()
    const from = await agent('甲', [queue])
    const contact = await s.desk.contact(queue)
    const next = await s.desk.contact(queue)
    await accepts(from)
    const boss = await s.desk.person('主管')
    await does(ctx => reassign(ctx, contact, from.id, boss.id))
    expect(await rings(from)).toEqual([next])
    await does(ctx => release(ctx, contact, boss.id))
    expect(await load(from)).toMatchObject({ used: 0 })
  })

  test('taking by hand refuses what rings elsewhere and what is beyond capacity', async () => {
    const queue = await s.desk.queue()
    const first = await agent('甲', [queue])
    const ringing = await s.desk.contact(queue)
    const second = await agent('乙', [], { state: 'offline' })
    await expect(s.house.work(ctx => takeWaiting(ctx, ringing, second.id))).rejects.toMatchObject({ code: 'routing.offered_elsewhere' })
    await does(ctx => takeWaiting(ctx, ringing, first.id))
    const waiting = await s.desk.contact(queue)
    await expect(s.house.work(ctx => takeWaiting(ctx, waiting, first.id))).rejects.toMatchObject({ code: 'routing.over_capacity' })
    await does(ctx => takeWaiting(ctx, waiting, second.id))
    await expect(s.house.work(ctx => takeWaiting(ctx, waiting, second.id))).rejects.toMatchObject({ code: 'routing.not_waiting' })
    expect(s.heard).toEqual(['accepted 甲', 'accepted 乙'])
  })

  test('places that are taken or promised cannot be staffed away', async () => {
    const queue = await s.desk.queue()
    const user = await agent('甲', [queue])
    await s.desk.contact(queue)
    const none = { missesAllowed: 3, channels: [], skills: [], queueIds: [queue] }
    await expect(s.house.work(ctx => staff(ctx, user.id, none))).rejects.toMatchObject({ code: 'staffing.in_use' })
    await accepts(user)
    await expect(s.house.work(ctx => staff(ctx, user.id, none))).rejects.toMatchObject({
      code: 'staffing.in_use',
      facts: { channel: 'chat', used: 1 },
    })
  })
})

describe('channels that share one agent', () => {
  const sharing = [
    { channel: 'phone' as const, capacity: 1, weight: 100 },
    { channel: 'chat' as const, capacity: 3, weight: 33 },
    { channel: 'mail' as const, capacity: 2, weight: 0 },
  ]
  const used = async (user: User) => (await s.house.work(ctx => presenceOf(ctx, user.id))).load.map(l => `${l.channel} ${l.used}`)
  const contactOf = (channel: 'phone' | 'chat' | 'mail', queue: string) => s.desk.contact(queue, { channel })

  test('three chats fill the agent, a call waits until the last is over and then takes all; mail is counted by itself', async () => {
    const [phone, chat, mail] = [
      await s.desk.queue({ channel: 'phone' }),
      await s.desk.queue({ wrapSeconds: 0 }),
      await s.desk.queue({ channel: 'mail' }),
    ]
    const user = await agent('甲', [phone, chat, mail], { channels: sharing })
    const chats: string[] = []
    for (let i = 0; i < 3; i++) {
      chats.push(await contactOf('chat', chat))
      await accepts(user)
    }
    const call = await contactOf('phone', phone)
    const letter = await contactOf('mail', mail)
    const fourth = await contactOf('chat', chat)
    expect(await s.rings(user)).toEqual([letter])
    await accepts(user)
    expect(await used(user)).toEqual(['chat 3', 'mail 1', 'phone 0'])
    expect(await s.rings(user)).toEqual([])
    await does(ctx => leaveQueue(ctx, fourth))
    for (const id of chats) {
      expect(await s.rings(user)).toEqual([])
      await does(ctx => release(ctx, id))
    }
    expect(await s.rings(user)).toEqual([call])
    await accepts(user)
    const waiting = await contactOf('chat', chat)
    expect(await s.rings(user)).toEqual([])
    await does(ctx => release(ctx, call))
    expect(await s.rings(user)).toEqual([waiting])
  })

  test('what is taken by hand counts the same, and what rings has its share promised', async () => {
    const [phone, chat] = [await s.desk.queue({ channel: 'phone' }), await s.desk.queue()]
    const user = await agent('甲', [phone], { channels: sharing })
    await contactOf('phone', phone)
    const waiting = await contactOf('chat', chat)
    await expect(s.house.work(ctx => takeWaiting(ctx, waiting, user.id))).rejects.toMatchObject({ code: 'routing.over_capacity' })
  })

  test('shares cannot be raised above the whole of what is in hand', async () => {
    const chat = await s.desk.queue()
    const user = await agent('甲', [chat], { channels: sharing })
    for (let i = 0; i < 2; i++) {
      await contactOf('chat', chat)
      await accepts(user)
    }
    const set = { missesAllowed: 3, skills: [], queueIds: [chat], channels: [{ channel: 'chat' as const, capacity: 3, weight: 60 }] }
    await expect(s.house.work(ctx => staff(ctx, user.id, set))).rejects.toMatchObject({ code: 'staffing.over_whole' })
  })
})

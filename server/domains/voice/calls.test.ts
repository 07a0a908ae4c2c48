import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { acceptOffer, declineOffer } from '#domains/routing/actions/offers.ts'
import { sweep } from '#domains/routing/index.ts'
import type { User } from '#kernel/access.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { sweepCalls } from './clocks.ts'
import { hangUp, hold, resume, wrapUp } from './handling.ts'
import type { CallAt } from './ports.ts'
import { mine } from './softphone.ts'

let house: TestHouse
let phone: Telephone
let queueId: string
let number: string
let agents = 0
const next = (() => {
  let n = 0
  return () => `95${String(++n).padStart(3, '0')}`
})()

beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})
/** Every test has a queue and a number of its own. */
beforeEach(async () => {
  queueId = await phone.queue({ name: `热线 ${next()}`, channel: 'phone', wrapSeconds: 60, ringSeconds: 20 })
  number = next()
  const flowId = await phone.flow({
    first: 'menu',
    nodes: [
      { key: 'menu', name: '主菜单', kind: 'menu', sound: { text: '人工请按 1' }, options: [{ key: '1', name: '人工', next: 'people' }], otherwise: 'end' },
      { key: 'people', name: '排队', kind: 'queue', queueId, callBackAfter: 30 },
      { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
    ],
  }) // biome-ignore format: a flow reads better as a table
  await phone.number(number, flowId, { outbound: true })
  phone.orders()
})

const agent = (name = `坐席 ${++agents}`): Promise<User> =>
  phone.agent(name, [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
type At = CallAt & { leg: string }

/** Somebody calls and has heard the menu. */
async function calls(caller = '13800001111'): Promise<At> {
  const at = await phone.rings(caller, number)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  return at
}
async function waits(caller?: string): Promise<At> {
  const at = await calls(caller)
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  return at
}
const gone = (at: At, leg = at.leg) => phone.told(at, { kind: 'gone', leg, cause: 'normal', code: null, quality: null })
async function takes(user: User): Promise<void> {
  const offer = await phone.offer(user.id)
  if (!offer) throw new Error('nothing rings')
  await house.as(user).work(ctx => acceptOffer(ctx, offer.id))
  await phone.rest()
}
const agentLeg = async (at: At, user: User) => {
  const leg = (await phone.row(at.callId)).machine.legs.findLast(l => l.agentId === user.id && l.state !== 'gone')
  if (!leg) throw new Error('the agent was not rung')
  return leg.id
}
async function talks(user: User, caller?: string): Promise<At> {
  const at = await waits(caller)
  await takes(user)
  await phone.told(at, { kind: 'answered', leg: await agentLeg(at, user) })
  return at
}
const contactOf = async (at: At) => phone.contact((await phone.row(at.callId)).interactionId)
const by = (user: User) => house.as(user)

test('a call is answered, asked, queued, offered, talked, held and ended, each with its mark of time', async () => {
  const lu = await agent()
  const at = await phone.rings('13800001111', number)
  if (!at) throw new Error('turned away')
  expect(phone.orders()).toMatchObject([{ do: 'answer', leg: at.leg }])
  await phone.told(at, { kind: 'answered', leg: at.leg })
  expect(phone.orders()).toMatchObject([{ do: 'play', prompts: [{ kind: 'text', text: '人工请按 1' }] }])
  expect(await contactOf(at)).toMatchObject({ state: 'active', agentId: null, queuedAt: null, answeredAt: null })

  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', queueId })
  expect(await contactOf(at)).toMatchObject({ state: 'waiting', queueId, answeredAt: null })
  expect(await phone.offer(lu.id)).toMatchObject({ channel: 'phone', queueId })
  phone.orders()

  await takes(lu)
  expect(phone.orders()).toMatchObject(expect.arrayContaining([expect.objectContaining({ do: 'dial', atOnce: true, to: { kind: 'agent', agentId: lu.id } })])) // biome-ignore format: one line reads better
  const leg = await agentLeg(at, lu)
  await phone.told(at, { kind: 'answered', leg })
  expect(phone.orders()).toMatchObject([
    { do: 'join', legs: [at.leg, leg] },
    { do: 'record', leg: at.leg, kind: 'talk' },
  ])
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lu.id, recorded: true })

  expect(await by(lu).work(ctx => hold(ctx, at.callId))).toMatchObject({
    held: true,
    legState: 'up',
    caller: '13800001111',
    recording: 'on',
  })
  expect(await by(lu).work(ctx => resume(ctx, at.callId))).toMatchObject({ held: false })
  await by(lu).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'rating' })
  expect(await contactOf(at)).toMatchObject({ state: 'wrap', agentId: lu.id })
  expect((await by(lu).work(mine)).calls).toMatchObject([{ id: at.callId, legState: 'gone', wrapUntil: expect.any(Date) }])

  await phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: 200, quality: { lossIn: 0.01, lossOut: 0, jitterMs: 4, rttMs: 20, mos: 4.2 } }) // biome-ignore format: one line reads better
  const row = await phone.row(at.callId)
  expect(row).toMatchObject({ stage: 'over', cause: 'normal', agentId: lu.id, dueAt: null, worstMos: expect.closeTo(4.2) })
  const marks = [row.startedAt, row.answeredAt, row.endedAt].map(Number)
  expect(marks).toEqual([...marks].sort((a, b) => a - b))
  const legs = await phone.legs(at.callId)
  expect(legs).toMatchObject([
    { party: 'customer', cause: 'normal', code: 200, quality: { mos: 4.2 } },
    { party: 'agent', agentId: lu.id },
  ])
  for (const l of legs) expect([l.answeredAt, l.endedAt]).toEqual([expect.any(Date), expect.any(Date)])

  await by(lu).work(ctx => wrapUp(ctx, at.callId, { reasonId: null, outcomeId: null, note: '好了' }))
  expect(await contactOf(at)).toMatchObject({ state: 'done', note: '好了' })
  expect(await phone.handling(lu.id)).toEqual([])
  expect((await by(lu).work(mine)).calls).toEqual([])
})

test('whoever hangs up in the flow was offered to no queue', async () => {
  const at = await calls()
  await gone(at)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', queueId: null, answeredAt: null, endedAt: expect.any(Date) })
  expect(await contactOf(at)).toMatchObject({ state: 'done', queuedAt: null, queueId: null, agentId: null })
})

test('whoever hangs up while waiting has abandoned, and the queue is empty again', async () => {
  const at = await waits()
  await gone(at)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'abandoned', queueId })
  expect(await contactOf(at)).toMatchObject({ state: 'abandoned', queueId, queuedAt: expect.any(Date), answeredAt: null })
  expect(await house.work(ctx => ctx.db.selectFrom('routing.waiting').select('id').where('queueId', '=', queueId).execute())).toEqual([])
})

test('whoever hangs up while it rings frees the agent at once', async () => {
  const lu = await agent()
  const at = await waits()
  expect(await phone.offer(lu.id)).toBeDefined()
  await gone(at)
  expect(await phone.offer(lu.id)).toBeUndefined()
  const other = await waits('13800002222')
  expect(await phone.offer(lu.id)).toMatchObject({ interactionId: (await phone.row(other.callId)).interactionId })
})

test('whoever hangs up while the phone of the agent is being rung was never answered', async () => {
  const lu = await agent()
  const at = await waits()
  await takes(lu)
  await gone(at)
  expect(await contactOf(at)).toMatchObject({ state: 'abandoned', answeredAt: null, agentId: null })
  expect(await phone.handling(lu.id)).toEqual([])
  await waits('13800002223')
  expect(await phone.offer(lu.id)).toBeDefined()
})

test('of two agents the one who refuses is passed over, and the call keeps its place', async () => {
  const first = await agent()
  const second = await agent()
  const at = await waits()
  const offered = (await phone.offer(first.id)) ? first : second
  const other = offered === first ? second : first
  const before = await phone.offer(offered.id)
  await by(offered).work(ctx => declineOffer(ctx, before?.id ?? ''))
  await phone.rest()
  expect(await phone.offer(other.id)).toMatchObject({ interactionId: before?.interactionId })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting' })
  await takes(other)
  await phone.told(at, { kind: 'answered', leg: await agentLeg(at, other) })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: other.id })
})

test('an agent who misses it loses nothing for the caller', async () => {
  const lu = await agent()
  const at = await waits()
  expect(await phone.offer(lu.id)).toBeDefined()
  await house.pass(0.5)
  await sweep(house.house)
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting' })
  expect(
    await house.work(ctx => ctx.db.selectFrom('routing.waiting').select('queueId').where('queueId', '=', queueId).execute()),
  ).toHaveLength(1)
})

test('who asks to be called back keeps the place, and is called by whoever takes it', async () => {
  const at = await waits()
  const since = (await house.work(ctx => ctx.db.selectFrom('routing.waiting').select('enqueuedAt').where('queueId', '=', queueId).executeTakeFirstOrThrow())).enqueuedAt // biome-ignore format: one line reads better
  await house.pass(0.6)
  await sweepCalls(house.house)
  await phone.rest()
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  await gone(at)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'callback', queueId })
  expect(await contactOf(at)).toMatchObject({ state: 'waiting' })
  expect((await house.work(ctx => ctx.db.selectFrom('routing.waiting').selectAll().where('queueId', '=', queueId).execute()))[0]?.enqueuedAt).toEqual(since) // biome-ignore format: one line reads better

  phone.orders()
  const lu = await agent()
  await takes(lu)
  await phone.told(at, { kind: 'answered', leg: await agentLeg(at, lu) })
  const dialled = phone.orders().flatMap(o => (o.do === 'dial' && o.to.kind === 'number' ? [o] : []))
  expect(dialled).toMatchObject([{ to: { number: '13800001111', shown: number } }])
  await phone.told(at, { kind: 'answered', leg: dialled[0]?.leg ?? '' })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lu.id })
})

test('an agent whose phone cannot be reached is set aside, and the caller is first in line', async () => {
  const lu = await agent()
  const at = await waits()
  const behind = await waits('13800002224')
  await takes(lu)
  await phone.told(at, { kind: 'gone', leg: await agentLeg(at, lu), cause: 'unreachable', code: 480, quality: null })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', agentId: null })
  expect(await contactOf(at)).toMatchObject({ state: 'waiting', agentId: null, answeredAt: null })
  expect(await phone.offer(lu.id)).toBeUndefined()
  const next = await agent()
  expect(await phone.offer(next.id)).toMatchObject({ interactionId: (await phone.row(at.callId)).interactionId })
  await gone(at)
  await gone(behind)
})

test('a signal told twice, and late ones, change nothing', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const leg = await agentLeg(at, lu)
  phone.orders()
  const before = await phone.row(at.callId)
  await phone.told(at, { kind: 'answered', leg })
  await phone.told(at, { kind: 'ringing', leg })
  await phone.told(at, { kind: 'played', play: leg, leg: at.leg, heard: true })
  expect(phone.orders()).toEqual([])
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', answeredAt: before.answeredAt })
  await gone(at)
  await gone(at)
  await gone(at, leg)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over' })
  expect((await house.said('call.ended')).length).toBeGreaterThan(0)
})

test('two commands at once meet one order: one is done, the other finds what the first has made', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const both = await Promise.allSettled([by(lu).work(ctx => hangUp(ctx, at.callId)), by(lu).work(ctx => hangUp(ctx, at.callId))])
  expect(both.filter(r => r.status === 'fulfilled')).toHaveLength(1)
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'rating' })
})

test('a call overflows with its queue', async () => {
  const other = await phone.queue({ name: `后备 ${next()}`, channel: 'phone' })
  const tight = await phone.queue({ name: `紧 ${next()}`, channel: 'phone', overflowQueueId: other, overflowSeconds: 10 })
  const flowId = await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId: tight }] })
  const called = next()
  await phone.number(called, flowId)
  const at = await phone.rings('13800003333', called)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', queueId: tight })
  await house.pass(0.3)
  await sweep(house.house)
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', queueId: other })
  expect(await contactOf(at)).toMatchObject({ queueId: other, state: 'waiting' })
})

test('a number that is nobody’s is not answered', async () => {
  expect(await phone.rings('13800001111', '95999')).toBeNull()
})

test('whoever hangs up in the moment of being taken leaves no agent busy, whoever is first', async () => {
  const lu = await agent()
  for (let round = 0; round < 8; round++) {
    const at = await waits(`138000${String(61000 + round)}`)
    const offer = await phone.offer(lu.id)
    if (!offer) throw new Error(`nothing rings in round ${round}`)
    const taking = by(lu).work(ctx => acceptOffer(ctx, offer.id))
    await Promise.allSettled([taking, gone(at)])
    await phone.rest()
    expect(await phone.row(at.callId)).toMatchObject({ stage: 'over' })
    expect(await contactOf(at)).toMatchObject({ state: 'abandoned', answeredAt: null })
    expect(await phone.handling(lu.id)).toEqual([])
  }
})

test('calls that end at once with their agents and leaders leave nothing behind', async () => {
  const all: User[] = []
  const talking: At[] = []
  // One after the other: whoever is idle longest takes a call, and that is the newcomer alone.
  for (let n = 0; n < 4; n++) {
    const user = await agent()
    all.push(user)
    talking.push(await talks(user, `1380007${String(n).padStart(4, '0')}`))
  }
  await Promise.all(
    talking.flatMap((at, n) => {
      const user = all[n]
      return user
        ? [
            gone(at),
            by(user)
              .work(ctx => hangUp(ctx, at.callId))
              .catch(() => {}),
            gone(at, at.leg),
          ]
        : []
    }),
  )
  await phone.rest()
  for (const [n, at] of talking.entries()) {
    expect(await phone.row(at.callId)).toMatchObject({ stage: 'over' })
    expect((await phone.handling(all[n]?.id ?? '')).every(h => h.wrapSince !== null)).toBe(true)
  }
})

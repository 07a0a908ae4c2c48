import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import type { User } from '#kernel/access.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { sweepCalls } from './clocks.ts'
import { hangUp } from './handling.ts'
import { earsOf, startLines } from './lines.ts'
import type { CallAt } from './ports.ts'
import { endUnheld } from './readopting.ts'

let house: TestHouse
let phone: Telephone
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

type At = CallAt & { leg: string; agentLeg: string; agent: User }
let n = 0
/** A number and a queue of its own: nobody of another test takes the call. */
async function waiting(staffed?: (queueId: string) => Promise<unknown>): Promise<CallAt & { leg: string }> {
  const called = String(95_100 + ++n)
  const queueId = await phone.queue({ name: called, channel: 'phone', wrapSeconds: 60 })
  await phone.number(called, await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] }))
  await staffed?.(queueId)
  const at = await phone.rings(`1380000${String(n).padStart(4, '0')}`, called)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  return at
}
/** It rings at the agent, whose phone is rung once they accept. */
async function offered() {
  let agent: User | undefined
  const at = await waiting(async queueId => {
    agent = await phone.agent(`坐席 ${n}`, [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
  })
  return { ...at, ...taking(at, agent) }
}
function taking(at: CallAt, agent: User | undefined) {
  if (!agent) throw new Error('nobody there')
  const accept = async () => {
    const offer = await phone.offer(agent.id)
    await house.as(agent).work(ctx => acceptOffer(ctx, offer?.id ?? ''))
    await phone.rest()
    return (await phone.row(at.callId)).machine.legs.find(l => l.agentId === agent.id)?.id ?? ''
  }
  return { agent, accept }
}
async function talk(): Promise<At> {
  const { agent, accept, ...at } = await offered()
  const agentLeg = await accept()
  await phone.told(at, { kind: 'answered', leg: agentLeg })
  return { ...at, agentLeg, agent }
}
const live = ({ tenantId, callId, leg, agentLeg }: At) => [
  { tenantId, callId, leg, up: true },
  { tenantId, callId, leg: agentLeg, up: true },
]
const freed = async ({ agent }: At) => (await phone.handling(agent.id)).every(h => h.wrapSince !== null)

test('a process that comes back to living legs goes on, and the call ends as ever', async () => {
  const at = await talk()
  await phone.line.back(live(at))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking' })
  await house.as(at.agent).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  await phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'normal', endedAt: expect.any(Date) })
})

test('a switch that forgot everything closes its calls with a cause, and agents are free', async () => {
  const [one, other] = [await talk(), await talk()]
  await phone.line.back([])
  await phone.rest()
  for (const at of [one, other]) {
    expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'switch_down' })
    expect(await freed(at)).toBe(true)
    for (const leg of await phone.legs(at.callId)) expect(leg).toMatchObject({ endedAt: expect.any(Date), cause: 'switch_down' })
  }
})

test('a caller who hung up meanwhile ended the talk as ever, the others talk on', async () => {
  const [one, other] = [await talk(), await talk()]
  await phone.line.back([...live(one).slice(1), ...live(other)])
  await phone.rest()
  expect(await phone.row(one.callId)).toMatchObject({ stage: 'over', cause: 'normal' })
  expect(await freed(one)).toBe(true)
  expect(await phone.contact((await phone.row(one.callId)).interactionId)).toMatchObject({ state: 'wrap' })
  const legs = await phone.legs(one.callId)
  expect(legs.find(l => l.party === 'customer')).toMatchObject({ cause: 'normal', endedAt: expect.any(Date) })
  expect(await phone.row(other.callId)).toMatchObject({ stage: 'talking' })
  await phone.line.back([])
})

test('a caller who waited and hung up meanwhile has abandoned; whoever waits still waits on', async () => {
  const [gone, waits] = [await waiting(), await waiting()]
  await phone.line.back([{ ...waits, up: true }])
  await phone.rest()
  expect(await phone.row(gone.callId)).toMatchObject({ stage: 'over', cause: 'abandoned' })
  expect(await phone.contact((await phone.row(gone.callId)).interactionId)).toMatchObject({ state: 'abandoned' })
  expect(await phone.row(waits.callId)).toMatchObject({ stage: 'waiting' })
  await phone.line.back([])
  expect(await phone.row(waits.callId)).toMatchObject({ stage: 'over', cause: 'switch_down' })
})

test("an agent's phone that broke off meanwhile is awaited, and the caller told so", async () => {
  const at = await talk()
  await phone.line.back(live(at).slice(0, 1))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'mending' })
  expect((await phone.legs(at.callId)).find(l => l.party === 'agent')).toMatchObject({ cause: 'lost' })
  await phone.line.back([])
})

test('a phone that is rung while it is asked who lives is not taken for dead, whether it rings already or was answered', async () => {
  const ringing = await offered()
  const answered = await offered()
  await phone.line.backTo(async () => {
    await ringing.accept()
    const leg = await answered.accept()
    await phone.told(answered, { kind: 'answered', leg })
    return [
      { ...ringing, up: true },
      { ...answered, up: true },
    ]
  })
  await phone.rest()
  expect(await phone.row(ringing.callId)).toMatchObject({ stage: 'connecting', agentId: ringing.agent.id })
  expect(await phone.row(answered.callId)).toMatchObject({ stage: 'talking', agentId: answered.agent.id })
  await house.pass(0.5)
  await sweepCalls(house.house)
  await phone.rest()
  expect(await phone.row(ringing.callId)).toMatchObject({ stage: 'waiting' })
  await phone.line.back([])
})

test('what may have been lost with a process is said again: who rings, who hears whom, what is recorded', async () => {
  const talks = await talk()
  const rings = await offered()
  const leg = await rings.accept()
  const waits = await waiting()
  phone.orders()
  await phone.line.back([...live(talks), { ...rings, up: true }, { ...waits, up: true }])
  await phone.rest()
  const orders = phone.orders()
  const { machine } = await phone.row(talks.callId)
  expect(orders).toContainEqual({ do: 'join', legs: [talks.leg, talks.agentLeg] })
  expect(orders).toContainEqual({ do: 'record', recording: machine.recording?.id, leg: talks.leg, kind: 'talk' })
  expect(orders).toContainEqual(expect.objectContaining({ do: 'dial', leg, to: { kind: 'agent', agentId: rings.agent.id }, atOnce: true }))
  expect(orders).toContainEqual(expect.objectContaining({ do: 'play', leg: waits.leg, prompts: [{ kind: 'said', key: 'please_wait' }] }))
  await phone.line.back([])
})

test('a leg that nobody knows is hung up', async () => {
  const at = await talk()
  const stray = { tenantId: house.tenantId, callId: at.callId, leg: at.callId, up: true }
  const foreign = { ...stray, tenantId: house.otherTenantId, leg: at.leg }
  phone.orders()
  await phone.line.back([...live(at), stray])
  await phone.rest()
  expect(phone.orders().filter(order => order.do === 'hangUp')).toEqual([{ do: 'hangUp', leg: stray.leg, cause: 'lost' }])
  await phone.line.back([foreign, ...live(at).slice(1)])
  await phone.rest()
  expect(phone.orders()).toContainEqual({ do: 'hangUp', leg: at.leg, cause: 'lost' })
})

test('an answer that was missed while nobody listened is heard now', async () => {
  const at = await offered()
  const leg = await at.accept()
  await phone.line.back([
    { ...at, up: true },
    { tenantId: at.tenantId, callId: at.callId, leg, up: true },
  ])
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: at.agent.id })
  await phone.line.back([])
})

test('a clock set by a process that has ended is struck by the sweep', async () => {
  const flowId = await phone.flow({
    first: 'm',
    nodes: [
      { key: 'm', name: '菜单', kind: 'menu', sound: { text: '请按键' }, options: [], tries: 1, seconds: 5, otherwise: 'end' },
      { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
    ],
  })
  await phone.number('95001', flowId)
  const at = await phone.rings('13800009002', '95001')
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  const play = phone.orders().flatMap(o => (o.do === 'play' ? [o.play] : [])).at(-1) ?? '' // biome-ignore format: one line reads better
  await phone.told(at, { kind: 'played', leg: at.leg, play, heard: true })
  expect((await phone.row(at.callId)).dueAt).toEqual(expect.any(Date))
  await house.pass(0.5)
  await sweepCalls(house.house)
  await phone.rest()
  const after = await phone.row(at.callId)
  expect(after.stage === 'over' || after.machine.flow.node === 'end').toBe(true)
})

test('a clock of this process strikes by itself', async () => {
  const lines = startLines(house.house)
  try {
    const flowId = await phone.flow({
      first: 'm',
      nodes: [
        { key: 'm', name: '菜单', kind: 'menu', sound: { text: '请按键' }, options: [], tries: 1, seconds: 1, otherwise: 'end' },
        { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
      ],
    })
    await phone.number('95002', flowId)
    const at = await earsOf(house.house).arrived({ line: 'practice', caller: '13800009003', called: '95002', at: house.now() })
    if (!at) throw new Error('turned away')
    await phone.told(at, { kind: 'answered', leg: at.leg })
    const play = phone.orders().flatMap(o => (o.do === 'play' ? [o.play] : [])).at(-1) ?? '' // biome-ignore format: one line reads better
    await phone.told(at, { kind: 'played', leg: at.leg, play, heard: true })
    await expect.poll(async () => (await phone.row(at.callId)).machine.flow.node, { timeout: 10_000 }).not.toBe('m')
  } finally {
    await lines.stop()
  }
})

test('calls of a line that is not set up any more are over, and their agents free', async () => {
  const at = await talk()
  const stays = await waiting()
  await house.work(ctx => ctx.db.updateTable('voice.call').set({ line: 'yesterday' }).where('id', '=', at.callId).execute())
  await endUnheld(house.house)
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'switch_down' })
  expect(await freed(at)).toBe(true)
  expect(await phone.row(stays.callId)).toMatchObject({ stage: 'waiting' })
})

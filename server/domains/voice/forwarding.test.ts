import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openSwitch } from '#testing/switch.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { haveLinesElsewhere } from './forwarding.ts'
import { earsOf } from './lines.ts'
import type { CallAt, Order, Signal } from './ports.ts'
import { step } from './stepping.ts'
import { lendSwitch } from './switches.ts'
import { startTaking, takeForwarded } from './taking.ts'

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

test('what a process without switches decides is carried by the one that has them, in its order', async () => {
  const exchange = { ...openSwitch('exchange'), kind: 'asterisk' as const }
  lendSwitch(house.house, exchange)
  const flowId = await phone.flow({ first: 'm', nodes: [{ key: 'm', name: '报', kind: 'say', sound: { text: '您好' } }] })
  await phone.number('95000', flowId)
  const loop = await exchange.start(earsOf(house.house))
  const at = await exchange.ring('13800001111', '95000')
  if (!at) throw new Error('turned away')
  await phone.rest()
  // From here on as a process of the web sees it.
  haveLinesElsewhere(house.house)
  exchange.carried.length = 0
  await exchange.tell(at, { kind: 'answered', leg: at.leg, at: house.now() })
  await phone.rest()
  expect(exchange.carried).toEqual([])
  await takeForwarded(house.house, house.tenantId)
  await phone.rest()
  expect(exchange.carried).toMatchObject([{ call: { callId: at.callId }, order: { do: 'play', leg: at.leg } }])

  const taking = startTaking(house.house)
  exchange.carried.length = 0
  await exchange.tell(at, { kind: 'gone', leg: at.leg, at: house.now(), cause: 'normal', code: null, quality: null })
  await expect.poll(() => house.work(ctx => ctx.db.selectFrom('voice.forwarded').select('id').execute()), { timeout: 10_000 }).toEqual([])
  await taking.stop()
  await loop.stop()
})

/** A process that has the exchange, beside the one of the web. */
async function voiceProcess() {
  const process = { ...house.house }
  const exchange = { ...openSwitch('exchange'), kind: 'asterisk' as const }
  lendSwitch(process, exchange)
  haveLinesElsewhere(house.house)
  await exchange.start(earsOf(process))
  return { process, exchange, plays: () => exchange.carried.flatMap(({ order }) => (order.do === 'play' ? [order.prompts] : [])) }
}
const says = (...texts: string[]) => ({
  first: '0',
  nodes: texts.map((text, n) => ({
    key: `${n}`,
    name: text,
    kind: 'say' as const,
    sound: { text },
    next: n + 1 < texts.length ? `${n + 1}` : null,
  })),
})
async function arrives({ exchange }: Awaited<ReturnType<typeof voiceProcess>>, called: string, ...texts: string[]) {
  await phone.number(called, await phone.flow(says(...texts)))
  const at = await exchange.ring('13800001111', called)
  if (!at) throw new Error('turned away')
  await phone.rest()
  return at
}
const left = () => house.work(ctx => ctx.db.selectFrom('voice.forwarded').select('seq').execute())
const said = (text: string) => [{ kind: 'text', text }]
/** As the web process takes it: heard to its end. */
async function heardOut(call: CallAt & { leg: string }): Promise<Signal> {
  const { machine } = await phone.row(call.callId)
  return { kind: 'played', leg: call.leg, at: house.now(), play: machine.flow.play ?? '', heard: true }
}

test('orders stay until the switch has them: a process that dies in between loses none', async () => {
  const dies = await voiceProcess()
  const at = await arrives(dies, '95001', '一')
  await step(house.house, at, { from: 'switch', kind: 'answered', leg: at.leg, at: house.now() })
  const gate = Promise.withResolvers<void>()
  let reached = false
  dies.exchange.carry = () => {
    reached = true
    return gate.promise
  }
  await takeForwarded(dies.process, at.tenantId)
  await expect.poll(() => reached).toBe(true)
  expect(await left()).toHaveLength(1)

  const next = await voiceProcess()
  await takeForwarded(next.process, at.tenantId)
  await expect.poll(next.plays).toEqual([said('一')])
  await expect.poll(left).toEqual([])
  gate.resolve()
  await phone.rest()
})

test('orders of a call are carried in the order of its steps, whichever process took them', async () => {
  const voice = await voiceProcess()
  const at = await arrives(voice, '95002', '一', '二', '三')
  await step(house.house, at, { from: 'switch', kind: 'answered', leg: at.leg, at: house.now() })
  await takeForwarded(voice.process, at.tenantId)
  await expect.poll(voice.plays).toEqual([said('一')])
  // Left, and not heard of yet, when the switch tells something that leads on.
  await step(house.house, at, { from: 'switch', ...(await heardOut(at)) })
  await voice.exchange.tell(at, await heardOut(at))
  await phone.rest()
  expect(voice.plays()).toEqual([said('一'), said('二'), said('三')])
  expect(await left()).toEqual([])
})

test('whoever takes the calls up again says what is so: nothing that was left before is said after it', async () => {
  const dies = await voiceProcess()
  const at = await arrives(dies, '95003', '一', '二')
  await step(house.house, at, { from: 'switch', kind: 'answered', leg: at.leg, at: house.now() })
  await step(house.house, at, { from: 'switch', ...(await heardOut(at)) })
  expect(await left()).toHaveLength(2)

  const next = await voiceProcess()
  await next.exchange.back([{ ...at, up: true }])
  await takeForwarded(next.process, at.tenantId)
  await phone.rest()
  expect(next.plays()).toEqual([said('二')])
  expect(next.exchange.carried.map(({ order }): Order['do'] => order.do)).not.toContain('hangUp')
  expect(await left()).toEqual([])
})

test('a process that stands by leaves orders to the one that has the line, and takes none', async () => {
  const voice = await voiceProcess()
  const at = await arrives(voice, '95004', '一')
  const standsBy = { ...house.house }
  const line = { ...openSwitch('exchange'), kind: 'asterisk' as const, elsewhere: () => true }
  lendSwitch(standsBy, line)
  await step(standsBy, at, { from: 'switch', kind: 'answered', leg: at.leg, at: house.now() })
  await takeForwarded(standsBy, at.tenantId)
  await phone.rest()
  expect(line.carried).toEqual([])
  expect(await left()).toHaveLength(1)
  await takeForwarded(voice.process, at.tenantId)
  await expect.poll(voice.plays).toEqual([said('一')])
})

/** It waits, an agent has taken it in the process of the web, and that the agent's phone is to be rung was left. */
async function taken(voice: Awaited<ReturnType<typeof voiceProcess>>, called: string) {
  const queueId = await phone.queue({ name: called, channel: 'phone' })
  const agent = await phone.agent(called, [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
  await phone.number(called, await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] }))
  const at = await voice.exchange.ring('13800001111', called)
  if (!at) throw new Error('turned away')
  await voice.exchange.tell(at, { kind: 'answered', leg: at.leg, at: house.now() })
  await phone.rest()
  await phone.takes(agent)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'connecting', agentId: agent.id })
  expect(await left()).not.toEqual([])
  voice.exchange.carried.length = 0
  return at
}
const carried = ({ exchange }: Awaited<ReturnType<typeof voiceProcess>>) => exchange.carried.map(({ order }) => order.do)

test('orders of hours ago ring no phone: whoever waits still waits on, and hears what is to be heard now', async () => {
  const voice = await voiceProcess()
  const at = await taken(voice, '95005')
  voice.exchange.look = async () => [{ ...at, up: true }]
  await house.pass(120)
  await takeForwarded(voice.process, at.tenantId)
  await phone.rest()
  expect(carried(voice)).not.toContain('dial')
  // Said when it began to wait anew and said again: one play, as it is called the same.
  const plays = voice.exchange.carried.flatMap(({ order }) => (order.do === 'play' ? [[order.play, order.prompts]] : []))
  expect(Object.values(Object.fromEntries(plays))).toEqual([[{ kind: 'said', key: 'please_wait' }]])
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', agentId: null })
  expect(await left()).toEqual([])
  await voice.exchange.back([])
})

test('nor do they keep a call whose customer is gone', async () => {
  const voice = await voiceProcess()
  const at = await taken(voice, '95006')
  await house.pass(120)
  await takeForwarded(voice.process, at.tenantId)
  await phone.rest()
  expect(carried(voice)).not.toContain('dial')
  const { stage, interactionId } = await phone.row(at.callId)
  expect(stage).toBe('over')
  expect(await phone.contact(interactionId)).toMatchObject({ state: 'abandoned' })
  expect(await left()).toEqual([])
})

test('a leg that lives although its call is over is hung up, however late that is told', async () => {
  const voice = await voiceProcess()
  const at = await arrives(voice, '95007', '一')
  await step(house.house, at, { from: 'switch', kind: 'gone', leg: at.leg, at: house.now(), cause: 'normal', code: null, quality: null })
  await house.work(ctx =>
    ctx.db
      .insertInto('voice.forwarded')
      .values({ id: crypto.randomUUID(), callId: at.callId, seq: 9, line: 'exchange', orders: '[]', leftAt: house.now() })
      .execute(),
  )
  voice.exchange.look = async () => [{ ...at, up: true }]
  await house.pass(1)
  await takeForwarded(voice.process, at.tenantId)
  await phone.rest()
  expect(voice.exchange.carried.map(({ order }) => order)).toContainEqual({ do: 'hangUp', leg: at.leg, cause: 'lost' })
  expect(await left()).toEqual([])
})

test('while its switch is not connected nothing is told to a call that waits for it', async () => {
  const voice = await voiceProcess()
  const at = await taken(voice, '95008')
  await house.pass(120)
  const away = { ...voice.process }
  const state = voice.exchange.state()
  lendSwitch(away, { ...voice.exchange, state: () => ({ ...state, state: 'connecting' }) })
  await takeForwarded(away, at.tenantId)
  await phone.rest()
  expect(await left()).not.toEqual([])
  await voice.exchange.back([{ ...at, up: true }])
  await phone.rest()
  expect(carried(voice)).not.toContain('dial')
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting' })
  expect(await left()).toEqual([])
})

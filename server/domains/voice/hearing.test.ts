import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import { heard } from '#testing/heard.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import type { CallAt } from './ports.ts'

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

/** How often the call was locked: once by each step. */
const steps = async (fn: () => Promise<unknown>) =>
  (await heard(fn)).filter(({ text }) => text.includes('from voice.call where tenant_id = $1 and id =') && text.endsWith('for update'))
    .length

/** A caller whom an agent has just taken, and the agent's leg. */
async function taken(number: string): Promise<CallAt & { leg: string; agent: string }> {
  const queueId = await phone.queue({ name: `热线 ${number}`, channel: 'phone', ringSeconds: 20 })
  await phone.number(number, await phone.flow({ first: 'people', nodes: [{ key: 'people', name: '排队', kind: 'queue', queueId }] }))
  const user = await phone.agent(`坐席 ${number}`, [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
  const at = await phone.rings('13800001111', number)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  const offer = await phone.offer(user.id)
  await house.as(user).work(ctx => acceptOffer(ctx, offer?.id ?? ''))
  await phone.rest()
  const agent = (await phone.row(at.callId)).machine.legs.findLast(leg => leg.agentId === user.id)?.id ?? ''
  return { ...at, agent }
}

test('what a switch tells of a call in one go is taken in its order, in one step, each with its mark', async () => {
  const { agent, ...at } = await taken('95001')
  const now = house.now().getTime()
  const told = (kind: 'ringing' | 'answered', seconds: number) =>
    phone.line.tell(at, { kind, leg: agent, at: new Date(now - 1_000 * seconds) })
  expect(await steps(() => Promise.all([told('ringing', 2), told('answered', 1)]))).toBe(1)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', answeredAt: new Date(now - 1_000) })
  expect((await phone.legs(at.callId)).find(leg => leg.id === agent)).toMatchObject({
    ringingAt: new Date(now - 2_000),
    answeredAt: new Date(now - 1_000),
  })
  await phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
})

test('a phone that rings and is not answered rings all the same', async () => {
  const { agent, ...at } = await taken('95002')
  await phone.told(at, { kind: 'ringing', leg: agent })
  expect((await phone.legs(at.callId)).find(leg => leg.id === agent)).toMatchObject({ ringingAt: expect.any(Date), answeredAt: null })
  expect((await phone.row(at.callId)).machine.legs.find(leg => leg.id === agent)?.state).toBe('ringing')
  await phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
})

test('that a play is over which the call broke off itself is no step', async () => {
  phone.orders()
  const { agent: _, ...at } = await taken('95003')
  const hushed = phone.orders().find(order => order.do === 'hush')
  if (hushed?.do !== 'hush') throw new Error('nothing was broken off')
  const told = () => phone.line.tell(at, { kind: 'played', play: hushed.play, heard: false, leg: at.leg, at: house.now() })
  expect(await steps(told)).toBe(0)
})

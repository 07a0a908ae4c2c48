import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideBlock, listBlocks } from '#domains/messaging/blocks.ts'
import { acceptOffer, declineOffer } from '#domains/routing/actions/offers.ts'
import { retireQueue } from '#domains/routing/actions/queues.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { attend, leave, takeOver } from './attending.ts'
import { blockCaller } from './blocking.ts'
import { sweepCalls } from './clocks.ts'
import { comeBack, conference, consult, drop, hangUp, transfer } from './handling.ts'
import { addNumber, changeNumber, retireNumber } from './numbers.ts'
import { place } from './placing.ts'
import type { CallAt } from './ports.ts'
import { setQueueVoice } from './queueVoice.ts'
import { callsNow, listCalls, oneCall } from './records.ts'
import { mine } from './softphone.ts'

let house: TestHouse
let phone: Telephone
let queueId: string
let other: string
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  queueId = await phone.queue({ name: '热线', channel: 'phone', wrapSeconds: 60 })
  other = await phone.queue({ name: '账务', channel: 'phone', wrapSeconds: 60 })
  const flowId = await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] })
  await phone.number('95000', flowId, { outbound: true })
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

const by = (user: User) => house.as(user)
let n = 0
const agent = (queues = [queueId], state: 'ready' | 'offline' = 'ready'): Promise<User> =>
  phone.agent(`坐席 ${++n}`, queues, { channels: [{ channel: 'phone', capacity: 1, weight: 0 }], state })
type At = CallAt & { leg: string }
const legOf = async (at: At, user: User) =>
  (await phone.row(at.callId)).machine.legs.findLast(l => l.agentId === user.id && l.state !== 'gone')?.id ?? ''
async function takes(user: User): Promise<void> {
  const offer = await phone.offer(user.id)
  await by(user).work(ctx => acceptOffer(ctx, offer?.id ?? ''))
  await phone.rest()
}
async function answers(at: At, user: User): Promise<void> {
  await phone.told(at, { kind: 'answered', leg: await legOf(at, user) })
}
async function talks(user: User): Promise<At> {
  const at = await phone.rings(`1380000${String(++n).padStart(4, '0')}`, '95000')
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  await takes(user)
  await answers(at, user)
  return at
}
async function ends(at: At): Promise<void> {
  await phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
}
const contactOf = async (at: At) => phone.contact((await phone.row(at.callId)).interactionId)

test('an agent asks a colleague, all three talk, and the colleague goes on alone', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent([], 'offline')
  phone.orders()
  expect(await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))).toMatchObject({
    held: true,
    other: { name: ye.name, state: 'dialling' },
  })
  await phone.rest()
  expect(phone.orders()).toContainEqual(expect.objectContaining({ do: 'dial', atOnce: false, to: { kind: 'agent', agentId: ye.id } }))
  await expect(by(lu).work(ctx => transfer(ctx, at.callId, undefined))).rejects.toMatchObject({ code: 'call.nobody_asked' })
  await answers(at, ye)
  expect((await by(ye).work(mine)).calls).toMatchObject([{ id: at.callId, legState: 'up' }])
  expect(await by(lu).work(ctx => conference(ctx, at.callId))).toMatchObject({ held: false, other: { together: true } })
  await by(lu).work(ctx => transfer(ctx, at.callId, undefined))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: ye.id })
  expect(await contactOf(at)).toMatchObject({ state: 'active', agentId: ye.id })
  expect(await phone.handling(lu.id)).toMatchObject([{ wrapSince: expect.any(Date), wrapUntil: expect.any(Date) }])
  expect(await phone.handling(ye.id)).toHaveLength(1)
  expect(await house.said('call.transferred')).toContainEqual({ fromAgentId: lu.id, toAgentId: ye.id, toQueueId: null })
  await ends(at)
  expect(await contactOf(at)).toMatchObject({ state: 'wrap', agentId: ye.id })
  await house.as(lu).work(ctx => ctx.db.updateTable('routing.presence').set({ state: 'offline' }).where('id', '=', lu.id).execute())
})

test('who was asked goes, and the agent is back with the customer', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent([], 'offline')
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await answers(at, ye)
  expect(await by(lu).work(ctx => drop(ctx, at.callId))).toMatchObject({ held: false, other: null })
  await expect(by(lu).work(ctx => consult(ctx, at.callId, { agentId: lu.id }))).rejects.toMatchObject({ code: 'call.to_self' })
  await ends(at)
  await aside(lu)
})

/** No more for this one: the next test has agents of its own. */
const aside = (user: User) =>
  house.work(async ctx => {
    await ctx.db.updateTable('routing.presence').set({ state: 'offline' }).where('id', '=', user.id).execute()
    await ctx.db.deleteFrom('routing.idle').where('agentId', '=', user.id).execute()
  })

test('a call handed to a queue is taken there, with the agent of before free', async () => {
  const lu = await agent()
  const at = await talks(lu)
  await by(lu).work(ctx => transfer(ctx, at.callId, { queueId: other }))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', queueId: other })
  expect(await phone.handling(lu.id)).toEqual([])
  expect(await contactOf(at)).toMatchObject({ state: 'active', agentId: lu.id })
  const ye = await agent([other])
  await takes(ye)
  await answers(at, ye)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: ye.id, queueId: other })
  expect(await contactOf(at)).toMatchObject({ state: 'active', agentId: ye.id })
  await ends(at)
  await aside(lu)
  await aside(ye)
})

test('a call handed to one agent rings there alone, and goes on when that one refuses', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent()
  await by(lu).work(ctx => transfer(ctx, at.callId, { agentId: ye.id }))
  await phone.rest()
  const offer = await phone.offer(ye.id)
  expect(offer).toMatchObject({ interactionId: (await phone.row(at.callId)).interactionId })
  await by(ye).work(ctx => declineOffer(ctx, offer?.id ?? ''))
  await phone.rest()
  const after = await phone.row(at.callId)
  expect(after.stage).not.toBe('over')
  await ends(at)
  expect((await contactOf(at)).state).toBe('wrap')
  await aside(lu)
  await aside(ye)
})

test('an agent whose browser died is rung anew, and after too long the caller is first in line', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const leg = await legOf(at, lu)
  await phone.told(at, { kind: 'lost', leg })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'mending', agentId: lu.id })
  phone.orders()
  expect(await by(lu).work(ctx => comeBack(ctx, at.callId))).toMatchObject({ legState: 'dialling' })
  await answers(at, lu)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lu.id })

  await phone.told(at, { kind: 'lost', leg: await legOf(at, lu) })
  await house.pass(1)
  await sweepCalls(house.house)
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting' })
  const [waits] = await house.work(ctx => ctx.db.selectFrom('routing.waiting').selectAll().where('queueId', '=', queueId).execute())
  expect(waits?.priority).toBeGreaterThan(500)
  expect(await phone.handling(lu.id)).toEqual([])
  await ends(at)
  expect((await contactOf(at)).state).toBe('wrap')
  await aside(lu)
})

test('an agent calls out, once for one client id', async () => {
  const lu = await agent([], 'offline')
  const clientId = newId()
  phone.orders()
  const said = { number: '028 8533 1234', clientId }
  const call = await by(lu).work(ctx => place(ctx, said))
  const again = await Promise.all([by(lu).work(ctx => place(ctx, said)), by(lu).work(ctx => place(ctx, said))])
  await phone.rest()
  expect(again.map(c => c.id)).toEqual([call.id, call.id])
  expect(phone.orders()).toMatchObject([{ do: 'dial', atOnce: true, to: { kind: 'agent', agentId: lu.id } }])
  await expect(by(lu).work(ctx => place(ctx, { ...said, clientId: newId() }))).rejects.toMatchObject({ code: 'call.busy' })
  const at = { tenantId: house.tenantId, callId: call.id, leg: call.leg }
  await phone.told(at, { kind: 'answered', leg: call.leg })
  const [dial] = phone.orders().flatMap(o => (o.do === 'dial' ? [o] : []))
  expect(dial?.to).toEqual({ kind: 'number', number: '+862885331234', shown: '95000', trunkId: null })
  expect(await contactOf(at)).toMatchObject({ state: 'active', direction: 'out', answeredAt: null })
  await phone.told(at, { kind: 'answered', leg: dial?.leg ?? '' })
  expect(await phone.row(call.id)).toMatchObject({ stage: 'talking', direction: 'out', agentId: lu.id })
  expect(await contactOf(at)).toMatchObject({ state: 'active', answeredAt: expect.any(Date) })
  await by(lu).work(ctx => hangUp(ctx, call.id))
  await phone.rest()
  expect(await phone.row(call.id)).toMatchObject({ stage: 'over' })
  expect(await contactOf(at)).toMatchObject({ state: 'wrap', agentId: lu.id })
})

test('two who press at the same moment call once', async () => {
  const lu = await agent([], 'offline')
  const said = { number: '13900008888', clientId: newId() }
  const both = await Promise.all([by(lu).work(ctx => place(ctx, said)), by(lu).work(ctx => place(ctx, said))])
  expect(new Set(both.map(c => c.id)).size).toBe(1)
  await by(lu).work(ctx => hangUp(ctx, both[0]?.id ?? ''))
})

test('a leader listens, and goes on in place of the agent; both stand in the audit', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const lead = await phone.person('班长')
  expect(await by(lead).work(ctx => attend(ctx, at.callId, 'listen'))).toMatchObject({ id: at.callId })
  await answers(at, lead)
  expect((await by(lu).work(mine)).calls).toMatchObject([{ heardBy: 'listening' }])
  await by(lead).work(ctx => leave(ctx, at.callId))
  await phone.rest()
  await by(lead).work(ctx => takeOver(ctx, at.callId))
  await answers(at, lead)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lead.id })
  expect(await phone.handling(lu.id)).toEqual([])
  expect(await house.said('call.attended')).toEqual([
    { mode: 'listen', agentId: lu.id },
    { mode: 'takeover', agentId: lu.id },
  ])
  await ends(at)
  await aside(lu)
})

test('nobody handles the call of another, and another organisation sees none', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const stranger = await phone.person('旁人')
  await expect(by(stranger).work(ctx => hangUp(ctx, at.callId))).rejects.toMatchObject({ code: 'call.not_found' })
  const abroad = house.user({ tenantId: house.otherTenantId })
  for (const reach of [hangUp, comeBack, leave, takeOver])
    await expect(by(abroad).work(ctx => reach(ctx, at.callId))).rejects.toMatchObject({ code: 'call.not_found' })
  await expect(by(abroad).work(ctx => oneCall(ctx, at.callId))).rejects.toMatchObject({ code: 'call.not_found' })
  expect((await by(abroad).work(ctx => listCalls(ctx, {}))).rows).toEqual([])
  expect(await by(abroad).work(callsNow)).toEqual([])
  const own = house.user({ grants: new Map([['voice:supervise', 'own']]) })
  await expect(by(own).work(ctx => attend(ctx, at.callId, 'listen'))).rejects.toMatchObject({ code: 'call.not_found' })
  await ends(at)
  await aside(lu)
})

test('numbers are masked for whoever may not see them', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const poor = { ...lu, grants: new Map([['voice:call', 'own'] as const]) }
  const [call] = (await by(poor).work(mine)).calls
  expect(call?.caller).toMatch(/^138\*{4}\d{4}$/)
  await ends(at)
  await aside(lu)
})

test('an agent’s phone is told our number, never that of whoever is on the line', async () => {
  const [lu, ye] = [await agent(), await phone.person('叶')]
  phone.orders()
  const at = await talks(lu)
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.rest()
  await ends(at)
  await aside(lu)
  const mei = await agent([], 'offline')
  const out = await by(mei).work(ctx => place(ctx, { number: '13900002222', clientId: newId() }))
  await phone.rest()
  const shown = phone.orders().flatMap(order => (order.do === 'dial' && order.to.kind === 'agent' ? [order.caller.number] : []))
  expect(shown).toEqual(['95000', '95000', '95000'])
  await by(mei).work(ctx => hangUp(ctx, out.id))
  await phone.rest()
})

test('a nuisance caller is proposed, turned away once a leader agrees, and nobody is disturbed', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const { caller } = await phone.row(at.callId)
  const proposer = { ...lu, grants: new Map([['voice:call', 'own'] as const]) }
  const until = new Date(house.now().getTime() + 86_400_000)
  const block = await by(proposer).work(ctx => blockCaller(ctx, at.callId, { reason: '骚扰', until }))
  expect(block).toMatchObject({ kind: 'number', state: 'proposed', callId: at.callId, conversationId: null })
  await ends(at)
  await aside(lu)
  expect(await phone.rings(caller, '95000')).not.toBeNull()
  const lead = await phone.person('班长二')
  expect((await by(lead).work(ctx => listBlocks(ctx, { box: 'proposed' }))).rows).toMatchObject([
    { id: block.id, name: expect.stringContaining('****') },
  ])
  await by(lead).work(ctx => decideBlock(ctx, block.id, true))
  expect(await phone.rings(caller, '95000')).toBeNull()
  const turnedAway = await house.work(ctx => ctx.db.selectFrom('voice.call').selectAll().where('cause', '=', 'blocked').execute())
  expect(turnedAway).toMatchObject([{ caller, stage: 'over', interactionId: null, endedAt: expect.any(Date) }])
  // Whoever withholds the number is not one caller.
  const many = await phone.rings('anonymous', '95000')
  if (!many) throw new Error('turned away')
  await expect(by(lead).work(ctx => blockCaller(ctx, many.callId, { reason: '骚扰', until }))).rejects.toMatchObject({
    code: 'call.number_withheld',
  })
  await ends(many)
})

test('a number leads to one organisation only, and to none once it is put away', async () => {
  const given = { number: '95111', name: '副线', nameEn: '', flowId: null, trunkId: null, recording: null, outbound: false, language: 'zh' as const } // biome-ignore format: one line reads better
  const { id } = await house.work(ctx => addNumber(ctx, given))
  const abroad = house.user({ tenantId: house.otherTenantId })
  await expect(by(abroad).work(ctx => addNumber(ctx, given))).rejects.toMatchObject({ code: 'number.taken_elsewhere' })
  expect(await phone.rings('13800005555', '95111')).not.toBeNull()
  await house.work(ctx => changeNumber(ctx, id, { number: '95112' }))
  expect(await phone.rings('13800005555', '95111')).toBeNull()
  await house.work(ctx => retireNumber(ctx, id, true))
  expect(await phone.rings('13800005555', '95112')).toBeNull()
  await by(abroad).work(ctx => addNumber(ctx, { ...given, number: '95112' }))
  await expect(house.work(ctx => retireNumber(ctx, id, false))).rejects.toMatchObject({ code: 'number.taken_elsewhere' })
})

test('a queue says whether its calls are recorded and rated', async () => {
  const quiet = { recording: 'off', keepDays: 30, rating: false, musicId: null } as const
  await house.work(ctx => setQueueVoice(ctx, queueId, quiet))
  const lu = await agent()
  phone.orders()
  const at = await talks(lu)
  expect(phone.orders().filter(o => o.do === 'record')).toEqual([])
  expect((await by(lu).work(mine)).calls).toMatchObject([{ recording: 'never' }])
  await by(lu).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', recorded: false })
})

test('a queue in which callers wait is not put away', async () => {
  await expect(house.work(ctx => retireQueue(ctx, queueId, true))).rejects.toMatchObject({
    code: 'queue.named',
    facts: { by: [{ noun: 'flow', name: '热线' }] },
  })
})

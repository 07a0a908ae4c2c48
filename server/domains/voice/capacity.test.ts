import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Staffing } from '#contract/routing.ts'
import { wallboard } from '#domains/insight/queries.ts'
import { chooseState, forceState } from '#domains/routing/actions/presence.ts'
import { reassign, release, staff, sweep } from '#domains/routing/index.ts'
import { presenceOf, pulse } from '#domains/routing/queries.ts'
import { shiftNow, team } from '#domains/routing/team.ts'
import type { User } from '#kernel/access.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { attend, leave } from './attending.ts'
import { conference, consult, drop, hangUp, transfer, wrapUp } from './handling.ts'
import type { CallAt } from './ports.ts'
import { mine, phoneHere } from './softphone.ts'

let house: TestHouse
let phone: Telephone
let hotline: string
let chats: string
let digits: string
let waits: (queueId: string) => Promise<string>
let n = 0
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  waits = openDesk(house).contact
})
afterAll(async () => {
  await phone.close()
  await house.close()
})
/** Every test has queues and a number of its own. */
beforeEach(async () => {
  hotline = await phone.queue({ name: '热线', channel: 'phone', wrapSeconds: 60 })
  chats = await phone.queue({ name: '网页', channel: 'chat', wrapSeconds: 0 })
  digits = `96${String(++n).padStart(3, '0')}`
  await phone.number(digits, await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId: hotline }] }))
})

type At = CallAt & { leg: string }
const exclusive = (beside: number): Staffing['channels'] => [
  { channel: 'phone', capacity: 1, weight: 100, beside },
  { channel: 'chat', capacity: 5, weight: 20 },
]
const agent = (channels = exclusive(100)): Promise<User> => phone.agent(`坐席 ${++n}`, [hotline, chats], { channels })
const by = (user: User) => house.as(user)
async function calls(): Promise<At> {
  const at = await phone.rings(`1390000${String(++n).padStart(4, '0')}`, digits)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  return at
}
async function talks(user: User): Promise<At> {
  const at = await calls()
  await phone.takes(user)
  await phone.answers(at, user)
  return at
}
/** A chat in the agent's hand; there is no conversation behind it. */
async function chatsWith(user: User): Promise<string> {
  const id = await waits(chats)
  await house.work(ctx => reassign(ctx, id, null, user.id))
  await phone.rest()
  return id
}
const ends = (at: At) => phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
const words = { reasonId: null, outcomeId: null, note: '' }
const finishes = async (at: At, user: User, note = '') => {
  await by(user).work(ctx => wrapUp(ctx, at.callId, { ...words, note }))
  await phone.rest()
}
const shown = (user: User) => house.work(ctx => presenceOf(ctx, user.id))
/** The same said by everybody who shows agents. */
async function stateOf(user: User): Promise<string> {
  const own = await shown(user)
  const [{ rows }, listed] = await house.work(ctx =>
    Promise.all([
      sql<{ state: string; since: Date }>`select state, since from routing.fact_presence where tenant_id = ${ctx.tenantId} and agent_id = ${user.id}`.execute(ctx.db),
      team(ctx, { q: user.name }),
    ]),
  ) // biome-ignore format: one line reads better
  expect(rows).toEqual([{ state: own.state, since: own.since }])
  expect(listed.rows).toMatchObject([{ state: own.state, since: own.since }])
  return own.state
}

test('whoever is on the phone gets no chats; whoever has chats is offered a call', async () => {
  const lu = await agent()
  await chatsWith(lu)
  const at = await talks(lu)
  const chat = await waits(chats)
  expect(await phone.offer(lu.id)).toBeUndefined()
  await ends(at)
  expect(await phone.offer(lu.id)).toBeUndefined()
  await finishes(at, lu)
  expect(await phone.offer(lu.id)).toMatchObject({ interactionId: chat })
})

test('up to how many chats a call is offered beside is said where capacity is', async () => {
  const lu = await agent(exclusive(20))
  for (const _ of [1, 2]) await chatsWith(lu)
  await calls()
  expect(await phone.offer(lu.id)).toBeUndefined()
  const set = { missesAllowed: 3, skills: [], queueIds: [hotline, chats] }
  expect(await house.work(ctx => staff(ctx, lu.id, { ...set, channels: exclusive(40) }))).toMatchObject({
    channels: [{ channel: 'chat', weight: 20 }, { channel: 'phone', beside: 40 }],
  }) // biome-ignore format: one line reads better
  await phone.rest()
  expect(await phone.offer(lu.id)).toMatchObject({ channel: 'phone' })
  await phone.takes(lu)
  // The call beside two chats is more than the whole agent; what can be done may still be set.
  await house.work(ctx => staff(ctx, lu.id, { ...set, channels: exclusive(40) }))
  await expect(house.work(ctx => staff(ctx, lu.id, { ...set, channels: exclusive(0) }))).rejects.toMatchObject({
    code: 'staffing.over_whole',
  })
})

test('a colleague who is asked is busy from the first ring until they go, and free without a wrap-up', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent()
  expect(await stateOf(ye)).toBe('ready')
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.rest()
  expect(await stateOf(ye)).toBe('ringing')
  const next = await calls()
  await waits(chats)
  expect(await phone.offer(ye.id)).toBeUndefined()
  await phone.answers(at, ye)
  await by(lu).work(ctx => conference(ctx, at.callId))
  expect([await stateOf(lu), await stateOf(ye)]).toEqual(['call', 'call'])
  expect((await phone.offer(ye.id)) ?? (await phone.offer(lu.id))).toBeUndefined()
  await by(lu).work(ctx => drop(ctx, at.callId))
  await phone.rest()
  expect(await phone.offer(ye.id)).toMatchObject({ interactionId: (await phone.row(next.callId)).interactionId })
  expect(await stateOf(ye)).toBe('ringing')
  expect((await by(ye).work(mine)).calls).toEqual([])
})

test('a colleague with as many chats as they may have is busy all the same', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const full: Staffing['channels'] = [{ channel: 'phone', capacity: 1, weight: 100 }, { channel: 'chat', capacity: 2, weight: 50 }] // biome-ignore format: one line reads better
  const ye = await phone.agent('满', [chats], { channels: full })
  const first = await chatsWith(ye)
  await chatsWith(ye)
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.answers(at, ye)
  await house.work(ctx => release(ctx, first, ye.id))
  await waits(chats)
  expect(await phone.offer(ye.id)).toBeUndefined()
  await ends(at)
  expect(await phone.offer(ye.id)).toMatchObject({ channel: 'chat' })
})

test('a call that rings where a colleague asks goes back to its place, and is no miss', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent()
  const next = await calls()
  expect(await phone.offer(ye.id)).toBeDefined()
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.rest()
  expect(await phone.offer(ye.id)).toBeUndefined()
  expect(await phone.row(next.callId)).toMatchObject({ stage: 'waiting' })
  await phone.told(at, { kind: 'gone', leg: await phone.legOf(at, ye), cause: 'refused', code: 603, quality: null })
  expect(await phone.offer(ye.id)).toMatchObject({ interactionId: (await phone.row(next.callId)).interactionId })
  expect(await house.said('offer.missed')).toEqual([])
})

test('whoever hears along is busy', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const lead = await agent()
  await by(lead).work(ctx => attend(ctx, at.callId, 'listen'))
  await phone.answers(at, lead)
  await calls()
  expect(await phone.offer(lead.id)).toBeUndefined()
  expect(await stateOf(lead)).toBe('call')
  await by(lead).work(ctx => leave(ctx, at.callId))
  await phone.rest()
  expect(await phone.offer(lead.id)).toBeDefined()
})

test('handed over after asking: both wrap up, one after the other, and what both wrote is kept', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent()
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.answers(at, ye)
  await by(lu).work(ctx => transfer(ctx, at.callId, undefined))
  await phone.rest()
  expect([await stateOf(lu), await stateOf(ye)]).toEqual(['wrap', 'call'])
  expect((await by(lu).work(mine)).calls).toMatchObject([
    { id: at.callId, stage: 'talking', legState: 'gone', wrapUntil: expect.any(Date) },
  ])
  const next = await calls()
  expect((await phone.offer(lu.id)) ?? (await phone.offer(ye.id))).toBeUndefined()
  await finishes(at, lu, '先查了账')
  expect(await phone.offer(lu.id)).toMatchObject({ interactionId: (await phone.row(next.callId)).interactionId })
  await expect(finishes(at, lu)).rejects.toMatchObject({ code: 'call.not_yours' })
  await by(ye).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  expect(await stateOf(ye)).toBe('wrap')
  await finishes(at, ye, '已退费')
  expect(await phone.contact((await phone.row(at.callId)).interactionId)).toMatchObject({
    state: 'done',
    agentId: ye.id,
    note: `${lu.name}: 先查了账\n已退费`,
  })
  expect(await phone.handling(ye.id)).toEqual([])
})

test('a wrap-up of what another goes on with ends by itself', async () => {
  const lu = await agent()
  const at = await talks(lu)
  const ye = await agent()
  await by(lu).work(ctx => consult(ctx, at.callId, { agentId: ye.id }))
  await phone.answers(at, ye)
  await by(lu).work(ctx => transfer(ctx, at.callId, undefined))
  await phone.rest()
  await house.pass(1.1)
  await sweep(house.house)
  await phone.rest()
  expect(await phone.handling(lu.id)).toEqual([])
  expect(await stateOf(lu)).toBe('ready')
  expect(await phone.handling(ye.id)).toHaveLength(1)
})

test('ringing, on a call and wrapping up are shown with since when, whatever was chosen meanwhile', async () => {
  const lu = await agent()
  const at = await calls()
  expect(await shown(lu)).toMatchObject({ state: 'ringing', chosen: 'ready', since: (await phone.offer(lu.id))?.offeredAt })
  await phone.takes(lu)
  await phone.answers(at, lu)
  await house.pass(1)
  const since = (await phone.handling(lu.id))[0]?.since
  expect(await shown(lu)).toMatchObject({ state: 'call', since })
  await by(lu).work(ctx => chooseState(ctx, { state: 'break', reasonId: null }))
  expect(await shown(lu)).toMatchObject({ state: 'call', chosen: 'break', since })
  expect(await stateOf(lu)).toBe('call')
  await by(lu).work(ctx => chooseState(ctx, { state: 'ready', reasonId: null }))
  await ends(at)
  expect(await shown(lu)).toMatchObject({ state: 'wrap', since: (await phone.handling(lu.id))[0]?.wrapSince })
  expect(await stateOf(lu)).toBe('wrap')
  await finishes(at, lu)
  expect(await stateOf(lu)).toBe('ready')
})

test('a call that is wrapped up beside chats is shown', async () => {
  const lu = await agent()
  await chatsWith(lu)
  expect(await stateOf(lu)).toBe('ready')
  const at = await talks(lu)
  await ends(at)
  expect(await stateOf(lu)).toBe('wrap')
})

/** The agent took it, and the phone was not there. */
async function unreachable(user: User): Promise<At> {
  const at = await calls()
  await phone.takes(user)
  await phone.told(at, { kind: 'gone', leg: await phone.legOf(at, user), cause: 'unreachable', code: 480, quality: null })
  expect(await shown(user)).toMatchObject({ state: 'busy', unreachable: true, missed: false })
  return at
}
const returns = async (user: User, line = 'practice') => {
  await by(user).work(ctx => phoneHere(ctx, line))
  await phone.rest()
}

test('whoever was set aside as their phone could not be reached is ready again with it, and it is said why', async () => {
  const lu = await agent()
  const at = await unreachable(lu)
  await expect(returns(lu, 'elsewhere')).rejects.toMatchObject({ code: 'line.not_found' })
  expect(await shown(lu)).toMatchObject({ state: 'busy', unreachable: true })
  await returns(lu)
  expect(await shown(lu)).toMatchObject({ chosen: 'ready', unreachable: false })
  expect(await phone.offer(lu.id)).toMatchObject({ interactionId: (await phone.row(at.callId)).interactionId })
  const said = (await house.said('presence.changed')).slice(-2)
  expect(said).toMatchObject([
    { from: 'ready', to: 'busy', why: 'unreachable' },
    { from: 'busy', to: 'ready', why: 'reachable' },
  ])
})

test.each([
  ['chose otherwise', (user: User) => by(user).work(ctx => chooseState(ctx, { state: 'busy', reasonId: null })), 'busy'],
  [
    'was set otherwise by a leader',
    (user: User) => house.work(ctx => forceState(ctx, user.id, { state: 'break', reasonId: null })),
    'break',
  ],
  ['went away', (user: User) => by(user).work(ctx => chooseState(ctx, { state: 'offline', reasonId: null })), 'offline'],
] as const)('whoever %s meanwhile stays as they are when the phone is back', async (_, meanwhile, state) => {
  const lu = await agent()
  await unreachable(lu)
  await meanwhile(lu)
  await returns(lu)
  expect(await shown(lu)).toMatchObject({ state, unreachable: false })
})

test('nobody becomes ready whose phone was never missed', async () => {
  const lu = await phone.agent(`坐席 ${++n}`, [hotline], { state: 'offline' })
  await returns(lu)
  expect(await shown(lu)).toMatchObject({ state: 'offline' })
})

test('ready are those who could take somebody now: whoever is rung, talks or wraps a call up is at work, and not ready', async () => {
  const busy = await agent()
  const counts = async () => {
    const [pulses, board, shift, ready] = await house.work(ctx =>
      Promise.all([pulse(ctx), wallboard(ctx), shiftNow(ctx), team(ctx, { q: busy.name, state: 'ready' })]),
    )
    const one = board.queues.find(q => q.id === hotline)
    expect(pulses.find(q => q.queueId === hotline)?.ready).toBe(one?.ready)
    return { ready: one?.ready, working: one?.working, shift: shift.ready, listed: ready.rows.length }
  }
  const { shift } = await counts()
  expect(await counts()).toEqual({ ready: 1, working: 1, shift, listed: 1 })
  const free = await agent()
  const at = await calls()
  const [taker, other] = (await phone.offer(busy.id)) ? [busy, free] : [free, busy]
  const now = { ready: 1, working: 2, shift, listed: taker === busy ? 0 : 1 }
  expect(await stateOf(taker)).toBe('ringing')
  expect(await counts()).toEqual(now)
  await phone.takes(taker)
  await phone.answers(at, taker)
  expect(await stateOf(taker)).toBe('call')
  expect(await counts()).toEqual(now)
  await ends(at)
  expect(await stateOf(taker)).toBe('wrap')
  expect(await counts()).toEqual(now)
  await finishes(at, taker)
  expect(await stateOf(other)).toBe('ready')
  expect(await counts()).toEqual({ ready: 2, working: 2, shift: shift + 1, listed: 1 })
})

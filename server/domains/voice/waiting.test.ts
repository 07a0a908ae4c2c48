import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Calendar } from '#contract/calendars.ts'
import { addCalendar } from '#domains/identity/calendars.ts'
import { wallboard } from '#domains/insight/queries.ts'
import { sweep } from '#domains/routing/index.ts'
import { mine } from '#domains/routing/queries.ts'
import type { User } from '#kernel/access.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { sweepCalls } from './clocks.ts'
import { hangUp } from './handling.ts'
import type { CallAt, Order } from './ports.ts'
import { setQueueVoice } from './queueVoice.ts'
import { mine as myCalls } from './softphone.ts'

let house: TestHouse
let phone: Telephone
let queueId: string
let digits: string
let n = 0
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})
async function leads(nodes: object[]): Promise<void> {
  digits = `97${String(++n).padStart(3, '0')}`
  await phone.number(digits, await phone.flow({ first: 'first', nodes }))
}
/** Every test has a queue and a number of its own. */
beforeEach(async () => {
  queueId = await phone.queue({ name: '热线', channel: 'phone', wrapSeconds: 0, ringSeconds: 120 })
  await leads([{ key: 'first', name: '排队', kind: 'queue', queueId, tellEvery: 45, callBackAfter: 30 }])
})

type At = CallAt & { leg: string }
async function calls(): Promise<At> {
  const at = await phone.rings(`1370000${String(++n).padStart(4, '0')}`, digits)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  return at
}
const ends = (at: At) => phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })
/** Time goes by, and whatever strikes meanwhile is done. */
async function passes(seconds: number): Promise<void> {
  await house.pass(seconds / 60)
  await sweepCalls(house.house)
  await sweep(house.house)
  await phone.rest()
}
async function asksToBeCalledBack(at: At): Promise<void> {
  await passes(30)
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  await ends(at)
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'callback', queueId })
}
const agent = (): Promise<User> => phone.agent(`坐席 ${++n}`, [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 100 }] })
const contactOf = async (at: At) => (await phone.row(at.callId)).interactionId
const rings = async (user: User) => (await phone.offer(user.id))?.interactionId
/** What the agent is told of the call-back that rings. */
const toBeCalledBack = async (user: User) => (await house.as(user).work(mine)).offers[0]?.callBack
/** For what a contact counts in the figures. */
const countsFor = async (at: At) => {
  const id = await contactOf(at)
  const { rows } = await house.work(ctx =>
    sql`select offered, answered, in_target, abandoned, short_abandoned, undecided from insight.fact_contact where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.db,
    ),
  )
  return rows[0]
}
const dialledIn = (orders: readonly Order[]) => orders.flatMap(o => (o.do === 'dial' && o.to.kind === 'number' ? [o] : []))
/** The agent takes what rings, and hears the customer being rung. */
async function callsBack(user: User, at: At): Promise<string> {
  phone.orders()
  await phone.takes(user)
  expect(dialledIn(phone.orders())).toEqual([])
  await phone.answers(at, user)
  const [dial] = dialledIn(phone.orders())
  expect(dial?.to).toMatchObject({ number: (await phone.row(at.callId)).caller, shown: digits })
  return dial?.leg ?? ''
}
const heard = (at: At) =>
  phone
    .orders()
    .flatMap(o =>
      o.do === 'play' && o.leg === at.leg ? [o.prompts.map(p => (p.kind === 'said' ? p.key : p.kind === 'number' ? p.value : p.kind))] : [],
    )
const today = () => house.work(async ctx => (await wallboard(ctx)).today)

test('whoever is called back keeps the place among those who wait', async () => {
  const first = await calls()
  const second = await calls()
  await asksToBeCalledBack(first)
  const third = await calls()
  phone.orders()
  await passes(45)
  // The one who hung up still stands before those who came later.
  expect(heard(second).map(said => said[1])).toEqual([2])
  const order: (string | null | undefined)[] = []
  for (const at of [first, second, third]) {
    const lu = await agent()
    order.push(await rings(lu))
    await phone.takes(lu)
    await phone.answers(at, lu)
  }
  expect(order).toEqual([await contactOf(first), await contactOf(second), await contactOf(third)])
})

test('the agent is there before the customer is rung, and both talk when the customer answers', async () => {
  const at = await calls()
  await asksToBeCalledBack(at)
  const lu = await agent()
  const leg = await callsBack(lu, at)
  await phone.told(at, { kind: 'answered', leg })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lu.id, answeredAt: expect.any(Date) })
  await phone.told(at, { kind: 'gone', leg, cause: 'normal', code: null, quality: null })
})

test('a call-back that is not answered is tried again as the queue says, with the agent free in between, and ends with its reason', async () => {
  await house.work(ctx => setQueueVoice(ctx, queueId, { recording: 'off', keepDays: 1, rating: false, musicId: null, callbackTries: 2, callbackMinutes: 15 })) // biome-ignore format: one line reads better
  const at = await calls()
  await asksToBeCalledBack(at)
  const { askedBack } = (await phone.row(at.callId)).machine
  const since = new Date(askedBack ?? 0)
  const lu = await agent()
  expect(await toBeCalledBack(lu)).toEqual({ since, tries: 0 })
  const leg = await callsBack(lu, at)
  await phone.told(at, { kind: 'gone', leg, cause: 'busy', code: 486, quality: null })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'callback', agentId: null, endedAt: null })
  expect(await phone.contact(await contactOf(at))).toMatchObject({ state: 'waiting', agentId: null, answeredAt: null })
  expect(await phone.handling(lu.id)).toEqual([])
  expect(await rings(lu)).toBeUndefined()
  // Meanwhile the agent serves others.
  const other = await calls()
  expect(await rings(lu)).toBe(await contactOf(other))
  await ends(other)
  await passes(14 * 60)
  expect(await rings(lu)).toBeUndefined()
  // It comes before whoever came later.
  const late = await calls()
  await ends(late)
  await passes(60)
  expect(await rings(lu)).toBe(await contactOf(at))
  expect(await toBeCalledBack(lu)).toEqual({ since, tries: 1 })
  const again = await callsBack(lu, at)
  await phone.told(at, { kind: 'gone', leg: again, cause: 'no_answer', code: 480, quality: null })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'no_answer', dueAt: null })
  expect((await phone.legs(at.callId)).filter(l => l.party === 'customer').map(l => l.cause)).toEqual(['normal', 'busy', 'no_answer'])
  // Whoever asked to be called back did not give up: the contact counts as offered and not answered, and as no abandonment.
  expect(await phone.contact(await contactOf(at))).toMatchObject({
    state: 'done',
    agentId: null,
    answeredAt: null,
    endedAt: expect.any(Date),
  })
  expect(await countsFor(at)).toEqual({ offered: 1, answered: 0, inTarget: 0, abandoned: 0, shortAbandoned: 0, undecided: 0 })
  expect(await phone.handling(lu.id)).toEqual([])
})

test('place and wait are told at the seconds the flow says, and as they are then', async () => {
  const first = await calls()
  const second = await calls()
  phone.orders()
  await passes(10)
  expect(heard(second)).toEqual([])
  await passes(36)
  expect(heard(second).at(-1)?.slice(0, 3)).toEqual(['you_are_number', 2, 'in_the_queue'])
  await ends(first)
  phone.orders()
  await passes(20)
  expect(heard(second)).toEqual([])
  // Somebody is there now who has no place for it: a wait can be estimated.
  const lu = await agent()
  expect(await rings(lu)).toBe(await contactOf(second))
  await passes(26)
  expect(heard(second)).toEqual([['you_are_number', 1, 'in_the_queue', 'about', 5, 'minutes', 'press_1_to_be_called_back']])
  await ends(second)
})

test('out of hours a message is taken, within them an agent asked', async () => {
  const hours = (week: Calendar['week']) => house.work(async ctx => (await addCalendar(ctx, Calendar.parse({ name: '时间', week }))).id)
  const always = Object.fromEntries(Array.from({ length: 7 }, (_, day) => [String(day), [{ from: 0, to: 1440 }]]))
  for (const [calendarId, stage] of [[await hours({}), 'flow'], [await hours(always), 'waiting']] as const) {
    await leads([
      { key: 'first', name: '时间', kind: 'hours', calendarId, open: 'queue', closed: 'mail' },
      { key: 'queue', name: '排队', kind: 'queue', queueId },
      { key: 'mail', name: '留言', kind: 'voicemail', sound: {}, queueId, next: 'end' },
      { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
    ])
    phone.orders()
    const at = await calls()
    expect((await phone.row(at.callId)).stage).toBe(stage)
    const said = heard(at)
    expect(said).toEqual([[stage === 'flow' ? 'leave_a_message' : 'please_wait']])
    await ends(at)
    expect((await phone.contact(await contactOf(at))).state).toBe(stage === 'flow' ? 'done' : 'abandoned')
  } // biome-ignore format: cases read better one per line
})

test('after its seconds a call goes to the other queue, at its old age', async () => {
  const other = await phone.queue({ name: '后备', channel: 'phone' })
  queueId = await phone.queue({ name: '紧', channel: 'phone', overflowQueueId: other, overflowSeconds: 60 })
  await leads([{ key: 'first', name: '排队', kind: 'queue', queueId, tellEvery: 0, callBackAfter: 0 }])
  const at = await calls()
  const id = (await contactOf(at)) ?? ''
  const waits = () => house.work(ctx => ctx.db.selectFrom('routing.waiting').select(['queueId', 'enqueuedAt']).where('id', '=', id).executeTakeFirstOrThrow()) // biome-ignore format: one line reads better
  const before = await waits()
  await passes(20)
  expect((await waits()).queueId).toBe(queueId)
  await passes(41)
  expect(await waits()).toEqual({ queueId: other, enqueuedAt: before.enqueuedAt })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'waiting', queueId: other })
  await ends(at)
})

test('whoever goes within the first seconds is a short abandon, whoever goes later a lost call', async () => {
  const before = await today()
  queueId = await phone.queue({ name: '热线', channel: 'phone', shortAbandonSeconds: 30 })
  await leads([{ key: 'first', name: '排队', kind: 'queue', queueId }])
  for (const seconds of [5, 31]) {
    const at = await calls()
    await passes(seconds)
    await ends(at)
    expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', cause: 'abandoned' })
    const { queuedAt, endedAt } = await phone.contact(await contactOf(at))
    expect(Number(endedAt) - Number(queuedAt)).toBeGreaterThanOrEqual(seconds * 1000)
  }
  const after = await today()
  expect([after.shortAbandoned - before.shortAbandoned, after.abandoned - before.abandoned]).toEqual([1, 1])
})

test('whoever asks to be called back while it rings is shown so at once; the call is told as what it is until they talk', async () => {
  const at = await calls()
  await passes(30)
  const lu = await agent()
  expect(await toBeCalledBack(lu)).toBeNull()
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  await ends(at)
  expect(await toBeCalledBack(lu)).toMatchObject({ tries: 0 })
  const leg = await callsBack(lu, at)
  const shown = async () =>
    (await house.as(lu).work(myCalls)).calls.map(({ stage, answeredAt, callBack }) => ({ stage, answeredAt, callBack }))
  expect(await shown()).toEqual([{ stage: 'connecting', answeredAt: null, callBack: { since: expect.any(Date), tries: 0 } }])
  // The agent thinks better of it before anybody answers: nobody gave up either.
  await house.as(lu).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'over', answeredAt: null })
  expect((await phone.legs(at.callId)).find(l => l.id === leg)).toMatchObject({ party: 'customer' })
  expect(await countsFor(at)).toMatchObject({ offered: 1, answered: 0, abandoned: 0, shortAbandoned: 0 })
  expect(await phone.handling(lu.id)).toEqual([])
})

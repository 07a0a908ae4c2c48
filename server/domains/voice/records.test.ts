import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { rateInteraction } from '#domains/interactions/index.ts'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import type { User } from '#kernel/access.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { attend, leave, takeOver } from './attending.ts'
import { writeWav } from './audio/wav.ts'
import { hangUp, hold, resume } from './handling.ts'
import type { CallAt } from './ports.ts'
import { listen } from './recordings/keeping.ts'
import { callOfContact, callsNow, lineFigures, listCalls, numberFigures, oneCall } from './records.ts'

let house: TestHouse
let phone: Telephone
let people: Awaited<ReturnType<typeof openColleagues>>
let queueId: string
let number: string
const next = (() => {
  let n = 0
  return () => `95${String(++n).padStart(3, '0')}`
})()

beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  people = await openColleagues(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})
beforeEach(async () => {
  queueId = await phone.queue({
    name: `热线 ${next()}`,
    channel: 'phone',
    wrapSeconds: 60,
    ringSeconds: 20,
    targetSeconds: 20,
    shortAbandonSeconds: 5,
  })
  number = next()
  const flowId = await phone.flow({
    first: 'menu',
    nodes: [
      { key: 'menu', name: '主菜单', kind: 'menu', sound: { text: '人工请按 1' }, options: [{ key: '1', name: '人工', next: 'people' }], otherwise: 'end' },
      { key: 'people', name: '排队', kind: 'queue', queueId },
      { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
    ],
  }) // biome-ignore format: a flow reads better as a table
  await phone.number(number, flowId)
  phone.orders()
})

type At = CallAt & { leg: string }
const quality = (mos: number) => ({ lossIn: 0.01, lossOut: 0, jitterMs: 4, rttMs: 30, mos })
const gone = (at: At, leg = at.leg, mos = 4.3) => phone.told(at, { kind: 'gone', leg, cause: 'normal', code: 200, quality: quality(mos) })
const agent = (team: 'one' | 'two' = 'one') => seated('agent', team)
/** Somebody of a team who takes calls of the queue. */
async function seated(role: 'agent' | 'lead', team: 'one' | 'two'): Promise<User> {
  const user = await phone.agent(`坐席 ${next()}`, [queueId], {
    channels: [{ channel: 'phone', capacity: 1, weight: 0 }],
    state: role === 'agent' ? 'ready' : 'offline',
  })
  const teamId = people[team]
  await house.work(ctx =>
    ctx.db
      .updateTable('identity.person')
      .set({ teamId, departmentId: people.departmentId, roleId: people.role(role) })
      .where('id', '=', user.id)
      .execute(),
  )
  const known = await people.person(`样 ${next()}`, role, team)
  return { ...known, id: user.id, name: user.name }
}
async function rings(caller: string): Promise<At> {
  const at = await phone.rings(caller, number)
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  return at
}
async function talks(user: User, caller = '13800006021'): Promise<At & { own: string }> {
  const at = await rings(caller)
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
  const offer = await phone.offer(user.id)
  if (!offer) throw new Error('nothing rings')
  await house.as(user).work(ctx => acceptOffer(ctx, offer.id))
  await phone.rest()
  const own = await legOf(at, user)
  await phone.told(at, { kind: 'answered', leg: own })
  return { ...at, own }
}
async function legOf(at: At, { id }: User): Promise<string> {
  const leg = (await phone.row(at.callId)).machine.legs.findLast(l => l.agentId === id && l.state !== 'gone')
  if (!leg) throw new Error('the phone was not rung')
  return leg.id
}
const by = (user: User) => house.as(user)

test('a call tells every leg with its marks, its causes and quality, the way through the flow, what was done, and its recording', async () => {
  const user = await agent()
  const at = await talks(user)
  const recording = phone.orders().find(o => o.do === 'record')?.recording ?? ''
  await by(user).work(ctx => hold(ctx, at.callId))
  await by(user).work(ctx => resume(ctx, at.callId))
  await phone.rest()
  phone.line.sounds.set(recording, writeWav({ rate: 8000, sides: [new Int16Array(16_000).fill(900), new Int16Array(16_000)] }))
  await gone(at, at.leg, 3.1)
  await gone(at, at.own, 4.2)
  await phone.told(at, { kind: 'recorded', leg: at.leg, recording, seconds: 2, failed: false })
  await house.settle()

  const call = await by(user).work(ctx => oneCall(ctx, at.callId))
  expect(call).toMatchObject({ stage: 'over', direction: 'in', recorded: true, agentName: user.name, queueId })
  expect(call.worstMos).toBeCloseTo(3.1, 5)
  expect(call.legs.map(l => [l.party, l.agentId, l.answeredAt !== null, l.endedAt !== null, l.code, l.quality?.mos])).toEqual([
    ['customer', null, true, true, 200, 3.1],
    ['agent', user.id, true, true, 200, 4.2],
  ])
  expect(call.path.map(p => [p.name, p.out])).toEqual(
    [
      ['主菜单', '1'],
      ['排队', expect.any(String)],
    ].slice(0, call.path.length),
  )
  expect(call.path.length).toBeGreaterThan(0)
  expect(call.marks.map(m => [m.what, m.byName])).toEqual([
    ['held', user.name],
    ['resumed', user.name],
  ])
  expect(call.recordings).toMatchObject([{ id: recording, kind: 'talk', state: 'kept', seconds: 2 }])
  expect((await by(user).work(ctx => callOfContact(ctx, call.interactionId ?? ''))).call?.id).toBe(at.callId)
  const figures = await house.work(ctx => lineFigures(ctx, { hours: 24 }))
  expect(figures.find(f => f.line === 'practice')?.worstMos).toBeCloseTo(3.1, 5)
})

test('numbers are masked in the list and found from their end; whoever nobody knows is shown whole to whoever may reveal', async () => {
  const user = await agent()
  const at = await talks(user, '13711119527')
  const [row] = (await house.work(ctx => listCalls(ctx, { q: '9527' }))).rows
  expect([row?.id, row?.caller]).toEqual([at.callId, '137****9527'])
  expect((await house.work(ctx => listCalls(ctx, { q: '1371' }))).rows).toEqual([])
  const blind = house.user({}, ['voice:read'])
  expect((await by(blind).work(ctx => oneCall(ctx, at.callId))).caller).toBe('137****9527')
  expect((await by(blind).work(ctx => oneCall(ctx, at.callId))).legs[0]?.number).toBe('137****9527')
  expect((await by(house.user()).work(ctx => oneCall(ctx, at.callId))).caller).toBe('13711119527')
  const known = await house.work(async ctx => (await addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: '13711118888' }))).id)
  const second = await talks(await agent(), '13711118888')
  const whole = await by(house.user()).work(ctx => oneCall(ctx, second.callId))
  expect([whole.customerId, whole.caller]).toEqual([known, '137****8888'])
})

test('calls are seen in one’s scope, and by nobody of another house', async () => {
  const [mine, other] = [await agent('one'), await agent('two')]
  const [ours, theirs] = [await talks(mine), await talks(other, '13800006022')]
  const [lead, both] = [await seated('lead', 'one'), house.user({ departmentId: people.departmentId })]
  const sees = async (user: User) => (await by(user).work(ctx => listCalls(ctx, { queueId, size: 50 }))).rows.map(c => c.id).sort()
  expect(await sees(mine)).toEqual([ours.callId])
  expect(await sees(lead)).toEqual([ours.callId])
  expect(await sees(both)).toEqual([ours.callId, theirs.callId].sort())
  expect((await by(lead).work(callsNow)).map(c => c.id).filter(id => [ours.callId, theirs.callId].includes(id))).toEqual([ours.callId])
  const stranger = house.user({ tenantId: house.otherTenantId })
  expect(await sees(stranger)).toEqual([])
  await expect(by(stranger).work(ctx => oneCall(ctx, ours.callId))).rejects.toMatchObject({ code: 'call.not_found' })
})

test('pages follow one another without a gap', async () => {
  const all: string[] = []
  for (let n = 0; n < 3; n++) {
    all.unshift((await talks(await agent(), `1380000700${n}`)).callId)
    await house.pass(0.1)
  }
  const first = await house.work(ctx => listCalls(ctx, { queueId, size: 2 }))
  const rest = await house.work(ctx => listCalls(ctx, { queueId, size: 2, after: first.next ?? '' }))
  expect([...first.rows, ...rest.rows].map(c => c.id)).toEqual(all)
  expect(rest.next).toBeNull()
  expect((await house.work(ctx => listCalls(ctx, { queueId, sort: 'time' }))).rows.map(c => c.id)).toEqual(all.toReversed())
})

test('a leader listens, whispers, barges in and takes over: in scope, by name in the audit', async () => {
  const [user, lead, stranger] = [await agent('one'), await seated('lead', 'one'), await seated('lead', 'two')]
  const at = await talks(user)
  await expect(by(stranger).work(ctx => attend(ctx, at.callId, 'listen'))).rejects.toMatchObject({ code: 'call.not_found' })
  await by(lead).work(ctx => attend(ctx, at.callId, 'listen'))
  await phone.rest()
  const leg = await legOf(at, lead)
  await phone.told(at, { kind: 'answered', leg })
  await by(lead).work(ctx => attend(ctx, at.callId, 'whisper'))
  await phone.rest()
  expect(phone.orders().filter(o => o.do === 'attend')).toEqual([
    { do: 'attend', leg, agent: at.own, whisper: false },
    { do: 'attend', leg, agent: at.own, whisper: true },
  ])
  await by(lead).work(ctx => leave(ctx, at.callId))
  await phone.rest()
  await phone.told(at, { kind: 'gone', leg, cause: 'normal', code: null, quality: null })
  await by(lead).work(ctx => takeOver(ctx, at.callId))
  await phone.rest()
  await phone.told(at, { kind: 'answered', leg: await legOf(at, lead) })
  expect(await phone.row(at.callId)).toMatchObject({ stage: 'talking', agentId: lead.id })
  const { rows } = await house.house.control.query<{ actor_id: string; audit: boolean; mode: string }>(
    `select actor_id, audit, detail->>'mode' as mode from kernel.event where name = 'call.attended' and about = $1 order by id`,
    [at.callId],
  )
  expect(rows.map(r => [r.actor_id, r.audit, r.mode])).toEqual([
    [lead.id, true, 'listen'],
    [lead.id, true, 'whisper'],
    [lead.id, true, 'takeover'],
  ])
  await by(lead).work(ctx => hangUp(ctx, at.callId))
  await phone.rest()
  // Whoever only talked with us is not told who listened.
  expect((await by(user).work(ctx => oneCall(ctx, at.callId))).marks.filter(m => m.what.includes('attend'))).toEqual([])
})

test('figures count who waited: gone in the flow is no abandonment, gone at once a short one', async () => {
  const inFlow = await rings('13800008001')
  await gone(inFlow)
  const waits = async (caller: string, seconds: number) => {
    const at = await rings(caller)
    await phone.told(at, { kind: 'digit', leg: at.leg, digit: '1' })
    await house.pass(seconds / 60)
    await gone(at)
    return at
  }
  await waits('13800008002', 2)
  await waits('13800008003', 30)
  const user = await agent()
  const answered = await talks(user, '13800008004')
  await gone(answered)
  await gone(answered, answered.own)
  const of = async (id: string | null) =>
    (
      await house.house.control.query(
        'select offered, answered, in_target, abandoned, short_abandoned from insight.fact_contact where tenant_id = $1 and id = $2',
        [house.tenantId, id],
      )
    ).rows[0]
  expect(await of((await phone.row(inFlow.callId)).interactionId)).toMatchObject({ offered: 0, abandoned: 0, short_abandoned: 0 })
  const { rows } = await house.house.control.query(
    `select sum(offered)::int as offered, sum(answered)::int as answered, sum(in_target)::int as in_target, sum(abandoned)::int as abandoned,
      sum(short_abandoned)::int as short from insight.fact_contact where tenant_id = $1 and queue_id = $2`,
    [house.tenantId, queueId],
  )
  expect(rows[0]).toEqual({ offered: 3, answered: 1, in_target: 1, abandoned: 1, short: 1 })
})

test('a recording is heard by whom its agent’s leader is, from the call’s own page', async () => {
  const [user, lead] = [await agent('one'), await seated('lead', 'one')]
  const at = await talks(user)
  const recording = phone.orders().find(o => o.do === 'record')?.recording ?? ''
  phone.line.sounds.set(recording, writeWav({ rate: 8000, sides: [new Int16Array(8000).fill(500), new Int16Array(8000)] }))
  await gone(at)
  await gone(at, at.own)
  await phone.told(at, { kind: 'recorded', leg: at.leg, recording, seconds: 1, failed: false })
  await house.settle()
  expect((await by(lead).work(ctx => listen(ctx, recording))).recording).toMatchObject({ callId: at.callId, seconds: 1 })
})

test('a call bears the rating of its contact, whenever it comes, and is found by it and by its recording', async () => {
  const at = await talks(await agent())
  await gone(at)
  const { interactionId } = await phone.row(at.callId)
  await house.work(ctx => rateInteraction(ctx, interactionId ?? '', 2))
  await house.settle()
  const found = async (query: Partial<Parameters<typeof listCalls>[1]>) =>
    (await house.work(ctx => listCalls(ctx, { ...query, queueId }))).rows.map(c => [c.id, c.rating])
  expect(await found({ rating: 2 })).toEqual([[at.callId, 2]])
  expect(await found({ rating: 3 })).toEqual([])
  expect(await found({ recorded: true, direction: 'in' })).toEqual([[at.callId, 2]])
  expect(await found({ recorded: false })).toEqual([])
})

test('a number tells how many called it today, how many were answered and how many gave up', async () => {
  const at = await talks(await agent())
  await gone(at)
  const second = await rings('13800006022')
  await phone.told(second, { kind: 'digit', leg: second.leg, digit: '1' })
  await gone(second)
  const { numberId } = await phone.row(at.callId)
  expect((await house.work(numberFigures)).find(f => f.numberId === numberId)).toEqual({ numberId, calls: 2, answered: 1, abandoned: 1 })
  await house.pass(25 * 60)
  expect((await house.work(numberFigures)).find(f => f.numberId === numberId)).toBe(undefined)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { enqueue } from './actions/queueing.ts'
import { registerContacts } from './contacts.ts'

let house: TestHouse
const password = 'Deep-Water-7'
type Json = Record<string, unknown>
const ids: Record<string, string> = {}
const bearers: Record<string, string> = {}
const unknown = '0190a000-0000-7000-8000-000000000001'

beforeAll(async () => {
  house = await openHouse()
  registerContacts({ channel: 'chat', accepted: async () => {} })
  const staff = (tenantId: string, login: string, code: string) =>
    asSystem(house.house, tenantId, async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      return (await addPerson(ctx, { name: login, login, password, roleId: role.id, departmentId: null, teamId: null })).id
    })
  for (const [key, tenantId, slug, code] of [
    ['admin', house.tenantId, 'first', 'admin'],
    ['agent', house.tenantId, 'first', 'agent'],
    ['other', house.tenantId, 'first', 'agent'],
    ['foreign', house.otherTenantId, 'second', 'admin'],
  ] as const) {
    ids[key] = await staff(tenantId, key, code)
    const reply = await house.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { tenant: slug, login: key, password, bearer: true },
    })
    bearers[key] = reply.json<{ bearer: string }>().bearer
  }
})
afterAll(() => house.close())

const call = async (who: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: Json) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: `Bearer ${bearers[who]}` },
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, ...(reply.body ? { body: reply.json() } : { body: undefined }) }
}
const code = async (...args: Parameters<typeof call>) => {
  const { status, body } = await call(...args)
  return [status, body?.code]
}

test('a queue is made, staffed, rung through and pulsed over the wire', async () => {
  const queue = (await call('admin', 'POST', '/queues', { name: '用水咨询', preferSeconds: 0 })).body
  expect(queue).toMatchObject({ channel: 'chat', ringSeconds: 30, demands: [], retired: false })
  const skill = (await call('admin', 'POST', '/skills', { name: '水质' })).body
  const changed = await call('admin', 'PATCH', `/queues/${queue.id}`, { demands: [{ skillId: skill.id, level: 2, relaxAfter: 30 }] })
  expect(changed.body).toMatchObject({ name: '用水咨询', preferSeconds: 0, demands: [{ skillId: skill.id, level: 2, relaxAfter: 30 }] })
  const staffing = {
    missesAllowed: 2,
    channels: [{ channel: 'chat', capacity: 2, weight: 0 }],
    skills: [{ skillId: skill.id, level: 3 }],
    queueIds: [queue.id],
  }
  expect((await call('admin', 'PUT', `/staffing/${ids.agent}`, staffing)).body).toEqual({ agentId: ids.agent, ...staffing })
  expect((await call('admin', 'GET', `/staffing?queueId=${queue.id}`)).body).toEqual({
    rows: [{ agentId: ids.agent, agentName: 'agent', ...staffing }],
    next: null,
  })
  expect((await call('admin', 'GET', '/staffing/queues')).body).toEqual([{ queueId: queue.id, agents: 1 }])
  const stages = [4, 3, 1].map(level => [{ skillId: skill.id, level }])
  expect((await call('admin', 'POST', '/staffing/fitting', { stages: [...stages, []] })).body).toEqual([0, 1, 1, 1])

  expect((await call('agent', 'PUT', '/presence', { state: 'ready' })).body).toMatchObject({
    agentName: 'agent',
    state: 'ready',
    load: [{ channel: 'chat', capacity: 2, used: 0 }],
  })
  const desk = openDesk(house)
  const contact = await desk.contact(queue.id, { tier: 'gold', customerName: '王淑芬' })
  expect((await call('admin', 'GET', '/queues/pulse')).body).toMatchObject([{ name: '用水咨询', waiting: 1, ready: 1, handling: 0 }])
  const [offer] = (await call('agent', 'GET', '/presence')).body.offers
  expect(offer).toMatchObject({ interactionId: contact, customerName: '王淑芬', tier: 'gold', queueName: '用水咨询' })

  // Another agent, and another tenant, cannot find it.
  for (const who of ['other', 'foreign']) {
    expect(await code(who, 'POST', `/offers/${offer.id}/acceptance`)).toEqual([404, 'offer.not_found'])
    expect(await code(who, 'POST', `/offers/${offer.id}/refusal`)).toEqual([404, 'offer.not_found'])
  }
  expect((await call('agent', 'POST', `/offers/${offer.id}/acceptance`)).body).toMatchObject({ id: offer.id })
  expect(await code('agent', 'POST', `/offers/${offer.id}/acceptance`)).toEqual([410, 'offer.over'])
  expect((await call('admin', 'GET', '/presence/team?q=GENT&state=ready&channel=chat')).body).toMatchObject({
    rows: [{ agentId: ids.agent, state: 'ready', load: [{ used: 1 }] }],
  })
  expect((await call('admin', 'GET', '/presence/team/counts')).body).toEqual({ agents: 1, working: 1, ready: 1 })
  expect((await call('other', 'GET', '/presence/colleagues?channel=chat')).body).toMatchObject([{ agentId: ids.agent }])
  expect((await call('other', 'GET', '/presence/colleagues?channel=mail')).body).toEqual([])
  expect((await call('admin', 'PUT', `/presence/${ids.agent}`, { state: 'busy' })).body).toMatchObject({ state: 'busy' })
  expect((await call('admin', 'PUT', `/queues/${queue.id}/retired`, { retired: true })).body).toMatchObject({ retired: true })
  expect((await call('admin', 'GET', '/queues')).body).toEqual([])
  expect((await call('admin', 'GET', '/queues?retired=true')).body).toHaveLength(1)
})

test('agents may not configure or supervise', async () => {
  const denied = [403, 'access.denied']
  expect(await code('agent', 'POST', '/queues', { name: '我的队列' })).toEqual(denied)
  expect(await code('agent', 'GET', '/presence/team')).toEqual(denied)
  expect(await code('agent', 'PUT', `/presence/${ids.other}`, { state: 'offline' })).toEqual(denied)
  expect(await code('agent', 'PUT', `/staffing/${ids.agent}`, { channels: [], skills: [], queueIds: [] })).toEqual(denied)
  const reply = await house.app.inject({ method: 'GET', url: '/api/presence' })
  expect(reply.statusCode).toBe(401)
})

test.each([
  ['a state nobody can choose', 'PUT', '/presence', { state: 'wrap' }, 400, 'input.invalid'],
  ['an unknown reason', 'PUT', '/presence', { state: 'break', reasonId: unknown }, 404, 'presence_reason.not_found'],
  ['an unknown offer', 'POST', `/offers/${unknown}/acceptance`, undefined, 404, 'offer.not_found'],
  ['no id at all', 'POST', `/offers/1' or 1=1/acceptance`, undefined, 404, 'input.not_found'],
  ['an unknown agent', 'PUT', `/presence/${unknown}`, { state: 'busy' }, 404, 'agent.not_found'],
  ['staffing somebody unknown', 'PUT', `/staffing/${unknown}`, { channels: [], skills: [], queueIds: [] }, 404, 'person.not_found'],
  ['a queue without a name', 'POST', '/queues', { name: ' ' }, 400, 'input.invalid'],
  ['a ring longer than five minutes', 'POST', '/queues', { name: '久', ringSeconds: 900 }, 400, 'input.invalid'],
  ['a demand for an unknown skill', 'POST', '/queues', { name: '无', demands: [{ skillId: unknown, level: 1 }] }, 404, 'skill.not_found'],
  ['an unknown overflow queue', 'POST', '/queues', { name: '溢', overflowQueueId: unknown }, 404, 'queue.not_found'],
  ['an unknown queue', 'PATCH', `/queues/${unknown}`, { name: '无' }, 404, 'queue.not_found'],
] as const)('refuses %s', async (_, method, url, body, status, refusal) => {
  expect(await code('admin', method, url, body)).toEqual([status, refusal])
})

test('a queue neither overflows into itself nor into another channel, nor changes channel under who waits', async () => {
  const phone = (await call('admin', 'POST', '/queues', { name: '电话', channel: 'phone' })).body
  const chat = (await call('admin', 'POST', '/queues', { name: '在线', overflowSeconds: 30 })).body
  expect(await code('admin', 'PATCH', `/queues/${chat.id}`, { overflowQueueId: chat.id })).toEqual([400, 'queue.overflow_to_itself'])
  expect(await code('admin', 'PATCH', `/queues/${chat.id}`, { overflowQueueId: phone.id })).toEqual([400, 'queue.other_channel'])
  expect(await code('admin', 'PATCH', `/queues/${chat.id}`, { calendarId: chat.id })).toEqual([404, 'calendar.not_found'])
  await openDesk(house).contact(chat.id)
  expect(await code('admin', 'PATCH', `/queues/${chat.id}`, { channel: 'mail' })).toEqual([409, 'queue.in_use'])
  const waiting = {
    interactionId: unknown,
    channel: 'chat',
    queueId: phone.id,
    customerId: null,
    customerName: '',
    tier: null,
    subject: '',
  } as const
  await expect(house.work(ctx => enqueue(ctx, waiting))).rejects.toMatchObject({ code: 'queue.other_channel' })
})

test('another tenant sees nothing and can touch nothing', async () => {
  const queue = (await call('admin', 'POST', '/queues', { name: '本部' })).body
  for (const url of ['/queues', '/skills', '/presence-reasons', '/staffing/queues', '/queues/pulse', '/contact-reasons'])
    expect((await call('foreign', 'GET', url)).body, url).toEqual([])
  for (const url of ['/staffing', '/presence/team']) expect((await call('foreign', 'GET', url)).body, url).toEqual({ rows: [], next: null })
  expect(await code('foreign', 'PATCH', `/queues/${queue.id}`, { name: '抢' })).toEqual([404, 'queue.not_found'])
  expect(await code('foreign', 'PUT', `/queues/${queue.id}/retired`, { retired: true })).toEqual([404, 'queue.not_found'])
  expect(await code('foreign', 'PUT', `/presence/${ids.agent}`, { state: 'ready' })).toEqual([404, 'agent.not_found'])
  expect(await code('foreign', 'PUT', `/staffing/${ids.agent}`, { channels: [], skills: [], queueIds: [] })).toEqual([
    404,
    'person.not_found',
  ])
  expect(await code('foreign', 'PUT', `/staffing/${ids.foreign}`, { channels: [], skills: [], queueIds: [queue.id] })).toEqual([
    404,
    'queue.not_found',
  ])
})

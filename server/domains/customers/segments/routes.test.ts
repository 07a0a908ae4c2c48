import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, addSegment } from '../index.ts'

let house: TestHouse
const tokens = new Map<RoleCode, string>()
const foreign = { segment: '', customer: '' }
const form = { name: '外人的', nameEn: '', note: '', condition: { match: 'all' as const, of: [] } }
const person = {
  kind: 'person' as const,
  tier: 'normal' as const,
  phone: null,
  email: null,
  address: '',
  district: '',
  postCode: '',
  note: '',
  tags: [],
  care: [],
}

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'supervisor'] as const)
    tokens.set(
      code,
      await house.work(async ctx => {
        const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
        const given = { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
        return (await openSession(ctx, (await addPerson(ctx, given)).id, { ip: '10.0.0.1', userAgent: 'test' })).token
      }),
    )
  await asSystem(house.house, house.otherTenantId, async ctx => {
    foreign.segment = (await addSegment(ctx, form)).id
    foreign.customer = (await addCustomer(ctx, { ...person, name: '别家的客户' })).id
  })
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const call = async (who: RoleCode | null, method: Method, url: string, body?: object) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${tokens.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, json: reply.json() }
}
const steps = [{ key: 'gold', name: '金卡', condition: null }]

test('segments and ladders are closed to strangers, and agents use what they do not set up', async () => {
  for (const [method, url, body] of [
    ['POST', '/segments', form],
    ['PUT', '/ladders/tier', { version: 0, active: false, steps }],
    ['POST', '/ladders/tier/preview', { steps }],
    ['POST', '/ladders/tier/application', { version: 1 }],
  ] as const) {
    expect((await call(null, method, url, body)).json.code).toBe('access.sign_in')
    expect((await call('agent', method, url, body)).json.code, url).toBe('access.denied')
  }
  expect((await call('supervisor', 'POST', '/segments', form)).status).toBe(200)
  expect((await call('agent', 'GET', '/segments')).json.map((s: { name: string }) => s.name)).toEqual(['外人的'])
  expect((await call('agent', 'POST', '/segments/count', { condition: { of: [] } })).json).toMatchObject({ count: 0, sample: [] })
})

test('another organisation’s segment and customer are not there', async () => {
  for (const [method, url, body] of [
    ['GET', `/segments/${foreign.segment}`, undefined],
    ['GET', `/segments/${foreign.segment}/count`, undefined],
    ['PATCH', `/segments/${foreign.segment}`, { version: 1, note: 'x' }],
    ['PUT', `/segments/${foreign.segment}/retired`, { retired: true }],
    ['GET', `/customers?segment=${foreign.segment}`, undefined],
  ] as const)
    expect((await call('supervisor', method, url, body)).json.code, url).toBe('segment.not_found')
  for (const [method, url, body] of [
    ['GET', `/customers/${foreign.customer}/segments`, undefined],
    ['GET', `/customers/${foreign.customer}/ladders`, undefined],
    ['PUT', `/customers/${foreign.customer}/ladders/tier`, { step: 'gold', reason: '?' }],
    ['DELETE', `/customers/${foreign.customer}/ladders/tier`, undefined],
  ] as const)
    expect((await call('supervisor', method, url, body)).json.code, url).toBe('customer.not_found')
})

test('what is not a condition, a ladder or a step is refused', async () => {
  const count = async (condition: object) => (await call('supervisor', 'POST', '/segments/count', { condition })).json.code
  expect(await count({ of: [{ field: "x'; drop table customers.customer", op: 'is', value: ['x'] }] })).toBe('segment.condition_wrong')
  expect(await count({ of: [{ field: 'tier', op: 'nonsense', value: ['x'] }] })).toBe('input.invalid')
  expect(await count({ match: 'any', of: [] })).toBe('segment.condition_wrong')
  expect((await call('supervisor', 'PUT', '/ladders/mood', { version: 0, active: false, steps })).json.code).toBe('ladder.not_found')
  const odd = [{ key: 'platinum', name: '白金', condition: null }]
  expect((await call('supervisor', 'PUT', '/ladders/tier', { version: 0, active: false, steps: odd })).json.code).toBe('ladder.tiers_only')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'

let house: TestHouse
let id: string
let foreignId: string
const signedIn = new Map<RoleCode | 'books', string>()

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'lead', 'supervisor', 'admin'] as const) signedIn.set(code, await newcomer(code))
  const key = await call('admin', 'POST', '/api-keys', { name: '营收系统', grants: { 'receivable:write': 'all' }, expiresAt: null })
  signedIn.set('books', key.json().token)
  const add = (tenantId: string) =>
    asSystem(house.house, tenantId, ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', tier: 'key' })))
  id = (await add(house.tenantId)).id
  foreignId = (await add(house.otherTenantId)).id
})
afterAll(() => house.close())

const newcomer = (code: RoleCode) =>
  house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const place = { departmentId: null, teamId: null }
    const person = await addPerson(ctx, { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, ...place })
    return (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token
  })
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'
const call = (who: RoleCode | 'books' | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code
const bill = (more: Record<string, unknown> = {}) => ({
  source: '营收系统',
  items: [{ extId: 'A-1', customerId: id, amount: 8640, openAmount: 8640, issuedOn: '2026-10-01', dueOn: '2026-10-20', ...more }],
})

describe('what a customer owes', () => {
  test('comes from the books alone: agents, leaders and supervisors are refused', async () => {
    for (const who of ['agent', 'lead', 'supervisor'] as const) {
      expect(await codeOf(who, 'POST', '/receivables', bill())).toBe('access.denied')
      expect(await codeOf(who, 'PUT', `/customers/${id}/balance`, { balance: 1 })).toBe('access.denied')
      expect(await codeOf(who, 'PUT', `/customers/${id}/flags/credit`, { level: 'bad', name: '失信' })).toBe('access.denied')
      expect(await codeOf(who, 'DELETE', `/customers/${id}/flags/credit`)).toBe('access.denied')
      expect(await codeOf(who, 'GET', '/receivables/imports/fields')).toBe('access.denied')
    }
    expect(await codeOf(null, 'POST', '/receivables', bill())).toBe('access.sign_in')
    // Nor by the way of the customer's file.
    const file = await call('agent', 'PATCH', `/customers/${id}`, { version: 1, balanceDue: 0, note: '已核对' })
    expect(file.json().balanceDue).toBe(0)
  })

  test('an integration’s key delivers it, and whoever may see the customer reads it', async () => {
    expect((await call('books', 'POST', '/receivables', bill())).json().rows).toMatchObject([{ outcome: 'made' }])
    expect((await call('books', 'POST', '/receivables', bill())).json().rows).toMatchObject([{ outcome: 'same' }])
    expect((await call('books', 'PUT', `/customers/${id}/flags/credit`, { level: 'bad', name: '失信' })).statusCode).toBe(200)
    expect((await call('agent', 'GET', `/customers/${id}/account`)).json()).toMatchObject({ balanceDue: 8640, source: '营收系统' })
    expect((await call('agent', 'GET', `/customers/${id}/receivables`)).json().rows).toMatchObject([{ extId: 'A-1', period: '2026-10' }])
    expect((await call('agent', 'GET', `/customers/flags?ids=${id}`)).json().map((f: { code: string }) => f.code)).toContain('credit')
    expect((await call('books', 'PUT', `/customers/${id}/balance`, { balance: 500 })).json()).toMatchObject({ balanceDue: 500 })
    expect((await call('books', 'PUT', `/customers/${id}/balance`, { balance: null })).json()).toMatchObject({ balanceDue: 8640 })
    expect((await call('books', 'DELETE', `/customers/${id}/flags/credit`)).statusCode).toBe(204)
    expect(await codeOf('books', 'GET', `/customers/${id}/account`)).toBe('access.denied')
  })

  test('a call too large, a malformed one and another tenant’s customer are refused', async () => {
    const many = { items: Array.from({ length: 1001 }, (_, n) => ({ ...bill().items[0], extId: `X${n}` })) }
    expect(await codeOf('books', 'POST', '/receivables', many)).toBe('input.invalid')
    expect(await codeOf('books', 'POST', '/receivables', bill({ amount: 86.4 }))).toBe('input.invalid')
    expect((await call('books', 'POST', '/receivables', bill({ customerId: foreignId }))).json().rows).toMatchObject([
      { outcome: 'refused', code: 'customer_unknown' },
    ])
    for (const url of [`/customers/${foreignId}/account`, `/customers/${foreignId}/receivables`, `/customers/${foreignId}/care`])
      expect(await codeOf('admin', 'GET', url)).toBe('customer.not_found')
    expect((await call('admin', 'GET', `/customers/flags?ids=${foreignId}`)).json()).toEqual([])
    expect(await codeOf('admin', 'PUT', `/customers/${foreignId}/care`, { visitDays: 9, contactDays: null, version: 0 })).toBe(
      'customer.not_found',
    )
  })
})

describe('key accounts', () => {
  test('are for leadership: agents see neither the list nor a plan', async () => {
    for (const [method, url, body] of [
      ['GET', '/key-accounts', undefined],
      ['GET', `/customers/${id}/care`, undefined],
      ['PUT', `/customers/${id}/care`, { visitDays: 9, contactDays: null, version: 0 }],
      ['GET', '/care-plans', undefined],
    ] as const)
      expect(await codeOf('agent', method, url, body)).toBe('access.denied')
    expect((await call('supervisor', 'GET', '/key-accounts')).json().rows).toMatchObject([{ id }])
    // A leader sees those whom somebody of the team looks after.
    expect((await call('lead', 'GET', '/key-accounts')).json().rows).toEqual([])
    expect(await codeOf('lead', 'PUT', `/customers/${id}/care`, { visitDays: 9, contactDays: null, version: 0 })).toBe('customer.not_found')
    expect(await codeOf('supervisor', 'PUT', `/customers/${id}/care`, { visitDays: 0, contactDays: null, version: 0 })).toBe(
      'input.invalid',
    )
  })
})

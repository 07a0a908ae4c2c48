import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewRecord, RecordKind } from '#contract/records.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { addRecord } from '../records/actions.ts'
import { addKind } from '../records/kinds.ts'

let house: TestHouse
const ids = { customer: '', foreign: '', record: '', foreignRecord: '' }
const signedIn = new Map<RoleCode, string>()
beforeAll(async () => {
  house = await openHouse()
  for (const code of ['handler', 'admin'] as const)
    await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      const person = { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
      signedIn.set(code, (await openSession(ctx, (await addPerson(ctx, person)).id, { ip: '10.0.0.1', userAgent: 'test' })).token)
    })
  for (const [tenantId, customer, record] of [
    [house.tenantId, 'customer', 'record'],
    [house.otherTenantId, 'foreign', 'foreignRecord'],
  ] as const)
    await asSystem(house.house, tenantId, async ctx => {
      ids[customer] = (await addCustomer(ctx, NewCustomer.parse({ name: '周敏' }))).id
      const kind = await addKind(ctx, RecordKind.parse({ name: '水表', code: 'METER' }))
      ids[record] = (await addRecord(ctx, ids[customer], NewRecord.parse({ kindId: kind.id, number: '1024' }))).id
    })
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'
const call = async (who: RoleCode | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code

describe('the doors', () => {
  test.each<[Method, string, Record<string, unknown> | undefined, boolean]>([
    ['GET', '/customers/CUSTOMER/records', undefined, false],
    ['POST', '/customers/CUSTOMER/records', { kindId: '00000000-0000-4000-8000-000000000000', number: '1' }, true],
    ['PATCH', '/records/RECORD', { version: 1 }, true],
    ['POST', '/records/RECORD/ending', { version: 1 }, true],
    ['POST', '/records/RECORD/reopening', { version: 1 }, true],
    ['GET', '/customers/CUSTOMER/own', undefined, false],
    ['PUT', '/customers/CUSTOMER/own', { version: 1, values: {} }, true],
    ['PUT', '/customers/by-ext/x', { name: '甲' }, true],
    ['POST', '/customers/batch', { items: [{ number: '1', name: '甲' }] }, true],
    ['POST', '/record-kinds', { name: '车', code: 'CAR' }, true],
    ['GET', '/customer-fields', undefined, true],
  ])('%s %s is closed to strangers, to who may not, and to the other tenant', async (method, url, body, writes) => {
    const mine = url.replace('CUSTOMER', ids.customer).replace('RECORD', ids.record)
    const theirs = url.replace('CUSTOMER', ids.foreign).replace('RECORD', ids.foreignRecord)
    expect(await codeOf(null, method, mine, body)).toBe('access.sign_in')
    if (writes) expect(await codeOf('handler', method, mine, body)).toBe('access.denied')
    if (theirs !== url) expect(await codeOf('admin', method, theirs, body)).toMatch(/^(customer|record)\.not_found$/)
  })

  test('nothing of the other tenant is found, fed or matched', async () => {
    expect((await call('admin', 'GET', '/records?number=1024')).json().map((r: { id: string }) => r.id)).toEqual([ids.record])
    expect((await call('admin', 'GET', '/customers/changes?size=1000')).body).not.toContain(ids.foreign)
    const { results } = (await call('admin', 'POST', '/customers/batch', { items: [{ id: ids.foreign, name: '偷' }] })).json()
    expect(results).toEqual([{ index: 0, id: null, did: null, code: 'customer.not_found', field: 'id' }])
  })
})

describe('bad input', () => {
  test.each<[Method, string, Record<string, unknown> | undefined, string]>([
    ['POST', '/customers/batch', { items: [] }, 'input.invalid'],
    ['POST', '/customers/batch', { items: Array(1001).fill({ number: '1' }) }, 'input.invalid'],
    ['GET', '/customers/changes?after=AAAA', undefined, 'input.cursor'],
    ['GET', '/customers/changes?size=1001', undefined, 'input.invalid'],
    ['GET', '/records?number=', undefined, 'input.invalid'],
    ['POST', '/record-kinds', { name: '车', code: 'car' }, 'input.invalid'],
    ['POST', '/customer-fields', { key: 'Bad Key', field: { label: 'x', type: 'text' } }, 'input.invalid'],
    ['POST', '/customer-fields', { key: 'x', field: { label: 'x', type: 'text', pattern: '(a+)+$' } }, 'input.invalid'],
  ])('%s %s is refused clearly', async (method, url, body, code) => expect(await codeOf('admin', method, url, body)).toBe(code))

  test('an external id of any signs, and a telephone of thirty digits told as such', async () => {
    const put = (body: Record<string, unknown>) => call('admin', 'PUT', `/customers/by-ext/${encodeURIComponent('ERP 客户/7?😀')}`, body)
    expect((await put({ name: '𠮷㐂' })).json()).toMatchObject({ did: 'added', customer: { name: '𠮷㐂' } })
    expect((await put({ name: '𠮷㐂' })).json()).toMatchObject({ did: 'same' })
    const refused = await put({ phone: '1'.repeat(30) })
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'customer.phone_invalid'])
  })
})

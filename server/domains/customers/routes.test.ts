import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from './actions.ts'

let house: TestHouse
let customerId: string
let foreignId: string
const signedIn = new Map<RoleCode, string>()

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'handler', 'admin'] as const) signedIn.set(code, await newcomer(code))
  customerId = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: '13812346021' })))).id
  foreignId = (
    await asSystem(house.house, house.otherTenantId, ctx =>
      addCustomer(ctx, NewCustomer.parse({ name: '别家的周敏', phone: '13812346021' })),
    )
  ).id
})
afterAll(() => house.close())

const newcomer = (code: RoleCode) =>
  house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const person = await addPerson(ctx, {
      name: code,
      login: code,
      password: 'Deep-Water-7',
      roleId: role.id,
      departmentId: null,
      teamId: null,
    })
    return (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token
  })
type Method = 'GET' | 'POST' | 'PATCH'
const call = (who: RoleCode | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api/customers${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code

describe('the door', () => {
  test.each<[Method, string, Record<string, unknown> | undefined]>([
    ['GET', '', undefined],
    ['GET', '/ID', undefined],
    ['GET', '/ID/timeline', undefined],
    ['POST', '', { name: '甲' }],
    ['PATCH', '/ID', { version: 1 }],
    ['POST', '/ID/reveal', { reason: '回访' }],
  ])('%s %s is closed to strangers, and another tenant’s customer is not there', async (method, url, body) => {
    expect(await codeOf(null, method, url.replace('ID', customerId), body)).toBe('access.sign_in')
    if (url === '') return
    expect(await codeOf('admin', method, url.replace('ID', foreignId), body)).toBe('customer.not_found')
    expect(await codeOf('admin', method, url.replace('ID', '0'), body)).toBe('input.not_found')
  })

  test('finds as one types only one’s own organisation’s, and says what is wrong with what is typed', async () => {
    expect(await codeOf(null, 'GET', '/find?q=zhou')).toBe('access.sign_in')
    for (const query of ['', '?q=', '?q=%20', `?q=${'a'.repeat(101)}`, '?q=a&size=21'])
      expect(await codeOf('agent', 'GET', `/find${query}`), query).toBe('input.invalid')
    for (const q of ['zhoumin', 'zm', '6021', '%E5%91%A8'])
      expect((await call('agent', 'GET', `/find?q=${q}`)).json()).toMatchObject([{ id: customerId, phone: '138****6021' }])
  })

  test('lets a field department look but not write', async () => {
    expect((await call('handler', 'GET', `/${customerId}`)).statusCode).toBe(200)
    expect(await codeOf('handler', 'POST', '', { name: '甲' })).toBe('access.denied')
    expect(await codeOf('handler', 'PATCH', `/${customerId}`, { version: 1 })).toBe('access.denied')
  })

  test('never lets the other tenant’s customers into a list or a search', async () => {
    for (const url of ['', '?q=周敏', '?q=13812346021', '?q=6021', '?q=K0000001']) {
      const reply = await call('admin', 'GET', encodeURI(url))
      expect(reply.json().rows.map((c: { id: string }) => c.id)).toEqual([customerId])
      expect(reply.body).not.toContain('13812346021')
    }
  })

  test('shows the telephone only to whoever asks and says why', async () => {
    expect(await codeOf('agent', 'POST', `/${customerId}/reveal`, {})).toBe('customer.reveal_why')
    expect((await call('agent', 'POST', `/${customerId}/reveal`, { reason: '客户要求回电' })).json()).toMatchObject({
      phone: '+8613812346021',
      email: null,
      reached: [{ id: expect.any(String), kind: 'phone', value: '+8613812346021', typed: '13812346021' }],
    })
    const { rows } = (await call('agent', 'GET', `/${customerId}/timeline`)).json<{ rows: { name: string; actorName: string }[] }>()
    expect(rows[0]).toMatchObject({ name: 'customer.revealed', actorName: 'agent', detail: { fields: ['phone', 'email', 'wechat'] } })
    expect(JSON.stringify(rows)).not.toContain('客户要求回电')
  })
})

describe('bad input', () => {
  test.each([
    [{ name: '' }],
    [{ name: '甲'.repeat(81) }],
    [{ name: '甲', tier: 'platinum' }],
    [{ name: '甲', email: 'not an address' }],
    [{ name: '甲', tags: Array(21).fill('x') }],
    [{ name: '甲', care: ['rich'] }],
    [{ name: ['甲'] }],
    [{}],
  ])('%o is refused', async body => {
    const reply = await call('admin', 'POST', '', body)
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'input.invalid'])
  })
  test('a NUL, a forged cursor and a broken page size are refused clearly', async () => {
    expect(await codeOf('admin', 'POST', '', { name: 'a\u0000b' })).toBe('input.unstorable_text')
    expect(await codeOf('admin', 'GET', '?after=AAAA')).toBe('input.cursor')
    expect(await codeOf('admin', 'GET', '?size=100000')).toBe('input.invalid')
    expect(await codeOf('admin', 'GET', `?q=${encodeURIComponent('a\u0000b')}`)).toSatisfy(
      code => code === undefined || String(code).startsWith('input.'),
    )
  })
  test('HTML in a name stays text', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const added = (await call('admin', 'POST', '', { name, note: '</script><script>' })).json()
    expect((await call('admin', 'GET', `/${added.id}`)).json()).toMatchObject({ name, note: '</script><script>' })
  })
  test('a body that is no JSON', async () => {
    const reply = await house.app.inject({
      method: 'POST',
      url: '/api/customers',
      headers: { authorization: `Bearer ${signedIn.get('admin')}`, 'content-type': 'application/json' },
      payload: '{"name":',
    })
    expect(reply.json().code).toBe('input.not_json')
  })
})

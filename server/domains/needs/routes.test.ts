import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'

let house: TestHouse
let templateId: string
let foreign: { need: string; voice: string; customer: string }
let theirs: string
const signedIn = new Map<RoleCode, string>()

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'lead', 'handler', 'supervisor', 'admin'] as const) signedIn.set(code, await newcomer(code))
  templateId = (await call('admin', 'POST', '/need-templates', { name: '服务改进', fields: [field] })).json().id
  theirs = (await capture('supervisor', { title: '主管记的' })).json().id
  foreign = await asSystem(house.house, house.otherTenantId, async ctx => {
    const [need, voice, template] = [newId(), newId(), newId()]
    await ctx.db.insertInto('needs.template').values({ id: template, name: '别家', fields: '[]', departmentId: null }).execute()
    await ctx.db
      .insertInto('needs.need')
      .values({ id: need, title: '别家的', templateId: template, fields: '{}', state: 'done', departmentId: null, ownerId: null, mergedInto: null, answeredAt: ctx.now, openedAt: ctx.now, openedById: null, changedAt: ctx.now, search: '' }) // biome-ignore format: one row
      .execute()
    const customer = (await addCustomer(ctx, NewCustomer.parse({ name: '别家客户' }))).id
    await ctx.db
      .insertInto('needs.voice')
      .values({ id: voice, needId: need, customerId: customer, interactionId: null, at: ctx.now, byId: null, byName: null, toldAt: null, messageId: null, untold: null, sourceNoun: null, sourceId: null, toldByName: null }) // biome-ignore format: one row
      .execute()
    return { need, voice, customer }
  })
})
afterAll(() => house.close())

const field = {
  key: 'area',
  label: '哪方面',
  labelEn: '',
  type: 'choice',
  options: [{ value: 'bill', label: '账单', labelEn: '' }],
  required: true,
  help: '',
  helpEn: '',
}
const newcomer = (code: RoleCode) =>
  house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const place = { departmentId: null, teamId: null }
    const person = await addPerson(ctx, { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, ...place })
    return (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token
  })
type Method = 'GET' | 'POST' | 'PATCH'
const call = (who: RoleCode | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code
const capture = (who: RoleCode, more: Record<string, unknown> = {}) =>
  call(who, 'POST', '/needs', { templateId, title: '账单写明阶梯', fields: { area: 'bill' }, words: '看不懂', ...more })
const answer = { state: 'done', text: '已经写明', tell: true, version: 1 }

describe('whoever talks with customers', () => {
  test('writes needs down and speaks for them, but neither drives, merges nor answers them', async () => {
    const mine = (await capture('agent')).json()
    expect(mine).toMatchObject({ state: 'heard', voices: 1 })
    expect((await call('agent', 'POST', `/needs/${theirs}/voices`, { words: '我也要' })).json()).toMatchObject({ id: theirs, voices: 2 })
    expect(await codeOf('agent', 'POST', `/needs/${mine.id}/answer`, answer)).toBe('access.denied')
    expect(await codeOf('agent', 'POST', `/needs/${mine.id}/state`, { state: 'taken', version: 1 })).toBe('access.denied')
    expect(await codeOf('agent', 'POST', `/needs/${mine.id}/merging`, { intoId: theirs, version: 1 })).toBe('access.denied')
    expect(await codeOf('agent', 'POST', `/needs/${mine.id}/parting`)).toBe('access.denied')
    expect(await codeOf('agent', 'POST', '/need-templates', { name: '坐席的' })).toBe('access.denied')
    expect(await codeOf('agent', 'POST', '/needs/exports', { filter: {}, format: 'csv', columns: ['title'], language: 'zh' })).toBe(
      'access.denied',
    )
    expect((await call('agent', 'PATCH', `/needs/${mine.id}`, { title: '账单看得懂', version: 1 })).json()).toMatchObject({ version: 2 })
    // What others wrote down is theirs to change.
    expect(await codeOf('agent', 'PATCH', `/needs/${theirs}`, { title: '改别人的', version: 1 })).toBe('need.not_found')
    expect(await codeOf(null, 'GET', '/needs')).toBe('access.sign_in')
  })

  test('nor does a department decide about what is not its own', async () => {
    expect(await codeOf('handler', 'GET', `/needs/${theirs}`)).toBe('need.not_found')
    expect(await codeOf('handler', 'POST', `/needs/${theirs}/answer`, answer)).toBe('need.not_found')
    expect(await codeOf('handler', 'GET', `/needs/${theirs}/askers`)).toBe('need.not_found')
    expect(await codeOf('handler', 'GET', `/needs/${theirs}/course`)).toBe('need.not_found')
  })
})

test('what the template asks is asked with its type, and bad input says what is wrong', async () => {
  expect((await capture('agent', { fields: {} })).json()).toMatchObject({ code: 'need.field', facts: { field: 'area' } })
  expect((await capture('agent', { fields: { area: 'weather' } })).json()).toMatchObject({ code: 'need.field' })
  expect((await capture('agent', { templateId: newId() })).json().code).toBe('need.template_unknown')
  expect((await capture('agent', { title: '   ' })).statusCode).toBe(400)
  expect((await capture('agent', { customerId: newId() })).json().code).toBe('customer.not_found')
  expect((await capture('agent', { from: { noun: 'invoice', id: newId() } })).statusCode).toBe(400)
  expect(await codeOf('supervisor', 'POST', `/needs/${theirs}/merging`, { intoId: theirs, version: 1 })).toBe('need.itself')
  expect(await codeOf('supervisor', 'POST', `/needs/${theirs}/state`, { state: 'done', version: 1 })).toBe('need.answer_it')
  expect(await codeOf('supervisor', 'POST', `/needs/${theirs}/answer`, { ...answer, version: 9 })).toBe('need.changed_meanwhile')
  expect(await codeOf('supervisor', 'GET', '/needs?after=nonsense')).toBe('input.cursor')
})

test('another tenant’s need, voice and customer are not there', async () => {
  const { need, voice, customer } = foreign
  for (const path of ['', '/voices', '/askers', '/course'])
    expect(await codeOf('admin', 'GET', `/needs/${need}${path}`)).toBe('need.not_found')
  expect(await codeOf('admin', 'POST', `/needs/${need}/answer`, answer)).toBe('need.not_found')
  expect(await codeOf('admin', 'POST', `/needs/${need}/voices`, { words: '我' })).toBe('need.not_found')
  expect(await codeOf('admin', 'POST', `/needs/${theirs}/merging`, { intoId: need, version: 1 })).toBe('need.not_found')
  expect(await codeOf('admin', 'POST', `/needs/voices/${voice}/told`)).toBe('voice.not_found')
  expect((await capture('admin', { customerId: customer })).json().code).toBe('customer.not_found')
  expect((await call('admin', 'GET', `/needs?customerId=${customer}`)).json().rows).toEqual([])
})

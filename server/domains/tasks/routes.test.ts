import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTask } from './actions/tasks.ts'

let house: TestHouse
let mine: string
let foreign: string
const signedIn = new Map<RoleCode, { id: string; token: string }>()

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'lead', 'admin'] as const) signedIn.set(code, await newcomer(code))
  const task = {
    kind: 'todo',
    title: '复核',
    text: '',
    matter: null,
    customerId: null,
    ownerId: null,
    departmentId: null,
    dueAt: null,
    facts: {},
  }
  mine = (await house.work(ctx => openTask(ctx, { ...task, ownerId: idOf('agent') }))).id
  foreign = (await asSystem(house.house, house.otherTenantId, ctx => openTask(ctx, task))).id
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
    return { id: person.id, token: (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token }
  })
const idOf = (code: RoleCode) => signedIn.get(code)?.id ?? ''
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const call = (who: RoleCode | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)?.token}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code

describe('the door', () => {
  test.each<[Method, string, Record<string, unknown> | undefined]>([
    ['GET', '', undefined],
    ['GET', '/course', undefined],
    ['PATCH', '', { title: '新的' }],
    ['POST', '/result', { result: '好' }],
    ['PUT', '/items', { items: [] }],
    ['POST', '/comments', { text: '看过' }],
    ['PUT', '/watching', { on: true }],
    ['PUT', '/watchers', { personIds: [] }],
  ])('%s /tasks/:id%s is closed to strangers, to colleagues out of reach and to other tenants', async (method, url, body) => {
    expect(await codeOf(null, method, `/tasks/${mine}${url}`, body)).toBe('access.sign_in')
    expect(await codeOf('admin', method, `/tasks/${foreign}${url}`, body)).toBe('task.not_found')
    expect(await codeOf('lead', method, `/tasks/${mine}${url}`, body)).toBe('task.not_found')
  })

  test('words that are missing or too long are refused before anything is read', async () => {
    expect(await codeOf('agent', 'POST', '/tasks', { title: ' ' })).toBe('input.invalid')
    expect(await codeOf('agent', 'POST', `/tasks/${mine}/comments`, { text: 'x'.repeat(4001) })).toBe('input.invalid')
    expect(await codeOf('agent', 'POST', '/tasks/bulk', { ids: [], act: { do: 'reopen' } })).toBe('input.invalid')
    expect(await codeOf('agent', 'POST', '/approvals', { title: 'x', amount: { minor: -1, currency: 'CNY' } })).toBe('input.invalid')
    expect(await codeOf('agent', 'GET', '/work?after=nonsense')).toBe('input.cursor')
  })

  test('policies are set up by who may, and read by everybody', async () => {
    const policy = { kind: 'trip', name: '出差', steps: [{ name: '主管', decider: { who: 'person', personId: idOf('admin') } }] }
    expect(await codeOf('agent', 'POST', '/approval-policies', policy)).toBe('access.denied')
    expect((await call('admin', 'POST', '/approval-policies', policy)).json()).toMatchObject({ kind: 'trip', anyone: false })
    expect((await call('agent', 'GET', '/approval-policies')).json()).toHaveLength(1)
  })

  test('an approval is asked for, seen by whom it waits for, and decided', async () => {
    const asked = await call('agent', 'POST', '/approvals', { title: '借投影仪', deciderId: idOf('lead') })
    expect(asked.statusCode).toBe(200)
    const { id } = asked.json()
    expect((await call('lead', 'GET', '/work?box=decide')).json().rows).toMatchObject([{ noun: 'approval', id, title: '借投影仪' }])
    expect((await call('lead', 'GET', '/work/counts')).json()).toMatchObject({ decide: 1 })
    expect(await codeOf('admin', 'POST', `/approvals/${id}/decision`, { approve: true })).toBe('approval.not_yours')
    expect((await call('lead', 'POST', `/approvals/${id}/decision`, { approve: true })).json()).toMatchObject({ state: 'approved' })
    expect((await call('agent', 'GET', `/approvals/${id}`)).json()).toMatchObject({
      state: 'approved',
      steps: [{ decidedById: idOf('lead') }],
    })
  })
})

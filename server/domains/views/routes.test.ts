import { afterAll, beforeAll, expect, test } from 'vitest'
import { Notification } from '#contract/notifications.ts'
import { View } from '#contract/views.ts'
import { addPerson } from '#domains/identity/people.ts'
import { openTask } from '#domains/tasks/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'

let house: TestHouse
const tokens: Record<string, string> = {}
const ids: Record<string, string> = {}
const places = { department: newId(), team: newId(), otherTeam: newId() }

beforeAll(async () => {
  house = await openHouse()
  const password = 'Deep-Water-7'
  await house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: places.department, name: '客服', nameEn: '', parentId: null }).execute()
    for (const id of [places.team, places.otherTeam])
      await ctx.db
        .insertInto('identity.team')
        .values({ id, name: `组 ${id}`, departmentId: places.department })
        .execute()
  })
  for (const [name, code, tenantId, teamId] of [
    ['anna', 'agent', house.tenantId, places.team],
    ['bert', 'agent', house.tenantId, places.team],
    ['carl', 'agent', house.tenantId, places.otherTeam],
    ['boss', 'supervisor', house.tenantId, null],
    ['stranger', 'admin', house.otherTenantId, null],
  ] as const) {
    await asSystem(house.house, tenantId, async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      const person = { name, login: name, password, departmentId: teamId && places.department, teamId, roleId: role.id }
      ids[name] = (await addPerson(ctx, person)).id
    })
    const tenant = tenantId === house.tenantId ? 'first' : 'second'
    const reply = await house.app.inject({ method: 'POST', url: '/api/session', payload: { tenant, login: name, password, bearer: true } })
    tokens[name] = reply.json<{ bearer: string }>().bearer
  }
}, 60_000)
afterAll(() => house.close())

const call = async (who: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: object) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: `Bearer ${tokens[who]}` },
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, code: reply.statusCode >= 400 ? reply.json<{ code: string }>().code : '', reply }
}
const save = async (who: string, body: object = {}) => {
  const { status, code, reply } = await call(who, 'POST', '/views', { list: 'tickets', name: '我的', query: { box: 'open' }, ...body })
  return { status, code, view: status === 200 ? View.decode(reply.json()) : null }
}
const seen = async (who: string) => (await call(who, 'GET', '/views?list=tickets')).reply.json<{ id: string }[]>().map(v => v.id)

test('only filters and columns of the list itself can be saved', async () => {
  expect((await save('anna', { query: { box: 'open', status: 'handling' } })).status).toBe(200)
  for (const query of [{ box: 'nowhere' }, { colour: 'red' }, { after: 'x' }, { kindId: 'no id' }, { 'box; drop table': '1' }])
    expect(await save('anna', { query }), JSON.stringify(query)).toMatchObject({ status: 400, code: 'view.filter_unfit' })
  for (const columns of [['nothing'], ['title', 'title']])
    expect(await save('anna', { columns })).toMatchObject({ code: 'view.column_unknown' })
  expect(await save('anna', { list: 'secrets' })).toMatchObject({ status: 404, code: 'view_list.not_found' })
  expect(await save('anna', { name: ' ' })).toMatchObject({ code: 'input.invalid' })
  expect(await save('anna', { list: 'ratings' })).toMatchObject({ status: 403 })
})

test('a view is seen by those it is shared with, and changed by its owner', async () => {
  const own = (await save('anna')).view?.id ?? ''
  const team = (await save('anna', { share: 'team' })).view?.id ?? ''
  const department = (await save('anna', { share: 'department' })).view?.id ?? ''
  const reach = async (id: string) =>
    (await Promise.all(['anna', 'bert', 'carl', 'boss', 'stranger'].map(async who => ((await seen(who)).includes(id) ? who : '')))).filter(
      Boolean,
    )
  expect(await reach(own)).toEqual(['anna'])
  expect(await reach(team)).toEqual(['anna', 'bert'])
  expect(await reach(department)).toEqual(['anna', 'bert', 'carl'])
  expect(await save('anna', { share: 'team', shareId: places.otherTeam })).toMatchObject({ code: 'view.not_your_place' })
  expect(await save('boss', { share: 'team' })).toMatchObject({ code: 'view.no_team' })
  expect(await save('anna', { share: 'everybody' })).toMatchObject({ code: 'input.invalid' })
  expect(await call('anna', 'PUT', `/views/${own}/everybody`, { shared: true })).toMatchObject({ status: 403, code: 'access.denied' })

  expect(await call('bert', 'PATCH', `/views/${team}`, { name: '他的' })).toMatchObject({ code: 'view.not_yours' })
  expect(await call('bert', 'PATCH', `/views/${own}`, { name: '他的' })).toMatchObject({ status: 404 })
  expect(await call('stranger', 'PATCH', `/views/${team}`, { name: '他的' })).toMatchObject({ status: 404 })
  expect((await call('anna', 'PATCH', `/views/${team}`, { name: '我们的', columns: ['title', 'number'] })).status).toBe(200)
  expect((await call('boss', 'PUT', `/views/${team}/everybody`, { shared: true })).status).toBe(200)
  expect(await reach(team)).toEqual(['anna', 'bert', 'carl', 'boss'])

  // Whoever may share with everybody may end it too, also where they see it no more.
  expect(await call('boss', 'PUT', `/views/${team}/everybody`, { shared: false })).toMatchObject({ status: 200 })
  expect(await reach(team)).toEqual(['anna'])
  expect((await call('anna', 'PATCH', `/views/${team}`, { share: 'department' })).status).toBe(200)
  expect((await call('boss', 'PATCH', `/views/${team}`, { name: '大家的' })).status).toBe(200)
  expect((await call('boss', 'PUT', `/views/${team}/everybody`, { shared: true })).status).toBe(200)

  expect((await call('carl', 'PUT', '/views/choice', { list: 'tickets', viewId: team })).status).toBe(204)
  expect((await call('carl', 'PUT', '/views/choice', { list: 'tickets', viewId: own })).status).toBe(404)
  const views = (await call('carl', 'GET', '/views?list=tickets')).reply.json<object[]>()
  expect(views.find(v => 'id' in v && v.id === team)).toMatchObject({
    name: '大家的',
    columns: ['title', 'number'],
    opens: true,
    mayChange: false,
  })
  expect((await call('anna', 'PUT', `/views/${team}/retired`, { retired: true })).status).toBe(204)
  expect(await reach(team)).toEqual([])
  expect((await call('anna', 'PUT', `/views/${team}/retired`, { retired: false })).status).toBe(204)
  expect(await reach(team)).toContain('bert')
})

test('everybody hears their own bell alone', async () => {
  await house.work(ctx =>
    openTask(ctx, {
      kind: 'todo',
      title: '回电',
      text: '',
      matter: null,
      customerId: null,
      ownerId: ids.anna ?? '',
      departmentId: null,
      dueAt: null,
      facts: {},
    }),
  )
  await house.settle()
  const list = async (who: string) =>
    (await call(who, 'GET', '/notifications')).reply.json<{ rows: unknown[] }>().rows.map(row => Notification.decode(row as never))
  const [news] = await list('anna')
  expect(news).toMatchObject({ kind: 'task.given', title: '有新的待办：回电', titleEn: 'A task for you: 回电', readAt: null })
  expect(await list('bert')).toEqual([])
  expect(await call('bert', 'PUT', `/notifications/${news?.id}/read`, { read: true })).toMatchObject({
    status: 404,
    code: 'notification.not_found',
  })
  expect(await call('stranger', 'PUT', `/notifications/${news?.id}/read`, { read: true })).toMatchObject({ status: 404 })
  await call('bert', 'POST', '/notifications/seen', { links: [news?.link] })
  expect((await call('anna', 'GET', '/notifications/unread')).reply.json()).toEqual({ unread: 1 })
  await call('anna', 'POST', '/notifications/seen', { links: [news?.link] })
  expect((await call('anna', 'GET', '/notifications/unread')).reply.json()).toEqual({ unread: 0 })
  expect(
    await call('anna', 'PUT', '/notification-settings', { ways: {}, quiet: { from: 60, to: 60 }, digest: 'now', dailyAt: 0 }),
  ).toMatchObject({ code: 'input.invalid' })
  expect((await house.app.inject({ url: '/api/notifications' })).statusCode).toBe(401)
})

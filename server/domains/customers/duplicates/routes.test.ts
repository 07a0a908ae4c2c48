import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'

let house: TestHouse
const signedIn = new Map<RoleCode, string>()
beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'supervisor'] as const)
    signedIn.set(
      code,
      await house.work(async ctx => {
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
      }),
    )
})
afterAll(() => house.close())

const call = (who: RoleCode | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: object) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })

test('two files are found, compared, merged and taken apart through the API; who may look may not merge', async () => {
  const add = (name: string, phone: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone })))
  const [a, b] = [await add('陈雨桐', '13800138000'), await add('陈雨彤', '13800138000')]
  await house.settle()
  const list = (await call('supervisor', 'GET', '/customer-duplicates')).json()
  expect(list.rows).toMatchObject([{ score: 83, reasons: ['phone', 'said'], a: { phone: '138****8000' } }])
  expect((await call('agent', 'GET', '/customer-duplicates')).statusCode).toBe(403)
  expect((await call('agent', 'GET', `/customers/${a.id}/duplicates`)).json()).toHaveLength(1)
  const both = (await call('agent', 'GET', `/customer-comparisons?keptId=${a.id}&goneId=${b.id}`)).json()
  expect(both).toMatchObject({
    differ: ['name'],
    pair: { score: 83 },
    kept: { identities: [{ value: '138****8000' }], counts: { contacts: 0 } },
  })
  const asked = { keptId: a.id, goneId: b.id, keptVersion: 1, goneVersion: 1, choices: { name: 'gone' } }
  expect((await call('agent', 'POST', '/customer-merges', asked)).statusCode).toBe(403)
  expect((await call(null, 'POST', '/customer-merges', asked)).statusCode).toBe(401)
  expect((await call('supervisor', 'POST', '/customer-merges', { ...asked, choices: { phone: 'mine' } })).statusCode).toBe(400)
  const merged = (await call('supervisor', 'POST', '/customer-merges', asked)).json()
  expect(merged).toMatchObject({ keptId: a.id, goneName: '陈雨彤', byName: 'supervisor', last: true })
  expect((await call('supervisor', 'POST', '/customer-merges', asked)).json().code).toBe('merge.one_already')
  expect((await call('agent', 'GET', `/customers/${b.id}`)).json()).toMatchObject({ id: a.id, name: '陈雨彤' })
  const read = ['', '/timeline', '/timeline-counts', '/duplicates', '/merges', '/care', '/messages', '/consents', '/own', '/profile', '/notes', '/files', '/receivables', '/account', '/records', '/segments', '/ladders'] // biome-ignore format: a list of paths
  for (const path of read) {
    const [gone, kept] = [
      await call('supervisor', 'GET', `/customers/${b.id}${path}`),
      await call('supervisor', 'GET', `/customers/${a.id}${path}`),
    ]
    expect(gone.statusCode, path).toBe(200)
    expect(gone.json(), path).toEqual(kept.json())
  }
  expect((await call('agent', 'GET', `/customers/${a.id}/merges`)).json()).toMatchObject([{ id: merged.id }])
  expect((await call('agent', 'POST', `/customer-merges/${merged.id}/parting`, {})).statusCode).toBe(403)
  expect((await call('supervisor', 'POST', `/customer-merges/${newId()}/parting`, {})).json().code).toBe('merge.not_found')
  expect((await call('supervisor', 'POST', `/customer-merges/${merged.id}/parting`, {})).json().apartAt).not.toBeNull()
  expect((await call('agent', 'GET', `/customers/${b.id}`)).json()).toMatchObject({ id: b.id, name: '陈雨彤' })
  expect((await call('supervisor', 'GET', '/customer-duplicates?state=dismissed')).json().rows).toHaveLength(1)
  expect((await call('supervisor', 'PUT', `/customer-duplicates/${newId()}/dismissed`, { dismissed: true })).json().code).toBe(
    'duplicate.not_found',
  )
})

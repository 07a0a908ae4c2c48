import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { Showing } from '#contract/masking.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { reveal } from '#domains/customers/masking/reveal.ts'
import { decideMasking } from '#domains/customers/masking/settings.ts'
import { addPerson, openSession } from '#domains/identity/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { revealLead } from './revealing.ts'

let house: TestHouse
let roleId = ''
let token = ''
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
  ;({ roleId, token } = await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    const person = { name: '许知夏', login: 'xu', password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
    const { id } = await addPerson(ctx, person)
    return { roleId: role.id, token: (await openSession(ctx, id, { ip: '10.0.0.1', userAgent: 'test' })).token }
  }))
})
afterAll(() => house.close())

const call = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api/opportunities${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload ? { payload } : {}),
  })
const said = async (showing: Showing) => {
  for (const field of ['phone', 'email'] as const) await house.work(ctx => decideMasking(ctx, { role: roleId, field, showing }))
}
const stands = (id: string) =>
  house.work(ctx =>
    ctx.db.selectFrom('sales.opportunity').select(['phone', 'email', 'note']).where('id', '=', id).executeTakeFirstOrThrow(),
  )

test.each<[Showing, string | null, string | null]>([
  ['masked', '139****7788', 's***@example.com'],
  ['hidden', null, null],
  ['shown', '+8613900007788', 'shen.gong@example.com'],
])(
  'a lead with an e-mail that is %s is opened, listed, and sent back as it was read: nothing of it is lost',
  async (showing, phone, email) => {
    await said(showing)
    const form = { title: '园区扩容', name: '沈工', phone: '139 0000 7788', email: 'shen.gong@example.com' }
    const opened = await call('POST', '', form)
    expect([opened.statusCode, opened.json()]).toMatchObject([200, { phone, email }])
    const { id } = opened.json()
    const listed = await call('GET', '')
    expect(listed.statusCode).toBe(200)
    const row = listed.json().rows.find((one: { id: string }) => one.id === id)
    expect(row).toMatchObject({ phone, email })

    const { title, source, sourceNote, value, ownerId, expectedOn, name, version } = row
    const changed = await call('PATCH', `/${id}`, {
      ...{ title, source, sourceNote, value, ownerId, expectedOn, name, phone: row.phone, email: row.email, version },
      note: '改了备注',
    })
    expect([changed.statusCode, changed.json()]).toMatchObject([200, { phone, email, note: '改了备注' }])
    expect(await stands(id)).toEqual({ phone: '+8613900007788', email: 'shen.gong@example.com', note: '改了备注' })
  },
)

test('an e-mail that masks another than the one that stands is refused, and who does not see it does not write it', async () => {
  await said('masked')
  const { id } = (await call('POST', '', { title: '园区扩容', name: '沈工', email: 'shen.gong@example.com' })).json()
  expect((await call('PATCH', `/${id}`, { email: 'x***@example.com', version: 1 })).json().code).toBe('customer.email_invalid')
  expect((await call('PATCH', `/${id}`, { email: 'no mail', version: 1 })).json().code).toBe('input.invalid')
  expect((await call('PATCH', `/${id}`, { email: 'new@example.com', version: 1 })).json()).toMatchObject({ email: 'n***@example.com' })
  await said('hidden')
  for (const change of [{ email: 'other@example.com' }, { phone: '13900007799' }])
    expect((await call('PATCH', `/${id}`, { ...change, version: 2 })).json().code).toBe('customer.field_hidden')
  expect(await stands(id)).toMatchObject({ phone: null, email: 'new@example.com' })
})

test('how a lead is reached is shown in full at a look, which asks why, is on record, and counts as a look at a customer does', async () => {
  await said('masked')
  const form = { title: '园区扩容', name: '沈工', phone: '139 0000 7788', email: 'shen.gong@example.com' }
  const { id } = (await call('POST', '', form)).json()
  expect((await call('POST', `/${id}/reveal`, {})).json().code).toBe('customer.reveal_why')
  expect((await call('POST', `/${id}/reveal`, { reason: '回拨客户' })).json()).toEqual({
    phone: '+8613900007788',
    email: 'shen.gong@example.com',
  })
  expect((await house.said('opportunity.revealed')).at(-1)).toEqual({ fields: ['phone', 'email'] })
  await house.work(ctx => decideMasking(ctx, { role: roleId, field: 'phone', showing: 'hidden' }))
  expect((await call('POST', `/${id}/reveal`, { reason: '回拨客户' })).json()).toEqual({ phone: null, email: 'shen.gong@example.com' })
  await said('hidden')
  expect((await call('POST', `/${id}/reveal`, { reason: '回拨客户' })).json().code).toBe('customer.field_hidden')
  await said('masked')

  // Two looks a day, whoever is looked at.
  const limited = { ...house.user({}), limits: { 'customer:reveal': 2 } }
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '沈工', phone: '13900007789' })))
  const why = { reason: '回拨客户' }
  await house.as(limited).work(ctx => revealLead(ctx, id, why))
  await house.as(limited).work(ctx => reveal(ctx, customer.id, why))
  await expect(house.as(limited).work(ctx => revealLead(ctx, id, why))).rejects.toThrow('customer.revealed_enough')
  const blind = house.user({}, ['opportunity:read'])
  await expect(house.as(blind).work(ctx => revealLead(ctx, id, why))).rejects.toThrow('opportunity.not_found')
})

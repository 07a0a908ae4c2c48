import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { Permission } from '#contract/endpoint.ts'
import type { CustomerFile, CustomerNote, Profile } from '#contract/profile.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { keepFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { identify } from '../identify.ts'
import { listCustomers, oneCustomer } from '../queries.ts'
import { relate, unrelate } from './relations.ts'

let house: TestHouse
let foreignId: string
const signedIn = new Map<string, { token: string; id: string }>()

beforeAll(async () => {
  house = await openHouse()
  for (const [login, code] of [
    ['admin', 'admin'],
    ['agent', 'agent'],
    ['colleague', 'agent'],
    ['handler', 'handler'],
  ] as const)
    signedIn.set(login, await newcomer(login, code))
  foreignId = (
    await asSystem(house.house, house.otherTenantId, ctx => addCustomer(ctx, NewCustomer.parse({ name: '别家', phone: '13800000001' })))
  ).id
})
afterAll(() => house.close())

const newcomer = (login: string, code: RoleCode) =>
  house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const more = { departmentId: null, teamId: null }
    const person = await addPerson(ctx, { name: login, login, password: 'Deep-Water-7', roleId: role.id, ...more })
    return { id: person.id, token: (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token }
  })
const add = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const call = (who: string | null, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({
    method,
    url: `/api/customers/${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)?.token}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code
async function done<R = Profile>(...args: Parameters<typeof call>): Promise<R> {
  const reply = await call(...args)
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json<R>()
}
const idOf = (login: string) => signedIn.get(login)?.id ?? ''
const one = (id: string) => house.work(ctx => oneCustomer(ctx, id))

describe('the door', () => {
  const anId = newId()
  const doors: [Method, string, Record<string, unknown> | undefined][] = [
    ['GET', 'profile', undefined],
    ['POST', 'reached', { kind: 'phone', value: '13812345678' }],
    ['PATCH', `reached/${anId}`, { version: 1, label: 'x' }],
    ['DELETE', `reached/${anId}`, undefined],
    ['POST', 'addresses', { detail: 'x' }],
    ['PATCH', `addresses/${anId}`, { version: 1, province: '', city: '', district: '', street: '', detail: 'x', postCode: '', label: '', main: true }],
    ['DELETE', `addresses/${anId}`, undefined],
    ['POST', 'relations', { otherId: anId, kind: 'other', side: 'out' }],
    ['PATCH', `relations/${anId}`, { version: 1 }],
    ['DELETE', `relations/${anId}`, undefined],
    ['PUT', 'team', { version: 1, ownerId: null, carerIds: [] }],
    ['GET', 'notes', undefined],
    ['POST', 'notes', { text: 'x' }],
    ['PATCH', `notes/${anId}`, { version: 1 }],
    ['PUT', `notes/${anId}/removed`, { removed: true }],
    ['GET', 'files', undefined],
    ['POST', 'files', { fileId: anId }],
    ['PUT', `files/${anId}/removed`, { removed: true }],
  ] // biome-ignore format: a table
  test.each(doors)('%s %s is closed to strangers, to whoever only reads, and to another tenant', async (method, url, body) => {
    const { id } = await add({ name: '门' })
    expect(await codeOf(null, method, `${id}/${url}`, body)).toBe('access.sign_in')
    expect(await codeOf('admin', method, `${foreignId}/${url}`, body)).toBe('customer.not_found')
    if (method === 'GET') expect((await call('handler', method, `${id}/${url}`)).statusCode).toBe(200)
    else expect(await codeOf('handler', method, `${id}/${url}`, body)).toBe('access.denied')
    // What belongs to another customer cannot be reached through this one.
    if (url.includes(anId)) expect((await call('admin', method, `${id}/${url}`, body)).statusCode).toBe(404)
  })
})

describe('numbers, mails and WeChat', () => {
  test('several of a kind, masked; the main one stands in the customer; revealed all at once', async () => {
    const { id } = await add({ name: '多号', phone: '138 1234 6021' })
    await done('agent', 'POST', `${id}/reached`, { kind: 'phone', value: '(0571) 8612-3390', label: '单位' })
    await done('agent', 'POST', `${id}/reached`, { kind: 'email', value: 'Zhou@Example.com' })
    const p = await done('agent', 'POST', `${id}/reached`, { kind: 'wechat', value: 'wx_zhoumin88', label: '通知' })
    expect(p.reached.map(r => [r.kind, r.value, r.label, r.main])).toEqual([
      ['phone', '138****6021', '', true],
      ['phone', '0571****3390', '单位', false],
      ['email', 'z***@example.com', '', true],
      ['wechat', 'wx****88', '通知', true],
    ])
    expect(await one(id)).toMatchObject({ phone: '138****6021', email: 'z***@example.com' })
    const full = await done<{ reached: { kind: string; value: string; typed: string }[] }>('agent', 'POST', `${id}/reveal`, {
      reason: '回电',
    })
    expect(full.reached.map(r => [r.kind, r.value, r.typed])).toEqual([
      ['phone', '+8613812346021', '138 1234 6021'],
      ['phone', '+8657186123390', '(0571) 8612-3390'],
      ['email', 'zhou@example.com', 'Zhou@Example.com'],
      ['wechat', 'wx_zhoumin88', 'wx_zhoumin88'],
    ])
    expect(await house.said('customer.revealed')).toContainEqual({ fields: ['phone', 'email', 'wechat'] })
  })

  test('made main, the customer follows; removed, nobody is recognised by it and the next takes its place', async () => {
    const { id } = await add({ name: '换主号', phone: '13900001111' })
    const first = await done('agent', 'POST', `${id}/reached`, { kind: 'phone', value: '13900002222' })
    const second = first.reached.find(r => r.value.endsWith('2222'))?.id
    const p = await done('agent', 'PATCH', `${id}/reached/${second}`, { version: first.version, main: true, label: '手机' })
    expect(p.reached[0]).toMatchObject({ value: '139****2222', main: true, label: '手机' })
    expect(await one(id)).toMatchObject({ phone: '139****2222', version: p.version })
    const left = await done('agent', 'DELETE', `${id}/reached/${second}`)
    expect(left.reached.map(r => [r.value, r.main])).toEqual([['139****1111', true]])
    const known = async (phone: string) => (await house.work(ctx => identify(ctx, { phone })))?.id
    expect([await known('13900001111'), await known('13900002222')]).toEqual([id, undefined])
    await done('agent', 'DELETE', `${id}/reached/${left.reached[0]?.id}`)
    expect(await one(id)).toMatchObject({ phone: null })
  })

  test('the simple form changes the main one, and this list says so', async () => {
    const { id } = await add({ name: '简表', phone: '13900003333', email: 'old@water.cn' })
    const p = await done('agent', 'POST', `${id}/reached`, { kind: 'phone', value: '13900004444' })
    await house.work(ctx => changeCustomer(ctx, id, { version: p.version, phone: '13900005555' }))
    const after = await done('agent', 'GET', `${id}/profile`)
    expect(after.reached.map(r => [r.value, r.main])).toEqual([
      ['139****5555', true],
      ['139****4444', false],
      ['o***@water.cn', true],
    ])
  })

  test.each([
    [{ kind: 'phone', value: '1'.repeat(30) }, 'customer.phone_invalid'],
    [{ kind: 'phone', value: '138123460' }, 'customer.phone_invalid'],
    [{ kind: 'phone', value: '电话没有' }, 'customer.phone_invalid'],
    [{ kind: 'email', value: 'nobody@' }, 'customer.email_invalid'],
    [{ kind: 'wechat', value: '微信 号' }, 'customer.wechat_invalid'],
    [{ kind: 'web', value: 'u1' }, 'input.invalid'],
    [{ kind: 'phone', value: '13900006666', label: '长'.repeat(21) }, 'input.invalid'],
    [{ kind: 'phone', value: ' ' }, 'input.invalid'],
  ])('%o is refused', async (body, code) => {
    const { id } = await add({ name: '错号' })
    expect(await codeOf('agent', 'POST', `${id}/reached`, body)).toBe(code)
  })

  test('known twice, or seen as it is no more, is refused', async () => {
    const { id, version } = await add({ name: '重号', phone: '13900007777' })
    expect(await codeOf('agent', 'POST', `${id}/reached`, { kind: 'phone', value: '+86 139 0000 7777' })).toBe('customer.way_known')
    const { reached } = await done('agent', 'GET', `${id}/profile`)
    await house.work(ctx => changeCustomer(ctx, id, { version, name: '重号二' }))
    expect(await codeOf('agent', 'PATCH', `${id}/reached/${reached[0]?.id}`, { version, label: '家' })).toBe('customer.changed_meanwhile')
  })

  test('leaves no number in what is told of it', async () => {
    const { id } = await add({ name: '不留号' })
    const p = await done('agent', 'POST', `${id}/reached`, { kind: 'phone', value: '13900008888', label: '张三家' })
    await done('agent', 'POST', `${id}/addresses`, { detail: '隐秘路 8 号' })
    await done('agent', 'DELETE', `${id}/reached/${p.reached[0]?.id}`)
    await done<CustomerNote>('agent', 'POST', `${id}/notes`, { text: '隐秘的话' })
    const { rows } = await house.house.control.query('select name, detail::text as detail from kernel.event where customer_id = $1', [id])
    expect(rows.map(r => r.name)).toEqual(
      expect.arrayContaining(['customer.identified', 'customer.reach_changed', 'customer.address_changed', 'customer.noted']),
    )
    expect(rows.map(r => r.detail).join()).not.toMatch(/8888|张三|隐秘/)
  })
})

describe('addresses', () => {
  const home = {
    province: '浙江省',
    city: '杭州市',
    district: '滨江区',
    street: '长河街道',
    detail: '海棠里3幢2单元901',
    postCode: '310051',
  }

  test('the main one stands on one line in the customer; found by its words', async () => {
    const { id } = await add({ name: '有址' })
    const p = await done('agent', 'POST', `${id}/addresses`, { ...home, label: '住宅' })
    expect(p.addresses).toEqual([{ id: expect.any(String), label: '住宅', main: true, ...home }])
    expect(await one(id)).toMatchObject({ district: '滨江区', address: '长河街道海棠里3幢2单元901', postCode: '310051' })
    expect((await house.work(ctx => listCustomers(ctx, { q: '长河街道海棠里' }))).rows.map(r => r.id)).toEqual([id])
    const two = await done('agent', 'POST', `${id}/addresses`, { city: '宁波市', detail: '药行街 1 号', main: true })
    expect(two.addresses.map(a => [a.detail, a.main])).toEqual([['药行街 1 号', true], [home.detail, false]]) // biome-ignore format: rows
    expect(await one(id)).toMatchObject({ district: '', address: '宁波市药行街 1 号', postCode: '' })
    const left = await done('agent', 'DELETE', `${id}/addresses/${two.addresses[0]?.id}`)
    expect(left.addresses).toEqual(p.addresses)
    expect(await one(id)).toMatchObject({ district: '滨江区', address: '长河街道海棠里3幢2单元901' })
  })

  test('a simple form or a table writes the line, and so the main one; its other parts stay', async () => {
    const { id, version } = await add({ name: '一行', address: '浙江省杭州市滨江区长河街道江南大道 1 号', postCode: '310051' })
    const p = await done('agent', 'GET', `${id}/profile`)
    expect(p.addresses).toEqual([{ id, label: '', main: true, ...home, detail: '江南大道 1 号' }])
    // Written by its parts for the first time, it is the same address still.
    const kept = await done('agent', 'PATCH', `${id}/addresses/${id}`, {
      version,
      ...home,
      detail: '江南大道 2 号',
      label: '住宅',
      main: true,
    })
    expect(kept.addresses).toEqual([{ id, label: '住宅', main: true, ...home, detail: '江南大道 2 号' }])
    await house.work(ctx => changeCustomer(ctx, id, { version: kept.version, address: '西兴街道江陵路 9 号' }))
    expect((await done('agent', 'GET', `${id}/profile`)).addresses).toEqual([
      { id, label: '住宅', main: true, ...home, street: '西兴街道', detail: '江陵路 9 号' },
    ])
    await house.work(ctx => changeCustomer(ctx, id, { version: kept.version + 1, address: '', district: '', postCode: '' }))
    expect((await done('agent', 'GET', `${id}/profile`)).addresses).toEqual([])
  })

  test('a service area of the organisation is kept', async () => {
    const { id, version } = await add({ name: '片区', district: '城东片区', address: '海棠里 3 幢' })
    const p = await done('agent', 'PATCH', `${id}/addresses/${id}`, { version, ...home, label: '', main: true })
    expect(p.addresses[0]).toMatchObject(home)
    expect(await one(id)).toMatchObject({ district: '城东片区', address: '浙江省杭州市滨江区长河街道海棠里3幢2单元901' })
  })

  test('a wrong post code, an empty address, and one changed by somebody else meanwhile are refused', async () => {
    const { id, version } = await add({ name: '错址', address: '清源路 1 号' })
    expect(await codeOf('agent', 'POST', `${id}/addresses`, { ...home, postCode: '31005' })).toBe('customer.post_code_invalid')
    expect(await codeOf('agent', 'POST', `${id}/addresses`, { postCode: '310051' })).toBe('input.invalid')
    expect(
      (await call('agent', 'POST', `${id}/addresses`, { province: 'Bayern', detail: 'Marienplatz 1', postCode: '80331' })).statusCode,
    ).toBe(200)
    const late = { ...home, label: '', main: true, version }
    expect(await codeOf('agent', 'PATCH', `${id}/addresses/${id}`, late)).toBe('customer.changed_meanwhile')
    const rare = await done('agent', 'POST', `${id}/addresses`, { street: '𠮷祥镇', detail: '㐂乐路 8 号 🏠' })
    expect(rare.addresses.at(-1)).toMatchObject({ street: '𠮷祥镇', detail: '㐂乐路 8 号 🏠' })
  })
})

describe('relations', () => {
  test('a contact speaks for an organisation: seen from both sides, one is the main one', async () => {
    const firm = await add({ name: '清源酒店', kind: 'organisation' })
    const [wang, li] = [await add({ name: '王会计', phone: '13800009999' }), await add({ name: '李经理' })]
    await done('agent', 'POST', `${firm.id}/relations`, { otherId: wang.id, kind: 'contact', side: 'in', role: '财务', main: true })
    const p = await done('agent', 'POST', `${firm.id}/relations`, { otherId: li.id, kind: 'contact', side: 'in', role: '工程' })
    expect(p.relations.map(r => [r.kind, r.side, r.role, r.main, r.other.name, r.other.phone])).toEqual([
      ['contact', 'in', '财务', true, '王会计', '138****9999'],
      ['contact', 'in', '工程', false, '李经理', null],
    ])
    const seen = await done('agent', 'GET', `${li.id}/profile`)
    expect(seen.relations).toMatchObject([{ kind: 'contact', side: 'out', role: '工程', other: { name: '清源酒店' } }])
    const turned = await done('agent', 'PATCH', `${li.id}/relations/${seen.relations[0]?.id}`, {
      version: seen.version,
      main: true,
      role: '总经理',
    })
    expect(turned.relations[0]).toMatchObject({ main: true, role: '总经理' })
    expect((await done('agent', 'GET', `${firm.id}/profile`)).relations.map(r => [r.other.name, r.main])).toEqual([['李经理', true], ['王会计', false]]) // biome-ignore format: rows
    await done('agent', 'DELETE', `${li.id}/relations/${seen.relations[0]?.id}`)
    expect((await done('agent', 'GET', `${firm.id}/profile`)).relations).toHaveLength(1)
    expect(await house.said('customer.related')).toContainEqual({ kind: 'contact', side: 'in', act: 'ended', otherId: li.id })
  })

  test('circles of subsidiaries are refused however long they are, also when they close from two ends at once', async () => {
    const [a, b, c] = await Promise.all(['甲', '乙', '丙'].map(name => add({ name, kind: 'organisation' })))
    if (!a || !b || !c) throw new Error('three')
    const under = (x: { id: string }, y: { id: string }) =>
      call('agent', 'POST', `${x.id}/relations`, { otherId: y.id, kind: 'subsidiary', side: 'out' })
    expect((await under(a, b)).statusCode).toBe(200)
    expect((await under(b, a)).json().code).toBe('customer.subsidiary_circle')
    const both = await Promise.all([under(b, c), under(c, a)])
    expect(both.map(r => r.statusCode).sort()).toEqual([200, 409])
  })

  test('with a file that one may only read is refused: it stands in both', async () => {
    const [own, theirs] = [await add({ name: '自家' }), await add({ name: '别人家' })]
    const actor = house.user({
      grants: new Map([
        ['customer:read', 'all'],
        ['customer:write', 'own'],
      ]),
    })
    await house.work(ctx => ctx.db.updateTable('customers.customer').set({ ownerId: actor.id }).where('id', '=', own.id).execute())
    const relation = { otherId: theirs.id, kind: 'household', side: 'out', role: '', main: false } as const
    await expect(house.work(ctx => relate(ctx, own.id, relation), actor)).rejects.toThrow(Refusal)
    await done('agent', 'POST', `${own.id}/relations`, relation)
    const [related] = (await done('agent', 'GET', `${own.id}/profile`)).relations
    await expect(house.work(ctx => unrelate(ctx, own.id, related?.id ?? ''), actor)).rejects.toThrow(Refusal)
  })

  test('with itself, with a stranger, of the wrong kind or twice is refused', async () => {
    const [man, wife] = [await add({ name: '夫' }), await add({ name: '妻' })]
    const relation = { otherId: wife.id, kind: 'household', side: 'out', role: '配偶' }
    expect(await codeOf('agent', 'POST', `${man.id}/relations`, { ...relation, otherId: man.id })).toBe('customer.related_to_itself')
    expect(await codeOf('agent', 'POST', `${man.id}/relations`, { ...relation, otherId: foreignId })).toBe('customer.not_found')
    expect(await codeOf('agent', 'POST', `${man.id}/relations`, { ...relation, kind: 'contact' })).toBe('customer.not_an_organisation')
    await done('agent', 'POST', `${man.id}/relations`, relation)
    expect(await codeOf('agent', 'POST', `${wife.id}/relations`, { ...relation, otherId: man.id })).toBe('customer.related_already')
  })
})

describe('owner and care team', () => {
  const own = (login: string) => ({ ...house.user({ id: idOf(login) }), grants: new Map<Permission, 'own'>([['customer:read', 'own'], ['customer:write', 'own']]) }) // biome-ignore format: pairs
  test('who takes care sees the customer as their own, and finds them among theirs', async () => {
    const { id, version } = await add({ name: '共管' })
    const names = async (login: string, query = {}) =>
      (await house.work(ctx => listCustomers(ctx, query), own(login))).rows.map(r => r.name)
    expect(await names('colleague')).toEqual([])
    await done('agent', 'PUT', `${id}/team`, { version, ownerId: idOf('agent'), carerIds: [idOf('colleague'), idOf('agent')] })
    expect(await done('agent', 'GET', `${id}/profile`)).toMatchObject({ ownerId: idOf('agent'), carerIds: [idOf('colleague')] })
    expect([await names('agent'), await names('colleague'), await names('handler')]).toEqual([['共管'], ['共管'], []])
    expect(await names('colleague', { q: '共管' })).toEqual(['共管'])
    const mine = await call('colleague', 'GET', '../customers?mine=true')
    expect(mine.json<{ rows: { name: string }[] }>().rows.map(r => r.name)).toEqual(['共管'])
    expect((await call('handler', 'GET', '../customers?mine=true')).json().rows).toEqual([])
    expect(await house.said('customer.entrusted')).toContainEqual({
      ownerId: idOf('agent'),
      wasId: null,
      carers: { added: [idOf('colleague')], removed: [] },
    })
  })

  test('a team sees whom one of it takes care of', async () => {
    const { id, version } = await add({ name: '班组共管' })
    await done('agent', 'PUT', `${id}/team`, { version, ownerId: null, carerIds: [idOf('colleague')] })
    const teamId = newId()
    const departmentId = newId()
    await house.house.control.query(`insert into identity.department (tenant_id, id, name) values ($1, $2, '客服部')`, [
      house.tenantId,
      departmentId,
    ])
    await house.house.control.query(`insert into identity.team (tenant_id, id, name, department_id) values ($1, $2, '一班', $3)`, [
      house.tenantId,
      teamId,
      departmentId,
    ])
    await house.house.control.query('update identity.person set team_id = $1 where id = $2', [teamId, idOf('colleague')])
    const lead = { ...house.user({ id: idOf('admin') }), teamId, grants: new Map<Permission, 'team'>([['customer:read', 'team']]) }
    expect((await house.work(ctx => listCustomers(ctx, {}), lead)).rows.map(r => r.name)).toContain('班组共管')
  })

  test('handed over by whoever sees only their own, it is theirs no more', async () => {
    const { id, version } = await add({ name: '移交' })
    await done('agent', 'PUT', `${id}/team`, { version, ownerId: idOf('agent'), carerIds: [] })
    const { entrust } = await import('./team.ts')
    await house.work(ctx => entrust(ctx, id, { version: version + 1, ownerId: idOf('colleague'), carerIds: [] }), own('agent'))
    await expect(house.work(ctx => oneCustomer(ctx, id), own('agent'))).rejects.toThrow('customer.not_found')
  })

  test('somebody unknown, and a file changed meanwhile are refused', async () => {
    const { id, version } = await add({ name: '误派' })
    expect(await codeOf('agent', 'PUT', `${id}/team`, { version, ownerId: newId(), carerIds: [] })).toBe('person.not_found')
    expect(await codeOf('agent', 'PUT', `${id}/team`, { version: version + 1, ownerId: null, carerIds: [] })).toBe(
      'customer.changed_meanwhile',
    )
  })
})

describe('notes and files', () => {
  test('several, the pinned first; changed by the writer alone; removed and brought back', async () => {
    const { id } = await add({ name: '有话' })
    const first = await done<CustomerNote>('agent', 'POST', `${id}/notes`, { text: '只在晚上接电话' })
    await done<CustomerNote>('colleague', 'POST', `${id}/notes`, { text: '家里有狗' })
    const texts = async () => (await done<{ rows: CustomerNote[] }>('agent', 'GET', `${id}/notes`)).rows.map(n => n.text)
    expect(await texts()).toEqual(['家里有狗', '只在晚上接电话'])
    const pinned = await done<CustomerNote>('colleague', 'PATCH', `${id}/notes/${first.id}`, { version: 1, pinned: true })
    expect(await texts()).toEqual(['只在晚上接电话', '家里有狗'])
    expect(await codeOf('colleague', 'PATCH', `${id}/notes/${first.id}`, { version: 2, text: '改' })).toBe('customer.note_of_another')
    expect(await codeOf('agent', 'PATCH', `${id}/notes/${first.id}`, { version: 1, text: '改' })).toBe('customer.note_changed')
    await done<CustomerNote>('agent', 'PATCH', `${id}/notes/${first.id}`, { version: pinned.version, text: '晚上七点后接电话' })
    await done<CustomerNote>('agent', 'PUT', `${id}/notes/${first.id}/removed`, { removed: true })
    expect(await texts()).toEqual(['家里有狗'])
    expect(await codeOf('agent', 'PUT', `${id}/notes/${first.id}/removed`, { removed: true })).toBe('note.not_found')
    await done<CustomerNote>('agent', 'PUT', `${id}/notes/${first.id}/removed`, { removed: false })
    expect(await texts()).toEqual(['晚上七点后接电话', '家里有狗'])
    const { rows } = (await call('agent', 'GET', `${id}/timeline`)).json<{ rows: { name: string; detail: { act: string } }[] }>()
    expect(rows.filter(r => r.name === 'customer.noted').map(r => r.detail.act)).toEqual([
      'restored',
      'removed',
      'changed',
      'pinned',
      'written',
      'written',
    ])
    const page = (await call('agent', 'GET', `${id}/notes?size=1`)).json()
    expect((await call('agent', 'GET', `${id}/notes?size=1&after=${page.next}`)).json().rows.map((n: CustomerNote) => n.text)).toEqual([
      '家里有狗',
    ])
  })

  test('a file that was uploaded is kept with the customer, once, by whoever uploaded it', async () => {
    const { id } = await add({ name: '有文件' })
    const uploader = { ...house.user({ id: idOf('agent') }) }
    const card = await keepFile(house.house, uploader, '合同.txt', Buffer.from('约定'))
    expect(await codeOf('colleague', 'POST', `${id}/files`, { fileId: card.id })).toBe('file.not_found')
    const kept = await done<CustomerFile>('agent', 'POST', `${id}/files`, { fileId: card.id, note: '扫描件' })
    expect(kept).toMatchObject({ note: '扫描件', file: { name: '合同.txt' } })
    // Sent again it is there; with another customer it is refused.
    expect((await done<CustomerFile>('agent', 'POST', `${id}/files`, { fileId: card.id })).id).toBe(kept.id)
    const { id: other } = await add({ name: '别人' })
    expect(await codeOf('agent', 'POST', `${other}/files`, { fileId: card.id })).toBe('file.already_used')
    const names = async () => (await done<{ rows: CustomerFile[] }>('agent', 'GET', `${id}/files`)).rows.map(f => f.file?.name)
    await done<CustomerFile>('agent', 'PUT', `${id}/files/${kept.id}/removed`, { removed: true })
    expect(await names()).toEqual([])
    await done<CustomerFile>('agent', 'PUT', `${id}/files/${kept.id}/removed`, { removed: false })
    expect(await names()).toEqual(['合同.txt'])
  })
})

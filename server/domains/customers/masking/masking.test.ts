import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { Endpoint } from '#contract/endpoint.ts'
import type { Showing } from '#contract/masking.ts'
import { OwnField } from '#contract/ownFields.ts'
import { addPerson, openSession } from '#domains/identity/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { addField } from '../own/fields.ts'
import { addLeftAlone } from '../privacy/leavingAlone.ts'
import { askReasons, decideMasking } from './settings.ts'

let house: TestHouse
let token = ''
let adminToken = ''
let roleId = ''
const ids = { customer: '', other: '', lead: '', need: '' }
const marks = {
  phone: '13812346021',
  second: '13987650042',
  email: 'chen.yutong',
  wechat: 'wx_yutong_88',
  address: '榕溪里 37 幢 402',
  own: '11010519491231002X',
}
const said = (role: string, field: string, showing: Showing) => house.work(ctx => decideMasking(ctx, { role, field, showing }))
const all = async (showing: Showing) => {
  for (const field of ['phone', 'email', 'wechat', 'address'] as const) await said(roleId, field, showing)
  await said(roleId, 'own.idCard', showing === 'shown' ? 'shown' : 'masked')
}

beforeAll(async () => {
  house = await openHouse()
  await house.settle()
  const signIn = async (code: string) =>
    house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      const person = { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
      const { id } = await addPerson(ctx, person)
      return { role: role.id, token: (await openSession(ctx, id, { ip: '10.0.0.1', userAgent: 'test' })).token }
    })
  ;({ role: roleId, token } = await signIn('supervisor'))
  adminToken = (await signIn('admin')).token
  await house.work(ctx => addField(ctx, OwnField.parse({ key: 'idCard', field: { label: '身份证', type: 'text', pattern: 'idCard' } })))
  const plant = {
    name: '陈雨桐',
    phone: marks.phone,
    email: `${marks.email}@water.cn`,
    address: `杭州市滨江区${marks.address}`,
    district: '滨江',
  }
  ids.customer = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse(plant)))).id
  ids.other = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ ...plant, name: '陈雨彤' })))).id
  const { version } = await done(adminToken, 'GET', `/customers/${ids.customer}`)
  await done(adminToken, 'PUT', `/customers/${ids.customer}/own`, { version, values: { idCard: marks.own } })
  await done(adminToken, 'POST', `/customers/${ids.customer}/reached`, { kind: 'wechat', value: marks.wechat })
  await done(adminToken, 'POST', `/customers/${ids.customer}/reached`, { kind: 'phone', value: marks.second })
  await done(adminToken, 'POST', `/customers/${ids.customer}/relations`, { otherId: ids.other, kind: 'household', side: 'out' })
  const lead = { title: '园区扩容', name: '陈雨桐', phone: marks.phone, email: `${marks.email}@water.cn` }
  ids.lead = (await done(adminToken, 'POST', '/opportunities', lead)).id
  const [template] = await done(adminToken, 'GET', '/need-templates')
  ids.need = (await done(adminToken, 'POST', '/needs', { templateId: template.id, title: '想夜里也能交费', customerId: ids.customer })).id
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const call = (who: string, method: Method, url: string, body?: Record<string, unknown>) =>
  house.app.inject({ method, url: `/api${url}`, headers: { authorization: `Bearer ${who}` }, ...(body ? { payload: body } : {}) })
async function done(who: string, method: Method, url: string, body?: Record<string, unknown>) {
  const reply = await call(who, method, url, body)
  if (reply.statusCode >= 400) throw new Error(`${method} ${url}: ${reply.body}`)
  return reply.json()
}

/** Every reading endpoint of the contract that can be asked without more than a customer's id. */
async function readings(): Promise<string[]> {
  const folder = new URL('../../../../contract/', import.meta.url)
  const paths = new Set<string>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('.ts') && !name.includes('.test.'))) {
    const contract: Record<string, Record<string, Endpoint>> = await import(new URL(file, folder).href)
    for (const group of Object.values(contract))
      for (const one of Object.values(group ?? {}))
        if (
          one?.method === 'GET' &&
          typeof one.path === 'string' &&
          (!one.path.includes(':') || /^\/customers\/:id(\/[^:]*)?$/.test(one.path))
        )
          paths.add(one.path.replace(':id', ids.customer))
  }
  const typed = [marks.phone, '6021', marks.email, '榕溪里', '陈雨'].map(encodeURIComponent)
  return [
    ...paths,
    ...typed.flatMap(q => [`/customers?q=${q}`, `/customers/find?q=${q}`]),
    `/customers/alike?phone=${encodeURIComponent(marks.phone)}&email=${marks.email}`,
    `/customer-comparisons?keptId=${ids.customer}&goneId=${ids.other}`,
    `/opportunities/${ids.lead}`,
    ...['', '/voices', '/askers'].map(of => `/needs/${ids.need}${of}`),
  ]
}
const raw = { phone: [marks.phone, marks.phone.slice(3, 7)], address: ['榕溪里', '37 幢'], others: [marks.second, 'yutong', '0519491231'] }

describe('whatever is read', () => {
  test.each<Showing>(['masked', 'hidden'])('never tells a role in full what is %s from it', async showing => {
    await all(showing)
    const leaks: string[] = []
    const broken: string[] = []
    let answered = 0
    for (const path of await readings()) {
      const reply = await call(token, 'GET', path)
      if (reply.statusCode === 200) answered += 1
      // A reply that asks more of a value than its mask fulfils cannot be given at all.
      if (reply.statusCode >= 500) broken.push(`${path}: ${reply.body}`)
      // What was typed comes back in the words of a refusal alone.
      for (const mark of [marks.phone, ...raw.address, ...raw.others])
        if (reply.statusCode === 200 && reply.body.includes(mark)) leaks.push(`${path}: ${mark}`)
      if (showing === 'hidden' && /138\*{4}6021|c\*{3}@water/.test(reply.body)) leaks.push(`${path}: masked, not hidden`)
    }
    expect(leaks).toEqual([])
    expect(broken).toEqual([])
    expect(answered).toBeGreaterThan(60)
    const one = await done(token, 'GET', `/customers/${ids.customer}`)
    expect([one.phone, one.email, one.address]).toEqual(
      showing === 'masked' ? ['138****6021', 'c***@water.cn', '杭州市滨江区****'] : [null, null, ''],
    )
    expect((await done(token, 'GET', `/customers/${ids.customer}/own`)).values).toEqual({ idCard: '11****2X' })
  })

  test('that a hidden number is on the register is told as being left alone, without a word of a number', async () => {
    await house.work(ctx => addLeftAlone(ctx, { values: [marks.phone], until: null, reason: '' }))
    const told = async () => {
      const { undisturbed, listed } = await done(token, 'GET', `/customers/${ids.customer}/outlook`)
      return [undisturbed, listed.phone, (await done(token, 'GET', `/customers/${ids.customer}/consents`)).listed.phone]
    }
    await all('masked')
    expect(await told()).toEqual([null, { until: null }, { until: null }])
    await all('hidden')
    expect(await told()).toEqual([{ until: null }, null, null])
  })

  test('tells it to the role that is given it, and to keys as was decided for keys', async () => {
    await all('shown')
    const { body } = await call(token, 'GET', `/customers/${ids.customer}/profile`)
    for (const mark of [marks.second, marks.wechat, '榕溪里']) expect(body).toContain(mark)
    await said('key', 'phone', 'hidden')
    const key = house.user({ key: true })
    const { numberAsName, phoneShown, showsOf } = await import('./showing.ts')
    expect(await house.as(key).work(async ctx => phoneShown(await showsOf(ctx), '+8613812346021'))).toBeNull()
    expect(await house.work(async ctx => phoneShown(await showsOf(ctx), '+8613812346021'))).toBe('138****6021')
    // A call of somebody unknown is called by its number, for whoever looks.
    const called = () => house.work(ctx => numberAsName(ctx, '+8613812346021'))
    expect(await called()).toBe('')
    await said('key', 'phone', 'masked')
    expect(await called()).toBe('138****6021')
  })
})

describe('whatever is written', () => {
  const truth = () =>
    house.work(ctx =>
      ctx.db
        .selectFrom('customers.customer')
        .select(['phone', 'email', 'address', 'fields'])
        .where('id', '=', ids.customer)
        .executeTakeFirstOrThrow(),
    )
  test.each<Showing>(['masked', 'hidden'])('sending back what was %s overwrites nothing', async showing => {
    await all(showing)
    const before = await truth()
    const { version, phone, email, address, name } = await done(token, 'GET', `/customers/${ids.customer}`)
    const extId = `erp-${showing}`
    await done(token, 'PATCH', `/customers/${ids.customer}`, { version, phone, email, address, note: showing, name })
    const taken = await done(token, 'POST', '/customers/batch', {
      items: [{ id: ids.customer, extId, phone, email, address, note: extId }],
    })
    expect(taken.results).toMatchObject([{ did: 'changed', code: null }])
    const own = await done(token, 'GET', `/customers/${ids.customer}/own`)
    await done(token, 'PUT', `/customers/${ids.customer}/own`, { version: own.version, values: own.values })
    const profile = await done(token, 'GET', `/customers/${ids.customer}/profile`)
    for (const { id, since: _, ...place } of profile.addresses)
      await done(token, 'PATCH', `/customers/${ids.customer}/addresses/${id}`, { ...place, label: '家', version: profile.version })
    expect(await truth()).toEqual(before)
  })

  test('the stars of what was masked are no address: taken away and put back, or moved to another part, they are refused', async () => {
    await all('masked')
    const at = `/customers/${ids.other}/addresses`
    const [place] = (await done(token, 'GET', `/customers/${ids.other}/profile`)).addresses
    expect(place.detail).toBe('****')
    const { id, ...parts } = place
    for (const given of [parts, { ...parts, detail: '3 幢', street: '****' }, { city: '杭州市', detail: '滨江区 ****' }])
      expect((await call(token, 'POST', at, given)).json().code).toBe('customer.address_masked')
    const { version } = await done(token, 'GET', `/customers/${ids.other}/profile`)
    const moved = { ...parts, street: '****', version }
    expect((await call(token, 'PATCH', `${at}/${id}`, moved)).json().code).toBe('customer.address_masked')
    expect((await done(adminToken, 'GET', `/customers/${ids.other}/profile`)).addresses).toHaveLength(1)
  })

  test('an e-mail that masks another than the one that stands is refused', async () => {
    await all('masked')
    const { version } = await done(token, 'GET', `/customers/${ids.customer}`)
    const email = 'x***@water.cn'
    expect((await call(token, 'PATCH', `/customers/${ids.customer}`, { version, email })).json().code).toBe('customer.email_invalid')
    const { results } = await done(token, 'POST', '/customers/batch', {
      items: [
        { id: ids.customer, email },
        { extId: 'new-1', name: '新', email },
      ],
    })
    expect(results.map((r: { code: string }) => r.code)).toEqual(['customer.email_invalid', 'customer.email_invalid'])
    expect((await call(token, 'POST', '/customers', { name: '新', email })).statusCode).toBe(400)
  })

  test('who does not see a field does not write it', async () => {
    await all('hidden')
    const { version } = await done(token, 'GET', `/customers/${ids.customer}`)
    for (const change of [{ phone: '13700000000' }, { email: 'a@b.cn' }, { address: '别处' }])
      expect((await call(token, 'PATCH', `/customers/${ids.customer}`, { version, ...change })).json().code).toBe('customer.field_hidden')
    const { results } = await done(token, 'POST', '/customers/batch', { items: [{ id: ids.customer, phone: '13700000000' }] })
    expect(results[0].code).toBe('customer.field_hidden')
  })
})

describe('a question', () => {
  test('about what somebody does not read in full is refused, and not offered; about what they do it is answered', async () => {
    const asked = [
      { field: 'address', op: 'contains', value: ['榕溪里'] },
      { field: 'own.idCard', op: 'starts', value: ['1101'] },
    ]
    const count = async (leaf: Record<string, unknown>) => {
      const reply = await call(token, 'POST', '/segments/count', { condition: { of: [leaf] } })
      return reply.json().code ?? reply.json().count
    }
    const offered = async () => {
      const fields: { key: string }[] = await done(token, 'GET', '/segments/fields')
      return ['address', 'postCode', 'own.idCard', 'district'].filter(key => fields.some(field => field.key === key))
    }
    await all('shown')
    expect([await count(asked[0] ?? {}), await count(asked[1] ?? {})]).toEqual([2, 1])
    await all('masked')
    for (const leaf of asked) expect(await count(leaf)).toBe('segment.field_closed')
    expect(await offered()).toEqual(['postCode', 'district'])
    await all('hidden')
    expect(await count({ field: 'postCode', op: 'filled' })).toBe('segment.field_closed')
    expect(await offered()).toEqual(['district'])
  })
})

describe('a look', () => {
  const look = (body: Record<string, unknown>) => call(token, 'POST', `/customers/${ids.customer}/reveal`, body)
  test('shows the fields it names and writes down who looked at what of whom, and why', async () => {
    await all('masked')
    expect((await look({ reason: '核对身份' })).json()).toMatchObject({ phone: '+8613812346021', address: null, addresses: [], own: {} })
    const more = (await look({ reason: '上门', fields: ['address', 'own.idCard'] })).json()
    expect(more).toMatchObject({ phone: null, email: null, reached: [], own: { idCard: marks.own } })
    expect(more.address).toContain('榕溪里')
    expect((await house.said('customer.revealed')).map(d => d.fields)).toEqual([
      ['phone', 'email', 'wechat'],
      ['address', 'own.idCard'],
    ])
    const { rows } = await done(adminToken, 'GET', '/audit?what=customer.revealed')
    expect(rows[0].actorName).toBe('supervisor')
    for (const part of [ids.customer, '上门', 'own.idCard']) expect(JSON.stringify(rows[0])).toContain(part)
    expect(JSON.stringify(rows)).not.toContain(marks.own)
  })

  test('asks why unless the organisation does not want to know, and never opens what is hidden', async () => {
    expect((await look({})).json().code).toBe('customer.reveal_why')
    await house.work(ctx => askReasons(ctx, false))
    expect((await look({})).json()).toMatchObject({ phone: '+8613812346021' })
    await said(roleId, 'phone', 'hidden')
    expect((await look({ fields: ['phone'] })).json().code).toBe('customer.field_hidden')
    expect((await look({})).json()).toMatchObject({ phone: null, email: expect.stringContaining('water.cn') })
  })
})

describe('deciding', () => {
  test('is for those who answer for privacy, and stands in the audit with what it was', async () => {
    expect((await call(token, 'GET', '/masking')).json().code).toBe('access.denied')
    await said(roleId, 'address', 'masked')
    await said(roleId, 'address', 'hidden')
    expect((await house.said('masking.decided')).at(-1)).toMatchObject({ changes: { address: { was: 'masked', is: 'hidden' } } })
    const table = await done(adminToken, 'GET', '/masking')
    expect(table.roles.map((r: { role: string }) => r.role)).toContain('key')
    const everybody = table.roles.map((r: { role: string }) => r.role)
    expect(table.own).toEqual([{ field: 'own.idCard', label: '身份证', labelEn: '', seenBy: everybody }])
  })
  test('holds for exports, whose columns say which of them stand masked, and which are left out until they are chosen', async () => {
    const marked = async (mark: 'masked' | 'sensitive') => {
      const columns: { key: string; masked: boolean; sensitive: boolean }[] = await done(token, 'GET', '/customers/exports/columns')
      return columns.filter(column => column[mark]).map(column => column.key)
    }
    await all('masked')
    expect([await marked('masked'), await marked('sensitive')]).toEqual([['phone', 'email', 'address', 'own.idCard'], ['own.idCard']])
    await all('shown')
    expect([await marked('masked'), await marked('sensitive')]).toEqual([[], ['own.idCard']])
  })
  test.each<[string, string, Showing, string]>([
    ['00000000-0000-7000-8000-000000000000', 'phone', 'hidden', 'role.not_found'],
    ['key', 'own.nothing', 'masked', 'own_field.not_found'],
    ['key', 'own.idCard', 'hidden', 'masking.own_hidden'],
  ])('%s %s %s is refused', async (role, field, showing, code) => {
    expect((await call(adminToken, 'PUT', '/masking', { role, field, showing })).json().code).toBe(code)
  })
})

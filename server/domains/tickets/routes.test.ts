import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Progress, Ticket } from '#contract/tickets.ts'
import { addPerson } from '#domains/identity/people.ts'
import { writeToken } from '#kernel/access.ts'
import { enter } from '#kernel/directory.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
const tokens: Record<string, string> = {}
type Json = Record<string, unknown>

beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  const password = 'Deep-Water-7'
  const people = [
    ['agent', house.tenantId, null],
    ['handler', house.tenantId, table.ids.crew],
    ['admin', house.tenantId, null],
    ['admin', house.otherTenantId, null],
  ] as const
  for (const [code, tenantId, departmentId] of people)
    await asSystem(house.house, tenantId, async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      await addPerson(ctx, { name: `某${code}`, login: code, password, departmentId, teamId: null, roleId: role.id })
    })
  for (const [name, login, tenant] of [
    ['agent', 'agent', 'first'],
    ['handler', 'handler', 'first'],
    ['admin', 'admin', 'first'],
    ['stranger', 'admin', 'second'],
  ] as const) {
    const reply = await house.app.inject({ method: 'POST', url: '/api/session', payload: { tenant, login, password, bearer: true } })
    tokens[name] = reply.json<{ bearer: string }>().bearer
  }
})
afterAll(() => house.close())

const call = async (who: string | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: Json) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: who === null ? {} : { authorization: `Bearer ${tokens[who] ?? who}` },
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, text: reply.body, json: reply.body === '' ? {} : reply.json<Json>() }
}
const open = async (more: Json = {}) =>
  Ticket.parse((await call('agent', 'POST', '/tickets', { kindId: table.ids.repair, title: '海棠里 3 幢无水', ...more })).json)
const linkOf = async (id: string) => String((await call('agent', 'POST', `/tickets/${id}/link`)).json.url)

describe('who is denied', () => {
  test.each([
    [null, 'GET', '/tickets', 401],
    ['handler', 'POST', '/tickets', 403],
    ['handler', 'POST', '/tickets/:id/dispatch', 403],
    ['handler', 'POST', '/tickets/:id/closure', 403],
    ['agent', 'POST', '/ticket-categories', 403],
    ['handler', 'PUT', '/tickets/:id', 403],
    ['agent', 'GET', '/progress', 401],
    [null, 'GET', '/progress', 401],
  ] as const)('%s %s %s', async (who, method, url, status) => {
    const { id } = await open()
    const body = {
      kindId: table.ids.repair,
      title: 'x',
      departmentId: table.ids.crew,
      version: 1,
      text: 'x',
      priority: 'low',
      categoryId: null,
      place: '',
      fields: {},
      name: 'x',
    }
    expect((await call(who, method, url.replace(':id', id), method === 'GET' ? undefined : body)).status).toBe(status)
  })

  test('another organisation sees nothing and changes nothing', async () => {
    const ticket = await open({ departmentId: table.ids.crew })
    const before = (await call('agent', 'GET', `/tickets/${ticket.id}`)).text
    for (const [method, url, body] of [
      ['GET', '', undefined],
      ['GET', '/entries', undefined],
      ['POST', '/taking', undefined],
      ['POST', '/waiting', { text: 'x' }],
      ['POST', '/resolution', { text: 'x' }],
      ['POST', '/return', { text: 'x' }],
      ['POST', '/comments', { text: 'x' }],
      ['POST', '/urging', { text: '' }],
      ['POST', '/link', undefined],
      ['POST', '/dispatch', { departmentId: table.ids.crew }],
      ['POST', '/closure', { text: '' }],
      ['PUT', '', { version: 1, title: 'x', text: '', priority: 'low', categoryId: null, place: '', fields: {} }],
    ] as const)
      expect([url, (await call('stranger', method, `/tickets/${ticket.id}${url}`, body)).status]).toEqual([url, 404])
    expect((await call('stranger', 'GET', '/tickets?box=all')).json).toEqual({ rows: [], next: null })
    expect((await call('stranger', 'GET', `/tickets?box=all&q=${encodeURIComponent('海棠里')}`)).json).toEqual({ rows: [], next: null })
    expect((await call('stranger', 'GET', '/ticket-kinds')).json).toEqual([])
    expect((await call('stranger', 'POST', '/tickets', { kindId: table.ids.repair, title: 'x' })).status).toBe(404)
    expect((await call('agent', 'GET', `/tickets/${ticket.id}`)).text).toBe(before)
  })
})

describe('what is invalid', () => {
  test.each([
    ['no title', { title: '  ' }, 400, 'input.invalid'],
    ['10 MB of text', { text: '水'.repeat(3_500_000) }, 413, undefined],
    ['a text too long', { text: 'x'.repeat(10_001) }, 400, 'input.invalid'],
    ['a kind that is no id', { kindId: 'BX' }, 400, 'input.invalid'],
    ['a field of no form', { fields: { evil: true } }, 400, 'ticket.field_invalid'],
    ['a null character', { title: 'a\u0000b' }, 400, undefined],
  ])('%s', async (_, more, status, code) => {
    const count = async () => (await call('admin', 'GET', '/tickets?box=all&size=200')).text.length
    const before = await count()
    const reply = await call('agent', 'POST', '/tickets', { kindId: table.ids.repair, title: 'x', ...more })
    expect(reply.status).toBe(status)
    if (code) expect(reply.json.code).toBe(code)
    expect(await count()).toBe(before)
  })

  test('naughty words come back as they were', async () => {
    for (const title of [
      '<script>alert(1)</script>',
      "'; drop table tickets.ticket; --",
      '𠮷野家 🚰',
      '{{7*7}}',
      'ت‎﷽',
      '../../etc/passwd',
    ]) {
      const { id } = await open({ title, text: title })
      expect((await call('agent', 'GET', `/tickets/${id}`)).json).toMatchObject({ title, text: title })
    }
  })

  test('a cursor or an id that is not ours', async () => {
    expect((await call('agent', 'GET', '/tickets?after=abc')).json.code).toBe('input.cursor')
    expect((await call('agent', 'GET', '/tickets/1')).status).toBe(404)
    expect((await call('agent', 'GET', `/tickets/${newId()}`)).json.code).toBe('ticket.not_found')
  })
})

describe('the catalogs', () => {
  test('a kind keeps its form, its code is its own, and retired it opens nothing', async () => {
    const field = { key: 'meter', label: '表号', labelEn: 'Meter', type: 'text', options: [], required: true }
    const added = await call('admin', 'POST', '/ticket-kinds', { name: '水表', code: 'SB', fields: [field] })
    expect(added.json).toMatchObject({ name: '水表', fields: [field], targetMinutes: 1440 })
    expect((await call('admin', 'POST', '/ticket-kinds', { name: '别的', code: 'SB' })).json.code).toBe('catalog.taken')
    const kindId = String(added.json.id)
    expect((await call('agent', 'POST', '/tickets', { kindId, title: 'x' })).json).toMatchObject({
      code: 'ticket.field_invalid',
      facts: { field: 'meter', label: '表号', reason: 'missing' },
    })
    await call('admin', 'PUT', `/ticket-kinds/${kindId}/retired`, { retired: true })
    expect((await call('agent', 'POST', '/tickets', { kindId, title: 'x', fields: { meter: '1' } })).json.code).toBe('ticket.kind_retired')
  })

  test('a category needs a kind', async () => {
    expect((await call('admin', 'POST', '/ticket-categories', { kindId: newId(), name: 'x' })).json.code).toBe('ticket_kind.not_found')
  })
})

describe('the progress link', () => {
  const by = (url: string, method: 'GET' | 'POST' = 'GET', path = '/progress') =>
    call(url.split('#')[1] ?? '', method, path, method === 'POST' ? { text: '快一点' } : undefined)

  test('shows public steps without names, the same address every time', async () => {
    const { id, number } = await open({ departmentId: table.ids.crew })
    const url = await linkOf(id)
    expect(url).toBe(await linkOf(id))
    await call('handler', 'POST', `/tickets/${id}/taking`)
    await call('handler', 'POST', `/tickets/${id}/comments`, { text: '业主电话打不通', public: false })
    await call('handler', 'POST', `/tickets/${id}/comments`, { text: '关阀 2 处', public: true })
    await call('handler', 'POST', `/tickets/${id}/return`, { text: '不是我们的管' })
    const reply = await by(url)
    const progress = Progress.parse(reply.json)
    expect(progress).toMatchObject({ number, tenantName: '第一中心', kind: '报修', status: 'accepted', departmentName: null })
    expect(progress.steps.map(s => [s.kind, s.text])).toEqual([
      ['opened', ''],
      ['dispatched', ''],
      ['taken', ''],
      ['comment', '关阀 2 处'],
      ['returned', ''],
    ])
    for (const secret of ['业主电话打不通', '不是我们的管', '某handler', '某agent', id]) expect(reply.text).not.toContain(secret)
  })

  test('leads back to the widget the customer wrote from', async () => {
    const { id } = await open()
    const url = await linkOf(id)
    const interactionId = newId()
    await house.work(async ctx => {
      for (const key of ['a-first', 'b-second']) await enter(ctx, 'widget', key)
    })
    const { control } = house.house
    await control.query(
      `insert into interactions.interaction (tenant_id, id, channel, direction, state, source, started_at) values ($1, $2, 'chat', 'in', 'done', 'widget:b-second', now())`,
      [house.tenantId, interactionId],
    )
    expect((await by(url)).json.widgetKey).toBe('a-first')
    await control.query('update tickets.ticket set interaction_id = $3 where tenant_id = $1 and id = $2', [
      house.tenantId,
      id,
      interactionId,
    ])
    expect((await by(url)).json.widgetKey).toBe('b-second')
  })

  test('lets the customer urge, not without end', async () => {
    const { id, number } = await open({ departmentId: table.ids.crew })
    const url = await linkOf(id)
    expect((await by(url, 'POST', '/progress/urging')).json).toMatchObject({ urges: 1 })
    expect((await by(url, 'POST', '/progress/urging')).json).toMatchObject({
      status: 429,
      code: 'ticket.urged_recently',
      facts: { number },
    })
    await house.pass(31)
    expect((await by(url, 'POST', '/progress/urging')).json).toMatchObject({ urges: 2 })
    expect((await house.said('ticket.urged')).filter(e => e.number === number)).toHaveLength(2)
  })

  test('opens nothing else, and nothing when forged, of another organisation, or long closed', async () => {
    const { id } = await open()
    const url = await linkOf(id)
    const token = url.split('#')[1] ?? ''
    expect((await call(token, 'GET', '/tickets')).status).toBe(401)
    expect((await call(token, 'GET', `/tickets/${id}`)).status).toBe(401)
    const other = await open()
    const otherSeal = (await linkOf(other.id)).slice(-32)
    const forged = [
      token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
      token.slice(0, -32) + otherSeal,
      `${token}x`,
      token.replace(house.tenantId.replaceAll('-', ''), house.otherTenantId.replaceAll('-', '')),
      writeToken({ kind: 'l', tenantId: house.tenantId, secret: 'x'.repeat(54) }),
      'l.x.y',
      '',
    ]
    for (const text of forged) expect([text, (await call(text, 'GET', '/progress')).status]).toEqual([text, 401])

    await call('admin', 'POST', `/tickets/${id}/resolution`, { text: '好了' })
    await call('admin', 'POST', `/tickets/${id}/closure`, {})
    expect((await by(url)).json).toMatchObject({ status: 'closed' })
    await house.pass(91 * 24 * 60)
    expect((await by(url)).json.code).toBe('access.link_invalid')
  })
})

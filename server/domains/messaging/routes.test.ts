import { beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { createTenantWithAdmin } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openDoors } from '#testing/doors.ts'

const doors = openDoors()
const { call, code, visit, begin } = doors
let bearer: string
let foreign: string
beforeAll(async () => {
  const signIn = async (tenant: string) =>
    (await call('POST', '/session', { tenant, login: 'boss', password: 'Deep-Water-7', bearer: true })).json<{ bearer: string }>().bearer
  for (const slug of ['third', 'fourth'])
    await asSystem(doors.house.house, newId(), ctx =>
      createTenantWithAdmin(ctx, { slug, name: slug, nameEn: slug }, { login: 'boss', name: '管理员', password: 'Deep-Water-7' }),
    )
  bearer = await signIn('third')
  foreign = await signIn('fourth')
})

describe('the widget’s door', () => {
  test('shows the look of a key, and nothing but the look', async () => {
    const look = await call('GET', `/widget/${doors.desk.key}/look`)
    expect(look.json()).toEqual({
      tenantName: '第一中心',
      tenantNameEn: 'First centre',
      brand: '#0B7575',
      greeting: '您好',
      greetingEn: 'Hello',
      closedText: '现在下班',
      closedTextEn: 'Closed',
      choices: [{ key: 'repair', label: '报修', labelEn: 'Repair' }],
      open: true,
      opensAt: null,
    })
    expect(await code(call('GET', '/widget/no-such-key/look'))).toBe('404 access.tenant_unknown')
  })

  test('a reload resumes the same visit', async () => {
    const { token, visitorId } = await visit()
    const id = await begin(token)
    const again = (await call('POST', `/widget/${doors.desk.key}/visits`, { token })).json()
    expect(again).toMatchObject({ token, visitorId, conversation: { id, state: 'waiting' } })
    const messages = (await call('GET', '/widget/messages?afterSeq=0', undefined, token)).json()
    expect(messages).toMatchObject([{ seq: 1, text: '家里没水', author: 'customer' }])
  })

  test('refuses forged, foreign, old and missing tokens alike', async () => {
    const { token } = await visit()
    const [, tenant = '', secret = ''] = token.split('.')
    const tokens = [
      undefined,
      '',
      'x',
      'v..',
      `v.${tenant}.${'a'.repeat(32)}`,
      `v.${doors.house.otherTenantId.replaceAll('-', '')}.${secret}`,
      `s.${tenant}.${secret}`,
      `l.${tenant}.${secret}`,
      `${token}\u0000`,
      '💧'.repeat(50),
      bearer,
    ]
    for (const forged of tokens)
      expect(
        (
          await doors.house.app.inject({
            method: 'GET',
            url: '/api/widget/state',
            headers: forged ? { authorization: `Bearer ${encodeURI(forged)}` } : {},
          })
        ).statusCode,
        String(forged),
      ).toBe(401)
    // An old token at the opening is a stranger's: a new visit begins.
    const fresh = (await call('POST', `/widget/${doors.desk.key}/visits`, { token: `v.${tenant}.${'a'.repeat(32)}` })).json()
    expect(fresh.token).not.toBe(token)
  })

  test('a visitor sees and writes only their own talk, and nothing of the console', async () => {
    const [a, b] = [await visit(), await visit()]
    const id = await begin(a.token)
    expect((await call('GET', '/widget/state', undefined, b.token)).json().conversation).toBeNull()
    expect((await call('GET', '/widget/messages', undefined, b.token)).json()).toEqual([])
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), text: 'x' }, b.token))).toBe('409 conversation.none')
    for (const url of [
      `/conversations/${id}`,
      `/conversations/${id}/messages`,
      '/conversations',
      '/customers',
      '/canned-answers',
      '/widgets',
    ])
      expect((await call('GET', url, undefined, a.token)).statusCode, url).toBe(401)
  })

  test('keeps naughty strings as they are, as text', async () => {
    const { token } = await visit()
    await begin(token, '<script>alert(1)</script>')
    const naughty = [
      '<img src=x onerror=alert(1)>',
      "'; drop table messaging.message; --",
      '‮‭ẐͪͤA̴L̷G̸O',
      '👨‍👩‍👧‍👦🏳️‍🌈',
      '\\u0000\\x00',
      '${7*7}{{7*7}}',
      '\ud800 alone',
      '\u0000nul',
      '﷽'.repeat(200),
      ' \t\n x \n',
      'null',
      '__proto__',
      '٤٢',
      '田'.repeat(8000),
    ]
    for (const text of naughty)
      expect((await call('POST', '/widget/messages', { clientId: newId(), text }, token)).statusCode, text.slice(0, 20)).toBe(200)
    const said = (await call('GET', '/widget/messages?afterSeq=1', undefined, token)).json<{ text: string }[]>().map(m => m.text)
    expect(said).toEqual(naughty.map(text => text.replaceAll('\u0000', '').toWellFormed()))
  })

  test('refuses what is not right, and says what', async () => {
    const { token } = await visit()
    const long = { clientId: newId(), text: 'x'.repeat(8001) }
    expect(await code(call('POST', '/widget/conversation', long, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), text: '田'.repeat(5_000_000) }, token))).toBe(
      '413 input.too_large',
    )
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), text: '  ' }, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), choice: 'nothing' }, token))).toBe(
      '400 widget.choice_unknown',
    )
    expect(await code(call('POST', '/widget/rating', { score: 6 }, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/rating', { score: 5 }, token))).toBe('409 conversation.none')
    expect(
      await code(
        doors.house.app.inject({
          method: 'POST',
          url: '/api/widget/conversation',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          payload: '{"text":',
        }),
      ),
    ).toBe('400 input.not_json')
    expect((await call('GET', '/widget/state', undefined, token)).json().conversation).toBeNull()
    await begin(token)
    for (const body of [
      {},
      { clientId: newId() },
      { clientId: 'x', text: 'y' },
      { clientId: newId(), fileId: 'x' },
      [],
      'x',
      null,
      { clientId: newId(), text: { $gt: '' } },
    ])
      expect(await code(call('POST', '/widget/messages', body, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: newId() }, token))).toBe('404 file.not_found')
  })

  test('slows down whoever floods', async () => {
    const { token } = await visit()
    await begin(token)
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => call('POST', '/widget/messages', { clientId: newId(), text: 'x' }, token)),
    )
    const statuses = replies.map(r => r.statusCode)
    expect(statuses).toContain(429)
    expect(statuses.filter(s => s === 200).length).toBeGreaterThanOrEqual(40)
  })
})

describe('the console’s door', () => {
  test('another tenant sees and changes nothing', async () => {
    const id = await begin((await visit()).token)
    for (const token of [bearer, foreign]) {
      expect((await call('GET', '/conversations?box=team', undefined, token)).json().rows).toEqual([])
      expect(await code(call('GET', `/conversations/${id}`, undefined, token))).toBe('404 conversation.not_found')
      expect(await code(call('GET', `/conversations/${id}/messages`, undefined, token))).toBe('404 conversation.not_found')
      for (const [path, body] of Object.entries({
        messages: { clientId: newId(), text: 'x' },
        notes: { clientId: newId(), text: 'x' },
        taking: undefined,
        end: undefined,
        'take-over': undefined,
      }))
        expect(await code(call('POST', `/conversations/${id}/${path}`, body, token)), path).toBe('404 conversation.not_found')
      expect(await code(call('PATCH', `/widgets/${doors.desk.widget.id}`, { name: '别人的' }, token))).toBe('404 widget.not_found')
      expect(await code(call('POST', `/widgets/${doors.desk.widget.id}/secret`, undefined, token))).toBe('404 widget.not_found')
    }
    expect(await code(call('GET', '/conversations/not-an-id', undefined, bearer))).toBe('404 input.not_found')
  })

  test('a widget’s key is one over all tenants, its colour carries white words, its queue exists', async () => {
    const mine = (more: object) => ({
      name: '网站',
      key: 'my-site',
      brand: '#0B7575',
      greeting: '',
      greetingEn: '',
      closedText: '',
      closedTextEn: '',
      calendarId: null,
      queueId: doors.desk.ids.water,
      choices: [],
      ...more,
    })
    expect(await code(call('POST', '/widgets', mine({}), bearer))).toBe('404 queue.not_found')
    const { id: queueId } = (await call('POST', '/queues', { name: '网站' }, bearer)).json<{ id: string }>()
    expect(await code(call('POST', '/widgets', mine({ queueId, key: doors.desk.key }), bearer))).toBe('409 widget.key_taken')
    expect(await code(call('POST', '/widgets', mine({ queueId, brand: '#FFEE88' }), bearer))).toBe('400 widget.brand_too_light')
    expect(await code(call('POST', '/widgets', mine({ queueId, brand: 'red;}' }), bearer))).toBe('400 widget.brand_invalid')
    const added = await call('POST', '/widgets', mine({ queueId }), bearer)
    expect(added.json()).toMatchObject({ key: 'my-site', retired: false })
    expect(added.body).not.toContain('secret')
    expect((await call('GET', '/widget/my-site/look')).json()).toMatchObject({ tenantName: 'third' })
    await call('PATCH', `/widgets/${added.json().id}`, { key: 'other-site' }, bearer)
    expect(await code(call('GET', '/widget/my-site/look'))).toBe('404 access.tenant_unknown')
  })
})

test('whoever types a telephone number does not learn whose it is', async () => {
  await doors.house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '欧阳惠', phone: '13800009876' })))
  const { token } = await visit()
  const start = { clientId: newId(), text: '家里没水', phone: '13800009876' }
  const replies = [
    await call('POST', '/widget/conversation', start, token),
    await call('POST', '/widget/messages', { clientId: newId(), text: '在吗' }, token),
    await call('GET', '/widget/messages?afterSeq=0', undefined, token),
    await call('GET', '/widget/state', undefined, token),
  ]
  expect(replies.map(r => r.statusCode)).toEqual([200, 200, 200, 200])
  expect(replies.map(r => r.body).join()).not.toContain('欧阳惠')
  const id = replies[0]?.json().conversation.id
  expect(
    await doors.house.work(ctx =>
      ctx.db.selectFrom('messaging.conversation').select('customerName').where('id', '=', id).executeTakeFirst(),
    ),
  ).toEqual({ customerName: '欧阳惠' })
})

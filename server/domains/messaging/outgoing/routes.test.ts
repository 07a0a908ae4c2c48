import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { sendNotice } from './notices.ts'
import { addProvider } from './providers.ts'
import { sendMessage } from './send.ts'
import { addSuppression } from './suppressions.ts'

let house: TestHouse
const own = { message: '', provider: '', notice: '', suppression: '', customer: '' }
const foreign = { ...own }
const signedIn = new Map<RoleCode, string>()
const notice = {
  name: '停水',
  channel: 'sms',
  template: 'notice',
  language: 'zh',
  variables: { title: '停水', content: '明天' },
  audience: {},
} as const
const template = {
  purpose: 'notice', name: '提醒', nameEn: '', subject: '', subjectEn: '', text: '', textEn: '', sms: '{{when}}停水', smsEn: '', vendorCode: '',
  variables: [{ key: 'when', sample: '9:00', sampleEn: '9:00', label: '几点', labelEn: 'When' }],
} // biome-ignore format: a template

beforeAll(async () => {
  house = await openHouse()
  for (const code of ['agent', 'handler', 'admin'] as const) signedIn.set(code, await newcomer(code))
  Object.assign(own, await furnished(house.tenantId))
  Object.assign(foreign, await furnished(house.otherTenantId))
})
afterAll(() => house.close())

const newcomer = (code: RoleCode) =>
  house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const person = { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
    return (await openSession(ctx, (await addPerson(ctx, person)).id, { ip: '10.0.0.1', userAgent: 'test' })).token
  })
/** One of each in a house that sends nothing by itself. */
const furnished = (tenantId: string) =>
  asSystem(house.house, tenantId, async ctx => {
    const customer = (await addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: '13812346021' }))).id
    const to = { purpose: 'ticket', template: 'ticket_opened', variables: { number: 'BX-1', link: 'x' }, customerId: customer } as const
    return {
      customer,
      provider: (await addProvider(ctx, provider('sms', { kind: 'practice' }, { enabled: false }))).id,
      message: (await sendMessage(ctx, { channel: 'sms', ...to })).id,
      notice: (await sendNotice(ctx, notice)).id,
      suppression: (await addSuppression(ctx, { channel: 'mail', address: 'gone@example.com', detail: '' })).id,
    }
  })

type Method = 'GET' | 'POST' | 'PUT'
type Body = Record<string, unknown>
const call = (who: RoleCode | null, method: Method, url: string, body?: Body) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: who ? { authorization: `Bearer ${signedIn.get(who)}` } : {},
    ...(body ? { payload: body } : {}),
  })
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).json().code
const at = (url: string, of: typeof own) => url.replace(/:(\w+)/, (_, key: keyof typeof own) => of[key])

const way = provider('sms', { kind: 'practice' })
const alone = { on: true }
const consent = { purpose: 'notice', channel: 'sms', given: false, source: 'phone', proof: '' }
const policy = {
  quietFrom: 0,
  quietTo: 0,
  caps: { day: 2, week: 5, mailDay: null, mailWeek: null, smsDay: 1, smsWeek: 3 },
  passwordLinks: true,
  ticketSteps: [],
  ticketWay: 'either',
  linkBase: '',
}
const doors: [Method, string, Body | undefined, string | null][] = [
  ['GET', '/outgoing', undefined, null],
  ['GET', '/outgoing/:message', undefined, 'message.not_found'],
  ['POST', '/outgoing/:message/retry', {}, 'message.not_found'],
  ['POST', '/outgoing/:message/cancellation', {}, 'message.not_found'],
  ['GET', '/providers', undefined, null],
  ['POST', '/providers', way, null],
  ['PUT', '/providers/:provider', way, 'provider.not_found'],
  ['POST', '/providers/:provider/retirement', {}, 'provider.not_found'],
  ['POST', '/providers/:provider/test', { to: '13812346021', language: 'zh' }, 'provider.not_found'],
  ['POST', '/providers/:provider/receipt-secret', {}, 'provider.not_found'],
  ['GET', '/message-templates', undefined, null],
  ['PUT', '/message-templates/reminder', template, null],
  ['POST', '/message-templates/none/retirement', {}, null],
  ['POST', '/message-templates/preview', { ...template, language: 'zh' }, null],
  ['GET', '/outgoing-policy', undefined, null],
  ['PUT', '/outgoing-policy', policy, null],
  ['GET', '/suppressions', undefined, null],
  ['POST', '/suppressions', { channel: 'mail', address: 'a@example.com', detail: '' }, null],
  ['POST', '/suppressions/:suppression/lifting', { reason: '已更正' }, 'suppression.not_found'],
  ['GET', '/notices', undefined, null],
  ['GET', '/notices/:notice', undefined, 'notice.not_found'],
  ['POST', '/notices', notice, null],
  ['POST', '/notices/preview', { ...notice, name: undefined }, null],
  ['POST', '/notices/:notice/cancellation', {}, 'notice.not_found'],
  ['GET', '/customers/:customer/messages', undefined, 'customer.not_found'],
  ['GET', '/customers/:customer/consents', undefined, 'customer.not_found'],
  ['PUT', '/customers/:customer/consents', consent, 'customer.not_found'],
  ['PUT', '/customers/:customer/undisturbed', alone, 'customer.not_found'],
] // biome-ignore format: a table of doors

test.each(doors)(
  '%s %s is closed to strangers and to whoever may not; another organisation’s is not there',
  async (method, url, body, missing) => {
    expect(await codeOf(null, method, at(url, own), body)).toBe('access.sign_in')
    if (!url.startsWith('/customers')) expect(await codeOf('handler', method, at(url, own), body)).toBe('access.denied')
    if (missing === null) return
    expect(await codeOf('admin', method, at(url, foreign), body)).toBe(missing)
    expect(
      (await call('admin', method, at(url, { ...own, message: 'x', provider: 'x', notice: 'x', suppression: 'x', customer: 'x' }), body))
        .statusCode,
    ).toBeGreaterThanOrEqual(400)
  },
)

test.each<[Method, string, Body, string]>([
  ['PUT', '/message-templates/reminder', { ...template, sms: '{{who}}停水' }, 'template.variable_unknown'],
  ['PUT', '/message-templates/reminder', { ...template, sms: '{{when}停水' }, 'template.brace_open'],
  ['PUT', '/message-templates/reminder', { ...template, sms: '' }, 'template.empty'],
  ['PUT', '/message-templates/Not-A-Code', template, 'template.code'],
  ['PUT', '/message-templates/reminder', { ...template, purpose: 'code' }, 'template.purpose_kept'],
  ['POST', '/message-templates/none/retirement', {}, 'template.not_found'],
  ['POST', '/notices', { ...notice, template: 'ticket_opened', variables: {} }, 'notice.purpose'],
  ['POST', '/notices', { ...notice, audience: { numbers: [] } }, 'notice.nobody'],
  ['POST', '/notices', { ...notice, audience: { numbers: ['1'], tag: 'x' } }, 'notice.audience_mixed'],
  ['POST', '/notices', { ...notice, variables: { title: 'x' } }, 'template.variable_missing'],
  ['POST', '/notices/preview', { ...notice, template: 'none' }, 'template.not_found'],
  ['POST', '/suppressions', { channel: 'sms', address: 'abc', detail: '' }, 'suppression.address_invalid'],
  ['POST', '/providers/:provider/test', { to: '13812346021', language: 'zh' }, 'provider.off'],
  [
    'PUT',
    '/providers/:provider',
    { ...way, settings: { kind: 'http', url: 'http://x.cn', account: '', signature: '' } },
    'provider.kind_kept',
  ],
])('%s %s refuses what is no use', async (method, url, body, code) => expect(await codeOf('admin', method, at(url, own), body)).toBe(code))

test.each<[Method, string, Body]>([
  ['POST', '/providers', { ...way, rate: 0 }],
  ['POST', '/providers', { ...way, settings: { kind: 'http', url: 'file:///etc/passwd', account: '', signature: '' } }],
  ['PUT', '/outgoing-policy', { ...policy, quietFrom: 1441 }],
  ['PUT', '/outgoing-policy', { ...policy, linkBase: 'javascript:alert(1)' }],
  ['POST', '/notices', { ...notice, channel: 'pigeon' }],
  ['PUT', '/customers/:customer/consents', { ...consent, purpose: 'password_link' }],
  ['PUT', '/customers/:customer/consents', { ...consent, source: 'rumour' }],
  ['PUT', '/customers/:customer/undisturbed', { on: 'yes' }],
])('%s %s refuses what breaks the contract', async (method, url, body) =>
  expect((await call('admin', method, at(url, own), body)).statusCode).toBe(400),
)

test('a secret goes in and never comes out', async () => {
  const http = {
    ...way,
    settings: { kind: 'http', url: 'https://sms.example.com', account: 'a', signature: '' },
    secret: 'deep-secret-1',
    enabled: false,
  }
  const made = await call('admin', 'POST', '/providers', http)
  expect(made.json()).toMatchObject({ hasSecret: true })
  expect(made.body + (await call('admin', 'GET', '/providers')).body).not.toContain('deep-secret')
  expect(
    await codeOf('admin', 'PUT', `/providers/${made.json().id}`, {
      ...http,
      secret: undefined,
      settings: { ...http.settings, url: 'https://evil.example.com' },
    }),
  ).toBe('provider.secret_again')
})

test.each([
  ['mail', { kind: 'smtp', host: 'mail.example.com', port: 465, security: 'tls', user: 'u', from: 'a@example.com', fromName: '', replyTo: '', bounces: null }, { security: 'starttls' }, { security: 'plain' }],
  ['sms', { kind: 'smpp', host: 'sms.example.com', port: 2775, tls: true, systemId: 's', systemType: '', source: '1', signature: '', window: 10 }, { window: 20 }, { tls: false }],
])('a secret of %s goes over no barer line than it was given for', async (channel, settings, as, barer) => {
  const given = { ...way, channel, settings, secret: 'deep-secret-2', enabled: false }
  const { id } = (await call('admin', 'POST', '/providers', given)).json()
  const change = (more: object, secret?: string) =>
    codeOf('admin', 'PUT', `/providers/${id}`, { ...given, secret, settings: { ...settings, ...more } })
  expect(await change(as)).toBeUndefined()
  expect(await change(barer)).toBe('provider.secret_again')
  expect(await change(barer, 'deep-secret-2')).toBeUndefined()
}) // biome-ignore format: a row is one way

test('a notice that is asked for twice, also at once, is one notice', async () => {
  const clientId = newId()
  const replies = await Promise.all([0, 1].map(() => call('admin', 'POST', '/notices', { ...notice, clientId })))
  replies.push(await call('admin', 'POST', '/notices', { ...notice, clientId }))
  expect(replies.map(r => r.statusCode)).toEqual([200, 200, 200])
  const [id, ...more] = new Set(replies.map(r => r.json().id))
  expect(more).toEqual([])
  const { rows } = await house.house.control.query(`select 1 from kernel.event where name = 'notice.begun' and about = $1`, [id])
  expect(rows).toHaveLength(1)
  expect((await call('admin', 'POST', '/notices', { ...notice, clientId: newId() })).json().id).not.toBe(id)
})

test('what a customer wants is said with its source, and asked before the next notice', async () => {
  const reached = async () => (await call('admin', 'POST', '/notices/preview', { ...notice, name: undefined })).json().reasons
  expect((await call('admin', 'PUT', `/customers/${own.customer}/consents`, consent)).json()).toMatchObject({
    consents: [{ purpose: 'notice', channel: 'sms', given: false, source: 'phone', byName: 'admin' }],
    undisturbed: null,
  })
  expect(await reached()).toEqual([{ reason: 'consent_declined', n: 1 }])
  expect(
    (await call('admin', 'PUT', `/customers/${own.customer}/undisturbed`, { on: true, reason: '来电要求' })).json().undisturbed,
  ).toMatchObject({ reason: '来电要求', until: null })
  await call('admin', 'PUT', `/customers/${own.customer}/consents`, { ...consent, given: true })
  expect(await reached()).toEqual([{ reason: 'do_not_disturb', n: 1 }])
  await call('admin', 'PUT', `/customers/${own.customer}/undisturbed`, { on: false })
  expect((await call('admin', 'GET', `/customers/${own.customer}/consents`)).json()).toMatchObject({
    consents: [{ given: true }],
    undisturbed: null,
  })
  expect(await reached()).toEqual([])
  expect(await codeOf('admin', 'GET', `/customers/${newId()}/consents`)).toBe('customer.not_found')
})

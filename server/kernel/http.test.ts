import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openApi } from './openapi.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

type Document = {
  paths: Record<
    string,
    Record<string, { summary: string; responses: Record<string, { content?: Record<string, { schema: unknown }> }>; requestBody?: unknown }>
  >
}

test('the API document holds every endpoint, with a sentence, and times as ISO text', () => {
  const document = JSON.parse(JSON.stringify(openApi(house.endpoints, 'test'))) as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(operations).toHaveLength(house.endpoints.length)
  expect(operations.filter(o => o.operation.summary === '').map(o => `${o.method} ${o.path}`)).toEqual([])
  const ticket = JSON.stringify(document.paths['/api/tickets/{id}']?.get?.responses['200'])
  expect(ticket).toContain('"openedAt":{"type":"string","format":"date-time"')
  expect(JSON.stringify(document)).not.toContain('{}},"schema":{}')
})

const post = (payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  house.app.inject({ method: 'POST', url: '/api/session', payload, headers })

test.each([
  ['text that is not JSON', '{"login": ', 400, 'input.not_json'],
  ['a list instead of an object', '[]', 400, 'input.invalid'],
  ['nothing at all', '', 400, 'input.invalid'],
  ['numbers for words', '{"login": 5, "password": {}}', 400, 'input.invalid'],
  ['ten megabytes', JSON.stringify({ login: 'x'.repeat(10_000_000), password: 'x' }), 413, 'input.too_large'],
  ['keys of the language itself', '{"__proto__": {"login": "a"}, "constructor": {}}', 400, 'input.invalid'],
])('%s is refused with a code', async (_what, payload, status, code) => {
  const reply = await post(payload)
  expect(reply.statusCode).toBe(status)
  expect(reply.headers['content-type']).toContain('application/problem+json')
  expect(reply.json()).toMatchObject({ code, status })
})

test('another kind of content is refused, an unknown address too', async () => {
  expect((await post('<login/>', { 'content-type': 'text/xml' })).json()).toMatchObject({ code: 'input.media_type' })
  expect((await house.app.inject('/api/nothing-here')).json()).toMatchObject({ code: 'input.no_such_address', status: 404 })
})

test('a part of an older build is not found, rather than answered with a page', async () => {
  for (const url of ['/assets/old-abc123.js', '/portal-assets/old-abc123.js']) expect((await house.app.inject(url)).statusCode).toBe(404)
})

test('every answer carries the headers that keep scripts and frames out', async () => {
  const { headers } = await house.app.inject('/api/welcome')
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/)
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
})

test('every answer keeps sensors and sniffing out, and insists on TLS where there is TLS', async () => {
  const plain = await house.app.inject('/api/welcome')
  expect(plain.headers['permissions-policy']).toContain('camera=()')
  expect(plain.headers['strict-transport-security']).toBeUndefined()
  const tls = await house.app.inject({ url: '/api/welcome', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-proto': 'https' } })
  expect(tls.headers['strict-transport-security']).toContain('max-age=')
  // Only a proxy on this machine is believed.
  const feigned = await house.app.inject({ url: '/api/welcome', remoteAddress: '10.1.2.3', headers: { 'x-forwarded-proto': 'https' } })
  expect(feigned.headers['strict-transport-security']).toBeUndefined()
})

test('figures of the process are read on this machine, not from elsewhere, unless they are opened', async () => {
  const status = async (remoteAddress: string, headers: Record<string, string> = {}) =>
    (await house.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  expect(await status('127.0.0.1')).toBe(200)
  expect(await status('10.1.2.3')).toBe(404)
  expect(await status('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe(404)
  house.house.settings.openMetrics = true
  expect(await status('10.1.2.3')).toBe(200)
  house.house.settings.openMetrics = false
})

test('an upload borne by a cookie needs the word that only our own pages can send', async () => {
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/files',
    headers: {
      cookie: `huiyin_session=s.${house.tenantId.replaceAll('-', '')}.${'A'.repeat(32)}`,
      'content-type': 'multipart/form-data; boundary=x',
    },
    payload: '--x--',
  })
  expect(reply.json()).toMatchObject({ code: 'access.csrf', status: 403 })
})

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

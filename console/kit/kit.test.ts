import { beforeAll, expect, test, vi } from 'vitest'
import { customers } from '#contract/customers.ts'
import { tickets } from '#contract/tickets.ts'

// The kit reads the browser when it is loaded; here is as much of one as it asks for.
const kept = new Map<string, string>()
beforeAll(() => {
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v) })
  vi.stubGlobal('document', { documentElement: {}, cookie: 'huiyin_csrf=abc' })
  vi.stubGlobal('navigator', { language: 'zh-CN', platform: 'Linux' })
})
const kit = async () => ({ ...(await import('./words.ts')), ...(await import('./time.ts')), ...(await import('./call.ts')) })

test('words are read in the language of the moment', async () => {
  const { words, setLanguage } = await kit()
  const w = words({ close: ['办结', 'Resolve'], left: [(n: number) => `剩 ${n}`, (n: number) => `${n} left`] })
  setLanguage('zh')
  expect([w.close, w.left(3)]).toEqual(['办结', '剩 3'])
  setLanguage('en')
  expect([w.close, w.left(3)]).toEqual(['Resolve', '3 left'])
  expect(document.documentElement.lang).toBe('en')
  expect(kept.get('huiyin.language')).toBe('en')
})

test('a refusal is told from its facts, and one nobody knows by its code', async () => {
  const { enterRefusals, refusalText, setLanguage } = await kit()
  setLanguage('zh')
  enterRefusals({ 'ticket.already_closed': [f => `${f.number} 已关闭`, f => `${f.number} is closed`] })
  expect(refusalText('ticket.already_closed', { number: 'BX-1' })).toBe('BX-1 已关闭')
  expect(refusalText('never.heard_of')).toContain('never.heard_of')
})

test('lengths of time are exact on a clock and rough in words', async () => {
  const { clockText, roughText, setLanguage } = await kit()
  expect([0, 38_000, 724_000, 3_723_000, -5].map(clockText)).toEqual(['0:00', '0:38', '12:04', '1:02:03', '0:00'])
  setLanguage('zh')
  expect([20_000, 4 * 60_000, 90 * 60_000, 12 * 3_600_000, 72 * 3_600_000].map(roughText)).toEqual([
    '不到 1 分',
    '4 分',
    '1.5 小时',
    '12 小时',
    '3 天',
  ])
  setLanguage('en')
  expect([0, -4 * 60_000].map(roughText)).toEqual(['under 1 m', '4 m'])
})

test('an address carries its ids and its query, and leaves out what is empty', async () => {
  const { addressOf } = await kit()
  expect(addressOf(customers.one, { id: 'a/b' })).toBe('/api/customers/a%2Fb')
  expect(addressOf(tickets.list, { query: { box: 'mine', q: '', after: undefined, open: true } })).toBe('/api/tickets?box=mine&open=true')
})

test('a call sends the token of the page with what it changes and answers with dates', async () => {
  const { call, RefusalError } = await kit()
  const asked: { url: string; init: RequestInit }[] = []
  const answer = (status: number, body: unknown) =>
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked.push({ url, init })
      return new Response(JSON.stringify(body), { status })
    })
  answer(200, { rows: [], next: null })
  await call(tickets.list, { query: { box: 'mine' } })
  expect(asked[0]?.init.headers).not.toHaveProperty('x-csrf')

  answer(409, { code: 'ticket.already_closed', facts: { number: 'BX-1' } })
  const refused = await call(tickets.close, { id: '01a1fed6-0000-7e0b-bac2-7b7c40e00b65', body: {} }).catch((e: unknown) => e)
  expect(refused).toBeInstanceOf(RefusalError)
  expect(refused).toMatchObject({ code: 'ticket.already_closed', status: 409, facts: { number: 'BX-1' } })
  expect(asked[1]?.init.headers).toMatchObject({ 'x-csrf': 'abc' })

  answer(200, { rows: 'not a list' })
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(await call(tickets.list, {}).catch((e: unknown) => e)).toMatchObject({ code: 'network.odd' })

  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
  expect(await call(tickets.list, {}).catch((e: unknown) => e)).toMatchObject({ code: 'network.away' })
})

import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { reachOf } from '#domains/customers/reaching.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { mailTo, openMailServer, openPost, provider } from '#testing/outgoing.ts'
import { mayReach } from './guard.ts'
import { changePolicy } from './policy.ts'
import { addProvider, renewReceiptSecret } from './providers.ts'
import { isStop } from './replies.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'
import { listSuppressions } from './suppressions.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
let server: Awaited<ReturnType<typeof openMailServer>>
let gateway: Awaited<ReturnType<typeof openPost>>
let sms = { path: '', secret: '' }
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  sender = newSender(house.house)
  server = await openMailServer()
  gateway = await openPost(async body => ({
    text: JSON.stringify({
      messages: [...body.matchAll(/"reference":"([^"]+)"/g)].map(m => ({ reference: m[1], id: `v-${m[1]}`, state: 'accepted' })),
    }),
  }))
  await house.work(async ctx => {
    await changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0, caps: free, linkBase: 'https://kf.example.cn' })
    await addProvider(ctx, provider('mail', mailTo(server.port)))
    const way = await addProvider(
      ctx,
      provider('sms', { kind: 'http', url: gateway.url, account: 'q', signature: '' }, { secret: 'whsec_c2VjcmV0' }),
    )
    sms = { path: way.receiptPath ?? '', secret: (await renewReceiptSecret(ctx, way.id)).secret }
  })
})
afterAll(async () => {
  await sender.stop()
  await server.close()
  await gateway.close()
  await house.close()
})
const free = { day: null, week: null, mailDay: null, mailWeek: null, smsDay: null, smsWeek: null }

let n = 0
const customer = () => {
  const mark = String(++n).padStart(4, '0')
  return house.work(async ctx => ({
    id: (await addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: `1386666${mark}`, email: `zhou${mark}@example.cn` }))).id,
    phone: `+861386666${mark}`,
    email: `zhou${mark}@example.cn`,
  }))
}
/** A mail as it went over the wire. */
async function mailed(who: { id: string; email: string }, purpose: 'survey' | 'ticket') {
  const link = 'https://kf.example.cn/x'
  const words =
    purpose === 'survey'
      ? { template: 'survey_invitation', variables: { matter: '报修', link } as Record<string, string> }
      : { template: 'ticket_opened', variables: { number: 'BX-1', link } as Record<string, string> }
  const { id } = await house.work(ctx => sendMessage(ctx, { channel: 'mail', purpose, ...words, customerId: who.id }))
  await sender.drain(house.tenantId)
  return { id, raw: server.letters.find(l => l.raw.includes(id))?.raw ?? '' }
}
const headerOf = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(raw)?.[1]?.trim()
const addressIn = (raw: string) => new URL(/<(.+)>/.exec(headerOf(raw, 'List-Unsubscribe') ?? '')?.[1] ?? 'https://none/')
const click = (path: string, body = 'List-Unsubscribe=One-Click', type = 'application/x-www-form-urlencoded') =>
  house.app.inject({ method: 'POST', url: path, headers: { 'content-type': type }, payload: body })
const page = async (token: string, given?: boolean) => {
  const reply = await house.app.inject({
    method: given === undefined ? 'GET' : 'PUT',
    url: '/api/unsubscription',
    headers: { authorization: `Bearer ${token}` },
    ...(given === undefined ? {} : { payload: { given } }),
  })
  return { status: reply.statusCode, json: reply.json<Record<string, unknown>>() }
}
const consents = (id: string) => house.work(async ctx => (await reachOf(ctx, id)).consents)

describe('a mail that asks for consent', () => {
  test('says where its reader unsubscribes, in its head and in its words; others say nothing of it', async () => {
    const who = await customer()
    const { raw } = await mailed(who, 'survey')
    const address = addressIn(raw)
    expect([address.origin, address.pathname]).toEqual(['https://kf.example.cn', '/unsubscribe'])
    expect(headerOf(raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    const words = [...raw.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(m => Buffer.from(m[1] ?? '', 'base64').toString('utf8'))
    expect(words.filter(text => text.includes(address.href.replaceAll('&', '&amp;'))).length).toBe(2)
    const other = await mailed(who, 'ticket')
    expect(headerOf(other.raw, 'List-Unsubscribe')).toBeUndefined()
  })

  test('is unsubscribed from by one click of the mail program, which is written down with its proof and counts at once', async () => {
    const who = await customer()
    const { id, raw } = await mailed(who, 'survey')
    const { pathname, search } = addressIn(raw)
    expect((await click(pathname + search)).statusCode).toBe(200)
    expect((await click(pathname + search, '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--', 'multipart/form-data; boundary=x')).statusCode).toBe(200) // biome-ignore format: one call
    const [said, ...more] = await consents(who.id)
    expect(more).toEqual([])
    expect(said).toMatchObject({ purpose: 'survey', channel: 'mail', given: false, source: 'message' })
    expect(said?.proof).toContain(id)
    expect(await house.work(ctx => mayReach(ctx, { customerId: who.id, channel: 'mail', purpose: 'survey' }))).toMatchObject({
      may: false,
      reason: 'consent_declined',
    })
    expect(await house.work(ctx => mayReach(ctx, { customerId: who.id, channel: 'sms', purpose: 'survey' }))).toEqual({ may: true })
    expect((await house.said('consent.recorded')).filter(e => e.source === 'message')).toHaveLength(1)
  })

  test('has a page that asks first, and takes it back', async () => {
    const who = await customer()
    const token = addressIn((await mailed(who, 'survey')).raw).searchParams.get('t') ?? ''
    expect(await page(token)).toMatchObject({ status: 200, json: { purpose: 'survey', address: 'z***@example.cn', given: true } })
    expect(await consents(who.id)).toEqual([])
    expect(await page(token, false)).toMatchObject({ json: { given: false } })
    expect(await page(token, true)).toMatchObject({ json: { given: true } })
    expect(await consents(who.id)).toMatchObject([{ given: true, source: 'message' }])
  })

  test('a token that was changed, belongs to another organisation or to another kind of link opens nothing', async () => {
    const who = await customer()
    const token = addressIn((await mailed(who, 'survey')).raw).searchParams.get('t') ?? ''
    const last = token.endsWith('A') ? 'B' : 'A'
    const wrong = [
      token.slice(0, -1) + last,
      token.replace(house.tenantId.replaceAll('-', ''), house.otherTenantId.replaceAll('-', '')),
      '',
      'x',
    ]
    for (const t of wrong) {
      expect((await click(`/unsubscribe?t=${t}`)).json<{ code: string }>().code, t).toBe('access.link_invalid')
      expect((await page(t, false)).json.code, t).toMatch(/^access\./)
    }
    expect((await click(`/unsubscribe?t=${token}`, 'x=1')).json<{ code: string }>().code).toBe('unsubscribe.nonsense')
    for (const url of ['/api/progress', '/api/invitation'])
      expect((await house.app.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode, url).toBe(401)
    expect(await consents(who.id)).toEqual([])
  })
})

describe('an answer to a short message', () => {
  test.each([
    ['TD', true], ['td.', true], ['【退订】', true], ['ＴＤ', true], ['T', true], ['stop', true],
    ['退订一下可以吗', false], ['谢谢', false], ['', false], ['TDK', false],
  ])('%s: %s', (text, stops) => expect(isStop(text)).toBe(stops)) // biome-ignore format: a table

  const reply = async (from: string, text: string) => {
    const body = JSON.stringify({ replies: [{ from, text }] })
    const [id, at] = [newId(), Math.floor(house.now().getTime() / 1000)]
    const signed = createHmac('sha256', Buffer.from(sms.secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${at}.${body}`)
      .digest('base64')
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${signed}`,
    }
    return (await house.app.inject({ method: 'POST', url: sms.path, headers, payload: body })).statusCode
  }
  test('TD declines the kind that was sent last; of a number that is nobody’s, everything', async () => {
    const who = await customer()
    await house.work(ctx =>
      sendMessage(ctx, {
        channel: 'sms',
        purpose: 'notice',
        template: 'notice',
        variables: { title: '停水', content: '明天' },
        customerId: who.id,
      }),
    )
    await sender.drain(house.tenantId)
    expect(await reply(who.phone, '收到')).toBe(200)
    expect(await consents(who.id)).toEqual([])
    expect(await reply(who.phone.replace('+86', ''), 'TD')).toBe(200)
    expect(await consents(who.id)).toMatchObject([
      { purpose: 'notice', channel: 'sms', given: false, source: 'message', proof: '短信回复“TD”' },
    ])
    expect(await reply('13900001111', '退订')).toBe(200)
    expect((await house.work(ctx => listSuppressions(ctx, { address: '13900001111' }))).rows).toMatchObject([
      { reason: 'asked', detail: '退订' },
    ])
  })
})

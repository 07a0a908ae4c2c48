import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Provider, ProviderSettings } from '#contract/outgoingSettings.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openPost, provider } from '#testing/outgoing.ts'
import { oneMessage } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider, listProviders, renewReceiptSecret } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'
import { listSuppressions } from './suppressions.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
let server: Awaited<ReturnType<typeof openPost>>
let way: Provider
let secret = ''
/** What happens while the provider has our call and has not answered yet. */
let meanwhile: (refs: string[]) => Promise<void> = async () => {}
const http = (url: string): ProviderSettings => ({ kind: 'http', url, account: 'qingyuan', signature: '清源供水' })
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  sender = newSender(house.house)
  server = await openPost(async body => {
    const references = [...body.matchAll(/"reference":"([^"]+)"/g)].map(m => m[1] ?? '')
    const messages = references.map(reference => ({ reference, id: `v-${reference}`, state: 'accepted' }))
    await meanwhile(messages.map(m => m.id))
    return { text: JSON.stringify({ messages }) }
  })
  await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
  way = await house.work(ctx => addProvider(ctx, provider('sms', http(server.url), { secret: 'whsec_c2VjcmV0' })))
  secret = (await house.work(ctx => renewReceiptSecret(ctx, way.id))).secret
})
afterAll(async () => {
  await sender.stop()
  await server.close()
  await house.close()
})

let n = 0
const handOver = async () => {
  const address = `+861381234${String(++n).padStart(4, '0')}`
  const { id } = await house.work(ctx =>
    sendMessage(ctx, { channel: 'sms', purpose: 'ticket', template: 'ticket_opened', variables: { number: 'BX-1', link: 'x' }, address }),
  )
  await sender.drain(house.tenantId)
  return { id, address, ref: `v-${id}` }
}
type Call = { id?: string; at?: number; key?: string; path?: string; sent?: string; headers?: Record<string, string> }
const told = (id: string, state = 'delivered', reason = '') => JSON.stringify({ receipts: [{ id, state, reason }] })
/** As the provider calls; each part may be wrong. */
const post = async (body: string, { id = newId(), at = Math.floor(house.now().getTime() / 1000), key = secret, ...more }: Call = {}) => {
  const signed = createHmac('sha256', Buffer.from(key.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${at}.${body}`)
    .digest('base64')
  const reply = await house.app.inject({
    method: 'POST',
    url: more.path ?? way.receiptPath ?? '',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${signed}`,
      ...more.headers,
    },
    payload: more.sent ?? body,
  })
  return reply.statusCode === 200 ? 'taken' : reply.json<{ code: string }>().code
}
const stands = async (id: string) => {
  const { state, reason } = await house.work(ctx => oneMessage(ctx, id))
  return reason === null ? state : `${state} ${reason}`
}
const today = async () => (await house.work(listProviders)).find(p => p.id === way.id)?.today

test('what the provider signed moves the message; an address that is none is written to no more', async () => {
  const [good, bad, lost] = [await handOver(), await handOver(), await handOver()]
  expect(await stands(good.id)).toBe('handed')
  expect(await post(told(good.ref))).toBe('taken')
  expect(await post(told(bad.ref, 'bad_number', '空号'))).toBe('taken')
  expect(await post(told(lost.ref, 'failed'))).toBe('taken')
  expect([await stands(good.id), await stands(bad.id), await stands(lost.id)]).toEqual([
    'delivered',
    'bounced 空号',
    'failed not_delivered',
  ])
  expect((await house.work(ctx => listSuppressions(ctx, { address: bad.address }))).rows).toMatchObject([{ reason: 'bounced' }])
})

test('whoever is not the provider learns that nobody is here, and moves nothing', async () => {
  const { id, ref } = await handOver()
  const other = `whsec_${Buffer.from('another secret of 32 bytes......').toString('base64')}`
  const wrong: Call[] = [
    { key: other },
    { sent: told(ref, 'failed') },
    { headers: { 'webhook-signature': '' } },
    { headers: { 'webhook-signature': 'v1,AAAA' } },
    { headers: { 'webhook-id': newId() } },
    { headers: { 'webhook-timestamp': '' } },
    { id: 'x'.repeat(201) },
    { path: `/api/receipts/${house.otherTenantId}/${way.id}` },
    { path: `/api/receipts/${house.tenantId}/${newId()}` },
    { path: `/api/receipts/${house.tenantId}/x` },
  ]
  for (const call of wrong) expect(await post(told(ref), call), JSON.stringify(call)).toBe('receipt.nobody')
  // A secret that was replaced opens nothing any more.
  const old = secret
  secret = (await house.work(ctx => renewReceiptSecret(ctx, way.id))).secret
  expect(await post(told(ref), { key: old })).toBe('receipt.nobody')
  expect(await stands(id)).toBe('handed')
  expect(await post(told(ref))).toBe('taken')
})

test('a call is heard once, and not when it is old or early', async () => {
  const { id, ref } = await handOver()
  const now = Math.floor(house.now().getTime() / 1000)
  expect(await post(told(ref), { at: now - 301 })).toBe('receipt.too_old')
  expect(await post(told(ref), { at: now + 302 })).toBe('receipt.too_old')
  expect(await stands(id)).toBe('handed')
  const call = { id: newId(), at: now }
  expect(await post(told(ref), call)).toBe('taken')
  expect(await post(told(ref), call)).toBe('receipt.played_again')
  const same = { id: newId(), at: now }
  const many = await Promise.all(Array.from({ length: 6 }, () => post(told(ref), same)))
  expect(many.filter(said => said === 'taken')).toHaveLength(1)
})

test('the same receipt told twice counts once, and what is over stays over', async () => {
  const { id, ref } = await handOver()
  const before = (await today())?.delivered ?? 0
  const twice = JSON.stringify({ receipts: [1, 2].map(() => ({ id: ref, state: 'delivered' })) })
  await Promise.all([post(twice), post(told(ref)), post(told(ref))])
  expect(await post(told(ref, 'failed', 'late'))).toBe('taken')
  expect(await stands(id)).toBe('delivered')
  expect(await today()).toMatchObject({ delivered: before + 1 })
})

test('a receipt that comes before our own note of handing over waits for it', async () => {
  const said: string[] = []
  meanwhile = async refs => {
    for (const ref of refs) said.push(await post(told(ref)))
  }
  const { id } = await handOver()
  meanwhile = async () => {}
  expect(said).toEqual(['taken'])
  expect(await stands(id)).toBe('delivered')
})

test('nonsense is said to be nonsense, and references nobody knows change nothing', async () => {
  for (const body of ['', '{', '[]', '{"receipts":[{"id":1}]}', '{"receipts":[{"id":"a","state":"read"}]}'])
    expect(await post(body), body).toBe('receipt.nonsense')
  expect(await post(told(`v-${newId()}`))).toBe('taken')
  expect(await post('{"receipts":[]}')).toBe('taken')
})

test('receipts of one organisation never move messages of another', async () => {
  const { id, ref } = await handOver()
  const foreign = <T>(fn: Parameters<typeof asSystem<T>>[2]) => asSystem(house.house, house.otherTenantId, fn)
  const theirs = await foreign(ctx => addProvider(ctx, provider('sms', http(server.url), { secret: 'whsec_c2VjcmV0' })))
  const key = (await foreign(ctx => renewReceiptSecret(ctx, theirs.id))).secret
  expect(await post(told(ref), { path: theirs.receiptPath ?? '', key })).toBe('taken')
  expect(await post(told(ref), { path: `/api/receipts/${house.tenantId}/${theirs.id}`, key })).toBe('receipt.nobody')
  expect(await stands(id)).toBe('handed')
})

test('a vendor that signs nothing is known by the address only it was given', async () => {
  const aliyun = await house.work(ctx =>
    addProvider(
      ctx,
      provider('sms', { kind: 'aliyun', endpoint: server.url, accessKeyId: 'LTAI', signature: '清源供水' }, { secret: 'x', position: 9 }),
    ),
  )
  const path = aliyun.receiptPath ?? ''
  const body = JSON.stringify([{ biz_id: 'biz-1', success: true }])
  expect(await post(body, { path })).toBe('taken')
  for (const wrong of [path.slice(0, path.lastIndexOf('/')), `${path.slice(0, -1)}${path.endsWith('0') ? '1' : '0'}`, `${path}0`])
    expect(await post(body, { path: wrong }), wrong).toBe('receipt.nobody')
})

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addCustomer } from '#domains/customers/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { mailTo, openMailServer, provider, refusal } from '#testing/outgoing.ts'
import { leaveAlone, recordConsent } from '../../customers/reaching.ts'
import { claim, giveUpBound, takeBack } from './claim.ts'
import { forgetMessages } from './forgetting.ts'
import { cancelNotice, oneNotice, sendNotice } from './notices.ts'
import { listOutbox, oneMessage, retryMessage } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider, changeProvider, listProviders, retireProvider, testProvider } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  sender = newSender(house.house)
  await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0, caps: { ...firstPolicy.caps, day: 1, week: 9 } }))
})
afterEach(async () => {
  for (const { id } of await house.work(listProviders)) await house.work(ctx => retireProvider(ctx, id))
  await sender.beat(house.tenantId)
  for (const close of closing.splice(0)) await close()
})
afterAll(async () => {
  await sender.stop()
  await house.close()
})

let n = 0
const customer = (district = '') =>
  house.work(ctx =>
    addCustomer(ctx, {
      name: '顾盼', kind: 'person', tier: 'normal', phone: null, email: `g${++n}@example.com`, address: '', district, postCode: '', note: '', tags: [], care: [],
    }),
  ) // biome-ignore format: a customer
const notice = (customerId: string) =>
  house.work(ctx =>
    sendMessage(ctx, { channel: 'mail', purpose: 'notice', template: 'notice', variables: { title: '停水', content: '明天' }, customerId }),
  )
const open = async (more: Parameters<typeof provider>[2] = {}, ...answer: Parameters<typeof openMailServer>) => {
  const server = await openMailServer(...answer)
  closing.push(server.close)
  const way = await house.work(ctx => addProvider(ctx, provider('mail', mailTo(server.port), more)))
  return { server, way }
}
const full = { is: true }
const busy = () => {
  if (full.is) throw refusal(452, '4.2.2 mailbox full')
}
const drain = () => sender.drain(house.tenantId)
const look = (id: string) => house.work(ctx => oneMessage(ctx, id))

test('what was said between two tries is obeyed at the second', async () => {
  full.is = true
  const { server } = await open({}, busy)
  const [declined, alone] = [await customer(), await customer()]
  const first = await notice(declined.id)
  const second = await notice(alone.id)
  await drain()
  expect(await look(first.id)).toMatchObject({ state: 'waiting', tries: 1 })
  full.is = false
  await house.work(ctx => recordConsent(ctx, declined.id, { purpose: 'notice', channel: 'mail', given: false, source: 'phone', proof: '' }))
  await house.work(ctx => leaveAlone(ctx, alone.id, { on: true, until: null, reason: '' }))
  await house.pass(2)
  await drain()
  expect(await look(first.id)).toMatchObject({ state: 'refused', reason: 'consent_declined' })
  expect(await look(second.id)).toMatchObject({ state: 'refused', reason: 'do_not_disturb' })
  expect(server.letters).toHaveLength(0)
})

test('a message tried again on another day takes a place of that day', async () => {
  full.is = true
  const { server } = await open({}, busy)
  const { id } = await customer()
  const late = await notice(id)
  await drain()
  full.is = false
  await house.pass(25 * 60)
  await drain()
  expect(await look(late.id)).toMatchObject({ state: 'handed' })
  const next = await notice(id)
  await drain()
  expect(await look(next.id)).toMatchObject({ state: 'refused', reason: 'cap_day' })
  expect(server.letters).toHaveLength(1)
})

test('a test of the second way carries nothing else', async () => {
  const { server: first } = await open({ name: 'first', position: 0 })
  const { server: second, way } = await open({ name: 'second', position: 1 })
  for (let i = 0; i < 4; i++) await notice((await customer()).id)
  await house.work(ctx => testProvider(ctx, way.id, { to: 'probe@example.com', language: 'zh' }))
  await drain()
  expect(second.letters.map(l => l.to[0])).toEqual(['probe@example.com'])
  expect(first.letters).toHaveLength(4)
})

test('what a lost process had in hand goes by the way that knows it, or is given up with that way', async () => {
  await open({ name: 'first', position: 0 })
  const { server: second, way } = await open({ name: 'second', position: 1 })
  const { id } = await notice((await customer()).id)
  const take = () => house.work(ctx => claim(ctx, { ...way, others: true }, 10))
  expect((await take()).rows).toHaveLength(1)
  await house.pass(1)
  await drain()
  expect(await look(id)).toMatchObject({ state: 'handed', providerName: 'second' })
  expect(second.letters).toHaveLength(1)

  const lost = await notice((await customer()).id)
  expect((await take()).rows).toHaveLength(1)
  await house.pass(1)
  await house.work(ctx => takeBack(ctx, ['smtp']))
  expect((await look(lost.id)).state).toBe('waiting')
  await house.work(ctx => retireProvider(ctx, way.id))
  await house.work(giveUpBound)
  expect(await look(lost.id)).toMatchObject({ state: 'unknown', reason: 'cut_off' })
})

test('what was sent more than a year ago goes part by part, and its notice keeps how it fared', async () => {
  await open()
  for (let n = 0; n < 3; n++) await customer('旧区')
  const { id } = await house.work(ctx =>
    sendNotice(ctx, { name: '停水', channel: 'mail', template: 'notice', language: 'zh', variables: { title: '停水', content: '明天' }, audience: { district: '旧区' } }),
  ) // biome-ignore format: a notice
  await drain()
  const [kept] = (await house.work(ctx => listOutbox(ctx, { noticeId: id }))).rows
  await house.house.control.query(
    `update messaging.outgoing set id = overlay(id::text placing '00000000-000' from 1 for 12)::uuid, handed_at = '2020-01-01', ended_at = null, made_at = '2020-01-01' where notice_id = $1 and id <> $2`,
    [id, kept?.id],
  )
  const before = await house.work(ctx => oneNotice(ctx, id))
  expect(before.counts).toEqual({ handed: 3 })
  const left = async () => (await house.house.control.query('select 1 from messaging.outgoing where notice_id = $1', [id])).rows.length
  await house.work(ctx => forgetMessages(ctx, 1))
  expect(await left()).toBe(2)
  await house.work(ctx => forgetMessages(ctx, 1))
  await house.work(ctx => forgetMessages(ctx, 1))
  expect(await left()).toBe(1)
  expect(await house.work(ctx => oneNotice(ctx, id))).toMatchObject({ counts: before.counts, reasons: before.reasons })
})

test('what was in hand when its notice was called off does not go later', async () => {
  full.is = true
  const { server } = await open({}, busy)
  await customer('云溪')
  const { id } = await house.work(ctx =>
    sendNotice(ctx, { name: '停水', channel: 'mail', template: 'notice', language: 'zh', variables: { title: '停水', content: '明天' }, audience: { district: '云溪' } }),
  ) // biome-ignore format: a notice
  const [way] = await house.work(listProviders)
  if (!way) throw new Error('no way out')
  await house.work(ctx => changeProvider(ctx, way.id, { ...way, enabled: false }))
  await drain()
  expect((await house.work(ctx => claim(ctx, { ...way, others: true }, 10))).rows).toHaveLength(1)
  await house.work(ctx => cancelNotice(ctx, id))
  full.is = false
  await house.work(ctx => changeProvider(ctx, way.id, way))
  await house.pass(1)
  await drain()
  const [message] = (await house.work(ctx => listOutbox(ctx, { noticeId: id }))).rows
  expect(message).toMatchObject({ state: 'cancelled' })
  expect(server.letters).toHaveLength(0)
  await expect(house.work(ctx => retryMessage(ctx, message?.id ?? ''))).rejects.toMatchObject({ code: 'notice.over' })
})

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addCustomer } from '#domains/customers/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { mailTo, openMailServer, provider, refusal } from '#testing/outgoing.ts'
import { cancelMessage, oneMessage, retryMessage } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider, listProviders, retireProvider, testProvider } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { type NewMessage, sendMessage } from './send.ts'
import { newSender } from './sender.ts'
import { liftSuppression, listSuppressions } from './suppressions.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  sender = newSender(house.house)
  await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
})
afterEach(async () => {
  for (const { id } of await house.work(listProviders)) await house.work(ctx => retireProvider(ctx, id))
  // Lets go of the ways that are no more.
  await sender.beat(house.tenantId)
  for (const close of closing.splice(0)) await close()
})
afterAll(async () => {
  await sender.stop()
  await house.close()
})

const customer = (email: string | null, name = '许知夏') =>
  house.work(ctx =>
    addCustomer(ctx, {
      name,
      kind: 'person',
      tier: 'normal',
      phone: null,
      email,
      address: '',
      district: '',
      postCode: '',
      note: '',
      tags: [],
      care: [],
    }),
  )
const open = async (...answer: Parameters<typeof openMailServer>) => {
  const server = await openMailServer(...answer)
  closing.push(server.close)
  await house.work(ctx => addProvider(ctx, provider('mail', mailTo(server.port))))
  return server
}
const say = (more: Partial<NewMessage>) =>
  house.work(ctx =>
    sendMessage(ctx, {
      channel: 'mail',
      purpose: 'ticket',
      template: 'ticket_opened',
      variables: { number: 'BX-1', link: 'https://x.cn/p#1' },
      ...more,
    }),
  )
const drain = () => sender.drain(house.tenantId)
const look = (id: string) => house.work(ctx => oneMessage(ctx, id))

test('a letter leaves with text, HTML and the same name at every try', async () => {
  const server = await open()
  const { id } = await say({ customerId: (await customer('a@example.com', '<b>许</b>')).id })
  await drain()
  expect(await look(id)).toMatchObject({ state: 'handed', tries: 1, address: 'a***@example.com', providerName: 'smtp' })
  const raw = server.letters[0]?.raw ?? ''
  expect(raw).toContain(`<${id}@example.com>`)
  expect(raw).toContain('multipart/alternative')
  const bodies = [...raw.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(m => Buffer.from(m[1] ?? '', 'base64').toString('utf8'))
  expect(bodies[0]).toContain('BX-1')
  expect(bodies[1]).toContain('&lt;b&gt;许&lt;/b&gt;')
})

test('the same thing said again is sent once, also by many at once', async () => {
  const server = await open()
  const { id: customerId } = await customer('once@example.com')
  const said = await Promise.all(Array.from({ length: 8 }, () => say({ customerId, idempotencyKey: 'only-once' })))
  expect(new Set(said.map(s => s.id)).size).toBe(1)
  const other = newSender(house.house)
  await Promise.all([drain(), other.drain(house.tenantId), drain()])
  await other.stop()
  expect(server.letters).toHaveLength(1)
})

test('a mailbox that does not exist is written to no more, until somebody lifts it with a reason', async () => {
  const server = await open((to, stage) => {
    if (to === 'gone@example.com' && stage === 'rcpt') throw refusal(550, '5.1.1 no such user')
  })
  const { id: customerId } = await customer('gone@example.com')
  const first = await say({ customerId })
  await drain()
  expect(await look(first.id)).toMatchObject({ state: 'bounced', reason: 'no_such_address' })
  const second = await say({ customerId })
  await drain()
  expect(await look(second.id)).toMatchObject({ state: 'refused', reason: 'suppressed' })
  const [row] = (await house.work(ctx => listSuppressions(ctx, { address: 'gone@example.com' }))).rows
  expect(row).toMatchObject({ reason: 'bounced', address: 'g***@example.com' })
  await house.work(ctx => liftSuppression(ctx, row?.id ?? '', '客户已更正邮箱'), house.user())
  await house.work(ctx => retryMessage(ctx, second.id))
  await drain()
  expect(await look(second.id)).toMatchObject({ state: 'bounced' })
  expect(server.letters).toHaveLength(0)
})

test('a server that says later is asked again later, and one that says never is not', async () => {
  let full = true
  const server = await open((to, stage) => {
    if (to === 'later@example.com' && full) throw refusal(452, '4.2.2 mailbox full')
    if (to === 'spam@example.com' && stage === 'data') throw refusal(554, '5.7.1 looks like spam')
  })
  const later = await say({ customerId: (await customer('later@example.com')).id })
  const never = await say({ customerId: (await customer('spam@example.com')).id })
  await drain()
  expect(await look(later.id)).toMatchObject({ state: 'waiting', reason: 'not_now', tries: 1 })
  expect(await look(never.id)).toMatchObject({ state: 'failed', reason: 'refused_by_provider' })
  full = false
  await drain()
  expect((await look(later.id)).state).toBe('waiting')
  await house.pass(2)
  await drain()
  expect(await look(later.id)).toMatchObject({ state: 'handed', tries: 2 })
  expect(server.letters).toHaveLength(1)
})

test('when the first way cannot be reached the next one carries on', async () => {
  const dead = await openMailServer()
  await dead.close()
  await house.work(ctx => addProvider(ctx, provider('mail', mailTo(dead.port), { name: 'dead', position: 0 })))
  const server = await openMailServer()
  closing.push(server.close)
  await house.work(ctx => addProvider(ctx, provider('mail', mailTo(server.port), { name: 'second', position: 1 })))
  const { id } = await say({ customerId: (await customer('b@example.com')).id })
  await drain()
  expect(await look(id)).toMatchObject({ state: 'waiting', reason: 'no_answer' })
  expect((await house.work(listProviders))[0]).toMatchObject({ name: 'dead', restingUntil: expect.any(Date) })
  const next = await say({ customerId: (await customer('c@example.com')).id })
  await drain()
  expect(await look(next.id)).toMatchObject({ state: 'handed', providerName: 'second' })
})

test('a way out that stays away is told once to whoever sets up what goes out', async () => {
  const dead = await openMailServer()
  await dead.close()
  await house.work(ctx => addProvider(ctx, provider('mail', mailTo(dead.port), { name: 'gone' })))
  await say({ customerId: (await customer('d@example.com')).id })
  const down = async () => (await house.said('provider.down')).filter(d => d.name === 'gone')
  await drain()
  expect(await down()).toEqual([])
  for (let n = 0; n < 4; n++) {
    await house.pass(6)
    await say({ customerId: (await customer(`down${n}@example.com`)).id })
    await drain()
  }
  expect(await down()).toEqual([{ name: 'gone', channel: 'mail' }])
})

test('a provider is never given more than its rate, however many send', async () => {
  const server = await openMailServer()
  closing.push(server.close)
  await house.work(ctx => addProvider(ctx, provider('mail', mailTo(server.port), { rate: 5 })))
  const { id: customerId } = await customer('slow@example.com')
  for (let n = 0; n < 9; n++) await say({ customerId })
  const began = performance.now()
  const other = newSender(house.house)
  await Promise.all([drain(), other.drain(house.tenantId)])
  const took = performance.now() - began
  await other.stop()
  expect(server.letters).toHaveLength(9)
  // Five at once, the other four at five a second.
  expect(took).toBeGreaterThan(700)
})

test('what opens a door is nobody’s to read, and gone once it was sent', async () => {
  const server = await open()
  const { id } = await house.work(ctx =>
    sendMessage(ctx, {
      channel: 'mail',
      purpose: 'password_link',
      template: 'password_link',
      variables: { name: '江' },
      secrets: { link: 'https://x.cn/#geheim' },
      address: 'p@example.com',
    }),
  )
  expect((await look(id)).text).not.toContain('geheim')
  await drain()
  const { rows } = await house.house.control.query('select sealed, variables::text as v from messaging.outgoing where id = $1', [id])
  expect(rows[0]).toEqual({ sealed: null, v: expect.not.stringContaining('geheim') })
  expect(server.letters[0]?.raw.replaceAll(/=?\r\n/g, '')).toBeDefined()
  expect((await look(id)).text).toBe('')
  await expect(house.work(ctx => cancelMessage(ctx, id))).rejects.toMatchObject({ code: 'message.not_waiting' })
})

test('a test goes by the way it tests, and says what went wrong', async () => {
  const { port } = await open()
  const id = (await house.work(listProviders))[0]?.id ?? ''
  const good = await house.work(ctx => testProvider(ctx, id, { to: 'me@example.com', language: 'en' }))
  await drain()
  expect((await look(good.id)).state).toBe('handed')
  const wrong = await house.work(ctx =>
    addProvider(ctx, provider('mail', { ...mailTo(port), kind: 'smtp', user: 'huiyin' } as never, { secret: 'wrong', position: 9 })),
  )
  const bad = await house.work(ctx => testProvider(ctx, wrong.id, { to: 'me@example.com', language: 'en' }))
  await drain()
  expect(await look(bad.id)).toMatchObject({ state: 'waiting', reason: 'sign_in' })
})

test('a private address is no way out unless the house was told so', async () => {
  const server = await open()
  house.house.settings.privateHosts = []
  const other = newSender(house.house)
  const { id } = await say({ address: 'x@example.com', variables: { name: '', number: '1', link: 'x' } })
  await other.drain(house.tenantId)
  await other.stop()
  house.house.settings.privateHosts = ['127.0.0.1']
  expect(await look(id)).toMatchObject({ state: 'waiting', reason: 'no_answer', detail: expect.stringContaining('private network') })
  expect(server.letters).toHaveLength(0)
})

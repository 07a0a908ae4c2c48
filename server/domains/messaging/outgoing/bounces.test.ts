import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider, ProviderSettings } from '#contract/outgoingSettings.ts'
import { asSystem } from '#kernel/react.ts'
import { chinese, exchange, malformed, passedOn, postfix } from '#testing/dsns.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { hasDovecot, openMailboxes } from '#testing/imap.ts'
import { mailTo, openMailServer, provider } from '#testing/outgoing.ts'
import { lookForBounces } from './bounces.ts'
import { claim } from './claim.ts'
import { oneMessage, retryMessage } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider, changeProvider, listProviders, readBouncesNow } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'
import { listSuppressions } from './suppressions.ts'

if (!hasDovecot) console.warn('Dovecot 2.3 is not installed: mails that come back are not tested here')

let house: TestHouse
let sender: ReturnType<typeof newSender>
let letters: Awaited<ReturnType<typeof openMailServer>>
let boxes: Awaited<ReturnType<typeof openMailboxes>>
let way: Provider
let n = 0
const bounces = (more: object = {}) => ({
  address: 'bounce@example.com', tagged: true, host: '127.0.0.1', port: boxes.port, security: 'plain' as const, user: 'box', folder: '', ...more,
}) // biome-ignore format: a mailbox
const settings = (more: object = {}): ProviderSettings =>
  ({ ...mailTo(letters.port), kind: 'smtp', bounces: bounces(more) }) as ProviderSettings

describe.skipIf(!hasDovecot)('mails that come back', () => {
  beforeAll(async () => {
    boxes = await openMailboxes()
    letters = await openMailServer()
    house = await openHouse()
    house.house.settings.privateHosts = ['127.0.0.1']
    await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
    sender = newSender(house.house)
    way = await house.work(ctx => addProvider(ctx, provider('mail', settings(), { bounceSecret: 'geheim' })))
  }, 60_000)
  afterAll(async () => {
    await sender.stop()
    await house.close()
    await letters.close()
    await boxes.close()
  })
  const say = (address = `k${String(++n).padStart(3, '0')}@example.org`) =>
    house.work(ctx =>
      sendMessage(ctx, {
        channel: 'mail',
        purpose: 'ticket',
        template: 'ticket_opened',
        variables: { number: 'BX-1', link: 'x' },
        address,
      }),
    )
  const sent = async () => {
    const { id } = await say()
    await sender.drain(house.tenantId)
    return id
  }
  const look = (id: string) => house.work(ctx => oneMessage(ctx, id))
  const read = async () => {
    await house.work(ctx => readBouncesNow(ctx, way.id))
    await house.settle()
    return (await house.work(listProviders)).find(p => p.id === way.id)?.bounceBox
  }
  const unread = () => boxes.unread('box')
  const suppressed = async (address: string) => (await house.work(ctx => listSuppressions(ctx, { address }))).rows.map(r => r.reason)

  test('a mail leaves with a sender by which its report is known', async () => {
    const id = await sent()
    expect(letters.letters.at(-1)).toMatchObject({ from: `bounce+${id}@example.com` })
    expect(letters.letters.at(-1)?.raw).toContain(`<${id}@example.com>`)
  })

  test('reports of three houses: the message bounced, its address is written to no more, the report is read', async () => {
    for (const report of [postfix, exchange, chinese]) {
      const id = await sent()
      await boxes.drop('box', report({ id }))
      expect(await read()).toMatchObject({ failure: '' })
      expect(await look(id)).toMatchObject({ state: 'bounced', reason: 'no_such_address', detail: expect.stringContaining('5.1.') })
      expect(await suppressed(`k${String(n).padStart(3, '0')}@example.org`)).toEqual(['bounced'])
    }
    expect(await unread()).toEqual([])
    expect((await house.said('message.failed')).length).toBe(3)
  })

  test('a full mailbox is noted and may be written to again; late is not lost', async () => {
    const [full, late] = [await sent(), await sent()]
    await boxes.drop('box', postfix({ id: full, status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' }))
    await boxes.drop('box', postfix({ id: late, status: '4.4.1', action: 'delayed', diagnostic: '' }))
    await read()
    expect(await look(full)).toMatchObject({ state: 'failed', reason: 'mailbox_full' })
    expect(await look(late)).toMatchObject({ state: 'handed', reason: 'delayed' })
    expect(await suppressed(`k${String(n - 1).padStart(3, '0')}@example.org`)).toEqual([])
    await boxes.drop('box', postfix({ id: late, status: '4.4.7', diagnostic: '' }))
    await read()
    expect(await look(late)).toMatchObject({ state: 'failed', reason: 'not_delivered' })
  })

  test('a letter that is sent again is not taken for the one that came back', async () => {
    const id = await sent()
    await boxes.drop('box', postfix({ id, status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' }))
    await read()
    expect(await look(id)).toMatchObject({ state: 'failed', reason: 'mailbox_full' })
    await house.work(ctx => retryMessage(ctx, id))
    await sender.drain(house.tenantId)
    expect(await look(id)).toMatchObject({ state: 'handed', reason: null })
    await boxes.drop('box', postfix({ id }))
    await read()
    expect(await look(id)).toMatchObject({ state: 'bounced', reason: 'no_such_address' })
  })

  test('the report of a letter of twenty megabytes, one known only by the address it came to, and one told twice', async () => {
    const [big, tagged] = [await sent(), await sent()]
    await boxes.drop('box', postfix({ id: big, original: `${'x'.repeat(998)}\r\n`.repeat(20_000) }))
    await boxes.drop('box', postfix({ id: 'foreign', sentTo: `bounce+${tagged}@example.com` }))
    await boxes.drop('box', postfix({ id: 'foreign', sentTo: `bounce+${tagged}@example.com` }))
    await read()
    expect((await look(big)).state).toBe('bounced')
    expect((await look(tagged)).state).toBe('bounced')
    expect(await unread()).toEqual([])
  }, 60_000)

  test('whatever is not about a mail of ours is left unread and changes nothing', async () => {
    const mine = await sent()
    const other = await asSystem(house.house, house.otherTenantId, ctx =>
      sendMessage(ctx, { channel: 'mail', purpose: 'ticket', template: 'ticket_opened', variables: { number: 'BX-1', link: 'x' }, address: 'them@example.org' }),
    ) // biome-ignore format: a message
    await boxes.drop('box', postfix({ id: other.id }))
    await boxes.drop('box', postfix({ id: '01900000-0000-7000-8000-00000000000a' }))
    await boxes.drop('box', malformed({ id: mine }))
    await boxes.drop('box', passedOn({ id: mine }))
    await boxes.drop('box', `Subject: a letter\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\nMessage-ID: <${mine}@example.com>`)
    const before = (await read())?.found
    expect((await unread()).sort()).toEqual(
      [
        'Fwd: it came back',
        'Mail failure',
        'Undelivered Mail Returned to Sender',
        'Undelivered Mail Returned to Sender',
        'a letter',
      ].sort(),
    )
    expect((await look(mine)).state).toBe('handed')
    expect((await asSystem(house.house, house.otherTenantId, ctx => oneMessage(ctx, other.id))).state).toBe('waiting')
    // What was looked at once is passed over the next time.
    expect((await read())?.found).toBe(before)
  })

  test('a report that comes while we are still sending waits until we are done', async () => {
    const { id } = await say()
    expect((await house.work(ctx => claim(ctx, { ...way, others: true }, 10))).rows).toHaveLength(1)
    await boxes.drop('box', postfix({ id }))
    await read()
    expect((await look(id)).state).toBe('sending')
    await house.pass(1)
    await sender.drain(house.tenantId)
    expect((await look(id)).state).toBe('handed')
    await read()
    expect((await look(id)).state).toBe('bounced')
  })

  test('a mailbox that was replaced is read from its beginning, and nothing happens twice', async () => {
    const id = await sent()
    await boxes.drop('box', postfix({ id }))
    await read()
    const failed = (await house.said('message.failed')).length
    boxes.renew('box')
    await boxes.drop('box', postfix({ id }))
    await read()
    expect((await house.said('message.failed')).length).toBe(failed)
    expect(await unread()).toEqual([])
  })

  test('who cannot sign in or be reached says so beside the way out; the password is asked for again for another host', async () => {
    await house.work(ctx => changeProvider(ctx, way.id, { ...way, bounceSecret: 'wrong' }))
    expect(await read()).toMatchObject({ failure: 'sign_in', failedAt: expect.any(Date) })
    const elsewhere = { ...way, settings: settings({ port: 1 }) }
    await expect(house.work(ctx => changeProvider(ctx, way.id, elsewhere))).rejects.toMatchObject({ code: 'provider.secret_again' })
    await house.work(ctx => changeProvider(ctx, way.id, { ...elsewhere, bounceSecret: 'geheim' }))
    expect(await read()).toMatchObject({ failure: expect.stringContaining('ECONNREFUSED') })
    house.house.settings.privateHosts = []
    expect(await read()).toMatchObject({ failure: expect.stringContaining('private network') })
    house.house.settings.privateHosts = ['127.0.0.1']
    await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
    await house.work(ctx => changeProvider(ctx, way.id, { ...way, bounceSecret: 'geheim' }))
    // The clock looks by itself.
    await house.work(lookForBounces)
    await house.settle()
    expect((await house.work(listProviders))[0]?.bounceBox).toMatchObject({ failure: '', readAt: expect.any(Date) })
    await house.work(ctx => changeProvider(ctx, way.id, { ...way, enabled: false }))
    await expect(house.work(ctx => readBouncesNow(ctx, way.id))).rejects.toMatchObject({ code: 'provider.off' })
    await house.work(ctx => changeProvider(ctx, way.id, { ...way, settings: { ...mailTo(letters.port) } }))
    await expect(house.work(ctx => readBouncesNow(ctx, way.id))).rejects.toMatchObject({ code: 'provider.no_bounces' })
    expect((await house.work(listProviders))[0]).toMatchObject({ bounceBox: null, hasBounceSecret: false })
  })
})

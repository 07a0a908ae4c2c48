import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { ProviderSettings } from '#contract/outgoingSettings.ts'
import type { Carrier, CarrierKind, Envelope, Receipt } from '#domains/messaging/outgoing/ports.ts'
import { openGateway, type Pdu } from '#testing/gateway.ts'
import { openPost } from '#testing/outgoing.ts'
import { isPrivate } from './reachable.ts'
import { smpp } from './smpp/index.ts'
import { aliyun, sign } from './smsHttp/aliyun.ts'
import { smsJson } from './smsHttp/json.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const envelope = (id: string, text = '您的诉求已受理', address = '+8613800001234'): Envelope => ({
  id,
  address,
  text,
  name: '',
  subject: '',
  html: '',
  unsubscribe: null,
  language: 'zh',
  vendorCode: 'SMS_1',
  variables: { number: 'BX-1' },
  files: [],
})
function open(kind: CarrierKind, settings: ProviderSettings, heard: (r: Receipt) => Promise<void> = async () => {}): Carrier {
  const carrier = kind.open({ id: 'p', settings, secret: 'geheim', rate: 1000, connections: 1, privateAllowed: true }, heard)
  closing.push(carrier.close)
  return carrier
}

test('addresses of private networks are known as such, in every way they are written', () => {
  for (const ip of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '::1', 'fd00::1', '::ffff:10.0.0.1', '0.0.0.0'])
    expect(isPrivate(ip), ip).toBe(true)
  for (const ip of ['8.8.8.8', '114.114.114.114', '2400:3200::1']) expect(isPrivate(ip), ip).toBe(false)
})

test('signed JSON: accepted, refused, later, a bad number, nonsense, silence', async () => {
  let answer: (body: { messages: { reference: string }[] }) => unknown = () => ({})
  const calls: { signature: boolean; text: string }[] = []
  const server = await openPost(async (body, request) => {
    const head = (name: string) => String(request.headers[name])
    const expected = `v1,${createHmac('sha256', 'geheim')
      .update(`${head('webhook-id')}.${head('webhook-timestamp')}.${body}`)
      .digest('base64')}`
    const parsed = JSON.parse(body)
    calls.push({ signature: head('webhook-signature') === expected, text: parsed.messages[0].text })
    const said = answer(parsed)
    return said === 'cut' ? 'cut' : { text: typeof said === 'string' ? said : JSON.stringify(said) }
  })
  closing.push(server.close)
  const carrier = open(smsJson, { kind: 'http', url: server.url, account: 'a', signature: '清源供水' })
  answer = ({ messages }) => ({
    messages: messages.map(({ reference }) => ({
      reference,
      id: `x${reference}`,
      state: { a: 'accepted', b: 'rejected', c: 'later', d: 'bad_number' }[reference],
    })),
  })
  expect(
    (
      await carrier.send(
        ['a', 'b', 'c', 'd'].map(id => envelope(id)),
        () => {},
      )
    ).map(o => o.state),
  ).toEqual(['handed', 'failed', 'again', 'bounced'])
  expect(calls[0]).toEqual({ signature: true, text: '【清源供水】您的诉求已受理' })
  answer = () => ({ messages: [{ reference: 'z', id: 'foreign', state: 'accepted' }] })
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'again', reason: 'no_answer' }])
  answer = () => '<html>oops'
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'again', reason: 'nonsense' }])
  answer = () => 'cut'
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'again', reason: 'no_answer', away: true }])
})

test('the vendor’s shape: its signature, its codes, and no second try of what may have gone', async () => {
  const fixed = sign(
    {
      accessKeyId: 'id',
      secret: 's',
      host: 'dysmsapi.aliyuncs.com',
      action: 'SendSms',
      query: { SignName: '清源 供水', PhoneNumbers: '138' },
    },
    { date: '2026-06-18T00:00:00Z', nonce: 'n' },
  )
  expect(fixed.search).toBe('PhoneNumbers=138&SignName=%E6%B8%85%E6%BA%90%20%E4%BE%9B%E6%B0%B4')
  expect(fixed.headers.authorization).toMatch(
    /^ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=[0-9a-f]{64}$/,
  )
  let answer: unknown = { Code: 'OK', BizId: 'biz-1' }
  const server = await openPost(async (_, request) => {
    expect(request.url).toContain('OutId=')
    return answer === 'cut' ? 'cut' : { text: JSON.stringify(answer) }
  })
  closing.push(server.close)
  const carrier = open(aliyun, { kind: 'aliyun', endpoint: server.url.replace('/send', ''), accessKeyId: 'id', signature: '清源' })
  expect(await carrier.send([envelope('a')], () => {})).toEqual([{ state: 'handed', ref: 'biz-1' }])
  answer = { Code: 'isv.MOBILE_NUMBER_ILLEGAL' }
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'bounced' }])
  answer = { Code: 'isv.BUSINESS_LIMIT_CONTROL' }
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'again' }])
  answer = 'cut'
  expect(await carrier.send([envelope('a')], () => {})).toMatchObject([{ state: 'unknown' }])
  expect(aliyun.readReceipts?.([{ biz_id: 'biz-1', success: true }])).toEqual([{ ref: 'biz-1', state: 'delivered', reason: '' }])
  expect(aliyun.readReceipts?.({ nonsense: true })).toBe(null)
})

async function gateway(...answers: Parameters<typeof openGateway>) {
  const open = await openGateway(...answers)
  closing.push(open.close)
  return open
}

test('SMPP: words in both alphabets, long ones in parts, receipts late and twice', async () => {
  const seen: Pdu[] = []
  const heard: Receipt[] = []
  const { settings, tell } = await gateway({
    submit: (pdu, session, n) => {
      seen.push(pdu)
      session.send(pdu.response({ message_id: `m${n}` }))
    },
  })
  const noted: string[] = []
  const carrier = open(smpp, settings, async r => void heard.push(r))
  const long = '停水通知，'.repeat(30)
  expect(
    await carrier.send([envelope('a'), envelope('b', 'Hello €'), envelope('c', long)], (id, ref) => noted.push(`${id} ${ref}`)),
  ).toEqual([
    { state: 'handed', ref: 'm1' },
    { state: 'handed', ref: 'm2' },
    { state: 'handed', ref: 'm5' },
  ])
  expect(noted.sort()).toEqual(['a m1', 'b m2', 'c m5'])
  const texts = seen.map(p => p.short_message as { message: string; udh?: unknown })
  expect(texts.slice(0, 2).map(t => t.message)).toEqual(['您的诉求已受理', 'Hello €'])
  expect(
    texts
      .slice(2)
      .map(t => t.message)
      .join(''),
  ).toBe(long)
  expect(seen[0]?.destination_addr).toBe('8613800001234')
  const receipt = 'id:m1 sub:001 dlvrd:001 submit date:2606180900 done date:2606180901 stat:DELIVRD err:000 text:'
  expect(await tell(receipt)).toBe(0)
  expect(await tell(receipt)).toBe(0)
  expect(await tell('id:m2 stat:UNDELIV err:034')).toBe(0)
  expect(await tell('id:m5 stat:ENROUTE')).toBe(0)
  expect(await tell('TD', 0)).toBe(0)
  expect(heard).toEqual([
    { ref: 'm1', state: 'delivered', reason: '' },
    { ref: 'm1', state: 'delivered', reason: '' },
    { ref: 'm2', state: 'failed', reason: 'undeliv 034' },
  ])
})

test('SMPP: a receipt is answered when it is kept; what could not be kept is asked for again, what nobody can read is not', async () => {
  const { settings, tell, sessions } = await gateway({ submit: (pdu, session) => session.send(pdu.response({ message_id: 'm1' })) })
  let fails = true
  let release = () => {}
  const heard: string[] = []
  const carrier = open(smpp, settings, async ({ ref }) => {
    if (ref === 'slow') await new Promise<void>(resolve => (release = resolve))
    if (fails) throw new Error('the database is away')
    heard.push(ref)
  })
  await carrier.send([envelope('a')], () => {})
  expect(await tell('id:m1 stat:DELIVRD')).toBe(0x64)
  fails = false
  expect(await tell('id:m1 stat:DELIVRD')).toBe(0)
  let answered = false
  const slow = tell('id:slow stat:DELIVRD').finally(() => {
    answered = true
  })
  await expect.poll(() => heard).toEqual(['m1'])
  expect(await tell('id:m2 stat:DELIVRD')).toBe(0)
  expect(answered).toBe(false)
  release()
  expect(await slow).toBe(0)
  // Cut off in the middle of its addresses.
  const [session] = sessions
  const torn = Buffer.concat([
    Buffer.from([0, 0, 0, 26, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 99]),
    Buffer.from('no end here', 'latin1').subarray(0, 10),
  ])
  session?.socket.write(torn)
  expect(await tell('id:m3 stat:DELIVRD')).toBe(0)
  expect(heard).toEqual(['m1', 'm2', 'slow', 'm3'])
})

test('SMPP: a gateway is asked about messages; one that knows no such question says so', async () => {
  const states: Record<string, number> = { gone: 2, lost: 5, road: 1 }
  const asked: unknown[] = []
  const { settings } = await gateway({
    submit: (pdu, session) => session.send(pdu.response({ message_id: 'x' })),
    query: (pdu, session) => {
      asked.push(pdu.source_addr)
      const state = states[String(pdu.message_id)]
      session.send(
        pdu.response(
          state
            ? { message_id: pdu.message_id, final_date: '', message_state: state, error_code: state === 5 ? 34 : 0 }
            : { command_status: 0x67 },
        ),
      )
    },
  })
  const carrier = open(smpp, settings)
  expect(await carrier.ask?.(['gone', 'lost', 'road', 'none'])).toEqual([
    { ref: 'gone', state: 'delivered', reason: '' },
    { ref: 'lost', state: 'failed', reason: 'undeliv 34' },
    { ref: 'road', state: 'underway' },
    { ref: 'none', state: 'not_known' },
  ])
  expect(asked[0]).toBe('10690000')
  const mute = await gateway({ submit: () => {} })
  expect(await open(smpp, mute.settings).ask?.(['gone'])).toBe(null)
})

test('SMPP: statuses, a line cut in the middle, nonsense, and the next line', async () => {
  const statuses = [0x58, 0x0b, 0x45]
  const { settings } = await gateway({
    submit: (pdu, session, n) => {
      if (n <= 3) session.send(pdu.response({ command_status: statuses[n - 1], message_id: '' }))
      else if (n === 4) session.destroy()
      else if (n === 5) session.socket.write(Buffer.alloc(64, 0xff))
      else session.send(pdu.response({ message_id: `m${n}` }))
    },
  })
  const carrier = open(smpp, settings)
  const one = async () => (await carrier.send([envelope('a')], () => {}))[0]?.state
  expect([await one(), await one(), await one()]).toEqual(['again', 'bounced', 'failed'])
  // It may have gone: it is not sent twice.
  expect(await one()).toBe('unknown')
  expect(await one()).toBe('unknown')
  expect(await one()).toBe('handed')
})

test('SMPP: a refused bind and a closed door are the provider’s matter, not the message’s', async () => {
  const { settings } = await gateway({ submit: () => {} })
  const wrong = smpp.open({ id: 'p', settings, secret: 'wrong', rate: 1, connections: 1, privateAllowed: true }, async () => {})
  closing.push(wrong.close)
  expect(await wrong.send([envelope('a')], () => {})).toMatchObject([{ state: 'again', away: true }])
  const nobody = open(smpp, { ...settings, kind: 'smpp', port: 1 } as ProviderSettings)
  expect(await nobody.send([envelope('a')], () => {})).toMatchObject([{ state: 'again', away: true }])
})

import { deflateSync } from 'node:zlib'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { createTenantWithAdmin, openSession } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { setTheDesk, type TheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addNote, answer, markRead, take } from './actions/answer.ts'
import { takeOver } from './actions/handOver.ts'

let house: TestHouse
let desk: TheDesk
let bearer: string
let foreign: string
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
  const signIn = async (tenant: string) =>
    (await call('POST', '/session', { tenant, login: 'boss', password: 'Deep-Water-7', bearer: true })).json<{ bearer: string }>().bearer
  for (const slug of ['third', 'fourth'])
    await asSystem(house.house, newId(), ctx =>
      createTenantWithAdmin(ctx, { slug, name: slug, nameEn: slug }, { login: 'boss', name: '管理员', password: 'Deep-Water-7' }),
    )
  bearer = await signIn('third')
  foreign = await signIn('fourth')
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'
const call = (method: Method, url: string, body?: unknown, token?: string) =>
  house.app.inject({
    method,
    url: `/api${url}`,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
const code = async (reply: ReturnType<typeof call>) => {
  const { statusCode, body } = await reply
  return `${statusCode} ${JSON.parse(body || '{}').code}`
}
const visit = async () => (await call('POST', `/widget/${desk.key}/visits`, {})).json<{ token: string; visitorId: string }>()
const begin = async (token: string, text = '家里没水') =>
  (await call('POST', '/widget/conversation', { clientId: newId(), text }, token)).json<{ conversation: { id: string } }>().conversation.id

describe('the widget’s door', () => {
  test('shows the look of a key, and nothing but the look', async () => {
    const look = await call('GET', `/widget/${desk.key}/look`)
    expect(look.json()).toEqual({
      tenantName: '第一中心',
      tenantNameEn: 'First centre',
      brand: '#0B7575',
      greeting: '您好',
      greetingEn: 'Hello',
      closedText: '现在下班',
      closedTextEn: 'Closed',
      choices: [{ key: 'repair', label: '报修', labelEn: 'Repair' }],
      open: true,
      opensAt: null,
    })
    expect(await code(call('GET', '/widget/no-such-key/look'))).toBe('404 access.tenant_unknown')
  })

  test('a reload resumes the same visit', async () => {
    const { token, visitorId } = await visit()
    const id = await begin(token)
    const again = (await call('POST', `/widget/${desk.key}/visits`, { token })).json()
    expect(again).toMatchObject({ token, visitorId, conversation: { id, state: 'waiting' } })
    const messages = (await call('GET', '/widget/messages?afterSeq=0', undefined, token)).json()
    expect(messages).toMatchObject([{ seq: 1, text: '家里没水', author: 'customer' }])
  })

  test('refuses forged, foreign, old and missing tokens alike', async () => {
    const { token } = await visit()
    const [, tenant = '', secret = ''] = token.split('.')
    const tokens = [
      undefined,
      '',
      'x',
      'v..',
      `v.${tenant}.${'a'.repeat(32)}`,
      `v.${house.otherTenantId.replaceAll('-', '')}.${secret}`,
      `s.${tenant}.${secret}`,
      `l.${tenant}.${secret}`,
      `${token}\u0000`,
      '💧'.repeat(50),
      bearer,
    ]
    for (const forged of tokens)
      expect(
        (
          await house.app.inject({
            method: 'GET',
            url: '/api/widget/state',
            headers: forged ? { authorization: `Bearer ${encodeURI(forged)}` } : {},
          })
        ).statusCode,
        String(forged),
      ).toBe(401)
    // An old token at the opening is a stranger's: a new visit begins.
    const fresh = (await call('POST', `/widget/${desk.key}/visits`, { token: `v.${tenant}.${'a'.repeat(32)}` })).json()
    expect(fresh.token).not.toBe(token)
  })

  test('a visitor sees and writes only their own talk, and nothing of the console', async () => {
    const [a, b] = [await visit(), await visit()]
    const id = await begin(a.token)
    expect((await call('GET', '/widget/state', undefined, b.token)).json().conversation).toBeNull()
    expect((await call('GET', '/widget/messages', undefined, b.token)).json()).toEqual([])
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), text: 'x' }, b.token))).toBe('409 conversation.none')
    for (const url of [
      `/conversations/${id}`,
      `/conversations/${id}/messages`,
      '/conversations',
      '/customers',
      '/canned-answers',
      '/widgets',
    ])
      expect((await call('GET', url, undefined, a.token)).statusCode, url).toBe(401)
  })

  test('keeps naughty strings as they are, as text', async () => {
    const { token } = await visit()
    await begin(token, '<script>alert(1)</script>')
    const naughty = [
      '<img src=x onerror=alert(1)>',
      "'; drop table messaging.message; --",
      '‮‭ẐͪͤA̴L̷G̸O',
      '👨‍👩‍👧‍👦🏳️‍🌈',
      '\\u0000\\x00',
      '${7*7}{{7*7}}',
      '\ud800 alone',
      '\u0000nul',
      '﷽'.repeat(200),
      ' \t\n x \n',
      'null',
      '__proto__',
      '٤٢',
      '田'.repeat(8000),
    ]
    for (const text of naughty)
      expect((await call('POST', '/widget/messages', { clientId: newId(), text }, token)).statusCode, text.slice(0, 20)).toBe(200)
    const said = (await call('GET', '/widget/messages?afterSeq=1', undefined, token)).json<{ text: string }[]>().map(m => m.text)
    expect(said).toEqual(naughty.map(text => text.replaceAll('\u0000', '').toWellFormed()))
  })

  test('refuses what is not right, and says what', async () => {
    const { token } = await visit()
    const long = { clientId: newId(), text: 'x'.repeat(8001) }
    expect(await code(call('POST', '/widget/conversation', long, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), text: '田'.repeat(5_000_000) }, token))).toBe(
      '413 input.too_large',
    )
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), text: '  ' }, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/conversation', { clientId: newId(), choice: 'nothing' }, token))).toBe(
      '400 widget.choice_unknown',
    )
    expect(await code(call('POST', '/widget/rating', { score: 6 }, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/rating', { score: 5 }, token))).toBe('409 conversation.none')
    expect(
      await code(
        house.app.inject({
          method: 'POST',
          url: '/api/widget/conversation',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          payload: '{"text":',
        }),
      ),
    ).toBe('400 input.not_json')
    expect((await call('GET', '/widget/state', undefined, token)).json().conversation).toBeNull()
    await begin(token)
    for (const body of [
      {},
      { clientId: newId() },
      { clientId: 'x', text: 'y' },
      { clientId: newId(), fileId: 'x' },
      [],
      'x',
      null,
      { clientId: newId(), text: { $gt: '' } },
    ])
      expect(await code(call('POST', '/widget/messages', body, token))).toBe('400 input.invalid')
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: newId() }, token))).toBe('404 file.not_found')
  })

  test('slows down whoever floods', async () => {
    const { token } = await visit()
    await begin(token)
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => call('POST', '/widget/messages', { clientId: newId(), text: 'x' }, token)),
    )
    const statuses = replies.map(r => r.statusCode)
    expect(statuses).toContain(429)
    expect(statuses.filter(s => s === 200).length).toBeGreaterThanOrEqual(40)
  })
})

describe('the console’s door', () => {
  test('another tenant sees and changes nothing', async () => {
    const id = await begin((await visit()).token)
    for (const token of [bearer, foreign]) {
      expect((await call('GET', '/conversations?box=team', undefined, token)).json().rows).toEqual([])
      expect(await code(call('GET', `/conversations/${id}`, undefined, token))).toBe('404 conversation.not_found')
      expect(await code(call('GET', `/conversations/${id}/messages`, undefined, token))).toBe('404 conversation.not_found')
      for (const [path, body] of Object.entries({
        messages: { clientId: newId(), text: 'x' },
        notes: { clientId: newId(), text: 'x' },
        taking: undefined,
        end: undefined,
        'take-over': undefined,
      }))
        expect(await code(call('POST', `/conversations/${id}/${path}`, body, token)), path).toBe('404 conversation.not_found')
      expect(await code(call('PATCH', `/widgets/${desk.widget.id}`, { name: '别人的' }, token))).toBe('404 widget.not_found')
      expect(await code(call('POST', `/widgets/${desk.widget.id}/secret`, undefined, token))).toBe('404 widget.not_found')
    }
    expect(await code(call('GET', '/conversations/not-an-id', undefined, bearer))).toBe('404 input.not_found')
  })

  test('a widget’s key is one over all tenants, its colour carries white words, its queue exists', async () => {
    const mine = (more: object) => ({
      name: '网站',
      key: 'my-site',
      brand: '#0B7575',
      greeting: '',
      greetingEn: '',
      closedText: '',
      closedTextEn: '',
      calendarId: null,
      queueId: desk.ids.water,
      choices: [],
      ...more,
    })
    expect(await code(call('POST', '/widgets', mine({}), bearer))).toBe('404 queue.not_found')
    const { id: queueId } = (await call('POST', '/queues', { name: '网站' }, bearer)).json<{ id: string }>()
    expect(await code(call('POST', '/widgets', mine({ queueId, key: desk.key }), bearer))).toBe('409 widget.key_taken')
    expect(await code(call('POST', '/widgets', mine({ queueId, brand: '#FFEE88' }), bearer))).toBe('400 widget.brand_too_light')
    expect(await code(call('POST', '/widgets', mine({ queueId, brand: 'red;}' }), bearer))).toBe('400 widget.brand_invalid')
    const added = await call('POST', '/widgets', mine({ queueId }), bearer)
    expect(added.json()).toMatchObject({ key: 'my-site', retired: false })
    expect(added.body).not.toContain('secret')
    expect((await call('GET', '/widget/my-site/look')).json()).toMatchObject({ tenantName: 'third' })
    await call('PATCH', `/widgets/${added.json().id}`, { key: 'other-site' }, bearer)
    expect(await code(call('GET', '/widget/my-site/look'))).toBe('404 access.tenant_unknown')
  })
})

describe('files', () => {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff
    for (const b of bytes) c = ((crcs[(c ^ b) & 255] ?? 0) ^ (c >>> 8)) >>> 0
    return (c ^ 0xffffffff) >>> 0
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const png = (width: number, height: number) => {
    const head = Buffer.alloc(13)
    head.writeUInt32BE(width, 0)
    head.writeUInt32BE(height, 4)
    head[8] = 8
    return Buffer.concat([
      Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(Buffer.alloc(1000))),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  /** A ZIP with one entry that claims to be so large when unpacked. */
  const zip = (name: string, unpacked: number) => {
    const [local, entry, end] = [Buffer.alloc(30), Buffer.alloc(46), Buffer.alloc(22)]
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(unpacked, 24)
    entry.writeUInt16LE(name.length, 28)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(30 + name.length, 16)
    return Buffer.concat([local, Buffer.from(name), entry, Buffer.from(name), end])
  }
  const upload = (token: string, name: string, bytes: Buffer, url = '/api/widget/files') => {
    const edge = '----edge'
    const payload = Buffer.concat([
      Buffer.from(`--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${edge}--\r\n`),
    ])
    return house.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${edge}` },
      payload,
    })
  }

  test('whoever uploads without end is slowed down, and others at the same address are not', async () => {
    const [one, other] = [await visit(), await visit()]
    for (let n = 0; n < 20; n++) expect((await upload(one.token, 'a.png', png(1, 1))).statusCode).toBe(200)
    const refused = await upload(one.token, 'a.png', png(1, 1))
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'file.too_many_uploads'])
    expect((await upload(other.token, 'a.png', png(1, 1))).statusCode).toBe(200)
  })

  test('a picture is kept, sent, seen by both sides, and served so that it can do no harm', async () => {
    const agent = await desk.agent('收图', { ready: false })
    const { token } = await visit()
    const id = await begin(token)
    await desk.as(agent, ctx => take(ctx, id))
    const card = (await upload(token, '../../水表<x>.html', png(40, 30))).json()
    expect(card).toMatchObject({ name: '水表x.png', type: 'image/png', width: 40, height: 30 })
    const sent = (await call('POST', '/widget/messages', { clientId: newId(), fileId: card.id }, token)).json()
    expect(sent).toMatchObject({ kind: 'file', file: { id: card.id } })
    expect((await call('GET', '/widget/messages?afterSeq=2', undefined, token)).json()).toMatchObject([
      { file: { id: card.id, url: sent.file.url } },
    ])
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: card.id }, token))).toBe('409 file.already_used')

    const got = await house.app.inject({ method: 'GET', url: sent.file.url })
    expect(got.rawPayload.equals(png(40, 30))).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': expect.stringMatching(/^inline; filename\*=UTF-8''/),
    })
    const part = await house.app.inject({ method: 'GET', url: sent.file.url, headers: { range: 'bytes=1-3' } })
    expect([part.statusCode, part.body]).toEqual([206, 'PNG'])
    for (const url of [
      `/files/${card.id}`,
      `/files/${card.id}?t=x`,
      sent.file.url.replace(card.id, newId()),
      `${sent.file.url}x`,
      sent.file.url.replace(/t=\w{8}/, 't=00000000'),
    ])
      expect((await house.app.inject({ method: 'GET', url })).statusCode, url).toBe(404)
    await desk.as(agent, ctx => answer(ctx, id, { clientId: newId(), text: '收到' }))
  })

  test('bombs, disguises and strangers’ files are refused', async () => {
    const [a, b] = [await visit(), await visit()]
    const refusal = async (name: string, bytes: Buffer) => code(upload(a.token, name, bytes))
    expect(await refusal('bomb.png', png(60_000, 60_000))).toBe('413 file.picture_too_large')
    expect(await refusal('bomb.docx', zip('[Content_Types].xml', 4_000_000_000))).toBe('400 file.swells')
    expect(await refusal('half.docx', zip('word/document.xml', 10).subarray(0, 60))).toBe('400 file.broken')
    expect(await refusal('a.zip', zip('a.txt', 10))).toBe('400 file.type_refused')
    expect(await refusal('page.png', Buffer.from('<!doctype html><script>alert(1)</script>'))).toBe('400 file.type_refused')
    expect(await refusal('pic.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))).toBe(
      '400 file.type_refused',
    )
    expect(await refusal('run.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]))).toBe('400 file.type_refused')
    expect(await refusal('cut.png', png(10, 10).subarray(0, 12))).toMatch(/^400 file\.(broken|type_refused)$/)
    expect(await refusal('empty.png', Buffer.alloc(0))).toBe('400 file.empty')
    expect(await refusal('big.txt', Buffer.alloc(21 * 1_048_576, 65))).toBe('413 input.too_large')
    expect((await upload(a.token, 'log.txt', Buffer.from('水表读数 1234'))).json()).toMatchObject({ type: 'text/plain' })
    expect((await upload('nobody', 'a.png', png(1, 1))).statusCode).toBe(401)
    expect((await upload(a.token, 'a.png', png(1, 1), '/api/files')).statusCode).toBe(401)

    await begin(b.token)
    const { id } = (await upload(a.token, 'mine.png', png(2, 2))).json<{ id: string }>()
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: id }, b.token))).toBe('404 file.not_found')
  })
})

test('whoever types a telephone number does not learn whose it is', async () => {
  await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '欧阳惠', phone: '13800009876' })))
  const { token } = await visit()
  const start = { clientId: newId(), text: '家里没水', phone: '13800009876' }
  const replies = [
    await call('POST', '/widget/conversation', start, token),
    await call('POST', '/widget/messages', { clientId: newId(), text: '在吗' }, token),
    await call('GET', '/widget/messages?afterSeq=0', undefined, token),
    await call('GET', '/widget/state', undefined, token),
  ]
  expect(replies.map(r => r.statusCode)).toEqual([200, 200, 200, 200])
  expect(replies.map(r => r.body).join()).not.toContain('欧阳惠')
  const id = replies[0]?.json().conversation.id
  expect(
    await house.work(ctx => ctx.db.selectFrom('messaging.conversation').select('customerName').where('id', '=', id).executeTakeFirst()),
  ).toEqual({ customerName: '欧阳惠' })
})

describe('the socket', () => {
  let url: string
  beforeAll(async () => {
    url = await house.app.listen({ port: 0, host: '127.0.0.1' })
  })
  const open = (token: string) =>
    new Promise<{ socket: Socket; heard: [string, Record<string, unknown>][] }>((done, fail) => {
      const socket = io(url, { path: '/api/socket', auth: { token }, transports: ['websocket'], reconnection: false })
      const heard: [string, Record<string, unknown>][] = []
      socket.on('push', (_topic: string, name: string, payload: Record<string, unknown>) => heard.push([name, payload]))
      socket.on('ready', () => done({ socket, heard }))
      socket.on('refused', (why: string) => fail(new Error(why)))
    })
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (let n = 0; n < 100; n++) {
      if (await holds()) return
      await new Promise(r => setTimeout(r, 20))
    }
    throw new Error('it did not come true')
  }

  test('brings words, typing, reading and presence; never notes, never another’s talk', async () => {
    const agent = await desk.agent('插座', { ready: false })
    const [a, b] = [await visit(), await visit()]
    const [mine, other] = [await open(a.token), await open(b.token)]
    const id = await begin(a.token)
    await desk.as(agent, ctx => take(ctx, id))
    await desk.as(agent, ctx => addNote(ctx, id, { clientId: newId(), text: '别让他看见' }))
    await desk.as(agent, ctx => answer(ctx, id, { clientId: newId(), text: '您好' }))
    await desk.as(agent, ctx => markRead(ctx, id, 1))
    await until(() => mine.heard.some(([name, p]) => name === 'message.sent' && p.text === '您好'))
    await until(() => mine.heard.some(([name]) => name === 'state'))
    expect(JSON.stringify(mine.heard)).not.toContain('别让他看见')
    expect(other.heard).toEqual([])

    const granted = await new Promise(done =>
      other.socket.emit('watch', [`conversation:${id}`, `visitor:${a.visitorId}`, `user:${agent.id}`, 'conversation'], done),
    )
    expect(granted).toEqual([])
    other.socket.emit('typing', { conversationId: id })
    other.socket.emit('typing', null)
    other.socket.emit('typing', { conversationId: "' or 1=1" })

    const online = async () =>
      (
        await house.work(ctx =>
          ctx.db.selectFrom('messaging.visitor').select('online').where('id', '=', a.visitorId).executeTakeFirstOrThrow(),
        )
      ).online
    await until(online)
    mine.socket.disconnect()
    await until(async () => !(await online()))
    other.socket.disconnect()
    await expect(open('v.00000000000000000000000000000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).rejects.toThrow('access.sign_in')
  })

  test('falls silent for an agent whose talk was taken over', async () => {
    const [first, second] = [await desk.agent('先接', { ready: false }), await desk.agent('后接', { ready: false })]
    const token = await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
      await ctx.db.updateTable('identity.person').set({ roleId: role.id }).where('id', '=', first.id).execute()
      return (await openSession(ctx, first.id, { ip: '127.0.0.1', userAgent: 'test' })).token
    })
    const id = await begin((await visit()).token)
    await desk.as(first, ctx => take(ctx, id))
    const { socket, heard } = await open(token)
    expect(await new Promise(done => socket.emit('watch', [`conversation:${id}`], done))).toEqual([`conversation:${id}`])
    await desk.as(second, ctx => takeOver(ctx, id))
    await desk.rest()
    await desk.as(second, ctx => addNote(ctx, id, { clientId: newId(), text: '不关他的事了' }))
    await until(() => heard.some(([name, p]) => name === 'message.sent' && p.code === 'taken_over'))
    expect(JSON.stringify(heard)).not.toContain('不关他的事了')
    socket.disconnect()
  })
})

import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenantWithAdmin, openSession } from '#domains/identity/index.ts'
import { announcedKeys } from '#domains/sample/callWords.ts'
import { placeOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { readUlaw } from './audio/g711.ts'
import { readWav, toSamples, writeWav } from './audio/wav.ts'
import { productSoundPlace } from './productSounds.ts'
import { soundsNeeded } from './rules/sayings.ts'
import { soundPlace, soundsForBrowsers, soundsForSwitch } from './sounding.ts'
import { clearSpoken } from './speakingFlows.ts'

let house: TestHouse
let tenantId: string
let token: string
let admin: string
let provider: Server
const asked: { input: string; voice: string; key: string | undefined }[] = []

const tone = (seconds: number) =>
  Float32Array.from({ length: Math.round(16_000 * seconds) }, (_, n) => Math.sin((2 * Math.PI * 440 * n) / 16_000) * 0.3)
const wav = (seconds = 0.5) => writeWav({ rate: 16_000, sides: [toSamples(tone(seconds))] })

beforeAll(async () => {
  house = await openHouse()
  tenantId = newId()
  token = await asSystem(house.house, tenantId, async ctx => {
    const tenant = { slug: 'sounds', name: '听', timezone: 'Asia/Shanghai', language: 'zh' as const }
    admin = await createTenantWithAdmin(ctx, tenant, { name: '秦朗', login: 'qin', password: 'Listen-2026' })
    return (await openSession(ctx, admin, { ip: '127.0.0.1', userAgent: 'test' })).token
  })
  provider = createServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      const { input, voice } = JSON.parse(body)
      asked.push({ input, voice, key: request.headers.authorization })
      if (input === '坏') response.writeHead(402).end('no money')
      else response.writeHead(200, { 'content-type': 'audio/wav' }).end(input === '文字' ? 'these are no sounds' : wav())
    })
  })
  await new Promise<void>(done => provider.listen(0, '127.0.0.1', done))
  house.house.settings.privateHosts = ['127.0.0.1']
})
afterAll(async () => {
  await new Promise(done => provider.close(done))
  await house.close()
})

const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: unknown) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: reply.statusCode, body: JSON.parse(reply.body || '{}') }
}
const upload = async (name: string, bytes: Uint8Array, url = '/announcement-sounds') => {
  const edge = '----edge'
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: audio/mpeg\r\n\r\n`
  const reply = await house.app.inject({
    method: 'POST',
    url: `/api${url}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${edge}` },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${edge}--\r\n`)]),
  })
  return { status: reply.statusCode, body: JSON.parse(reply.body) }
}
const announce = async (more: object = {}) => (await call('POST', '/announcements', { name: '停水公告', ...more })).body.id

describe('an announcement', () => {
  test('takes a sound, is heard by browsers and switches, and says where it is used', async () => {
    const { status, body } = await upload('通知.mp3', wav(1))
    expect(status).toBe(200)
    expect(body.seconds).toBeGreaterThan(0.9)
    const id = await announce({ fileId: body.fileId, text: '今晚停水', textEn: 'No water tonight' })
    const got = await house.app.inject({ method: 'GET', url: body.url })
    expect(got.headers['content-type']).toBe('audio/wav')
    expect(readWav(got.rawPayload).rate).toBe(16_000)

    const at = { tenantId, callId: newId() }
    const heard = await soundsForBrowsers(house.house).prompts(at, [{ kind: 'announcement', id }], 'en')
    expect(heard).toMatchObject([{ text: 'No water tonight', url: expect.stringMatching(/^\/files\//) }])
    const [place = ''] = await soundsForSwitch(house.house).prompts(at, [{ kind: 'announcement', id }], 'en')
    const file = place.replace('sound:', '')
    expect(readUlaw(readFileSync(`${file}.ulaw`)).length / 8000).toBeCloseTo(body.seconds, 1)
    expect(statSync(`${file}.wav16`).size).toBe(got.rawPayload.length)

    const flow = (await call('POST', '/call-flows', { name: '停水', draft: { first: 's', nodes: [saying(id)] } })).body
    const [sounds] = (await call('GET', '/announcement-sounds')).body.filter((s: { announcementId: string }) => s.announcementId === id)
    expect(sounds).toMatchObject({ zh: { fileId: body.fileId }, en: null, uses: [{ kind: 'flow', id: flow.id, name: '停水' }] })
    expect(await call('PUT', `/announcements/${id}/retired`, { retired: true })).toMatchObject({
      status: 409,
      body: { code: 'announcement.used', facts: { where: '停水' } },
    })
    await call('PUT', `/call-flows/${flow.id}/draft`, { body: { first: null, nodes: [] }, basedOn: flow.changedAt })
    expect((await call('PUT', `/announcements/${id}/retired`, { retired: true })).status).toBe(200)
  })

  test('is heard with its new sound everywhere once it has one', async () => {
    const [one, two] = [(await upload('a.wav', wav(0.5))).body, (await upload('b.wav', wav(1.5))).body]
    const id = await announce({ fileId: one.fileId })
    await call('PATCH', `/announcements/${id}`, { fileId: two.fileId })
    expect((await house.app.inject({ method: 'GET', url: one.url })).statusCode).toBe(404)
    const [now] = await soundsForBrowsers(house.house).prompts({ tenantId, callId: newId() }, [{ kind: 'announcement', id }], 'zh')
    expect(now?.url).toBe(two.url)
    expect(await soundsForBrowsers(house.house).music({ tenantId, callId: newId() }, id)).toBe(two.url)
    expect(await soundsForBrowsers(house.house).music({ tenantId, callId: newId() }, 'own')).toBe('/sounds/music.wav')
  })

  test.each<[string, Uint8Array, number, string]>([
    ['公告.mp3', Buffer.from('只是一段文字'.repeat(99)), 400, 'announcement.not_audio'],
    ['cut.wav', wav().subarray(0, 900), 400, 'announcement.broken'],
    ['empty.wav', new Uint8Array(), 400, 'file.empty'],
    ['huge.wav', new Uint8Array(100_000_000), 413, 'input.too_large'],
    ['silent.wav', writeWav({ rate: 8000, sides: [new Int16Array(8000)] }), 400, 'announcement.silent'],
  ])('refuses what is no sound: %s', async (name, bytes, status, code) => {
    expect(await upload(name, bytes)).toMatchObject({ status, body: { code } })
  })

  test('says what is accepted', async () => {
    expect((await upload('a.doc', Buffer.from('x'))).body.facts.accepted).toContain('MP3')
  })

  test('takes only what was brought as a sound, once, by whoever brought it', async () => {
    const stereo = writeWav({ rate: 44_100, sides: [toSamples(tone(0.2)), toSamples(tone(0.2))] })
    const raw = (await upload('raw.wav', stereo, '/files')).body
    expect((await call('POST', '/announcements', { name: 'x', fileId: raw.id })).body.code).toBe('announcement.not_prepared')
    const { fileId } = (await upload('a.wav', wav())).body
    await announce({ fileId })
    expect((await call('POST', '/announcements', { name: 'y', fileId })).status).toBe(404)
    expect((await call('POST', '/announcements', { name: 'z', fileId: newId() })).body.code).toBe('file.not_found')
  })

  test('may be one file in both languages; the file goes with the last of them, with what was laid out of it', async () => {
    const [both, other] = [(await upload('both.wav', wav())).body, (await upload('other.wav', wav(1))).body]
    const id = await announce({ fileId: both.fileId, fileIdEn: both.fileId })
    const at = { tenantId, callId: newId() }
    for (const language of ['zh', 'en'] as const) {
      const [heard] = await soundsForBrowsers(house.house).prompts(at, [{ kind: 'announcement', id }], language)
      expect(heard?.url).toBe(both.url)
    }
    const place = await soundPlace(house.house, tenantId, { fileId: both.fileId })
    await call('PATCH', `/announcements/${id}`, { fileId: other.fileId })
    expect((await house.app.inject({ method: 'GET', url: both.url })).statusCode).toBe(200)
    expect((await call('PATCH', `/announcements/${id}`, { fileIdEn: other.fileId })).status).toBe(200)
    await Promise.all(house.house.background)
    expect((await house.app.inject({ method: 'GET', url: both.url })).statusCode).toBe(404)
    expect(existsSync(`${place}.ulaw`) || existsSync(`${place}.wav16`)).toBe(false)
    expect((await house.app.inject({ method: 'GET', url: other.url })).statusCode).toBe(200)
  })
})

const saying = (announcementId: string | null, text = '') => ({
  kind: 'say',
  key: 's',
  name: '说',
  sound: { announcementId, text, textEn: text },
  next: null,
})

describe('a provider of speech', () => {
  const settings = () => {
    const { port } = provider.address() as AddressInfo
    return { enabled: true, url: `http://127.0.0.1:${port}/v1/audio/speech`, model: 'm', voice: 'zh-1', voiceEn: 'en-1' }
  }

  test('is off until it is set up; its key is never told', async () => {
    expect((await call('GET', '/speech')).body).toMatchObject({ enabled: false, hasKey: false })
    expect(await call('POST', '/announcement-sounds/spoken', { text: '您好', language: 'zh' })).toMatchObject({
      status: 409,
      body: { code: 'speech.off' },
    })
    expect((await call('PUT', '/speech', { ...settings(), voice: '' })).body.code).toBe('speech.incomplete')
    const kept = await call('PUT', '/speech', { ...settings(), key: 'sk-secret' })
    expect(kept.body).toMatchObject({ enabled: true, hasKey: true })
    expect(JSON.stringify(kept.body)).not.toContain('sk-secret')
    expect((await call('PUT', '/speech', { ...settings(), url: 'https://elsewhere.example/speech' })).body.code).toBe('speech.key_again')
  })

  test('speaks the same words in the same voice once', async () => {
    asked.length = 0
    const one = await call('POST', '/announcement-sounds/spoken', { text: '您好，欢迎', language: 'zh' })
    expect(one).toMatchObject({ status: 200, body: { url: expect.stringMatching(/^\/files\//) } })
    const two = await call('POST', '/announcement-sounds/spoken', { text: '您好，欢迎', language: 'zh' })
    expect(two.body.fileId).not.toBe(one.body.fileId)
    await call('POST', '/announcement-sounds/spoken', { text: '您好，欢迎', language: 'en' })
    expect(asked).toEqual([
      { input: '您好，欢迎', voice: 'zh-1', key: 'Bearer sk-secret' },
      { input: '您好，欢迎', voice: 'en-1', key: 'Bearer sk-secret' },
    ])
    expect(await announce({ fileId: two.body.fileId })).toBeTypeOf('string')
  })

  test('that fails is told in its own words', async () => {
    const failed = await call('POST', '/announcement-sounds/spoken', { text: '坏', language: 'zh' })
    expect(failed).toMatchObject({ status: 503, body: { code: 'speech.failed', facts: { detail: '402 no money' } } })
    const nonsense = await call('POST', '/announcement-sounds/spoken', { text: '文字', language: 'zh' })
    expect(nonsense.body.code).toBe('announcement.not_audio')
    expect((await call('POST', '/announcement-sounds/spoken', { text: ' ', language: 'zh' })).body.code).toBe('input.invalid')
  })

  const at = () => ({ tenantId, callId: newId() })
  const heard = (text: string) => soundsForBrowsers(house.house).prompts(at(), [{ kind: 'text', text }], 'zh')
  const begun = async (text: string) => {
    const nodes = [
      { ...saying(null, text), next: 'e' },
      { kind: 'hangup', key: 'e', name: '完', sound: {} },
    ]
    return (await call('POST', '/call-flows', { name: text, draft: { first: 's', nodes } })).body
  }

  test('speaks the words of a flow before it is published', async () => {
    const flow = await begun('办理业务')
    expect(await heard('办理业务')).toEqual([{ text: '办理业务', url: null }])
    expect(await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })).toMatchObject({ status: 200, body: { published: 1 } })
    expect(await heard('办理业务')).toMatchObject([{ url: expect.stringMatching(/^\/files\//) }])
  })

  test('that does not speak keeps a flow from being published: the step is named, the draft stays', async () => {
    const flow = await begun('坏')
    expect(await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })).toMatchObject({
      status: 503,
      body: { code: 'flow.not_spoken', facts: { node: 's', name: '说', why: 'speech.failed', detail: '402 no money' } },
    })
    const after = (await call('GET', `/call-flows/${flow.id}`)).body
    expect(after).toMatchObject({ published: null, versions: [], changedAt: flow.changedAt, draft: flow.draft })
    // Out of reach altogether.
    await call('PUT', '/speech', { ...settings(), url: 'http://127.0.0.1:9/v1/audio/speech', key: 'sk-secret' })
    expect((await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })).body.code).toBe('flow.not_spoken')
    // Without a provider nobody is asked.
    await call('PUT', '/speech', { ...settings(), enabled: false, key: 'sk-secret' })
    expect((await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })).status).toBe(200)
    await call('PUT', '/speech', { ...settings(), key: 'sk-secret' })
  })

  test('in another voice is heard when it has spoken; until then callers hear the one of before', async () => {
    const flow = await begun('换个声音')
    await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })
    const [before] = await heard('换个声音')
    expect(before?.url).toMatch(/^\/files\//)
    await call('PUT', '/speech', { ...settings(), voice: 'zh-2', key: 'sk-secret' })
    expect(await heard('换个声音')).toEqual([before])
    asked.length = 0
    await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })
    expect(asked).toContainEqual({ input: '换个声音', voice: 'zh-2', key: 'Bearer sk-secret' })
    const [after] = await heard('换个声音')
    expect(after?.url).toMatch(/^\/files\//)
    expect(after?.url).not.toBe(before?.url)
    await call('PUT', '/speech', { ...settings(), key: 'sk-secret' })
  })

  test('what no version says any more goes with its files, a night after it was spoken', async () => {
    const flow = await begun('第一句')
    await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })
    const [first] = await heard('第一句')
    const fileId = /^\/files\/([0-9a-f-]+)/.exec(first?.url ?? '')?.[1] ?? ''
    const place = await soundPlace(house.house, tenantId, { fileId })
    const rewritten = {
      first: 's',
      nodes: flow.draft.nodes.map((n: { key: string }) => (n.key === 's' ? { ...n, ...saying(null, '第二句'), next: 'e' } : n)),
    }
    const saved = await call('PUT', `/call-flows/${flow.id}/draft`, { body: rewritten, basedOn: flow.changedAt })
    expect(saved.status).toBe(200)
    const clear = async () => {
      await asSystem(house.house, tenantId, clearSpoken)
      await Promise.all(house.house.background)
    }
    await house.pass(2 * 1440)
    token = await asSystem(
      house.house,
      tenantId,
      async ctx => (await openSession(ctx, admin, { ip: '127.0.0.1', userAgent: 'test' })).token,
    )
    await clear()
    // It is still what callers hear.
    expect((await heard('第一句'))[0]?.url).not.toBeNull()
    await call('POST', `/call-flows/${flow.id}/versions`, { note: '' })
    await clear()
    expect((await heard('第一句'))[0]?.url).toBeNull()
    expect((await heard('第二句'))[0]?.url).not.toBeNull()
    expect((await house.app.inject({ method: 'GET', url: `/files/${fileId}` })).statusCode).toBe(404)
    for (const ending of ['ulaw', 'wav16']) expect(existsSync(`${place}.${ending}`)).toBe(false)
    expect(existsSync(placeOf(house.house, tenantId, fileId))).toBe(false)
  })
})

const sampled = announcedKeys.flatMap(key => [{ name: `sample/zh-${key}` }, { name: `sample/en-${key}` }])

describe('the sounds of the product', () => {
  test('are all there, can be heard, and weigh little', () => {
    let bytes = 0
    for (const { name } of [...soundsNeeded(), ...sampled, { name: 'music' }, { name: 'ring' }, { name: 'beep' }]) {
      const samples = readUlaw(readFileSync(`${productSoundPlace(name)}.ulaw`))
      bytes += samples.length
      const loud = Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length)
      expect(loud, name).toBeGreaterThan(0.02)
      expect(
        samples.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
        name,
      ).toBeLessThan(0.99)
      expect(samples.length / 8000, name).toBeGreaterThan(0.25)
    }
    expect(bytes).toBeLessThan(2_000_000)
  })

  test('are served to anybody and kept by browsers; nothing else is served there', async () => {
    const got = await house.app.inject({ method: 'GET', url: '/sounds/zh/said-welcome.wav' })
    expect(got.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'public, max-age=86400' })
    expect(readWav(got.rawPayload).rate).toBe(8000)
    for (const url of ['/sounds/zh/none.wav', '/sounds/..%2Fpackage.json', '/sounds/zh/said-welcome.ulaw'])
      expect((await house.app.inject({ method: 'GET', url })).statusCode).toBe(404)
  })

  test('lie where a switch finds them', async () => {
    const place = await soundPlace(house.house, tenantId, { product: 'zh/digit-1' })
    expect(statSync(`${place}.ulaw`).size).toBeGreaterThan(1000)
  })
})

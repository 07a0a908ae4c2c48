import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, Dialling, PhonePush } from '#contract/practiceLine.ts'
import { readRecording } from '#domains/voice/audio/wav.ts'
import type { Arrival, CallAt, LiveLeg, Order, Signal } from '#domains/voice/ports.ts'
import { type Actor, writeToken } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { storedBy } from '#testing/switch.ts'
import { newPracticeLine } from './index.ts'
import { newPhone, passOf } from './passes.ts'

let house: TestHouse
let url: string
let line: ReturnType<typeof newPracticeLine>
let stop: () => Promise<void>
const arrivals: Arrival[] = []
const signals: { call: CallAt; signal: Signal }[] = []
const backs: (readonly LiveLeg[])[] = []
/** So often the house cannot hear: its database is away. */
let deaf = 0
const users = new Map<string, Actor>()
let next: (CallAt & { leg: string }) | null = null

beforeAll(async () => {
  house = await openHouse()
  house.house.authenticate.s = async (_ctx, secret) => users.get(secret) ?? null
  line = newPracticeLine(
    house.house,
    {
      prompts: async (_at, prompts) => prompts.map(p => ({ text: p.kind === 'text' ? p.text : p.kind, url: null })),
      music: async (_at, music) => `/sounds/${music}.wav`,
    },
    { beatMs: 50, goneMs: 300, graceMs: 600 },
  )
  const started = await line.start({
    arrived: async arrival => {
      arrivals.push(arrival)
      return next
    },
    heard: async (call, signal) => {
      if (deaf-- > 0) throw new Error('the database is away')
      signals.push({ call, signal })
    },
    back: async (_name, look) => void backs.push(await look()),
  })
  stop = started.stop
  url = await house.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await stop()
  await house.close()
})

/** A browser: what it is pushed, and what it says until it is answered. */
async function browser(token: string) {
  const socket: Socket = io(url, { path: '/api/socket', auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
  const pushed: PhonePush[] = []
  socket.on('push', (_topic: string, name: string, payload: PhonePush) => name === 'phone' && pushed.push(payload))
  await new Promise<void>((done, fail) => {
    socket.on('ready', done)
    socket.on('refused', (why: string) => fail(new Error(why)))
  })
  const ask = <T>(event: string, payload: unknown): Promise<T> => socket.timeout(5_000).emitWithAck(event, payload)
  const page = newId()
  let no = 0
  return {
    socket,
    pushed,
    page,
    watch: (topic: string) => ask<string[]>('watch', [topic]),
    ask: <T>(said: object) => ask<T>('phone', said),
    tell: (pass: string, said: object) => ask<Answer>('phone', { ...said, pass, page, no: ++no, ago: 0 }),
    again: (pass: string, said: object) => ask<Answer>('phone', { ...said, pass, page, no, ago: 0 }),
    here: (pass: string, up = false) => ask<Answer>('phone', { kind: 'here', pass, page, up, recording: null }),
  }
}
const phone = (number: string, tenantId = house.tenantId) =>
  browser(writeToken({ kind: 'c', tenantId, secret: newPhone(house.house.key, tenantId, number, house.now()).secret }))
async function console_() {
  const secret = newId().replaceAll('-', '')
  const user = house.user()
  users.set(secret, user)
  const at = await browser(writeToken({ kind: 's', tenantId: house.tenantId, secret }))
  return { ...at, agentId: user.id }
}
const heard = (leg: string) => signals.flatMap(({ signal }) => (signal.leg === leg ? [signal] : []))
const kinds = (leg: string) => heard(leg).map(s => s.kind)
const carry = (call: CallAt, ...orders: Order[]) => line.carry(call, orders)

/** A customer who has dialled and was answered. */
async function customer(number = '13800001234') {
  const call = { tenantId: house.tenantId, callId: newId() }
  const leg = newId()
  next = { ...call, leg }
  const at = await phone(number)
  const dialled = await at.ask<Dialling>({ kind: 'dial', to: '95000', once: newId() })
  if ('refused' in dialled) throw new Error(dialled.refused)
  await at.watch(`leg:${dialled.pass}`)
  await at.here(dialled.pass)
  await carry(call, { do: 'answer', leg })
  await at.tell(dialled.pass, { kind: 'answered' })
  return { ...at, call, leg, pass: dialled.pass }
}
/** A colleague whose console rang and took it. */
async function answeredBy(call: CallAt) {
  const at = await console_()
  const leg = newId()
  const watched = await at.watch(`user:${at.agentId}`)
  expect(watched).toHaveLength(1)
  await carry(call, {
    do: 'dial',
    leg,
    to: { kind: 'agent', agentId: at.agentId },
    ringSeconds: 20,
    caller: { number: '13800001234', name: '李' },
    atOnce: true,
  })
  await expect.poll(() => at.pushed.length).toBe(1)
  const pass = passOf(house.house.key, call, leg)
  await at.watch(`leg:${pass}`)
  await at.here(pass)
  await at.tell(pass, { kind: 'answered' })
  return { ...at, leg, pass }
}
const now = ({ pushed }: { pushed: PhonePush[] }) => pushed.flatMap(p => (p.kind === 'now' ? [p.now] : [])).at(-1)

describe('the practice line', () => {
  test('lets a telephone dial, hear and press keys', async () => {
    const c = await customer()
    expect(arrivals.at(-1)).toMatchObject({ line: 'practice', tenantId: house.tenantId, caller: '13800001234', called: '95000' })
    await carry(c.call, { do: 'play', leg: c.leg, play: 'one', prompts: [{ kind: 'text', text: '按 1' }], language: 'zh' })
    await expect.poll(() => now(c)).toMatchObject({ up: true, play: { id: 'one', heard: [{ text: '按 1', url: null }] } })
    await c.tell(c.pass, { kind: 'digit', digit: '1' })
    // The answer was lost on its way: said again, it is one key.
    await c.again(c.pass, { kind: 'digit', digit: '1' })
    const played = await c.tell(c.pass, { kind: 'played', play: 'one', heard: false })
    expect(played.now?.play).toBeNull()
    await carry(c.call, { do: 'music', leg: c.leg, music: 'own' })
    await expect.poll(() => now(c)?.music).toEqual({ url: '/sounds/own.wav' })
    await c.tell(c.pass, { kind: 'gone', cause: 'normal', quality: { lossIn: 0, lossOut: 0, jitterMs: 2, rttMs: 4, mos: null } })
    expect(kinds(c.leg)).toEqual(['answered', 'digit', 'played', 'gone'])
    expect(heard(c.leg).at(-1)).toMatchObject({ cause: 'normal', quality: { mos: expect.closeTo(4.4, 0) } })
    c.socket.disconnect()
  })

  test('a dialling said twice is one call, a number of nobody is nobody', async () => {
    const at = await phone('13800007777')
    const once = newId()
    next = { tenantId: house.tenantId, callId: newId(), leg: newId() }
    const before = arrivals.length
    const both = await Promise.all([1, 2].map(() => at.ask<Dialling>({ kind: 'dial', to: '95000', once })))
    expect(both[0]).toEqual(both[1])
    expect(arrivals).toHaveLength(before + 1)
    next = null
    expect(await at.ask<Dialling>({ kind: 'dial', to: '95001', once: newId() })).toEqual({ refused: 'nobody' })
    at.socket.disconnect()
  })

  test('joins those who are named, and nobody speaks to whom they are not joined with', async () => {
    const c = await customer()
    const a = await answeredBy(c.call)
    const offer = { kind: 'signal', pass: c.pass, to: a.leg, data: '{}' }
    expect(await c.ask(offer)).toEqual({ taken: false })
    await carry(c.call, { do: 'join', legs: [c.leg, a.leg] })
    await expect.poll(() => now(c)?.room?.map(p => p.leg)).toEqual([a.leg])
    expect(now(a)?.room).toEqual([{ leg: c.leg, first: !now(c)?.room?.[0]?.first, say: true, hear: true }])
    expect(await c.ask(offer)).toEqual({ taken: true })
    await expect.poll(() => a.pushed.at(-1)).toEqual({ kind: 'signal', leg: a.leg, from: c.leg, data: '{}' })

    // Held: the customer hears music, and the way between them is shut.
    await carry(c.call, { do: 'join', legs: [] }, { do: 'music', leg: c.leg, music: 'own' })
    await expect.poll(() => now(c)).toMatchObject({ room: [], music: { url: '/sounds/own.wav' } })
    expect(await c.ask(offer)).toEqual({ taken: false })
    await carry(c.call, { do: 'join', legs: [c.leg, a.leg] })
    await expect.poll(() => now(c)).toMatchObject({ room: [{ leg: a.leg }], music: null })

    // A stranger holds no leg, whatever they know of it.
    const other = await phone('13800008888', house.otherTenantId)
    expect(await other.watch(`leg:${c.pass}`)).toEqual([])
    expect(await other.ask({ kind: 'here', pass: c.pass, page: other.page, up: true, recording: null })).toEqual({
      yours: false,
      now: null,
    })
    const forged = passOf(Buffer.alloc(32), c.call, c.leg)
    expect(await a.watch(`leg:${forged}`)).toEqual([])
    for (const { socket } of [c, a, other]) socket.disconnect()
  })

  test('whoever missed the first word of a leg asks which ring', async () => {
    const c = await customer()
    const a = await console_()
    const leg = newId()
    const caller = { number: '13800001234', name: '' }
    await carry(c.call, { do: 'dial', leg, to: { kind: 'agent', agentId: a.agentId }, ringSeconds: 20, caller, atOnce: false })
    expect(await a.ask({ kind: 'mine' })).toMatchObject([{ leg, ring: { number: '13800001234' } }])
    expect(await c.ask({ kind: 'mine' })).toEqual([])
    for (const { socket } of [c, a]) socket.disconnect()
  })

  test('of two that ring, the first to answer has it', async () => {
    const c = await customer()
    const a = await answeredBy(c.call)
    const late = await a.ask<Answer>({ kind: 'answered', pass: a.pass, page: 'another-page', no: 1, ago: 0 })
    expect(late).toEqual({ yours: false, now: null })
    expect(kinds(a.leg)).toEqual(['answered'])
    for (const { socket } of [c, a]) socket.disconnect()
  })

  test('whoever has no telephone open is out of reach at once; one that is open rings under its number', async () => {
    const c = await customer()
    const leg = newId()
    const caller = { number: '95000', name: '' }
    await carry(c.call, { do: 'dial', leg, to: { kind: 'agent', agentId: newId() }, ringSeconds: 20, caller, atOnce: true })
    await expect.poll(() => heard(leg)).toMatchObject([{ kind: 'gone', cause: 'unreachable' }])

    const away = newId()
    const to = { kind: 'number', number: '+8613900005555', shown: '95000', trunkId: null } as const
    await carry(c.call, { do: 'dial', leg: away, to, ringSeconds: 20, caller, atOnce: false })
    await expect.poll(() => heard(away)).toMatchObject([{ kind: 'gone', cause: 'unreachable' }])

    const at = await phone('13900005555')
    expect(await at.watch('dialled:13900005555')).toHaveLength(1)
    expect(await at.watch('dialled:13800001234')).toEqual([])
    const rung = newId()
    await carry(c.call, { do: 'dial', leg: rung, to, ringSeconds: 20, caller, atOnce: false })
    await expect.poll(() => now(at)).toMatchObject({ leg: rung, ring: { number: '95000', seconds: 20, atOnce: false } })
    for (const { socket } of [c, at]) socket.disconnect()
  })

  test('a console that is gone is a lost leg, a telephone that is gone has hung up', async () => {
    const c = await customer()
    const a = await answeredBy(c.call)
    a.socket.disconnect()
    await expect.poll(() => kinds(a.leg)).toEqual(['answered', 'lost'])
    c.socket.disconnect()
    await expect.poll(() => kinds(c.leg)).toEqual(['answered', 'gone'])
    expect(heard(c.leg).at(-1)).toMatchObject({ cause: 'normal' })
  })

  test('the end of a leg is told until the house hears it', async () => {
    const c = await customer()
    deaf = 3
    c.socket.disconnect()
    await expect.poll(() => kinds(c.leg)).toEqual(['answered', 'gone'])
    expect(deaf).toBeLessThanOrEqual(0)
  })

  test('a socket that is back in time has lost nothing, and hears what was ordered meanwhile', async () => {
    const c = await customer()
    c.socket.disconnect()
    await carry(c.call, { do: 'music', leg: c.leg, music: 'own' })
    const again = await phone('13800001234')
    await again.watch(`leg:${c.pass}`)
    const told = await again.ask<Answer>({ kind: 'here', pass: c.pass, page: c.page, up: true, recording: null })
    expect(told).toMatchObject({ yours: true, now: { up: true, music: { url: '/sounds/own.wav' } } })
    await new Promise(done => setTimeout(done, 500))
    expect(kinds(c.leg)).toEqual(['answered'])
    again.socket.disconnect()
  })

  test('takes a recording down piece by piece, both sides apart, and gives what there is when its browser dies', async () => {
    const c = await customer()
    const recording = newId()
    const piece = (from: number) => ({
      kind: 'sound',
      pass: c.pass,
      recording,
      from,
      pcm: new Uint8Array(new Int16Array([1, -1, 2, -2]).buffer),
    })
    expect(await c.ask(piece(0))).toEqual({ taken: false })
    await carry(c.call, { do: 'record', recording, leg: c.leg, kind: 'talk' })
    await expect.poll(() => now(c)?.recording).toEqual({ id: recording, sides: 2, paused: false })
    await carry(c.call, { do: 'pause', recording, paused: true })
    await expect.poll(() => now(c)?.recording?.paused).toBe(true)
    for (const from of [0, 2, 2]) expect(await c.ask(piece(from))).toEqual({ taken: true })
    await carry(c.call, { do: 'keep', recording })
    await expect.poll(() => now(c)).toMatchObject({ recording: null, keep: [recording] })
    await c.tell(c.pass, { kind: 'recorded', recording })
    expect(heard(c.leg).at(-1)).toMatchObject({ kind: 'recorded', recording, seconds: 4 / 16_000, failed: false })
    await expect.poll(() => now(c)?.keep).toEqual([])
    const sound = readRecording(await storedBy(line, c.call, recording))
    expect(sound).toEqual({ rate: 16_000, sides: [Int16Array.of(1, 2, 1, 2), Int16Array.of(-1, -2, -1, -2)] })

    const second = newId()
    await carry(c.call, { do: 'record', recording: second, leg: c.leg, kind: 'voicemail' })
    await expect.poll(() => now(c)?.recording).toMatchObject({ id: second, sides: 1 })
    await c.ask({ ...piece(0), recording: second })
    c.socket.disconnect()
    await expect.poll(() => kinds(c.leg)).toEqual(['answered', 'recorded', 'gone', 'recorded'])
    expect(heard(c.leg).at(-1)).toMatchObject({ recording: second, seconds: 4 / 16_000, failed: false })
    await line.forget(c.call, second)
    await expect(storedBy(line, c.call, second)).rejects.toThrow()
  })

  test('pieces that come at once stand each in its place, and nobody’s in the sound of another call', async () => {
    const [c, other] = [await customer(), await customer('13800005678')]
    const recording = newId()
    const piece = (from: number, ...samples: number[]) => ({
      kind: 'sound',
      pass: c.pass,
      recording,
      from,
      pcm: new Uint8Array(new Int16Array(samples).buffer),
    })
    await carry(c.call, { do: 'record', recording, leg: c.leg, kind: 'voicemail' })
    await Promise.all([c.ask(piece(6, 7, 8)), c.ask(piece(4, 5, 6)), c.ask(piece(2, 3, 4)), c.ask(piece(0, 1, 2))])
    const claims = { kind: 'here', pass: other.pass, page: other.page, up: true, recording: { id: recording, sides: 1 } }
    await other.ask(claims)
    await other.ask({ ...piece(0, 9, 9), pass: other.pass })
    expect(readRecording(await storedBy(line, c.call, recording))?.sides).toEqual([Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8)])
    for (const { socket } of [c, other]) socket.disconnect()
  })

  test('after a restart it tells which legs live', async () => {
    const c = await customer()
    await stop()
    backs.length = 0
    stop = (
      await line.start({
        arrived: async () => null,
        heard: async (call, signal) => void signals.push({ call, signal }),
        back: async (_n, look) => void backs.push(await look()),
      })
    ).stop
    await expect.poll(() => backs.flat().map(l => l.leg)).toContain(c.leg)
    expect(backs.flat().find(l => l.leg === c.leg)).toEqual({ ...c.call, leg: c.leg, up: true })
    c.socket.disconnect()
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { OpusDecoder } from 'opus-decoder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openSwitch } from '#testing/switch.ts'
import { oggPackets } from '../audio/containers.ts'
import { writeWav } from '../audio/wav.ts'
import { callEnded } from '../events.ts'
import { lendSwitch } from '../switches.ts'
import { keep, listen, recordingsOfCall, removeOver } from './keeping.ts'
import { beginRecording, pauseRecording, recorded } from './running.ts'

let house: TestHouse
let people: Awaited<ReturnType<typeof openColleagues>>
const line = openSwitch('practice')
const queueId = newId()
const day = 24 * 60

beforeAll(async () => {
  house = await openHouse()
  people = await openColleagues(house)
  lendSwitch(house.house, line)
  await house.work(ctx =>
    ctx.db.insertInto('voice.queue').values({ queueId, recording: 'on', keepDays: 30, rating: true, musicId: null }).execute(),
  )
})
afterAll(() => house.close())

const rate = 8000
const tone = (hz: number, seconds: number, on: (at: number) => boolean = () => true) =>
  Int16Array.from({ length: rate * seconds }, (_, n) => (on(n / rate) ? Math.sin((2 * Math.PI * hz * n) / rate) * 9000 : 0))
/** The customer speaks in the first half, we in the second. */
const talk = (seconds = 4) =>
  writeWav({ rate, sides: [tone(440, seconds, at => at < seconds / 2), tone(1000, seconds, at => at >= seconds / 2)] })

async function call(agentId: string | null = null, tenant = house.tenantId) {
  const id = newId()
  const row = { id, customerId: newId(), interactionId: newId(), queueId, agentId }
  await house.as({ kind: 'system', tenantId: tenant }).work(ctx =>
    ctx.db
      .insertInto('voice.call')
      .values({
        ...row, direction: 'in', stage: 'talking', line: 'practice', numberId: null, flowId: null, flowVersion: null, caller: '13800006021',
        called: '96116', customerName: '', startedAt: ctx.now, answeredAt: null, endedAt: null, cause: null, worstMos: null,
        recorded: false, dueAt: null, clientId: null, machine: '{}',
      }) // biome-ignore format: one row
      .execute(),
  )
  return row
}
type Call = Awaited<ReturnType<typeof call>>
async function begin(of: Call, kind: 'talk' | 'voicemail' = 'talk') {
  const recording = newId()
  await house.work(ctx => beginRecording(ctx, of, { recording, kind }))
  return recording
}
const over = (of: Call, recording: string, failed = false) => house.work(ctx => recorded(ctx, of, { recording, seconds: 4, failed }))
const one = async (of: Call) => (await house.work(ctx => recordingsOfCall(ctx, of.id)))[0]
async function stored(of: Call, sound: Uint8Array = talk()) {
  const recording = await begin(of)
  line.sounds.set(recording, sound)
  await over(of, recording)
  await house.settle()
  return recording
}

/** How loud either side is from second to second, decoded as a browser would. */
async function loudness(id: string, from: number, until: number) {
  const [head, , ...packets] = oggPackets(readFileSync(placeOf(house.house, house.tenantId, id)))
  expect([...(head?.subarray(18) ?? [])]).toEqual([1, 2, 0, 0, 1])
  const decoder = new OpusDecoder({ sampleRate: 16_000, channels: 2, streamCount: 2, coupledStreamCount: 0, channelMappingTable: [0, 1] })
  await decoder.ready
  const { channelData } = decoder.decodeFrames(packets)
  decoder.free()
  return channelData.map(side => {
    const part = side.subarray(from * 16_000, until * 16_000)
    return Math.sqrt(part.reduce((sum, v) => sum + v * v, 0) / part.length)
  })
}

test('both sides of a talk are kept apart, and the switch forgets what we have', async () => {
  const talked = await call()
  const id = await stored(talked)
  const kept = await one(talked)
  expect(kept).toMatchObject({ id, state: 'kept', seconds: 4, reason: null })
  expect(kept?.bytes).toBeLessThan(talk().length / 4)
  expect(kept?.peaks?.customer.slice(2, 18).every(p => p > 60)).toBe(true)
  expect(kept?.peaks?.customer.slice(22).every(p => p === 0)).toBe(true)
  expect(kept?.peaks?.agent.slice(22, 38).every(p => p > 60)).toBe(true)
  const [first, second] = [await loudness(id, 0.3, 1.7), await loudness(id, 2.3, 3.7)]
  expect(first[0]).toBeGreaterThan(0.15)
  expect(first[1]).toBeLessThan(0.001)
  expect(second[0]).toBeLessThan(0.001)
  expect(second[1]).toBeGreaterThan(0.15)
  expect(line.sounds.has(id)).toBe(false)
  for (const half of ['wav', 'ogg']) expect(existsSync(`${placeOf(house.house, house.tenantId, id)}.${half}`)).toBe(false)
  // Of its queue: thirty days.
  expect(kept?.keepUntil?.getTime()).toBe((kept?.startedAt.getTime() ?? 0) + 30 * 86_400_000)
})

test('what was said in a pause is silent, whatever the switch let through, and stands as a mark', async () => {
  const talked = await call()
  const id = await begin(talked)
  const pause = (paused: boolean) => house.work(ctx => pauseRecording(ctx, talked, id, paused))
  await pause(true)
  await pause(true)
  await house.pass(1)
  await pause(false)
  line.sounds.set(id, writeWav({ rate, sides: [tone(440, 80), tone(1000, 80)] }))
  await over(talked, id)
  await house.settle()
  const { pauses } = (await one(talked)) ?? { pauses: [] }
  expect(pauses).toEqual([{ from: expect.any(Number), until: expect.any(Number) }])
  expect((pauses[0]?.until ?? 0) - (pauses[0]?.from ?? 0)).toBeGreaterThan(59)
  const [{ from, until }] = [{ from: pauses[0]?.from ?? 0, until: pauses[0]?.until ?? 0 }]
  for (const side of await loudness(id, from + 1, until - 1)) expect(side).toBeLessThan(0.001)
  for (const side of await loudness(id, until + 1, until + 5)) expect(side).toBeGreaterThan(0.1)
})

test('a pause that is never ended is silent to the end', async () => {
  const talked = await call()
  const id = await begin(talked)
  await house.work(ctx => pauseRecording(ctx, talked, id, true))
  line.sounds.set(id, talk())
  await over(talked, id)
  await house.settle()
  expect((await one(talked))?.peaks?.agent.every(p => p === 0)).toBe(true)
})

test('told twice that it ended, it is kept once', async () => {
  const talked = await call()
  const id = await stored(talked)
  line.sounds.set(id, talk())
  await over(talked, id)
  await house.settle()
  expect((await house.said('recording.kept')).filter(e => e.callId === talked.id)).toHaveLength(1)
})

test('while the switch is away it is asked again and again, and what it brings then is whole', async () => {
  const talked = await call()
  const id = await begin(talked)
  line.away = true
  line.sounds.set(id, talk())
  await over(talked, id)
  for (let n = 0; n < 4; n++) {
    await house.settle()
    expect(await one(talked)).toMatchObject({ state: 'storing' })
    await house.pass(5)
  }
  line.away = false
  await house.pass(60)
  await house.settle()
  expect(await one(talked)).toMatchObject({ state: 'kept', reason: null })
})

test('a switch that stays away for more than a day leaves a recording that failed and says why', async () => {
  const talked = await call()
  const id = await begin(talked)
  line.away = true
  await over(talked, id)
  for (let n = 0; n < 31; n++) {
    await house.settle()
    await house.pass(61)
  }
  line.away = false
  expect(await one(talked)).toMatchObject({ state: 'failed', reason: 'switch_away' })
  expect(existsSync(placeOf(house.house, house.tenantId, id))).toBe(false)
  expect(
    (await house.work(ctx => ctx.db.selectFrom('voice.call').select('recorded').where('id', '=', talked.id).executeTakeFirst()))?.recorded,
  ).toBe(false)
})

test('what is no sound, was never made, or nobody has, failed with its reason', async () => {
  const [broken, never, lost] = [await call(), await call(), await call()]
  const unheard = await stored(broken, Buffer.from('RIFF, but nothing of a sound'))
  expect(await one(broken)).toMatchObject({ state: 'failed', reason: 'unreadable' })
  // What we could not keep, nobody else need keep either.
  expect(line.sounds.has(unheard)).toBe(false)
  await over(never, await begin(never), true)
  expect(await one(never)).toMatchObject({ state: 'failed', reason: 'not_recorded' })
  await over(lost, await begin(lost))
  for (let n = 0; n < 5; n++) {
    await house.settle()
    await house.pass(10)
  }
  expect(await one(lost)).toMatchObject({ state: 'failed', reason: 'not_found' })
})

test('a recording whose end nobody told of is fetched after the call all the same', async () => {
  const talked = await call()
  const id = await begin(talked)
  line.sounds.set(id, talk())
  await house.work(ctx => ctx.emit(callEnded, { id: talked.id }, { agentId: null, cause: 'normal', seconds: 4 }))
  await house.settle()
  expect(await one(talked)).toMatchObject({ state: 'storing' })
  await house.pass(2)
  await house.settle()
  expect(await one(talked)).toMatchObject({ state: 'kept' })
})

test('whoever may listens in their scope, every listening stands in the audit, and nobody of another house finds it', async () => {
  const [agent, lead, stranger] = [
    await people.person('林静', 'agent', 'one'),
    await people.person('周岚', 'lead', 'one'),
    await people.person('赵敏', 'lead', 'two'),
  ]
  const talked = await call(agent.id)
  const id = await stored(talked)
  const heard = await house.as(lead).work(ctx => listen(ctx, id))
  expect(heard.url).toMatch(new RegExp(`^/files/${id}\\?t=`))
  await expect(house.as(stranger).work(ctx => listen(ctx, id))).rejects.toMatchObject({ code: 'recording.not_found' })
  await expect(house.as(house.user({ tenantId: house.otherTenantId })).work(ctx => listen(ctx, id))).rejects.toMatchObject({
    code: 'recording.not_found',
  })
  await expect(house.as(house.user({ id: agent.id }, ['voice:read'])).work(ctx => listen(ctx, id))).rejects.toMatchObject({
    code: 'recording.not_found',
  })
  const { rows } = await house.house.control.query(
    `select actor_id, audit from kernel.event where name = 'recording.heard' and about = $1 and tenant_id = $2`,
    [id, house.tenantId],
  )
  expect(rows).toEqual([{ actor_id: lead.id, audit: true }])

  const part = await house.app.inject({ url: heard.url, headers: { range: 'bytes=100-199' } })
  expect([part.statusCode, part.headers['content-type'], part.rawPayload.length]).toEqual([206, 'audio/ogg', 100])
  await house.pass(61)
  expect((await house.app.inject({ url: heard.url })).statusCode).toBe(404)
})

test('when its time is over its bytes go and that is said; one kept longer stays', async () => {
  const [short, long] = [await call(), await call()]
  const [gone, stays] = [await stored(short), await stored(long)]
  await house.work(async ctx => {
    await expect(keep(ctx, stays, new Date(ctx.now.getTime() - 1))).rejects.toMatchObject({ code: 'recording.keep_past' })
    await keep(ctx, stays, new Date(ctx.now.getTime() + 400 * 86_400_000))
  })
  const { url } = await house.work(ctx => listen(ctx, gone))
  await house.pass(31 * day)
  await house.work(removeOver)
  await house.settle()
  expect(await one(short)).toMatchObject({ state: 'removed', peaks: null, bytes: null })
  expect(await one(long)).toMatchObject({ state: 'kept' })
  expect(existsSync(placeOf(house.house, house.tenantId, gone))).toBe(false)
  expect(existsSync(placeOf(house.house, house.tenantId, stays))).toBe(true)
  expect(await house.said('recording.removed')).toContainEqual({ callId: short.id })
  expect((await house.app.inject({ url })).statusCode).toBe(404)
  await expect(house.work(ctx => listen(ctx, gone))).rejects.toMatchObject({ code: 'recording.not_kept' })
  // As long as the rest again: that is over already, so the next night takes it.
  await house.work(ctx => keep(ctx, stays, null))
  await house.work(removeOver)
  expect(await one(long)).toMatchObject({ state: 'removed' })
})

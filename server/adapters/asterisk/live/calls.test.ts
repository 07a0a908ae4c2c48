import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Order } from '#domains/voice/ports.ts'
import { storedBy } from '#testing/switch.ts'
import { Bridges } from '../models.ts'
import { loudness, onNode, tenantId, testOnNode } from './line.ts'

const { node, openLine, openCaller, loop } = onNode()

testOnNode('a call comes in, is answered, hears, keys in, talks with another, is recorded on both sides, and ends', async () => {
  const { line, arrivals, heard, of, said, carry } = await openLine()
  const outside = await openCaller()
  const channel = await outside.call('7000')
  await expect.poll(() => arrivals.length).toBe(1)
  const [a] = arrivals
  if (!a) throw new Error('nobody came')
  expect(a).toMatchObject({ called: '7000', caller: '13800001234', line: 'node' })
  await carry(a, { do: 'answer', leg: a.leg })
  await said(a.leg, 'answered')

  const [greeting, digits] = [randomUUID(), randomUUID()]
  await carry(a, { do: 'play', leg: a.leg, play: greeting, language: 'en', prompts: [{ kind: 'said', key: 'welcome' }] })
  await expect.poll(() => of(a.leg)).toContainEqual(expect.objectContaining({ kind: 'played', play: greeting, heard: true }))
  await carry(a, { do: 'play', leg: a.leg, play: digits, language: 'en', prompts: [{ kind: 'digits', digits: '1234567890' }] })
  await expect
    .poll(async () => {
      if (!of(a.leg).some(s => s.kind === 'digit')) await outside.ari.ask('POST', `channels/${channel}/dtmf`, { dtmf: '5' })
      return of(a.leg).find(s => s.kind === 'digit')
    })
    .toMatchObject({ digit: '5' })
  await carry(a, { do: 'hush', leg: a.leg, play: digits })
  await expect.poll(() => of(a.leg)).toContainEqual(expect.objectContaining({ kind: 'played', play: digits, heard: false }))

  await outside.call('7001', '13900005678')
  await expect.poll(() => arrivals.length).toBe(2)
  const b = arrivals[1]
  if (!b) throw new Error('nobody came')
  await carry(b, { do: 'answer', leg: b.leg }, { do: 'music', leg: b.leg, music: 'own' })
  await said(b.leg, 'answered')
  await carry(a, { do: 'join', legs: [a.leg, b.leg] })
  const room = async () =>
    Bridges.parse(await outside.ari.ask('GET', 'bridges')).find(bridge => bridge.id === a.callId)?.channels.length ?? 0
  expect(await room()).toBe(2)

  const recording = randomUUID()
  await carry(a, { do: 'record', recording, leg: a.leg, kind: 'talk' })
  await outside.ari.ask('POST', `channels/${channel}/play`, { media: 'tone:1004/2500' })
  await new Promise(resolve => setTimeout(resolve, 1_000))
  await carry(a, { do: 'pause', recording, paused: true }, { do: 'pause', recording, paused: false })
  await carry(a, { do: 'keep', recording })
  await expect.poll(() => heard.find(h => h.signal.kind === 'recorded')?.signal).toMatchObject({ recording, failed: false })
  const wav = await storedBy(line, a, recording)
  expect(wav.byteLength).toBeGreaterThan(8_000)
  expect(loudness(wav, 0), 'the customer, left').toBeGreaterThan(100)
  expect(loudness(wav, 1), 'our side, right').toBeLessThan(10)
  await line.forget(a, recording)
  expect(readdirSync(join(node().folder, 'spool/recording')).filter(f => f.includes(recording))).toEqual([])

  await carry(a, { do: 'join', legs: [a.leg] }, { do: 'music', leg: b.leg, music: 'ring' })
  expect(await room()).toBe(1)
  await carry(a, { do: 'join', legs: [] })
  expect(await room()).toBe(0)
  await carry(b, { do: 'hangUp', leg: b.leg, cause: 'normal' })
  await expect.poll(() => of(b.leg).at(-1)).toMatchObject({ kind: 'gone', cause: 'normal' })
  await outside.ari.ask('DELETE', `channels/${channel}`)
  await expect.poll(() => of(a.leg).at(-1)).toMatchObject({ kind: 'gone', cause: 'normal' })
  await expect.poll(async () => (await outside.channels()).length).toBe(0)
  expect(line.state().calls).toBe(0)
})

testOnNode('a number is called through a trunk: ringing, answered, heard, ended, counted; busy and unknown are told apart', async () => {
  const trunk = loop()
  const { line, arrivals, of, said, carry } = await openLine({ trunks: async () => [trunk] })
  const call = { tenantId, callId: randomUUID() }
  const dial = (leg: string, number = '13800009999'): Order => ({
    do: 'dial',
    leg,
    to: { kind: 'number', number, shown: '+862112345', trunkId: trunk.id },
    ringSeconds: 20,
    caller: { number: '', name: '' },
    atOnce: false,
  })
  const leg = randomUUID()
  await carry(call, dial(leg))
  await expect.poll(() => arrivals.length).toBe(1)
  const [a] = arrivals
  if (!a) throw new Error('nobody came')
  expect(a).toMatchObject({ called: '13800009999', caller: '+862112345', trunk: { id: trunk.id, tenantId } })
  await carry(a, { do: 'answer', leg: a.leg })
  await said(leg, 'answered')
  await expect.poll(() => line.state().trunks).toMatchObject([{ name: 'loop', calls: 2, most: 3 }])
  await carry(a, { do: 'play', leg: a.leg, play: randomUUID(), language: 'en', prompts: [{ kind: 'digits', digits: '123' }] })
  await said(a.leg, 'played')
  await carry(call, { do: 'digits', leg, digits: '42' })
  await expect
    .poll(() =>
      of(a.leg)
        .flatMap(s => (s.kind === 'digit' ? [s.digit] : []))
        .join(''),
    )
    .toBe('42')
  await carry(call, { do: 'hangUp', leg, cause: 'normal' })
  await expect.poll(() => of(leg).at(-1)).toMatchObject({ kind: 'gone', cause: 'normal' })
  await expect.poll(() => of(a.leg).at(-1)).toMatchObject({ kind: 'gone', cause: 'normal' })
  const gone = of(leg).at(-1)
  expect(gone?.kind === 'gone' && gone.quality).toMatchObject({ lossIn: 0 })
  const left = of(a.leg).at(-1)
  expect(left?.kind === 'gone' && left.quality, 'of whom the other side left').toMatchObject({ lossIn: 0 })

  const busy = randomUUID()
  await carry(call, dial(busy))
  await expect.poll(() => arrivals.length).toBe(2)
  const b = arrivals[1]
  if (!b) throw new Error('nobody came')
  await carry(b, { do: 'hangUp', leg: b.leg, cause: 'busy' })
  await expect.poll(() => of(busy).at(-1)).toMatchObject({ kind: 'gone', cause: 'busy', code: 486 })
  const nobody = randomUUID()
  await carry(call, { ...dial(nobody), to: { kind: 'agent', agentId: randomUUID() } } as Order)
  await expect.poll(() => of(nobody).at(-1)).toMatchObject({ kind: 'gone', cause: 'unreachable' })
})

testOnNode('twenty calls at once are all taken, answered and ended', async () => {
  const { arrivals, of, carry, line } = await openLine()
  const outside = await openCaller()
  await Promise.all(Array.from({ length: 20 }, (_, n) => outside.call(String(7000 + n))))
  await expect.poll(() => arrivals.length).toBe(20)
  await Promise.all(arrivals.map(a => carry(a, { do: 'answer', leg: a.leg }, { do: 'join', legs: [a.leg] })))
  await expect.poll(() => arrivals.filter(a => of(a.leg).some(s => s.kind === 'answered')).length).toBe(20)
  expect(line.state().calls).toBe(20)
  await Promise.all(arrivals.map(a => carry(a, { do: 'hangUp', leg: a.leg, cause: 'normal' })))
  await expect.poll(() => arrivals.filter(a => of(a.leg).at(-1)?.kind === 'gone').length).toBe(20)
})

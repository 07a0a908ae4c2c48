import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Order } from '#domains/voice/ports.ts'
import { storedBy } from '#testing/switch.ts'
import { asterisk } from '../index.ts'
import { Bridges } from '../models.ts'
import { loudness, onNode, tenantId, testOnNode } from './line.ts'

const { node, closing, setupOf, openLine, openCaller, loop } = onNode()

testOnNode('the product went away and came back: the legs that live are told, and heard again', async () => {
  const first = await openLine()
  const outside = await openCaller()
  const channel = await outside.call('7000')
  await expect.poll(() => first.arrivals.length).toBe(1)
  const [a] = first.arrivals
  if (!a) throw new Error('nobody came')
  await first.carry(a, { do: 'answer', leg: a.leg })
  await first.said(a.leg, 'answered')
  const recording = randomUUID()
  await first.carry(a, { do: 'record', recording, leg: a.leg, kind: 'talk' })
  const left = await outside.call('7001')
  await expect.poll(() => first.arrivals.length).toBe(2)
  const b = first.arrivals[1]
  if (!b) throw new Error('nobody came')
  await first.carry(b, { do: 'answer', leg: b.leg })
  await first.said(b.leg, 'answered')
  const [talk, message] = [randomUUID(), randomUUID()]
  await first.carry(b, { do: 'record', recording: talk, leg: b.leg, kind: 'talk' })
  await outside.ari.ask('POST', `channels/${left}/play`, { media: 'tone:1004/30000' })
  await expect.poll(() => statSync(join(node().folder, `spool/recording/${talk}-in.wav`)).size).toBeGreaterThan(8_000)
  await first.carry(a, { do: 'record', recording: message, leg: a.leg, kind: 'voicemail' })
  // The product alone goes; whoever calls stays, and one of them leaves before it is back.
  await closing.shift()?.()
  await outside.ari.ask('DELETE', `channels/${left}`)
  await expect.poll(async () => (await outside.channels()).filter(c => c.id.startsWith(talk)).length).toBe(0)

  const second = await openLine()
  expect(second.backs[0]).toMatchObject([{ tenantId, callId: a.callId, leg: a.leg, up: true }])
  // As the call is found to be over, its recording is asked for: it is whole, although nobody heard its end.
  await second.carry(b, { do: 'keep', recording: talk })
  await expect.poll(() => second.heard.find(h => h.signal.kind === 'recorded')?.signal).toMatchObject({ recording: talk, failed: false })
  expect(loudness(await storedBy(second.line, b, talk), 0)).toBeGreaterThan(100)
  const again = await openCaller()
  await again.ari.ask('POST', `channels/${channel}/dtmf`, { dtmf: '7' })
  await second.said(a.leg, 'digit')
  const told = (id: string) => second.heard.flatMap(({ signal: s }) => (s.kind === 'recorded' && s.recording === id ? [s.failed] : []))
  await second.carry(a, { do: 'keep', recording })
  await expect.poll(() => told(recording)).toEqual([false])
  await second.carry(a, { do: 'hangUp', leg: a.leg, cause: 'normal' })
  await expect.poll(() => told(message), { message: 'a message that was being left' }).toEqual([false])
  await second.said(a.leg, 'gone')
})

testOnNode(
  'what a process had begun before it died is begun once: said again it changes nothing, and music that it left ends',
  async () => {
    const first = await openLine()
    const outside = await openCaller()
    const comes = async (n: number) => {
      const end = await outside.call(`700${n}`)
      await expect.poll(() => first.arrivals.length).toBe(n + 1)
      const at = first.arrivals[n]
      if (!at) throw new Error('nobody came')
      await first.carry(at, { do: 'answer', leg: at.leg })
      await first.said(at.leg, 'answered')
      // As telephones do: an ear that is to end waits for a sound of whom it hears.
      await outside.ari.ask('POST', `channels/${end}/silence`)
      return at
    }
    const [customer, agent, leader, waits] = [await comes(0), await comes(1), await comes(2), await comes(3)]
    const [recording, play] = [randomUUID(), randomUUID()]
    const talk: Order[] = [
      { do: 'join', legs: [customer.leg, agent.leg] },
      { do: 'record', recording, leg: customer.leg, kind: 'talk' },
      { do: 'pause', recording, paused: false },
      { do: 'attend', leg: leader.leg, agent: agent.leg, whisper: true },
    ]
    await first.carry(customer, ...talk)
    await first.carry(waits, { do: 'music', leg: waits.leg, music: 'own' })
    const ears = async () => (await outside.channels()).filter(c => c.name.startsWith('Snoop/')).length
    const playing = (id: string) =>
      outside.ari.ask('GET', `playbacks/${id}`).then(
        () => true,
        () => false,
      )
    const room = async () => Bridges.parse(await outside.ari.ask('GET', 'bridges')).find(b => b.id === customer.callId)?.channels.length
    expect([await ears(), await room(), await playing(`music-${waits.leg}-0`)]).toEqual([3, 2, true])
    await closing.shift()?.()

    const second = await openLine()
    await second.carry(customer, ...talk)
    await expect.poll(ears).toBe(3)
    expect(await room()).toBe(2)
    const say: Order = { do: 'play', leg: waits.leg, play, language: 'en', prompts: [{ kind: 'digits', digits: '1' }] }
    await second.carry(waits, say)
    await expect.poll(() => playing(`music-${waits.leg}-0`)).toBe(false)
    await second.carry(waits, say)
    await closing.pop()?.()
    const third = await openLine()
    await third.carry(waits, say)
    expect(await playing(play)).toBe(true)
    await third.carry(waits, { do: 'hush', leg: waits.leg, play })
    // One of two would go on.
    await expect.poll(() => playing(play)).toBe(false)
    await third.carry(customer, { do: 'keep', recording })
    await expect.poll(() => third.heard.find(h => h.signal.kind === 'recorded')?.signal).toMatchObject({ recording, failed: false })
  },
)

testOnNode('another process takes the line over: the first one stands by and comes again', async () => {
  const first = await openLine()
  const second = await openLine()
  const agentId = randomUUID()
  await expect.poll(() => first.line.state()).toMatchObject({ state: 'ready', code: 'taken_over' })
  expect([first.line.elsewhere?.(), second.line.elsewhere?.()]).toEqual([true, false])
  expect(second.line.state()).toMatchObject({ state: 'ready', code: null })
  // Whoever stands by, or only looks, tells of the line what the other does, and lets phones in.
  const third = asterisk(setupOf({ trunks: async () => [loop()] }))
  const watching = third.watch?.()
  closing.unshift(() => watching?.stop())
  const outside = await openCaller()
  await outside.call('7000')
  await expect.poll(() => second.arrivals.length).toBe(1)
  expect(first.arrivals).toEqual([])
  for (const line of [first.line, third])
    await expect.poll(() => line.state()).toMatchObject({ state: 'ready', code: 'taken_over', calls: 1 })
  expect(third.state().trunks).toMatchObject([{ name: 'loop' }])
  expect(await first.line.phone({ tenantId, agentId })).toMatchObject({ user: agentId })
  const known = async () => JSON.stringify(await outside.ari.ask('GET', 'endpoints/PJSIP'))
  await expect.poll(known).toContain(agentId)

  await second.stop()
  await expect.poll(() => first.line.state()).toMatchObject({ state: 'ready', code: null })
})

import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { storedBy } from '#testing/switch.ts'
import { onNode, tenantId, testOnNode } from './line.ts'

const { openLine, openCaller } = onNode()

testOnNode('a leader hears both, is heard by the agent alone or by both; a message is recorded', async () => {
  const { line, arrivals, heard, said, carry } = await openLine()
  const outside = await openCaller()
  const names = ['customer', 'agent', 'leader'] as const
  const ends: Record<string, { channel: string; leg: string }> = {}
  for (const [n, name] of names.entries()) {
    const channel = await outside.call(`700${n}`)
    await expect.poll(() => arrivals.length).toBe(n + 1)
    const leg = arrivals[n]?.leg ?? ''
    await carry(arrivals[n] ?? { tenantId, callId: '' }, { do: 'answer', leg })
    await said(leg, 'answered')
    ends[name] = { channel, leg }
  }
  const { customer, agent, leader } = ends
  const [call] = arrivals
  if (!customer || !agent || !leader || !call) throw new Error('nobody came')
  const attend = (whisper: boolean) => carry(call, { do: 'attend', leg: leader.leg, agent: agent.leg, whisper })
  await carry(call, { do: 'join', legs: [customer.leg, agent.leg] })
  await attend(false)

  // Telephones always send something; these halves of local channels do when told.
  for (const { channel } of [customer, agent, leader]) await outside.ari.ask('POST', `channels/${channel}/silence`)
  /** How loud the leader's tone is at somebody else: recorded at that one's end for a second. */
  const toneAt = async (channel: string) => {
    const name = `heard-${randomUUID()}`
    const tone = randomUUID()
    await outside.ari.ask('POST', `channels/${leader.channel}/play/${tone}`, { media: 'tone:1004/1500' })
    await outside.ari.ask('POST', `channels/${channel}/record`, { name, format: 'wav', maxDurationSeconds: 1 })
    await expect
      .poll(() =>
        outside.stored(name).then(
          b => b.length > 8_000,
          () => false,
        ),
      )
      .toBe(true)
    await outside.ari.ask('DELETE', `playbacks/${tone}`).catch(() => {})
    const wav = await outside.stored(name)
    let sum = 0
    for (let at = 44; at + 2 <= wav.length; at += 2) sum += Math.abs(wav.readInt16LE(at))
    return sum / ((wav.length - 44) / 2)
  }
  expect(await toneAt(agent.channel), 'who only listens is not heard').toBeLessThan(10)
  await attend(true)
  expect(await toneAt(agent.channel), 'the agent is whispered to').toBeGreaterThan(100)
  expect(await toneAt(customer.channel), 'the customer hears nothing of it').toBeLessThan(10)
  await carry(call, { do: 'join', legs: [customer.leg, agent.leg, leader.leg] })
  expect(await toneAt(customer.channel), 'joined, the leader is heard').toBeGreaterThan(100)

  const message = randomUUID()
  await carry(call, { do: 'join', legs: [] }, { do: 'record', recording: message, leg: customer.leg, kind: 'voicemail' })
  await new Promise(resolve => setTimeout(resolve, 700))
  await outside.ari.ask('DELETE', `channels/${customer.channel}`)
  await expect.poll(() => heard.find(h => h.signal.kind === 'recorded')?.signal).toMatchObject({ recording: message, failed: false })
  expect((await storedBy(line, call, message)).byteLength).toBeGreaterThan(1_000)
})

import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { expect } from 'vitest'
import { openAri, readAddress } from '../ari.ts'
import { asterisk } from '../index.ts'
import { onNode, tenantId, testOnNode } from './line.ts'

const { node, closing, openLine, openCaller, loop } = onNode()

testOnNode('a wrong password is told as such, and so is what is no Asterisk', async () => {
  const address = readAddress(node().url)
  for (const [wrong, expected] of [
    [
      { ...address, password: 'falsch' },
      { state: 'refused', code: 'wrong_password' },
    ],
    [
      { ...address, url: `${address.url}/elsewhere` },
      { state: 'refused', code: 'not_asterisk' },
    ],
    [
      { ...address, url: 'http://127.0.0.1:9' },
      { state: 'down', code: 'no_answer' },
    ],
  ] as const) {
    const line = asterisk({
      name: 'node',
      address: wrong,
      log: pino({ level: 'silent' }),
      sounds: { prompts: async () => [], music: async () => null },
      trunks: async () => [],
      phonePassword: () => '',
    })
    const { stop } = await line.start({ arrived: async () => null, heard: async () => {}, back: async () => {} })
    closing.push(stop)
    await expect.poll(() => line.state()).toMatchObject(expected)
    expect(await line.phone({ tenantId, agentId: randomUUID() })).toBeNull()
  }
})

testOnNode('Asterisk dies and comes back: its calls are over, phones and trunks are there again, the next call works', async () => {
  const trunk = loop()
  const { line, arrivals, backs, said, carry } = await openLine({ trunks: async () => [trunk] })
  const agentId = randomUUID()
  expect(await line.phone({ tenantId, agentId })).toMatchObject({ user: agentId, url: '/api/phone/node' })
  const outside = await openCaller()
  await outside.call('7000')
  await expect.poll(() => arrivals.length).toBe(1)
  await node().kill()
  await expect.poll(() => line.state()).toMatchObject({ state: 'down', code: 'no_answer' })
  await expect.poll(() => backs.at(-1)).toEqual([])
  expect(line.state().calls).toBe(0)
  await node().start()
  await expect.poll(() => line.state().state).toBe('ready')
  const ari = openAri(readAddress(node().url))
  closing.push(ari.close)
  const known = JSON.stringify(await ari.ask('GET', 'endpoints/PJSIP'))
  expect(known).toContain(agentId)
  expect(known).toContain(trunk.id)
  const again = await openCaller()
  await again.call('7002')
  await expect.poll(() => arrivals.length).toBe(2)
  const b = arrivals[1]
  if (!b) throw new Error('nobody came')
  await carry(b, { do: 'answer', leg: b.leg })
  await said(b.leg, 'answered')
  await carry(b, { do: 'hangUp', leg: b.leg, cause: 'normal' })
  await said(b.leg, 'gone')
})

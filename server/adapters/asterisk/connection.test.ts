import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { openNode } from '#testing/node.ts'
import { openAri, readAddress } from './ari.ts'
import { connect } from './connection.ts'
import type { AriEvent } from './models.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function openLine() {
  const node = await openNode()
  const ari = openAri(readAddress(node.url), 300)
  const stood: string[] = []
  const heard: AriEvent[] = []
  let told = 0
  const line = connect({
    ari,
    app: 'huiyin',
    log: pino({ level: 'silent' }),
    hearing: { take: (event: AriEvent) => void heard.push(event) },
    stands: (state, code) => void stood.push(code === null ? state : `${state} ${code}`),
    ready: async () => {},
    looked: () => {},
    gone: async () => {
      told++
    },
    back: async () => {},
    patience: { beatMs: 200, beginsMs: 300 },
  })
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    await line.stop()
    ari.close()
  }
  closing.push(() => node.close(), stop)
  return { node, stood, heard, stop, told: () => told }
}

test('what is no word of ARI is passed over, and the next word is heard', async () => {
  const { node, stood, heard } = await openLine()
  await expect.poll(() => stood.at(-1)).toBe('ready')
  for (const text of [
    'no json at all',
    '[1',
    '{"type":"Nonsense"}',
    '"',
    JSON.stringify({ type: 'RecordingFailed', recording: { name: 'one' } }),
  ])
    node.say(text)
  await expect.poll(() => heard.length).toBe(1)
  expect(stood.at(-1)).toBe('ready')
})

test('a node whose network is away is noticed, its calls are over, and it is taken up again when it is back', async () => {
  const { node, stood, told } = await openLine()
  await expect.poll(() => stood.at(-1)).toBe('ready')
  node.cut(true)
  await expect.poll(() => stood.at(-1), { timeout: 10_000 }).toBe('down no_answer')
  await expect.poll(told).toBe(1)
  node.cut(false)
  await expect.poll(() => stood.at(-1), { timeout: 10_000 }).toBe('ready')
})

test('a node that never finishes its greeting is tried again', async () => {
  const { node, stood } = await openLine()
  await expect.poll(() => stood.at(-1)).toBe('ready')
  node.shakes(false)
  node.cut(true)
  await expect.poll(() => stood.at(-1), { timeout: 10_000 }).toMatch(/^(down|connecting)/)
  node.cut(false)
  await expect.poll(() => node.lines(), { timeout: 10_000 }).toBeGreaterThan(0)
  node.shakes(true)
  await expect.poll(() => stood.at(-1), { timeout: 10_000 }).toBe('ready')
})

test('the product ends although a node does not say good-bye', async () => {
  const { node, stood, stop } = await openLine()
  await expect.poll(() => stood.at(-1)).toBe('ready')
  node.cut(true)
  await stop()
})

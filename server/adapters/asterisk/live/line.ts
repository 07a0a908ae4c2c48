import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Arrival, CallAt, Ears, LiveLeg, Order, Signal } from '#domains/voice/ports.ts'
import { asteriskDir, openAsterisk, type TestAsterisk } from '#testing/asterisk.ts'
import { openAri, readAddress } from '../ari.ts'
import { asterisk } from '../index.ts'
import { Channels } from '../models.ts'
import type { Setup, TrunkSetup } from '../setup.ts'

export const tenantId = randomUUID()
type Heard = { call: CallAt; signal: Signal }
/** Where ASTERISK_DIR names one. */
export const testOnNode = test.skipIf(!asteriskDir)

/** A running Asterisk for the tests of a file, the house as a test plays it, and somebody outside. */
export function onNode() {
  let running: TestAsterisk | undefined
  const node = (): TestAsterisk => {
    if (!running) throw new Error('no Asterisk')
    return running
  }
  const closing: (() => Promise<unknown> | unknown)[] = []
  beforeAll(async () => {
    if (asteriskDir) running = await openAsterisk()
  }, 60_000)
  afterAll(() => running?.close())
  afterEach(async () => {
    if (running) {
      const ari = openAri(readAddress(running.url))
      for (const { id } of Channels.parse(await ari.ask('GET', 'channels'))) await ari.ask('DELETE', `channels/${id}`).catch(() => {})
      ari.close()
    }
    for (const close of closing.splice(0).reverse()) await close()
  })

  const setupOf = (more: Partial<Setup>): Setup => ({
    name: 'node',
    address: readAddress(node().url),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    sounds: {
      prompts: async (_, prompts) => prompts.map(p => (p.kind === 'digits' ? 'sound:tt-monkeysintro' : 'sound:hello-world')),
      music: async () => ['sound:hello-world'],
    },
    trunks: async () => [],
    phonePassword: agentId => `secret-${agentId}`,
    ...more,
  })

  /** The house as a test plays it: every arrival becomes a call with one leg. */
  async function openLine(more: Partial<Setup> = {}) {
    const heard: Heard[] = []
    const arrivals: (Arrival & CallAt & { leg: string })[] = []
    const backs: LiveLeg[][] = []
    const line = asterisk(setupOf(more))
    const ears: Ears = {
      arrived: async arrival => {
        const named = { tenantId, callId: randomUUID(), leg: randomUUID() }
        arrivals.push({ ...arrival, ...named })
        return named
      },
      heard: async (call, signal) => void heard.push({ call, signal }),
      back: async (_, look) => void backs.push([...(await look())]),
    }
    const { stop } = await line.start(ears)
    closing.push(stop)
    await expect.poll(() => line.state().state).toBe('ready')
    const of = (leg: string) => heard.filter(h => h.signal.leg === leg).map(h => h.signal)
    const said = (leg: string, kind: Signal['kind']) => expect.poll(() => of(leg).find(s => s.kind === kind)).toBeDefined()
    return { line, stop, heard, arrivals, backs, of, said, carry: (call: CallAt, ...orders: Order[]) => line.carry(call, orders) }
  }

  /** Somebody outside: the other half of a local channel, under a program of its own. */
  async function openCaller() {
    const ari = openAri(readAddress(node().url))
    const socket = ari.socket('customer')
    await new Promise(resolve => socket.addEventListener('open', resolve))
    closing.push(() => {
      socket.close()
      ari.close()
    })
    return {
      ari,
      call: async (number: string, caller = '13800001234'): Promise<string> => {
        const channelId = `customer-${randomUUID()}`
        await ari.ask('POST', 'channels', {
          endpoint: `Local/${number}@from-trunk/n`,
          app: 'customer',
          channelId,
          callerId: caller,
          formats: 'slin',
        })
        return channelId
      },
      /** A recording that the node keeps. */
      stored: async (name: string): Promise<Buffer> => {
        const folder = await mkdtemp(path.join(tmpdir(), 'huiyin-heard-'))
        const file = path.join(folder, 'wav')
        return ari
          .save(`recordings/stored/${name}/file`, file)
          .then(() => readFile(file))
          .finally(() => rm(folder, { recursive: true }))
      },
      channels: async () => Channels.parse(await ari.ask('GET', 'channels')),
    }
  }

  /** A trunk whose other end is the node itself: what goes out comes in again. */
  const loop = (): TrunkSetup => ({
    id: randomUUID(),
    tenantId,
    name: 'loop',
    host: `127.0.0.1:${node().sipPort}`,
    addresses: ['127.0.0.1'],
    login: '',
    password: '',
    register: false,
    transport: 'udp',
    most: 3,
  })

  return { node, closing, setupOf, openLine, openCaller, loop }
}

/** Loudness of one side of a wav of two. */
export function loudness(wav: Uint8Array, side: 0 | 1): number {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength)
  let sum = 0
  let count = 0
  for (let at = 44 + side * 2; at + 2 <= wav.byteLength; at += 4, count++) sum += Math.abs(view.getInt16(at, true))
  return count === 0 ? 0 : sum / count
}

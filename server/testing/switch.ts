import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CallAt, Ears, LiveLeg, Order, Signal, Switch } from '#domains/voice/ports.ts'
import { found } from '#kernel/refusal.ts'

/** What a switch stores, as bytes. */
export async function storedBy(line: Pick<Switch, 'store'>, call: CallAt, recording: string): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stored-'))
  try {
    const into = path.join(folder, 'wav')
    await line.store(call, recording, into)
    return await readFile(into)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A switch without media, good enough to develop against: it takes down what it is told, and a test plays what happens. */
export function openSwitch(name = 'practice'): Switch & {
  carried: { call: CallAt; order: Order }[]
  /** The recordings it has, by id; while it is `away` nobody gets at them. */
  sounds: Map<string, Uint8Array>
  away: boolean
  /** A call comes in. */
  ring: (caller: string, called: string) => Promise<(CallAt & { leg: string }) | null>
  tell: (call: CallAt, signal: Signal) => Promise<void>
  back: (live: readonly LiveLeg[]) => Promise<void>
  /** The same, while something happens. */
  backTo: (look: () => Promise<readonly LiveLeg[]>) => Promise<void>
} {
  let ears: Ears | undefined
  const here = () => {
    if (!ears) throw new Error('the switch is not started')
    return ears
  }
  const carried: { call: CallAt; order: Order }[] = []
  const sounds = new Map<string, Uint8Array>()
  const line: ReturnType<typeof openSwitch> = {
    name,
    kind: 'practice',
    carried,
    start: async given => {
      ears = given
      return { stop: async () => {} }
    },
    carry: async (call, orders) => {
      for (const order of orders) carried.push({ call, order })
    },
    look: async () => [],
    sounds,
    away: false,
    store: async (_, recording, into) => {
      if (line.away) throw new Error('the switch is away')
      await writeFile(into, found(sounds.get(recording), 'recording', recording))
    },
    forget: async (_, recording) => {
      sounds.delete(recording)
    },
    state: () => ({
      name,
      kind: 'practice',
      state: 'ready',
      code: null,
      since: new Date(0),
      calls: 0,
      phones: 0,
      version: null,
      trunks: [],
    }),
    phone: async () => null,
    ring: (caller, called) => here().arrived({ line: name, caller, called, at: new Date() }),
    tell: (call, signal) => here().heard(call, signal),
    back: live => here().back(name, async () => live),
    backTo: look => here().back(name, look),
  }
  return line
}

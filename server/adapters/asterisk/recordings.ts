import { rm } from 'node:fs/promises'
import type { CallAt } from '#domains/voice/ports.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ari } from './ari.ts'
import { AriRefusal, unless } from './ari.ts'
import type { Held, Legs } from './legs.ts'
import { stereo } from './stereo.ts'

type Running = CallAt & {
  leg: string
  held: Held | null
  parts: string[]
  done: Map<string, number>
  failed: boolean
  told: boolean
  begun?: true
}

/** What the leg says, and what it hears. */
const sides = ['in', 'out'] as const
const idOf = (name: string) => name.replace(/-(in|out)$/, '')

/** An ear at a channel, in the application when this resolves. */
export type Snoop = (id: string, channel: string, how: { spy: 'in' | 'out' | 'both'; whisper: 'none' | 'out' }) => Promise<void>

export type Recordings = ReturnType<typeof newRecordings>
/** Both sides of a talk apart: two ears at the customer's channel, each recorded for itself. */
export function newRecordings(ari: Ari, legs: Legs, snoop: Snoop) {
  const running = new Map<string, Running>()

  async function tellDone(id: string, run: Running): Promise<void> {
    if (run.told || run.done.size < run.parts.length) return
    run.told = true
    running.delete(id)
    const seconds = Math.max(0, ...run.done.values())
    for (const part of run.parts) if (part !== id) await ari.ask('DELETE', `channels/${part}`).catch(unless(404))
    const said = { kind: 'recorded', recording: id, seconds, failed: run.failed } as const
    await (run.held ? legs.tell(run.held, said) : legs.say(run, run.leg, said))
  }

  const record = (channel: string, name: string, more: Record<string, string | number> = {}) =>
    ari.ask('POST', `channels/${channel}/record`, { name, format: 'wav', ifExists: 'overwrite', ...more })

  return {
    begin: async (held: Held, id: string, kind: 'talk' | 'voicemail'): Promise<void> => {
      const before = running.get(id)
      if (before?.begun) return
      const parts = kind === 'voicemail' ? [id] : sides.map(side => `${id}-${side}`)
      const run: Running = { ...held, held, parts, done: new Map(), failed: false, told: false, begun: true }
      running.set(id, run)
      try {
        if (kind === 'voicemail') await record(held.channel, id, { beep: 'true' })
        else {
          const missing = sides.filter(side => !before?.parts.includes(`${id}-${side}`))
          await Promise.all(missing.map(side => snoop(`${id}-${side}`, held.channel, { spy: side, whisper: 'none' })))
          // Begun together, so that both sides are one time; one that runs already goes on.
          await Promise.all(parts.map(part => record(part, part).catch(unless(409))))
        }
      } catch (error) {
        if (error instanceof AriRefusal && error.status === 409) return
        run.failed = true
        for (const part of parts) run.done.set(part, 0)
        await tellDone(id, run)
      }
    },
    pause: async (id: string, paused: boolean): Promise<void> => {
      const parts = running.get(id)?.parts ?? [id, ...sides.map(side => `${id}-${side}`)]
      for (const part of parts) await ari.ask(paused ? 'POST' : 'DELETE', `recordings/live/${part}/mute`).catch(unless(404, 409))
    },
    /** Its end is told when Asterisk has written it; a recording that ended while we were away is looked for. */
    keep: async (call: CallAt, id: string): Promise<void> => {
      const parts = running.get(id)?.parts ?? [id, ...sides.map(side => `${id}-${side}`)]
      const stopped = await Promise.all(
        parts.map(part =>
          ari
            .ask('POST', `recordings/live/${part}/stop`)
            .then(() => true)
            .catch(error => unless(404)(error) !== null),
        ),
      )
      if (running.has(id) || stopped.includes(true)) return
      const there = await Promise.all(parts.map(part => ari.ask('GET', `recordings/stored/${part}`).catch(unless(404))))
      const failed = there.every(t => t === null)
      await legs.say(call, '', { kind: 'recorded', recording: id, seconds: 0, failed })
    },
    /** Asterisk says that one side, or a message, is written. */
    ended: async (name: string, seconds: number, failed: boolean, at: Held | null): Promise<void> => {
      const id = idOf(name)
      // A message whose beginning another process of ours saw.
      const run =
        running.get(id) ?? (at && id === name ? { ...at, held: at, parts: [id], done: new Map(), failed: false, told: false } : undefined)
      if (!run) return
      run.done.set(name, seconds)
      run.failed ||= failed
      await tellDone(id, run)
    },
    /** After a reconnect: an ear that is still at a leg. */
    adopt: (held: Held, part: string): void => {
      const id = idOf(part)
      const run: Running = running.get(id) ?? { ...held, held, parts: [], done: new Map(), failed: false, told: false }
      if (!run.parts.includes(part)) run.parts.push(part)
      running.set(id, run)
    },
    forget: () => running.clear(),
    wav: async (id: string, into: string): Promise<void> => {
      const file = (name: string, place: string) => ari.save(`recordings/stored/${name}/file`, place).then(() => true)
      if (await file(id, into).catch(unless(404))) return
      const halves = [`${into}.in`, `${into}.out`] as const
      try {
        const there = await Promise.all(sides.map((side, n) => file(`${id}-${side}`, halves[n] ?? into).catch(unless(404))))
        if (there.includes(null)) throw new Refusal('not_found', 'recording.not_found', { id })
        await stereo(...halves, into)
      } finally {
        for (const half of halves) await rm(half, { force: true })
      }
    },
    remove: async (id: string): Promise<void> => {
      for (const name of [id, ...sides.map(side => `${id}-${side}`)])
        await ari.ask('DELETE', `recordings/stored/${name}`).catch(unless(404))
    },
  }
}

import type { Cause, Quality } from '#contract/voice.ts'
import type { CallAt, Ears, LiveLeg, Signal } from '#domains/voice/ports.ts'
import type { Ari } from './ari.ts'
import { type Channel, Channels } from './models.ts'
import type { Setup } from './setup.ts'
import { variable } from './setup.ts'

/** A leg of ours and the channel it is at the node. Legs that we ring are called the same there. */
export type Held = CallAt & {
  leg: string
  channel: string
  inbound: boolean
  up: boolean
  agentId: string | null
  trunkId: string | null
  /** Why we ended it, when we did. */
  cause: Cause | null
  lost: boolean
  quality: Promise<Quality | null> | null
  music: { kind: 'moh' } | { kind: 'play'; id: string; media: readonly string[] } | { kind: 'unknown' } | null
  tunes: number
  /** The play that was begun here last; undefined: not known. */
  playing: string | null | undefined
  /** Plays that were broken off by us. */
  hushed: Set<string>
  /** Signals go out one after the other. */
  telling: Promise<void>
}
/** A leg whose channel another process of ours made: what that one began to play there is told nowhere. */
export const found = { music: { kind: 'unknown' }, playing: undefined } as const
type Said = Signal extends infer S ? (S extends Signal ? Omit<S, 'leg' | 'at'> & { at?: Date } : never) : never

/** A database that changes its machine is away for so long. */
const usualMs = [100, 500, 2_000, ...new Array<number>(12).fill(5_000)]

type Hearing = {
  ears: () => Ears | undefined
  // Something that happened was never heard: what lives is to be compared.
  unheard: () => void
}
export type Legs = ReturnType<typeof newLegs>
export function newLegs({ log }: Pick<Setup, 'log'>, { ears, unheard }: Hearing, againMs = usualMs) {
  const byLeg = new Map<string, Held>()
  const byChannel = new Map<string, Held>()

  /** A house that cannot hear just now (its database is away) is told again; nothing that happened is forgotten. */
  async function say(held: CallAt, signal: Signal): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        return await ears()?.heard({ tenantId: held.tenantId, callId: held.callId }, signal)
      } catch (error) {
        const wait = againMs[tries]
        if (wait === undefined) {
          unheard()
          return log.error({ err: error, signal }, 'a signal of the telephone could not be told')
        }
        await new Promise(resolve => setTimeout(resolve, wait))
      }
  }

  return {
    byLeg,
    byChannel,
    add: (given: CallAt & { leg: string; channel: string } & Partial<Held>): Held => {
      const held: Held = {
        inbound: false,
        up: false,
        agentId: null,
        trunkId: null,
        cause: null,
        lost: false,
        quality: null,
        music: null,
        tunes: 0,
        playing: null,
        hushed: new Set(),
        telling: Promise.resolve(),
        ...given,
      }
      byLeg.set(held.leg, held)
      byChannel.set(held.channel, held)
      return held
    },
    drop: (held: Held): void => {
      byLeg.delete(held.leg)
      byChannel.delete(held.channel)
    },
    /** Of a leg that is known. */
    tell: (held: Held, { at = new Date(), ...said }: Said): Promise<void> => {
      const signal: Signal = { leg: held.leg, at, ...said }
      const told = held.telling.then(() => say(held, signal))
      // A phone that rings holds up nothing of what comes after.
      if (signal.kind !== 'ringing') held.telling = told
      return told
    },
    /** Of one that is not, or not any more. */
    say: (call: CallAt, leg: string, said: Said): Promise<void> => say(call, { leg, at: new Date(), ...said }),
    live: (): LiveLeg[] => [...byLeg.values()].map(({ tenantId, callId, leg, up }) => ({ tenantId, callId, leg, up })),
  }
}

/** What a channel says of itself: whose it is. */
export function readName(text: string | undefined): (CallAt & { leg: string; agentId: string | null; inbound: boolean }) | null {
  const [tenantId, callId, leg, way, agentId] = (text ?? '').split('/')
  if (!tenantId || !callId || !leg) return null
  return { tenantId, callId, leg, inbound: way === 'in', agentId: agentId || null }
}
export const writeName = ({ tenantId, callId, leg, inbound, agentId }: Pick<Held, 'tenantId' | 'callId' | 'leg' | 'inbound' | 'agentId'>) =>
  [tenantId, callId, leg, inbound ? 'in' : 'out', agentId ?? ''].join('/')
export const nameOf = (channel: Channel) => readName(channel.channelvars?.[variable])

/** `PJSIP/trunk-…-0000001a` → the trunk by which it came. */
export const trunkOf = (channel: Channel): string | null => /^PJSIP\/trunk-([0-9a-f-]{36})-[0-9a-f]{8}$/.exec(channel.name)?.[1] ?? null
/** `Snoop/1763….12-00000003` → whom it hears. */
export const heardBy = (channel: Channel): string | null => /^Snoop\/(.+)-[0-9a-f]{8}$/.exec(channel.name)?.[1] ?? null

/** The legs of another process of ours, for one who only looks: nothing is done about any of them. */
export async function readLegs(ari: Ari, legs: Legs): Promise<void> {
  const channels = Channels.parse(await ari.ask('GET', 'channels'))
  legs.byLeg.clear()
  legs.byChannel.clear()
  for (const channel of channels) {
    const named = heardBy(channel) === null ? nameOf(channel) : null
    if (named) legs.add({ ...named, ...found, channel: channel.id, up: channel.state === 'Up', trunkId: trunkOf(channel) })
  }
}

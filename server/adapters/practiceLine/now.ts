import type { Heard, LegNow, Peer } from '#contract/practiceLine.ts'
import type { Cause } from '#contract/voice.ts'
import type { Order } from '#domains/voice/ports.ts'

type Recorded = { id: string; sides: 1 | 2; paused: boolean; kept: boolean; told: boolean }
export type Leg = {
  /** An agent's, or of a telephone that plays the customer. */
  agentId: string | null
  up: boolean
  ring: LegNow['ring'] | null
  /** Undefined: not known since this process began; the browser goes on as it did. */
  play?: LegNow['play']
  music?: LegNow['music']
  recordings: Recorded[]
  /** Its end, and whether the house was told of it. */
  over: Cause | null
  gone: boolean
  /** The page that has it. */
  page: string | null
  /** What was last heard of each page. */
  heard: Record<string, number>
}
/** A call of the practice line as its browsers are meant to play it. */
export type CallNow = {
  /** Ascends with every change, also over a restart. */
  n: number
  legs: Record<string, Leg>
  room: string[] | null
  attending: { leg: string; agent: string; whisper: boolean }[]
}
export const newCall = (): CallNow => ({ n: 0, legs: {}, room: null, attending: [] })
export const newLeg = (agentId: string | null): Leg => ({
  agentId,
  up: false,
  ring: null,
  recordings: [],
  over: null,
  gone: false,
  page: null,
  heard: {},
})

/** An order that needs nobody's answer, with its sounds found. */
export type Plain =
  | Exclude<Order, { do: 'dial' | 'play' | 'music' | 'digits' }>
  | { do: 'play'; leg: string; play: string; heard: readonly Heard[]; language: 'zh' | 'en' }
  | { do: 'music'; leg: string; music: LegNow['music'] }

/** The call after the order; said twice it is the same. */
export function after(call: CallNow, order: Plain): CallNow {
  const change = (leg: string, to: Partial<Leg>): CallNow => ({
    ...call,
    legs: { ...call.legs, [leg]: { ...(call.legs[leg] ?? newLeg(null)), ...to } },
  })
  const recording = (id: string, to: Partial<Recorded>): CallNow => ({
    ...call,
    legs: Object.fromEntries(
      Object.entries(call.legs).map(([name, leg]) => [
        name,
        { ...leg, recordings: leg.recordings.map(r => (r.id === id ? { ...r, ...to } : r)) },
      ]),
    ),
  })
  switch (order.do) {
    case 'answer':
      return change(order.leg, { up: true })
    case 'play':
      return change(order.leg, { play: { id: order.play, heard: order.heard, language: order.language } })
    case 'hush':
      return call.legs[order.leg]?.play?.id === order.play ? change(order.leg, { play: null }) : call
    case 'music':
      return change(order.leg, { music: order.music })
    case 'join':
      return joined(call, order.legs)
    case 'record': {
      const known = call.legs[order.leg]?.recordings ?? []
      if (known.some(r => r.id === order.recording)) return call
      const sides = order.kind === 'talk' ? 2 : 1
      return change(order.leg, { recordings: [...known, { id: order.recording, sides, paused: false, kept: false, told: false }] })
    }
    case 'pause':
      return recording(order.recording, { paused: order.paused })
    case 'keep':
      return recording(order.recording, { kept: true })
    case 'attend':
      return {
        ...change(order.leg, {}),
        attending: [...call.attending.filter(a => a.leg !== order.leg), { leg: order.leg, agent: order.agent, whisper: order.whisper }],
      }
    case 'hangUp':
      return left(change(order.leg, { over: call.legs[order.leg]?.over ?? order.cause, play: null, music: null }), order.leg)
  }
}

/** Whoever hears a voice hears no music. */
function joined(call: CallNow, legs: readonly string[]): CallNow {
  const together = legs.length > 1
  const next = { ...call.legs }
  for (const name of legs) {
    const leg = next[name] ?? newLeg(null)
    next[name] = together ? { ...leg, music: null } : leg
  }
  // A leader who is named speaks along and attends no longer.
  return { ...call, legs: next, room: [...legs], attending: call.attending.filter(a => !legs.includes(a.leg)) }
}

const left = (call: CallNow, leg: string): CallNow => ({
  ...call,
  room: call.room && call.room.filter(name => name !== leg),
  attending: call.attending.filter(a => a.leg !== leg && a.agent !== leg),
})

/** A leg that is over, and of which the house knows. */
export function ended(call: CallNow, leg: string, cause: Cause, known = call.legs[leg] ?? newLeg(null)): CallNow {
  const next = left(call, leg)
  return { ...next, legs: { ...next.legs, [leg]: { ...known, over: known.over ?? cause, gone: true, play: null, music: null } } }
}

/** With whom a leg is joined; undefined: not known since this process began. */
export function peersOf(call: CallNow, leg: string): Peer[] | undefined {
  const attends = call.attending.find(a => a.leg === leg)
  if (call.room === null && !attends) return undefined
  const roomOf = (agent: string) => (call.room?.includes(agent) ? call.room : [agent])
  const peers = new Map<string, Peer>()
  const add = (other: string, say: boolean, hear: boolean) => {
    if (other === leg || call.legs[other]?.over) return
    const known = peers.get(other)
    peers.set(other, { leg: other, first: leg < other, say: say || known?.say === true, hear: hear || known?.hear === true })
  }
  if (call.room?.includes(leg)) for (const other of call.room) add(other, true, true)
  if (attends) for (const other of roomOf(attends.agent)) add(other, attends.whisper && other === attends.agent, true)
  for (const a of call.attending) if (a.leg !== leg && roomOf(a.agent).includes(leg)) add(a.leg, true, a.whisper && a.agent === leg)
  return [...peers.values()].sort((a, b) => (a.leg < b.leg ? -1 : 1))
}

/** What the browser of a leg is told. */
export function told(call: CallNow, leg: string, pass: string): LegNow {
  const now = call.legs[leg]
  const room = peersOf(call, leg)
  const going = now?.recordings.findLast(r => !r.kept)
  const known = now?.recordings ?? []
  return {
    leg,
    pass,
    ...(now?.ring ? { ring: now.ring } : {}),
    ...(now?.up ? { up: true } : {}),
    ...(now?.play === undefined ? {} : { play: now.play }),
    ...(now?.music === undefined ? {} : { music: now.music }),
    ...(room === undefined ? {} : { room }),
    ...(known.length === 0 ? {} : { recording: going ? { id: going.id, sides: going.sides, paused: going.paused } : null }),
    ...(known.length === 0 ? {} : { keep: known.filter(r => r.kept && !r.told).map(r => r.id) }),
    ...(now?.over ? { over: now.over } : {}),
  }
}

import type { Order } from '#domains/voice/ports.ts'
import type { Sign } from './callWorld.ts'

/** What a switch holds of one call: who lives, who hears whom and what, what is recorded. It does what it is told and what happens to it. */
export function switchState(first: readonly string[]) {
  const legs = new Map(first.map(leg => [leg, { up: false }]))
  const plays = new Map<string, string>()
  const tunes = new Map<string, string>()
  const recordings = new Map<string, { leg: string; paused: boolean }>()
  const ears = new Map<string, { agent: string; whisper: boolean }>()
  let room: string[] = []

  function end(leg: string): void {
    legs.delete(leg)
    plays.delete(leg)
    tunes.delete(leg)
    room = room.filter(other => other !== leg)
    for (const [by, { agent }] of ears) if (by === leg || agent === leg) ears.delete(by)
    for (const [id, recording] of recordings) if (recording.leg === leg) recordings.delete(id)
  }

  function order(o: Order): void {
    if (o.do === 'dial') {
      if (!legs.has(o.leg)) legs.set(o.leg, { up: false })
    } else if (o.do === 'join') {
      room = o.legs.filter(leg => legs.has(leg))
      for (const leg of room) {
        tunes.delete(leg)
        ears.delete(leg)
      }
    } else if (o.do === 'pause') {
      const recording = recordings.get(o.recording)
      if (recording) recording.paused = o.paused
    } else if (o.do === 'keep') recordings.delete(o.recording)
    else if (!legs.has(o.leg)) return
    else if (o.do === 'hangUp') end(o.leg)
    else if (o.do === 'play') {
      tunes.delete(o.leg)
      plays.set(o.leg, o.play)
    } else if (o.do === 'hush') {
      if (plays.get(o.leg) === o.play) plays.delete(o.leg)
    } else if (o.do === 'music') {
      if (o.music === null) tunes.delete(o.leg)
      else tunes.set(o.leg, o.music)
    } else if (o.do === 'record') {
      if (!recordings.has(o.recording)) recordings.set(o.recording, { leg: o.leg, paused: false })
    } else if (o.do === 'attend' && legs.has(o.agent)) ears.set(o.leg, { agent: o.agent, whisper: o.whisper })
  }

  return {
    carry: (orders: readonly Order[]) => orders.forEach(order),
    happens(sign: Sign): void {
      const leg = legs.get(sign.leg)
      if (sign.kind === 'answered' && leg) leg.up = true
      if (sign.kind === 'played' && plays.get(sign.leg) === sign.play) plays.delete(sign.leg)
      if (sign.kind === 'gone') end(sign.leg)
      if (sign.kind === 'recorded') recordings.delete(sign.recording)
    },
    live: () => [...legs].map(([leg, { up }]) => ({ leg, up })),
    recordings: () => [...recordings.keys()],
    /** Whoever is in a room hears it, whatever else was begun. */
    holds: () => ({
      legs: [...legs.keys()].sort(),
      room: [...room].sort(),
      plays: [...plays].sort(),
      tunes: [...tunes].filter(([leg]) => !room.includes(leg)).sort(),
      recordings: [...recordings].sort(),
      ears: [...ears].sort(),
    }),
  }
}
export type SwitchState = ReturnType<typeof switchState>

import type { Answer, LegNow, PhonePush } from '../../../contract/practiceLine.ts'
import type { Cause, Quality } from '../../../contract/voice.ts'
import { type Ear, newMesh } from './mesh.ts'

/** The way to the server: console/app/line.ts is one. */
export type Wire = {
  tell: (name: string, payload: Record<string, unknown>, patience?: number) => Promise<unknown>
  watch: (topic: string, hear: (name: string, payload: unknown) => void, seated: () => void) => () => void
}
type Around = {
  wire: Wire
  /** Of this page, as long as it is open. */
  page: string
  iceServers: readonly RTCIceServer[]
  newEar: () => Ear
  voices?: (streams: readonly MediaStream[]) => void
  /** Somebody who is to be heard cannot be reached just now, or is again. */
  cutOff?: (is: boolean) => void
  /** What is so now; `mine` false: another page has it. */
  changed: (now: LegNow, mine: boolean) => void
  digits?: (digits: string) => void
  recording?: () => { id: string; sides: 1 | 2 } | null
  /** Before it is told that the leg is over. */
  last?: () => Promise<void>
}

/** One leg in the hand of this page: what the server says of it is done, what happens to it is told, in order and until it is heard. */
export function holdLeg(first: LegNow, { wire, page, iceServers, newEar, voices, cutOff, changed, digits, recording, last }: Around) {
  const { leg, pass } = first
  let now = first
  let no = 0
  let up = false
  let over = false
  let said: Promise<unknown> = Promise.resolve()
  const mesh = newMesh({
    iceServers,
    newEar,
    voices,
    cutOff,
    send: (to, data) => void wire.tell('phone', { kind: 'signal', pass, to, data }, 8_000),
  })

  function take(next: LegNow | null, mine = true): void {
    // An answer may come later than what was pushed after it.
    if (over || (next && (next.n ?? 0) < (now.n ?? 0))) return
    if (next) now = { ...now, ...next }
    if (!mine) close()
    else if (now.over !== undefined) void leave(now.over)
    else if (up && now.room) mesh.room(now.room)
    changed(now, mine)
  }
  function close(): void {
    over = true
    stop()
    mesh.close()
  }
  /** How it was heard is asked before the connections close. */
  async function leave(cause: Cause): Promise<void> {
    if (over) return
    over = true
    const quality: Quality | null = await mesh.quality().catch(() => null)
    mesh.close()
    await last?.().catch(() => undefined)
    await tell({ kind: 'gone', cause, quality })
    stop()
  }
  const answer = (got: unknown) => {
    if (typeof got === 'object' && got !== null && 'yours' in got) {
      const { yours, now: next } = got as Answer
      take(next, yours)
    }
  }
  /** One after the other. */
  function tell(what: Record<string, unknown>): Promise<unknown> {
    const mine = { ...what, pass, page, no: ++no }
    const at = performance.now()
    said = said.then(async () => answer(await wire.tell('phone', { ...mine, ago: Math.min(60_000, performance.now() - at) })))
    return said
  }
  const stop = wire.watch(
    `leg:${pass}`,
    (name, payload) => {
      if (name !== 'phone') return
      const push = payload as PhonePush
      if (push.kind === 'now') take(push.now)
      else if (push.kind === 'signal') mesh.receive(push.from, push.data)
      else if (push.kind === 'digits') digits?.(push.digits)
    },
    () => void wire.tell('phone', { kind: 'here', pass, page, up, recording: recording?.() ?? null }).then(answer),
  )

  return {
    leg,
    pass,
    now: () => now,
    isUp: () => up,
    isOver: () => over,
    ringing: () => tell({ kind: 'ringing' }),
    /** Taken up here: from now on there is sound. */
    answered: (track: MediaStreamTrack | null) => {
      if (up) return said
      up = true
      mesh.speak(track)
      const told = tell({ kind: 'answered' })
      if (now.room) mesh.room(now.room)
      return told
    },
    digit: (digit: string) => tell({ kind: 'digit', digit }),
    played: (play: string, heard: boolean) => tell({ kind: 'played', play, heard }),
    recorded: (id: string) => tell({ kind: 'recorded', recording: id }),
    gone: leave,
    speak: mesh.speak,
    onto: mesh.onto,
    close,
  }
}
export type HeldLeg = ReturnType<typeof holdLeg>

import { identity } from '#contract/identity.ts'
import type { LegNow, PhonePush } from '#contract/practiceLine.ts'
import type { PhoneLine } from '#contract/voice.ts'
import { type HeldLeg, holdLeg } from '../../portal/kit/phone/leg.ts'
import { live } from '../app/live.ts'
import { keyOf, queryClient } from '../kit/data.ts'
import { newUuid } from '../kit/ids.ts'
import type { OpenPhone } from './driver.ts'
import { closeStream, getDevices, newEar, openMicrophone } from './sound.ts'

type Leg = { held: HeldLeg; microphone: MediaStream | null; taken: boolean; late: ReturnType<typeof setTimeout> | undefined }

const page = newUuid()

/** Nobody who calls waits for longer until the browser knows whether it may use the microphone. */
const patience = () => new Promise<null>(done => setTimeout(() => done(null), 3_000))

/** The telephone of the practice line: sound goes from browser to browser, everything else over the socket that the console has anyway. */
export const openPhone: OpenPhone<Extract<PhoneLine, { kind: 'practice' }>> = (_line, iceServers) => {
  const legs = new Map<string, Leg>()
  const hearers = new Set<() => void>()
  let muted = false
  let quiet: (() => void)[] = []
  const tell = () => {
    for (const hear of hearers) hear()
  }

  function rung(first: LegNow): void {
    if (legs.has(first.leg) || !first.ring || first.over !== undefined) return
    const { seconds, atOnce } = first.ring
    const held = holdLeg(first, {
      wire: live,
      page,
      iceServers,
      newEar,
      changed: (now, mine) => {
        if ((now.over !== undefined || !mine) && legs.get(first.leg)?.held === held) drop(first.leg)
      },
    })
    const leg: Leg = { held, microphone: null, taken: false, late: undefined }
    legs.set(first.leg, leg)
    if (atOnce) void answer(first.leg)
    else {
      void held.ringing()
      leg.late = setTimeout(() => end(first.leg, 'no_answer'), seconds * 1000)
    }
    tell()
  }

  async function answer(name: string): Promise<void> {
    const leg = legs.get(name)
    if (!leg || leg.taken) return
    leg.taken = true
    clearTimeout(leg.late)
    // Whoever practises without a microphone is heard as silence; the bar says so.
    const asked = openMicrophone().catch(() => null)
    const soon = await Promise.race([asked, patience()])
    if (legs.get(name) !== leg) {
      void asked.then(closeStream)
      return
    }
    leg.microphone = soon
    void leg.held.answered(dressed(soon))
    void leg.held.onto(getDevices().speaker)
    tell()
    if (soon) return
    // The browser was still asking: they are heard from when they have said yes.
    const late = await asked
    if (!late || legs.get(name) !== leg || leg.microphone) {
      closeStream(late)
      return
    }
    leg.microphone = late
    leg.held.speak(dressed(late))
  }
  function dressed(stream: MediaStream | null): MediaStreamTrack | null {
    const track = stream?.getAudioTracks()[0] ?? null
    if (track) track.enabled = !muted
    return track
  }

  function end(name: string, cause: 'no_answer' | 'refused'): void {
    const leg = legs.get(name)
    if (!leg || leg.taken) return
    void leg.held.gone(cause)
    drop(name)
  }
  /** The sound is over here. */
  function drop(name: string): void {
    const leg = legs.get(name)
    if (!leg) return
    legs.delete(name)
    clearTimeout(leg.late)
    closeStream(leg.microphone)
    tell()
  }

  /** What began to ring before this page could hear it. */
  async function askWhatRings(): Promise<void> {
    const rings = await live.tell('phone', { kind: 'mine' }, 10_000)
    if (quiet.length > 0 && Array.isArray(rings)) for (const now of rings as LegNow[]) rung(now)
  }

  return {
    start: () => {
      const me = queryClient.getQueryData<{ user: { id: string } }>(keyOf(identity.me, {}))
      if (!me || quiet.length > 0) return
      quiet = [
        live.onLine(() => {
          if (live.state().line === 'live') void askWhatRings()
          tell()
        }),
        live.watch(`user:${me.user.id}`, (name, payload) => {
          if (name !== 'phone') return
          const push = payload as PhonePush
          if (push.kind === 'now') rung(push.now)
        }),
      ]
      void askWhatRings()
    },
    // Nobody hangs up by leaving: the call is asked for where the phone is next.
    stop: () => {
      for (const stop of quiet) stop()
      quiet = []
      for (const [name, leg] of [...legs]) {
        leg.held.close()
        drop(name)
      }
    },
    state: () => (live.state().line === 'live' ? 'ready' : 'connecting'),
    onState: hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    answer: leg => void answer(leg),
    refuse: leg => end(leg, 'refused'),
    mute: on => {
      muted = on
      for (const { microphone } of legs.values()) dressed(microphone)
    },
    use: async ({ speaker }) => {
      for (const leg of legs.values()) {
        await leg.held.onto(speaker)
        if (!leg.microphone) continue
        const before = leg.microphone
        leg.microphone = await openMicrophone()
        leg.held.speak(dressed(leg.microphone))
        closeStream(before)
      }
    },
    legs: () => [...legs.keys()],
  }
}

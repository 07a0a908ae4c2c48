import { UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { RTCSessionEvent } from 'jssip/lib/UA'
import type { PhoneLine } from '#contract/voice.ts'
import { onWake } from '../app/wake.ts'
import type { OpenPhone, PhoneState } from './driver.ts'
import { watchQuality } from './quality.ts'
import { closeStream, type Ear, getMicrophone, newEar, openMicrophone } from './sound.ts'

type Leg = { session: RTCSession; ear: Ear; microphone: MediaStream | null; weak: boolean; unwatch: () => void }

/** Answers before all addresses are known: those of the own network come first and mostly do. */
const enoughMs = 400
const againMs = [1_000, 2_000, 5_000, 10_000, 30_000]

/** A SIP phone over a WebSocket. One registration; calls name their leg. */
export const openPhone: OpenPhone<Extract<PhoneLine, { kind: 'sip' }>> = (line, iceServers) => {
  let socket: WebSocketInterface | undefined
  let ua: UA | undefined
  let connection: Exclude<PhoneState, 'no_microphone'> = 'connecting'
  let tries = 0
  let muted = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let sleepless = () => {}
  const legs = new Map<string, Leg>()
  const hearers = new Set<() => void>()
  const tell = () => {
    for (const hear of hearers) hear()
  }
  const become = (next: typeof connection) => {
    connection = next
    tell()
  }

  function connect(): void {
    // A path: our own server passes it on to the node.
    const way = new WebSocketInterface(new URL(line.url, location.href.replace(/^http/, 'ws')).href)
    const agent = new UA({
      sockets: [way],
      uri: `sip:${line.user}@${line.realm}`,
      authorization_user: line.user,
      password: line.password,
      // Registering again is also what keeps the way through proxies open.
      register_expires: 60,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 15,
      user_agent: 'Huiyin',
    })
    const mine = (act: () => void) => () => {
      if (agent === ua) act()
    }
    agent.on(
      'registered',
      mine(() => {
        tries = 0
        become('ready')
      }),
    )
    agent.on(
      'disconnected',
      mine(() => become('connecting')),
    )
    agent.on('registrationFailed', ({ response }) => {
      if (agent !== ua) return
      const code = response?.status_code ?? 0
      become(code === 401 || code === 403 || code === 404 ? 'refused' : 'connecting')
      clearTimeout(retry)
      const wait = againMs[Math.min(tries++, againMs.length - 1)] ?? 0
      retry = setTimeout(
        () => {
          if (agent === ua) agent.register()
        },
        wait * (0.7 + Math.random() * 0.6),
      )
    })
    agent.on('newRTCSession', (event: RTCSessionEvent) => {
      if (agent === ua && String(event.originator) === 'remote') rung(event.session, event.request)
    })
    socket = way
    ua = agent
    agent.start()
  }

  function disconnect(): void {
    clearTimeout(retry)
    const [agent, way] = [ua, socket]
    ua = undefined
    // Nobody hangs up by leaving: the call goes on and is asked for where the phone is next.
    if (legs.size > 0) way?.disconnect()
    for (const leg of [...legs.keys()]) drop(leg)
    agent?.stop()
  }

  function rung(session: RTCSession, request: { getHeader: (name: string) => string | undefined; call_id?: string }): void {
    const leg = request.getHeader('X-Leg') ?? session.id
    drop(leg)
    const ear = newEar()
    const kept: Leg = { session, ear, microphone: null, weak: false, unwatch: () => {} }
    legs.set(leg, kept)
    const over = () => {
      if (legs.get(leg) === kept) drop(leg)
    }
    session.on('ended', over)
    session.on('failed', over)
    session.on('peerconnection', ({ peerconnection }) => {
      peerconnection.addEventListener('track', ({ streams: [stream] }) => {
        if (stream) ear.play(stream)
      })
      kept.unwatch = watchQuality(peerconnection, weak => {
        kept.weak = weak
        tell()
      })
      peerconnection.addEventListener('connectionstatechange', () => {
        if (peerconnection.connectionState === 'failed') over()
      })
    })
    session.on('icecandidate', ({ ready }) => {
      setTimeout(ready, enoughMs)
    })
    if (request.getHeader('X-At-Once') === '1') void answer(leg)
    tell()
  }

  async function answer(leg: string): Promise<void> {
    const kept = legs.get(leg)
    if (!kept || kept.microphone) return
    try {
      const stream = await openMicrophone()
      if (legs.get(leg) !== kept || kept.session.isEnded()) {
        closeStream(stream)
        return
      }
      kept.microphone = stream
      for (const track of stream.getAudioTracks()) track.enabled = !muted
      kept.session.answer({ mediaStream: stream, pcConfig: { iceServers: [...iceServers] } })
    } catch {
      // Without a microphone nobody is answered with silence.
      if (!kept.session.isEnded()) kept.session.terminate({ status_code: 480 })
    }
    tell()
  }

  /** The sound is over here. What the other side is told is another matter. */
  function drop(leg: string): void {
    const kept = legs.get(leg)
    if (!kept) return
    legs.delete(leg)
    kept.ear.stop()
    kept.unwatch()
    closeStream(kept.microphone)
    kept.session.connection?.close()
    tell()
  }

  function wake(): void {
    if (!ua) return
    disconnect()
    tries = 0
    become('connecting')
    connect()
  }

  return {
    start: () => {
      if (ua) return
      connect()
      sleepless = onWake(wake)
    },
    stop: () => {
      sleepless()
      disconnect()
    },
    state: () => (['denied', 'none', 'insecure'].includes(getMicrophone()) ? 'no_microphone' : connection),
    onState: hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    answer: leg => void answer(leg),
    refuse: leg => {
      const kept = legs.get(leg)
      if (kept && !kept.session.isEnded()) kept.session.terminate({ status_code: 603 })
    },
    mute: on => {
      muted = on
      for (const { microphone } of legs.values()) for (const track of microphone?.getAudioTracks() ?? []) track.enabled = !on
    },
    use: async ({ speaker }) => {
      for (const kept of legs.values()) {
        await kept.ear.onto(speaker)
        if (!kept.microphone) continue
        const stream = await openMicrophone()
        const [track] = stream.getAudioTracks()
        const sender = kept.session.connection?.getSenders().find(s => s.track?.kind === 'audio')
        if (!track || !sender) continue
        track.enabled = !muted
        await sender.replaceTrack(track)
        closeStream(kept.microphone)
        kept.microphone = stream
      }
    },
    weak: () => [...legs.values()].some(kept => kept.weak),
    legs: () => [...legs].filter(([, { session }]) => !session.isEnded()).map(([leg]) => leg),
  }
}

import type { Peer } from '../../../contract/practiceLine.ts'
import type { Quality } from '../../../contract/voice.ts'

/** What plays a voice. */
export type Ear = { play: (stream: MediaStream) => void; onto: (speaker: string | null) => Promise<void>; stop: () => void }
type Around = {
  iceServers: readonly RTCIceServer[]
  send: (to: string, data: string) => void
  newEar: () => Ear
  /** Voices that are heard now. */
  voices?: (streams: readonly MediaStream[]) => void
  /** Somebody who is to be heard cannot be reached just now, or is again. */
  cutOff?: (is: boolean) => void
}
type Described = { session: number; type: 'offer' | 'answer'; sdp: string }
type Link = {
  peer: Peer
  session: number
  /** None until the other's offer is here. */
  pc: RTCPeerConnection | null
  sender: RTCRtpSender | null
  ear: Ear
  voice: MediaStream | null
  /** It was connected, and nothing comes any more. */
  cutOff: boolean
  retry: ReturnType<typeof setTimeout> | undefined
}

/** Candidates of one network are found at once; those of a server get so long. */
const gatherMs = 800
/** An offer that led to nothing is made anew. */
const againMs = 4_000

/** Joins this browser with each of the others of a room by a connection of its own. Who they are, and who hears whom, is the server's word. */
export function newMesh({ iceServers, send, newEar, voices, cutOff }: Around) {
  const links = new Map<string, Link>()
  /** Offers of somebody who is not named yet: the word about the room may come later than theirs. */
  const early = new Map<string, Described>()
  let mine: MediaStreamTrack | null = null
  let speaker: string | null = null
  let session = Date.now() % 1_000_000_000
  let closed = false

  const hear = () => {
    voices?.([...links.values()].flatMap(l => (l.voice && l.peer.hear ? [l.voice] : [])))
    miss()
  }
  const miss = () => cutOff?.([...links.values()].some(l => l.cutOff && l.peer.hear))
  const dress = (link: Link) => {
    void link.sender?.replaceTrack(link.peer.say ? mine : null).catch(() => undefined)
    for (const track of link.voice?.getAudioTracks() ?? []) track.enabled = link.peer.hear
  }

  const add = (peer: Peer): Link => {
    const link: Link = { peer, session: 0, pc: null, sender: null, ear: newEar(), voice: null, cutOff: false, retry: undefined }
    links.set(peer.leg, link)
    return link
  }
  function connect(link: Link, number: number): RTCPeerConnection {
    drop(link)
    const pc = new RTCPeerConnection({ iceServers: [...iceServers] })
    link.pc = pc
    link.session = number
    pc.ontrack = ({ track, streams }) => {
      link.voice = streams[0] ?? new MediaStream([track])
      link.ear.play(link.voice)
      if (speaker !== null) void link.ear.onto(speaker)
      dress(link)
      hear()
    }
    pc.onconnectionstatechange = () => {
      const is = pc.connectionState
      if (is === 'connected' || is === 'disconnected' || is === 'failed') link.cutOff = is !== 'connected'
      miss()
      if (is === 'failed' && link.peer.first) void offer(link)
    }
    return pc
  }
  function drop(link: Link) {
    clearTimeout(link.retry)
    if (link.pc) link.pc.onconnectionstatechange = null
    link.pc?.close()
    link.pc = link.sender = link.voice = null
  }
  function shut(link: Link) {
    drop(link)
    link.ear.stop()
    links.delete(link.peer.leg)
  }
  const isCurrent = (link: Link, pc: RTCPeerConnection) => !closed && links.get(link.peer.leg) === link && link.pc === pc

  async function offer(link: Link): Promise<void> {
    if (closed || links.get(link.peer.leg) !== link) return
    const pc = connect(link, ++session)
    link.sender = pc.addTransceiver('audio', { direction: 'sendrecv' }).sender
    dress(link)
    link.retry = setTimeout(() => isCurrent(link, pc) && pc.connectionState !== 'connected' && void offer(link), againMs)
    await pc.setLocalDescription()
    await describe(link, pc, 'offer')
  }
  async function describe(link: Link, pc: RTCPeerConnection, type: Described['type']): Promise<void> {
    await gathered(pc)
    const sdp = pc.localDescription?.sdp
    if (sdp && isCurrent(link, pc)) send(link.peer.leg, JSON.stringify({ session: link.session, type, sdp } satisfies Described))
  }

  async function take(from: string, said: Described): Promise<void> {
    const link = links.get(from)
    if (!link) {
      if (said.type === 'offer') early.set(from, said)
      return
    }
    if (said.type === 'answer') {
      if (link.session === said.session && link.pc?.signalingState === 'have-local-offer') await link.pc.setRemoteDescription(said)
      return
    }
    if (said.session === link.session) return
    const pc = connect(link, said.session)
    await pc.setRemoteDescription(said)
    const [transceiver] = pc.getTransceivers()
    if (!transceiver || !isCurrent(link, pc)) return
    transceiver.direction = 'sendrecv'
    link.sender = transceiver.sender
    dress(link)
    await pc.setLocalDescription()
    await describe(link, pc, 'answer')
  }

  return {
    /** Exactly these. */
    room: (peers: readonly Peer[]): void => {
      if (closed) return
      const named = new Set(peers.map(p => p.leg))
      for (const link of [...links.values()]) if (!named.has(link.peer.leg)) shut(link)
      for (const leg of [...early.keys()]) if (!named.has(leg)) early.delete(leg)
      for (const peer of peers) {
        const known = links.get(peer.leg)
        if (known) {
          known.peer = peer
          dress(known)
        } else if (peer.first) void offer(add(peer)).catch(() => undefined)
        else {
          add(peer)
          const offered = early.get(peer.leg)
          early.delete(peer.leg)
          if (offered) void take(peer.leg, offered).catch(() => undefined)
        }
      }
      hear()
    },
    receive: (from: string, data: string): void => {
      if (!closed) void take(from, JSON.parse(data)).catch(() => undefined)
    },
    speak: (track: MediaStreamTrack | null): void => {
      mine = track
      for (const link of links.values()) dress(link)
    },
    onto: async (id: string | null): Promise<void> => {
      speaker = id
      for (const link of links.values()) await link.ear.onto(id)
    },
    quality: async (): Promise<Quality | null> =>
      qualityOf(await Promise.all([...links.values()].flatMap(l => (l.pc ? [l.pc.getStats()] : [])))),
    close: (): void => {
      closed = true
      for (const link of [...links.values()]) shut(link)
    },
  }
}
const gathered = (pc: RTCPeerConnection) =>
  pc.iceGatheringState === 'complete'
    ? Promise.resolve()
    : new Promise<void>(done => {
        const late = setTimeout(done, gatherMs)
        pc.addEventListener('icegatheringstatechange', () => {
          if (pc.iceGatheringState !== 'complete') return
          clearTimeout(late)
          done()
        })
      })

/** The worst of what the connections say of themselves; null where nothing came or went. */
function qualityOf(reports: readonly RTCStatsReport[]): Quality | null {
  const worst: Quality = { lossIn: null, lossOut: null, jitterMs: null, rttMs: null, mos: null }
  const raise = (key: keyof Quality, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value)) worst[key] = Math.max(worst[key] ?? 0, value)
  }
  for (const report of reports)
    report.forEach(stat => {
      if (stat.type === 'inbound-rtp' && stat.packetsReceived > 0) {
        raise('lossIn', Math.min(1, Math.max(0, stat.packetsLost) / (stat.packetsReceived + Math.max(0, stat.packetsLost))))
        raise('jitterMs', stat.jitter * 1000)
      }
      if (stat.type === 'remote-inbound-rtp') {
        raise('lossOut', Math.min(1, Math.max(0, stat.fractionLost)))
        raise('rttMs', stat.roundTripTime * 1000)
      }
    })
  return Object.values(worst).some(v => v !== null) ? worst : null
}

import { isWeak } from './rules.ts'

const everyMs = 5_000

/** Tells when the sound of a connection becomes weak, and when it is well again, until the returned function is called. */
export function watchQuality(connection: RTCPeerConnection, tell: (weak: boolean) => void): () => void {
  let before = { received: 0, lost: 0 }
  let weak = false
  const look = async () => {
    const now = { received: 0, lost: 0, jitterMs: 0, rttMs: 0 }
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'audio') {
        now.received += report.packetsReceived ?? 0
        now.lost += report.packetsLost ?? 0
        now.jitterMs = 1_000 * (report.jitter ?? 0)
      } else if (report.type === 'remote-inbound-rtp') now.rttMs = 1_000 * (report.roundTripTime ?? 0)
    }
    const [lost, received] = [now.lost - before.lost, now.received - before.received]
    before = now
    const next = isWeak({ loss: lost / Math.max(1, lost + received), jitterMs: now.jitterMs, rttMs: now.rttMs })
    if (next === weak) return
    weak = next
    tell(weak)
  }
  const timer = setInterval(() => void look().catch(() => undefined), everyMs)
  return () => clearInterval(timer)
}

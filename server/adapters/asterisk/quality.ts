import type { Quality } from '#contract/voice.ts'
import { RtpStatistics } from './models.ts'

/**
 * The E-model of ITU-T G.107 (2015) at its default values: R = 93.2 − Id − Ie,eff, and R to MOS by its annex B.
 * Id is the usual approximation of its delay curve (Cole & Rosenbluth, 2001); Ie and Bpl of the codec by G.113 appendix I.
 */
export function mosOf({ loss, delayMs, codec = 'g711' }: { loss: number; delayMs: number; codec?: 'g711' | 'opus' }): number {
  const { ie, bpl } = codec === 'g711' ? { ie: 0, bpl: 25.1 } : { ie: 2, bpl: 20 }
  const id = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0)
  const percent = loss * 100
  const r = 93.2 - id - (ie + (95 - ie) * (percent / (percent + bpl)))
  if (r <= 0) return 1
  if (r >= 100) return 4.5
  return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6
}

/** A packet of 20 ms, and the buffer in which packets wait for late ones. */
const packetMs = 20
const share = (lost: number, got: number) => (lost + got === 0 ? null : Math.min(1, Math.max(0, lost / (lost + got))))
const round = (value: number, digits: number) => Number(value.toFixed(digits))

/** What one leg heard of the other side, out of what RTP and RTCP counted. Nothing came and nothing went: nothing is said. */
export function qualityOf(rtp: RtpStatistics): Quality | null {
  if (rtp.rxcount === 0 && rtp.txcount === 0) return null
  const lossIn = share(rtp.rxploss, rtp.rxcount)
  const lossOut = share(rtp.txploss, Math.max(0, rtp.txcount - rtp.txploss))
  const jitterMs = rtp.rxjitter === undefined ? null : rtp.rxjitter * 1000
  // Without RTCP from the other side there is no round trip.
  const rttMs = rtp.rtt ? rtp.rtt * 1000 : null
  const worst = Math.max(lossIn ?? 0, lossOut ?? 0)
  const delayMs = (rttMs ?? 0) / 2 + 2 * (jitterMs ?? 0) + packetMs
  return {
    lossIn: lossIn === null ? null : round(lossIn, 4),
    lossOut: lossOut === null ? null : round(lossOut, 4),
    jitterMs: jitterMs === null ? null : round(jitterMs, 1),
    rttMs: rttMs === null ? null : round(rttMs, 1),
    mos: rtp.rxcount === 0 ? null : round(mosOf({ loss: worst, delayMs }), 2),
  }
}

/** Chan_pjsip leaves it at a channel whose other side hung up; by then nothing is there any more that could be asked. */
export const countsVariable = 'RTPAUDIOQOS'

/** `ssrc=…;lp=0;rxjitter=0.001;rxcount=101;…`: what was lost here is `lp`, at the other side `rlp`. */
export function readCounts(text: string | undefined): RtpStatistics | null {
  if (!text) return null
  const counted = new Map(text.split(';').map((part): [string, number] => [part.split('=')[0] ?? '', Number(part.split('=')[1])]))
  const read = RtpStatistics.safeParse({
    ...{ txcount: counted.get('txcount'), rxcount: counted.get('rxcount'), txploss: counted.get('rlp'), rxploss: counted.get('lp') },
    ...{ txjitter: counted.get('txjitter'), rxjitter: counted.get('rxjitter'), rtt: counted.get('rtt') },
  })
  return read.success ? read.data : null
}

import { OpusDecoder } from 'opus-decoder'
import { ascii, broken, gather, type Pcm } from './pcm.ts'

const rate = 16_000
/** Packets that are decoded before the next look at how much there is. */
const together = 500

/** Opus packets in their order; `head` is what the file says of them (RFC 7845). */
export async function readOpus(head: Uint8Array, packets: readonly Uint8Array[], most: number): Promise<Pcm> {
  const channels = head[9] ?? 0
  // Surround belongs to no telephone.
  if (ascii(head, 0, 8) !== 'OpusHead' || head[18] !== 0 || channels < 1 || channels > 2) throw broken()
  const skip = (head[10] ?? 0) | ((head[11] ?? 0) << 8)
  const decoder = new OpusDecoder({ sampleRate: rate, channels, preSkip: Math.round((skip * rate) / 48_000) })
  await decoder.ready
  const sound = gather(most)
  try {
    for (let at = 0; at < packets.length; at += together) {
      const { channelData, errors } = decoder.decodeFrames(packets.slice(at, at + together))
      if (errors.length > together / 10) throw broken()
      sound.add(rate, channelData)
    }
  } finally {
    decoder.free()
  }
  return sound.whole()
}

import Opus from 'opusscript'
import { resample } from '../audio/prepare.ts'
import { fromSamples, type Sound, toSamples } from '../audio/wav.ts'

/** 60 ms to a packet: fewest bytes for speech. */
const frameSeconds = 0.06
const bitsPerSecond = { 8000: 14_000, 16000: 20_000 } as const
/** Granules count 48000 to the second, whatever the sound's own rate. */
const granules = 48_000 * frameSeconds
const setComplexity = 4010
/** 312 granules pass before the encoder's first sound; players leave them out. */
const preSkip = 312

type Rate = 8000 | 16_000
export const keptRateOf = (rate: number): Rate => (rate >= 12_000 ? 16_000 : 8000)

export function toOgg(sound: Sound): Buffer {
  const rate = keptRateOf(sound.rate)
  const sides = sound.rate === rate ? sound.sides : sound.sides.map(side => toSamples(resample(fromSamples(side), sound.rate, rate)))
  const pages: Buffer[] = []
  const ogg = beginOgg({ rate, sides: sides.length, length: sides[0]?.length ?? 0 }, made => pages.push(made))
  try {
    ogg.add(sides)
    ogg.end()
  } finally {
    ogg.close()
  }
  return Buffer.concat(pages)
}

/**
 * Opus in Ogg (RFC 7845), page by page as the sound comes. Two sides are two streams of one voice each, not one of stereo: nothing of one is ever heard in the other.
 * About 200 kB a minute; every browser plays it.
 */
export function beginOgg({ rate, sides, length }: { rate: Rate; sides: number; length: number }, write: (page: Buffer) => void) {
  const frame = rate * frameSeconds
  const encoders = Array.from({ length: sides }, () => {
    const encoder = new Opus(rate, 1, Opus.Application.VOIP)
    encoder.setBitrate(bitsPerSecond[rate])
    encoder.encoderCTL(setComplexity, 3)
    return { encoder, pcm: Buffer.alloc(frame * 2) }
  })
  const serial = 0x52454331
  write(page(serial, 0, 2, 0n, [opusHead(rate, sides)]))
  write(page(serial, 1, 0, 0n, [opusTags()]))
  // What was said is whole: the encoder is late by the pre-skip.
  const whole = Math.ceil((length * 48_000) / rate) + preSkip
  const frames = Math.max(1, Math.ceil(whole / granules))
  const most = Math.floor(1 / frameSeconds)
  let waiting: Buffer[] = []
  let [pages, done, filled] = [2, 0, 0]

  function encode() {
    for (const { pcm } of encoders) pcm.fill(0, filled * 2)
    waiting.push(together(encoders.map(({ encoder, pcm }) => encoder.encode(pcm, frame))))
    filled = 0
    done += 1
    const isLast = done === frames
    if (waiting.length < most && !isLast) return
    write(page(serial, pages++, isLast ? 4 : 0, BigInt(isLast ? whole : done * granules), waiting))
    waiting = []
  }

  return {
    /** What follows, of every side as much. */
    add: (more: readonly Int16Array[]): void => {
      const count = more[0]?.length ?? 0
      for (let at = 0; at < count && done < frames; ) {
        const now = Math.min(frame - filled, count - at)
        for (const [side, { pcm }] of encoders.entries())
          for (let n = 0; n < now; n++) pcm.writeInt16LE(more[side]?.[at + n] ?? 0, (filled + n) * 2)
        filled += now
        at += now
        if (filled === frame) encode()
      }
    },
    end: (): void => {
      while (done < frames) encode()
    },
    close: (): void => {
      for (const { encoder } of encoders) encoder.delete()
    },
  }
}

/** RFC 6716 appendix B: every stream but the last says how long it is. The encoder gives packets of one frame, whose length follows their first byte. */
function together(packets: readonly Buffer[]): Buffer {
  const last = packets.length - 1
  return Buffer.concat(
    packets.flatMap((packet, n) => {
      if (n === last) return [packet]
      if (((packet[0] ?? 0) & 3) !== 0) throw new Error('a packet of more than one frame')
      const size = packet.length - 1
      const length = size < 252 ? [size] : [252 + (size & 3), (size - (252 + (size & 3))) >> 2]
      return [packet.subarray(0, 1), Buffer.from(length), packet.subarray(1)]
    }),
  )
}

function opusHead(rate: number, sides: number): Buffer {
  const head = Buffer.alloc(sides === 1 ? 19 : 23)
  head.write('OpusHead', 0, 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(sides, 9)
  head.writeUInt16LE(preSkip, 10)
  head.writeUInt32LE(rate, 12)
  head.writeInt16LE(0, 16)
  // Family 1: so many streams, none of them stereo; the first is left, the second right.
  if (sides === 2) head.set([1, 2, 0, 0, 1], 18)
  return head
}

function opusTags(): Buffer {
  const vendor = Buffer.from('Huiyin')
  const tags = Buffer.alloc(8 + 4 + vendor.length + 4)
  tags.write('OpusTags', 0, 'latin1')
  tags.writeUInt32LE(vendor.length, 8)
  vendor.copy(tags, 12)
  return tags
}

const checks = Uint32Array.from({ length: 256 }, (_, n) => {
  let r = n << 24
  for (let bit = 0; bit < 8; bit++) r = r & 0x80000000 ? (r << 1) ^ 0x04c11db7 : r << 1
  return r >>> 0
})

function page(serial: number, sequence: number, flags: number, granule: bigint, packets: readonly Buffer[]): Buffer {
  const lacing = packets.flatMap(({ length }) => [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  const head = Buffer.alloc(27)
  head.write('OggS', 0, 'latin1')
  head.writeUInt8(flags, 5)
  head.writeBigInt64LE(granule, 6)
  head.writeUInt32LE(serial, 14)
  head.writeUInt32LE(sequence, 18)
  head.writeUInt8(lacing.length, 26)
  const whole = Buffer.concat([head, Buffer.from(lacing), ...packets])
  let check = 0
  for (const byte of whole) check = ((check << 8) ^ (checks[((check >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  whole.writeUInt32LE(check, 22)
  return whole
}

import { fromAlaw, fromUlaw } from './g711.ts'
import { ascii, broken, NotHeard, type Pcm } from './pcm.ts'

/** As recordings and files hold it: samples of 16 bits, each side by itself. */
export type Sound = { rate: number; sides: Int16Array[] }
export type Shape = { rate: number; sides: number }

/** What a WAV says of itself, and where its samples begin. It may announce more of them than there are. Null: it is none. */
function described(bytes: Uint8Array) {
  if (ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'WAVE') return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let shape: { format: number; channels: number; rate: number; bits: number } | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = ascii(bytes, at, 4)
    const size = view.getUint32(at + 4, true)
    const from = at + 8
    if (name === 'fmt ') {
      if (size < 16 || from + size > bytes.length) return null
      const format = view.getUint16(from, true)
      shape = {
        format: format === 0xfffe && size >= 26 ? view.getUint16(from + 24, true) : format,
        channels: view.getUint16(from + 2, true),
        rate: view.getUint32(from + 4, true),
        bits: view.getUint16(from + 14, true),
      }
    }
    if (name === 'data') return shape && { ...shape, view, from, announced: size, there: bytes.length - from }
    at = from + size + (size % 2)
  }
  return null
}

/** How one sample stands in the file, by the number of the format and its bits. */
function readerOf(format: number, bits: number): ((view: DataView, at: number) => number) | null {
  if (format === 1 && bits === 8) return (v, at) => (v.getUint8(at) - 128) / 128
  if (format === 1 && bits === 16) return (v, at) => v.getInt16(at, true) / 32_768
  if (format === 1 && bits === 24) return (v, at) => (v.getUint16(at, true) | (v.getInt8(at + 2) << 16)) / 8_388_608
  if (format === 1 && bits === 32) return (v, at) => v.getInt32(at, true) / 2_147_483_648
  if (format === 3 && bits === 32) return (v, at) => v.getFloat32(at, true)
  if (format === 3 && bits === 64) return (v, at) => v.getFloat64(at, true)
  if (format === 6 && bits === 8) return (v, at) => fromAlaw(v.getUint8(at))
  if (format === 7 && bits === 8) return (v, at) => fromUlaw(v.getUint8(at))
  return null
}

/** What people bring: any depth and number of channels, but whole. */
export function readWav(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): Pcm {
  const wav = described(bytes)
  const read = wav && readerOf(wav.format, wav.bits)
  if (!wav || !read || wav.channels < 1 || wav.channels > 8 || wav.rate < 4000 || wav.rate > 384_000) throw broken()
  const { view, from, rate, channels, announced, there } = wav
  // Written as a stream, it does not know its length; anything else that is too short was cut off.
  const streamed = announced === 0 || announced >= 0x7fff_f000
  if (!streamed && announced > there) throw broken()
  const step = wav.bits / 8
  const length = Math.floor((streamed ? there : announced) / (step * channels))
  if (length === 0) throw broken()
  if (length / rate > most) throw new NotHeard('announcement.too_long')
  return {
    rate,
    channels: Array.from({ length: channels }, (_, c) => {
      const samples = new Float32Array(length)
      for (let n = 0; n < length; n++) samples[n] = read(view, from + (n * channels + c) * step)
      return samples
    }),
  }
}

/** What a switch or a browser recorded: 16 bits, one side or two, as much as there is, for a writer may have been cut off. Null: it is something else. */
export function readRecording(bytes: Uint8Array): Sound | null {
  const wav = describeRecording(bytes, bytes.length)
  if (!wav) return null
  const { view, from, rate, sides, length } = wav
  return {
    rate,
    sides: Array.from({ length: sides }, (_, side) =>
      Int16Array.from({ length }, (_, n) => view.getInt16(from + (n * sides + side) * 2, true)),
    ),
  }
}

/** The same, by the beginning of a file of that size. */
export function describeRecording(head: Uint8Array, size: number): (Shape & { view: DataView; from: number; length: number }) | null {
  const wav = described(head)
  if (wav?.format !== 1 || wav.bits !== 16 || wav.channels < 1 || wav.channels > 2 || wav.rate < 4000 || wav.rate > 192_000) return null
  const { view, from, rate, channels, announced } = wav
  const there = size - from
  return { view, from, rate, sides: channels, length: Math.floor(Math.min(announced || there, there) / 2 / channels) }
}

/** What stands before so many bytes of samples of 16 bits, the sides taking turns. */
export function wavHead(rate: number, sides: number, bytes: number): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + bytes, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(sides, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * sides * 2, 28)
  head.writeUInt16LE(sides * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(bytes, 40)
  return head
}

export function writeWav({ rate, sides }: Sound): Buffer {
  const length = sides[0]?.length ?? 0
  const body = Buffer.alloc(length * sides.length * 2)
  for (const [side, samples] of sides.entries())
    for (let n = 0; n < length; n++) body.writeInt16LE(samples[n] ?? 0, (n * sides.length + side) * 2)
  return Buffer.concat([wavHead(rate, sides.length, body.length), body])
}

export const toSamples = (samples: Float32Array): Int16Array =>
  Int16Array.from(samples, v => Math.max(-32_768, Math.min(32_767, Math.round(v * 32_768))))
export const fromSamples = (samples: Int16Array): Float32Array => Float32Array.from(samples, v => v / 32_768)

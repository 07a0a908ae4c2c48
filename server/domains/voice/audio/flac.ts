import { broken, gather, type Pcm } from './pcm.ts'

/** Bits from the highest down. */
class Bits {
  readonly bytes: Uint8Array
  at: number
  private bit = 0
  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes
    this.at = at
  }
  one(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw broken()
    const value = (byte >> (7 - this.bit)) & 1
    if (++this.bit === 8) {
      this.bit = 0
      this.at++
    }
    return value
  }
  read(count: number): number {
    let value = 0
    for (let left = count; left > 0; ) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw broken()
      const take = Math.min(left, 8 - this.bit)
      value = value * 2 ** take + ((byte >> (8 - this.bit - take)) & ((1 << take) - 1))
      this.bit += take
      left -= take
      if (this.bit === 8) {
        this.bit = 0
        this.at++
      }
    }
    return value
  }
  signed(count: number): number {
    const value = this.read(count)
    return count > 0 && value >= 2 ** (count - 1) ? value - 2 ** count : value
  }
  ones(): number {
    let n = 0
    while (this.one() === 0) n++
    return n
  }
  align(): void {
    if (this.bit > 0) {
      this.bit = 0
      this.at++
    }
  }
}

/** Free Lossless Audio Codec, RFC 9639. */
export function readFlac(bytes: Uint8Array, most: number): Pcm {
  let at = 4
  let rate = 0
  let bits = 0
  for (let last = false; !last; ) {
    const head = bytes[at] ?? 0
    const size = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    if (at + 4 + size > bytes.length) throw broken()
    if ((head & 0x7f) === 0) {
      const info = new Bits(bytes, at + 14)
      rate = info.read(20)
      info.read(3)
      bits = info.read(5) + 1
    }
    last = (head & 0x80) !== 0
    at += 4 + size
  }
  const sound = gather(most)
  const reader = new Bits(bytes, at)
  while (reader.at + 6 < bytes.length) {
    // What stands behind the frames is somebody's tag.
    if (bytes[reader.at] !== 0xff || ((bytes[reader.at + 1] ?? 0) & 0xfc) !== 0xf8) break
    const frame = readFrame(reader, { rate, bits })
    sound.add(frame.rate, frame.channels)
  }
  return sound.whole()
}

const rates = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]
const depths = [0, 8, 12, 0, 16, 20, 24, 32]

function readFrame(reader: Bits, stream: { rate: number; bits: number }): Pcm {
  reader.read(16)
  const sizeCode = reader.read(4)
  const rateCode = reader.read(4)
  const layout = reader.read(4)
  const depthCode = reader.read(3)
  reader.one()
  // The number of the frame, written as UTF-8 writes letters.
  for (let more = Math.clz32(~(reader.read(8) << 24)) - 1; more > 0; more--) reader.read(8)
  const size =
    sizeCode === 1
      ? 192
      : sizeCode < 6
        ? 576 << (sizeCode - 2)
        : sizeCode === 6
          ? reader.read(8) + 1
          : sizeCode === 7
            ? reader.read(16) + 1
            : 256 << (sizeCode - 8)
  const told = rateCode === 12 ? reader.read(8) * 1000 : rateCode === 13 ? reader.read(16) : rateCode === 14 ? reader.read(16) * 10 : 0
  reader.read(8)
  const bits = depths[depthCode] || stream.bits
  if (layout > 10 || bits === 0 || sizeCode === 0) throw broken()
  // Left with side, side with right, middle with side: the side has one bit more.
  const side = layout === 8 ? 1 : layout === 9 ? 0 : layout === 10 ? 1 : -1
  const count = layout < 8 ? layout + 1 : 2
  const parts = Array.from({ length: count }, (_, c) => readSubframe(reader, size, bits + (c === side ? 1 : 0)))
  reader.align()
  reader.read(16)
  const [a, b] = parts
  if (layout >= 8 && a && b)
    for (let n = 0; n < size; n++) {
      const [x, y] = [a[n] ?? 0, b[n] ?? 0]
      if (layout === 8) b[n] = x - y
      else if (layout === 9) a[n] = x + y
      else {
        const middle = x * 2 + (Math.abs(y) % 2)
        a[n] = (middle + y) / 2
        b[n] = (middle - y) / 2
      }
    }
  const full = 2 ** (bits - 1)
  return { rate: told || rates[rateCode] || stream.rate, channels: parts.map(p => Float32Array.from(p, v => v / full)) }
}

const fixed = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]

function readSubframe(reader: Bits, size: number, depth: number): Float64Array {
  reader.one()
  const kind = reader.read(6)
  const wasted = reader.one() === 1 ? reader.ones() + 1 : 0
  const bits = depth - wasted
  const out = new Float64Array(size)
  if (bits < 1) throw broken()
  if (kind === 0) out.fill(reader.signed(bits))
  else if (kind === 1) for (let n = 0; n < size; n++) out[n] = reader.signed(bits)
  else {
    const order = kind >= 32 ? kind - 31 : kind - 8
    if (order < 0 || order > size || (kind < 32 && order > 4)) throw broken()
    for (let n = 0; n < order; n++) out[n] = reader.signed(bits)
    let weights = fixed[order] ?? []
    let shift = 0
    if (kind >= 32) {
      const precision = reader.read(4) + 1
      shift = reader.signed(5)
      if (precision === 16 || shift < 0) throw broken()
      weights = Array.from({ length: order }, () => reader.signed(precision))
    }
    readResidual(reader, out, order)
    const scale = 2 ** shift
    for (let n = order; n < size; n++) {
      let sum = 0
      for (let k = 0; k < order; k++) sum += (weights[k] ?? 0) * (out[n - 1 - k] ?? 0)
      out[n] = (out[n] ?? 0) + Math.floor(sum / scale)
    }
  }
  if (wasted > 0) for (let n = 0; n < size; n++) out[n] = (out[n] ?? 0) * 2 ** wasted
  return out
}

function readResidual(reader: Bits, out: Float64Array, order: number): void {
  const method = reader.read(2)
  if (method > 1) throw broken()
  const wide = method === 0 ? 4 : 5
  const partitions = 2 ** reader.read(4)
  const each = out.length / partitions
  if (each % 1 !== 0 || each < order) throw broken()
  let at = order
  for (let p = 0; p < partitions; p++) {
    const until = (p + 1) * each
    const rice = reader.read(wide)
    if (rice === 2 ** wide - 1) {
      const plain = reader.read(5)
      for (; at < until; at++) out[at] = reader.signed(plain)
    } else
      for (; at < until; at++) {
        const folded = reader.ones() * 2 ** rice + reader.read(rice)
        out[at] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
      }
  }
}

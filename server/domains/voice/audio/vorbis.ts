import { inverseMdct } from './mdct.ts'
import { ascii, broken, gather, type Pcm } from './pcm.ts'
import { bitsOf, type Codebook, LowBits, nextEntry } from './vorbisBooks.ts'
import { type Floor, type Mapping, type Residue, readSetup, type Setup } from './vorbisSetup.ts'

/** Steps of loudness of a floor, about half a decibel each. */
const steps = Float32Array.from({ length: 256 }, (_, n) => 1.0649863e-7 ** ((255 - n) / 255))
const ranges = [256, 128, 86, 64]

/** The loudness of one channel over its frequencies; null: silent in this block. */
function readFloor(bits: LowBits, floor: Floor, books: readonly Codebook[], half: number): Float32Array | null {
  if (bits.read(1) === 0) return null
  const range = ranges[floor.multiplier - 1] ?? 64
  const wide = bitsOf(range - 1)
  const ys = [bits.read(wide), bits.read(wide)]
  for (const part of floor.partitions) {
    const kind = floor.classes[part]
    if (!kind) throw broken()
    const master = books[kind.master]
    let chosen = kind.subclasses > 0 && master ? nextEntry(master, bits) : 0
    for (let d = 0; d < kind.dimensions; d++) {
      const book = books[kind.books[chosen & ((1 << kind.subclasses) - 1)] ?? -1]
      chosen >>= kind.subclasses
      ys.push(book ? nextEntry(book, bits) : 0)
    }
  }
  if (bits.over) return null
  const { final, used } = heights(floor, ys, range)
  const out = new Float32Array(half)
  let [lx, ly] = [0, (final[floor.sorted[0] ?? 0] ?? 0) * floor.multiplier]
  for (const n of floor.sorted.slice(1)) {
    if (!used[n]) continue
    const [hx, hy] = [floor.xs[n] ?? 0, (final[n] ?? 0) * floor.multiplier]
    line(out, lx, ly, hx, hy)
    ;[lx, ly] = [hx, hy]
  }
  if (lx < half) line(out, lx, ly, half, ly)
  return out
}

function heights({ xs }: Floor, ys: readonly number[], range: number) {
  const final = [ys[0] ?? 0, ys[1] ?? 0]
  const used = [true, true]
  for (let n = 2; n < xs.length; n++) {
    const x = xs[n] ?? 0
    let [low, high] = [0, 1]
    for (let m = 0; m < n; m++) {
      const other = xs[m] ?? 0
      if (other < x && other > (xs[low] ?? 0)) low = m
      if (other > x && other < (xs[high] ?? 0)) high = m
    }
    const [x0, y0, x1, y1] = [xs[low] ?? 0, final[low] ?? 0, xs[high] ?? 0, final[high] ?? 0]
    const rise = Math.trunc((Math.abs(y1 - y0) * (x - x0)) / Math.max(1, x1 - x0))
    const expected = y1 < y0 ? y0 - rise : y0 + rise
    const value = ys[n] ?? 0
    const above = range - expected
    const below = expected
    used[n] = value !== 0
    if (value === 0) final[n] = expected
    else {
      used[low] = true
      used[high] = true
      final[n] =
        value >= 2 * Math.min(above, below)
          ? above > below
            ? value - below + expected
            : expected - value + above - 1
          : value % 2 === 1
            ? expected - (value + 1) / 2
            : expected + value / 2
    }
  }
  return { final, used }
}

function line(out: Float32Array, x0: number, y0: number, x1: number, y1: number): void {
  const width = x1 - x0
  if (width <= 0) return
  const base = Math.trunc((y1 - y0) / width)
  const step = y1 < y0 ? base - 1 : base + 1
  const rest = Math.abs(y1 - y0) - Math.abs(base) * width
  let [y, error] = [y0, 0]
  for (let x = x0; x < Math.min(x1, out.length); x++) {
    if (x > x0) {
      error += rest
      if (error >= width) {
        error -= width
        y += step
      } else y += base
    }
    out[x] = steps[Math.max(0, Math.min(255, y))] ?? 0
  }
}

/** The fine structure of the channels of one submap. */
function readResidue(bits: LowBits, r: Residue, books: readonly Codebook[], vectors: readonly (Float32Array | null)[], half: number): void {
  const words = books[r.book]
  if (!words || words.dimensions === 0) throw broken()
  const joined = r.kind === 2
  if (joined && vectors.every(v => v === null)) return
  const whole = joined ? new Float32Array(half * vectors.length) : null
  const targets = whole ? [whole] : vectors
  const length = whole ? whole.length : half
  const begin = Math.min(r.begin, length)
  const parts = Math.floor((Math.min(r.end, length) - begin) / r.size)
  const kinds = targets.map(() => new Uint8Array(Math.max(0, parts) + words.dimensions))
  decode: for (let pass = 0; pass < 8; pass++)
    for (let part = 0; part < parts; ) {
      if (pass === 0)
        for (const [c, target] of targets.entries()) {
          if (target === null) continue
          let entry = nextEntry(words, bits)
          if (entry < 0) break decode
          for (let d = words.dimensions - 1; d >= 0; d--) {
            const own = kinds[c]
            if (own) own[part + d] = entry % r.classes
            entry = Math.floor(entry / r.classes)
          }
        }
      for (let d = 0; d < words.dimensions && part < parts; d++, part++)
        for (const [c, target] of targets.entries()) {
          const book = target === null ? undefined : books[r.books[kinds[c]?.[part] ?? 0]?.[pass] ?? -1]
          if (target && book && !addPartition(bits, book, target, begin + part * r.size, r)) break decode
        }
    }
  if (whole)
    for (const [c, vector] of vectors.entries()) if (vector) for (let n = 0; n < half; n++) vector[n] = whole[n * vectors.length + c] ?? 0
}

function addPartition(bits: LowBits, book: Codebook, target: Float32Array, from: number, { kind, size }: Residue): boolean {
  const { dimensions, vectors } = book
  if (!vectors || dimensions === 0) throw broken()
  const apart = kind === 0 ? Math.floor(size / dimensions) : 1
  const rounds = Math.floor(size / dimensions)
  for (let round = 0; round < rounds; round++) {
    const entry = nextEntry(book, bits)
    if (entry < 0) return false
    const at = kind === 0 ? from + round : from + round * dimensions
    for (let d = 0; d < dimensions; d++) {
      const place = at + d * apart
      target[place] = (target[place] ?? 0) + (vectors[entry * dimensions + d] ?? 0)
    }
  }
  return true
}

function uncouple(coupling: Mapping['coupling'], vectors: readonly Float32Array[]): void {
  for (const { magnitude, angle } of coupling.toReversed()) {
    const [ms, as] = [vectors[magnitude], vectors[angle]]
    if (!ms || !as) continue
    for (let n = 0; n < ms.length; n++) {
      const [m, a] = [ms[n] ?? 0, as[n] ?? 0]
      if (m > 0) {
        ms[n] = a > 0 ? m : m + a
        as[n] = a > 0 ? m - a : m
      } else {
        ms[n] = a > 0 ? m : m - a
        as[n] = a > 0 ? m + a : m
      }
    }
  }
}

type Block = { size: number; channels: Float32Array[]; left: number; right: number }

function readBlock(packet: Uint8Array, setup: Setup, sizes: readonly [number, number], count: number): Block | null {
  const bits = new LowBits(packet)
  if (bits.read(1) !== 0) return null
  const mode = setup.modes[bits.read(bitsOf(setup.modes.length - 1))]
  const mapping = setup.mappings[mode?.mapping ?? -1]
  if (!mode || !mapping) return null
  const size = sizes[mode.long ? 1 : 0]
  const half = size / 2
  const left = mode.long && bits.read(1) === 0 ? sizes[0] : size
  const right = mode.long && bits.read(1) === 0 ? sizes[0] : size
  const submap = (c: number) => mapping.submaps[mapping.mux[c] ?? 0]
  const floors = Array.from({ length: count }, (_, c) => {
    const floor = setup.floors[submap(c)?.floor ?? -1]
    if (!floor) throw broken()
    return readFloor(bits, floor, setup.books, half)
  })
  const heard = floors.map(f => f !== null)
  for (const { magnitude, angle } of mapping.coupling) if (heard[magnitude] || heard[angle]) heard[magnitude] = heard[angle] = true
  const vectors = floors.map(() => new Float32Array(half))
  for (const [n, { residue }] of mapping.submaps.entries()) {
    const own = vectors.flatMap((v, c) => ((mapping.mux[c] ?? 0) === n ? [heard[c] ? v : null] : []))
    const fine = setup.residues[residue]
    if (!fine) throw broken()
    readResidue(bits, fine, setup.books, own, half)
  }
  uncouple(mapping.coupling, vectors)
  const channels = vectors.map((vector, c) => {
    const floor = floors[c]
    for (let n = 0; n < half; n++) vector[n] = (vector[n] ?? 0) * (floor?.[n] ?? 0)
    return inverseMdct(vector)
  })
  for (const channel of channels) shape(channel, left, right)
  return { size, channels, left, right }
}

/** The slopes by which a block overlaps its neighbours. */
function shape(channel: Float32Array, left: number, right: number): void {
  const size = channel.length
  const slope = (n: number, over: number) => Math.sin((Math.PI / 2) * Math.sin(((n + 0.5) / (over / 2)) * (Math.PI / 2)) ** 2)
  const [from, to] = [size / 4 - left / 4, (size * 3) / 4 - right / 4]
  for (let n = 0; n < size / 2; n++) channel[n] = n < from ? 0 : (channel[n] ?? 0) * (n < from + left / 2 ? slope(n - from, left) : 1)
  for (let n = size / 2; n < size; n++)
    channel[n] = n >= to + right / 2 ? 0 : (channel[n] ?? 0) * (n >= to ? slope(right / 2 - 1 - (n - to), right) : 1)
}

/** Vorbis I, from the packets of its stream. */
export function readVorbis(packets: readonly Uint8Array[], most: number): Pcm {
  const [first, , third, ...rest] = packets
  if (!first || !third || first.length < 30 || ascii(first, 1, 6) !== 'vorbis' || third[0] !== 5) throw broken()
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength)
  const count = first[11] ?? 0
  const rate = view.getUint32(12, true)
  const sizes: [number, number] = [1 << ((first[28] ?? 0) & 15), 1 << ((first[28] ?? 0) >> 4)]
  if (count < 1 || count > 8 || sizes.some(s => s < 64 || s > 8192) || sizes[0] > sizes[1]) throw broken()
  const setup = readSetup(new LowBits(third.subarray(7)), count)
  const sound = gather(most)
  let before: Block | null = null
  for (const packet of rest) {
    const block = readBlock(packet, setup, sizes, count)
    if (!block) continue
    if (before) sound.add(rate, overlap(before, block))
    before = block
  }
  return sound.whole()
}

/** What is finished between the middles of two blocks. */
function overlap(before: Block, block: Block): Float32Array[] {
  const length = before.size / 4 + block.size / 4
  const start = block.size / 2 - length
  return block.channels.map((channel, c) => {
    const old = before.channels[c]
    return Float32Array.from({ length }, (_, n) => {
      const [was, now] = [before.size / 2 + n, start + n]
      return (was < before.size ? (old?.[was] ?? 0) : 0) + (now >= 0 ? (channel[now] ?? 0) : 0)
    })
  })
}

import { broken } from './pcm.ts'

/** Bits from the lowest up, as Vorbis I packs them; behind the end of a packet there is nothing. */
export class LowBits {
  private readonly bytes: Uint8Array
  private at = 0
  over = false
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  read(count: number): number {
    let value = 0
    for (let got = 0; got < count; ) {
      const byte = this.bytes[this.at >> 3]
      if (byte === undefined) {
        this.over = true
        return 0
      }
      const from = this.at & 7
      const take = Math.min(count - got, 8 - from)
      value += ((byte >> from) & ((1 << take) - 1)) * 2 ** got
      got += take
      this.at += take
    }
    return value
  }
}

/** How many bits it takes to write a figure. */
export const bitsOf = (value: number): number => 32 - Math.clz32(value)

/** Nodes of the tree, two children each: below 0 an entry, 0 nothing yet. */
export type Codebook = { dimensions: number; tree: Int32Array; vectors: Float32Array | null }
const mostFigures = 1 << 22

function lengthsOf(bits: LowBits, entries: number): Uint8Array {
  const lengths = new Uint8Array(entries)
  if (bits.read(1) === 1) {
    let length = bits.read(5) + 1
    for (let entry = 0; entry < entries; length++) {
      const run = bits.read(bitsOf(entries - entry))
      if (length > 32 || entry + run > entries || bits.over) throw broken()
      lengths.fill(length, entry, entry + run)
      entry += run
    }
    return lengths
  }
  const sparse = bits.read(1) === 1
  for (let entry = 0; entry < entries; entry++) if (!sparse || bits.read(1) === 1) lengths[entry] = bits.read(5) + 1
  return lengths
}

/** Each entry takes the leftmost free place at its depth. */
function treeOf(lengths: Uint8Array): Int32Array {
  const nodes: number[] = [0, 0]
  const full: boolean[] = [false]
  const used = lengths.reduce((n, l) => n + (l > 0 ? 1 : 0), 0)
  const place = (node: number, depth: number, entry: number): boolean => {
    if (full[node]) return false
    for (const side of [0, 1]) {
      const at = node * 2 + side
      const child = nodes[at] ?? 0
      if (child < 0) continue
      if (depth === 1) {
        if (child !== 0) continue
        nodes[at] = -1 - entry
      } else {
        let next = child
        if (next === 0) {
          next = full.length
          nodes.push(0, 0)
          full.push(false)
          nodes[at] = next
        }
        if (!place(next, depth - 1, entry)) continue
      }
      full[node] = [0, 1].every(s => {
        const c = nodes[node * 2 + s] ?? 0
        return c < 0 || (c > 0 && full[c] === true)
      })
      return true
    }
    return false
  }
  for (const [entry, length] of lengths.entries()) if (length > 0 && !place(0, length, entry)) throw broken()
  // A book of one word reads one bit for it, whichever it is.
  if (used === 1 && nodes[0] !== undefined && nodes[0] < 0) nodes[1] = nodes[0]
  return Int32Array.from(nodes)
}

/** Vorbis' own way to write a broken number. */
function float32(value: number): number {
  const mantissa = value % 0x200000
  const exponent = Math.floor(value / 0x200000) % 1024
  return (value >= 0x80000000 ? -mantissa : mantissa) * 2 ** (exponent - 788)
}

export function readBook(bits: LowBits): Codebook {
  if (bits.read(24) !== 0x564342) throw broken()
  const dimensions = bits.read(16)
  const entries = bits.read(24)
  if (entries > mostFigures || entries * Math.max(1, dimensions) > mostFigures) throw broken()
  const lengths = lengthsOf(bits, entries)
  const lookup = bits.read(4)
  if (lookup > 2) throw broken()
  const tree = treeOf(lengths)
  if (lookup === 0) return { dimensions, tree, vectors: null }
  const least = float32(bits.read(32))
  const delta = float32(bits.read(32))
  const width = bits.read(4) + 1
  const sequence = bits.read(1) === 1
  const count = lookup === 1 ? Math.floor(entries ** (1 / dimensions) + 1e-9) : entries * dimensions
  const figures = Float64Array.from({ length: count }, () => bits.read(width))
  if (bits.over || count === 0) throw broken()
  const vectors = new Float32Array(entries * dimensions)
  for (let entry = 0; entry < entries; entry++) {
    let last = 0
    for (let d = 0, by = 1; d < dimensions; d++, by *= count) {
      const at = lookup === 1 ? Math.floor(entry / by) % count : entry * dimensions + d
      const value = (figures[at] ?? 0) * delta + least + last
      if (sequence) last = value
      vectors[entry * dimensions + d] = value
    }
  }
  return { dimensions, tree, vectors }
}

/** The next entry; −1 at the end of the packet. */
export function nextEntry({ tree }: Codebook, bits: LowBits): number {
  for (let node = 0; ; ) {
    const child = tree[node * 2 + bits.read(1)] ?? 0
    if (bits.over || child === 0) return -1
    if (child < 0) return -1 - child
    node = child
  }
}

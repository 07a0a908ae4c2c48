import { broken } from './pcm.ts'
import { bitsOf, type Codebook, type LowBits, readBook } from './vorbisBooks.ts'

export type Floor = {
  partitions: number[]
  classes: { dimensions: number; subclasses: number; master: number; books: number[] }[]
  multiplier: number
  xs: number[]
  /** Indices of `xs` from left to right. */
  sorted: number[]
}
export type Residue = { kind: number; begin: number; end: number; size: number; classes: number; book: number; books: number[][] }
export type Mapping = { coupling: { magnitude: number; angle: number }[]; mux: number[]; submaps: { floor: number; residue: number }[] }
type Mode = { long: boolean; mapping: number }
export type Setup = { books: Codebook[]; floors: Floor[]; residues: Residue[]; mappings: Mapping[]; modes: Mode[] }

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

function readFloor(bits: LowBits): Floor {
  // The older kind of floor was written by no encoder since 2002.
  if (bits.read(16) !== 1) throw broken()
  const partitions = many(bits.read(5), () => bits.read(4))
  const classes = many(Math.max(-1, ...partitions) + 1, () => {
    const dimensions = bits.read(3) + 1
    const subclasses = bits.read(2)
    return { dimensions, subclasses, master: subclasses > 0 ? bits.read(8) : 0, books: many(1 << subclasses, () => bits.read(8) - 1) }
  })
  const multiplier = bits.read(2) + 1
  const range = bits.read(4)
  const xs = [0, 1 << range]
  for (const part of partitions) for (let d = classes[part]?.dimensions ?? 0; d > 0; d--) xs.push(bits.read(range))
  const sorted = xs.map((_, n) => n).sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0))
  return { partitions, classes, multiplier, xs, sorted }
}

function readResidue(bits: LowBits): Residue {
  const kind = bits.read(16)
  if (kind > 2) throw broken()
  const begin = bits.read(24)
  const end = bits.read(24)
  const size = bits.read(24) + 1
  const classes = bits.read(6) + 1
  const book = bits.read(8)
  const passes = many(classes, () => {
    const low = bits.read(3)
    return (bits.read(1) === 1 ? bits.read(5) : 0) * 8 + low
  })
  return { kind, begin, end, size, classes, book, books: passes.map(p => many(8, n => (p & (1 << n) ? bits.read(8) : -1))) }
}

function readMapping(bits: LowBits, channels: number): Mapping {
  if (bits.read(16) !== 0) throw broken()
  const submaps = bits.read(1) === 1 ? bits.read(4) + 1 : 1
  const wide = bitsOf(channels - 1)
  const coupling = bits.read(1) === 1 ? many(bits.read(8) + 1, () => ({ magnitude: bits.read(wide), angle: bits.read(wide) })) : []
  if (coupling.some(c => c.magnitude === c.angle || c.magnitude >= channels || c.angle >= channels)) throw broken()
  bits.read(2)
  const mux = many(channels, () => (submaps > 1 ? bits.read(4) : 0))
  return {
    coupling,
    mux,
    submaps: many(submaps, () => {
      bits.read(8)
      return { floor: bits.read(8), residue: bits.read(8) }
    }),
  }
}

/** The third packet: everything the sound is made of. `bits` stands behind "vorbis". */
export function readSetup(bits: LowBits, channels: number): Setup {
  const books = many(bits.read(8) + 1, () => readBook(bits))
  for (let times = bits.read(6) + 1; times > 0; times--) bits.read(16)
  const floors = many(bits.read(6) + 1, () => readFloor(bits))
  const residues = many(bits.read(6) + 1, () => readResidue(bits))
  const mappings = many(bits.read(6) + 1, () => readMapping(bits, channels))
  const modes = many(bits.read(6) + 1, () => {
    const long = bits.read(1) === 1
    bits.read(32)
    return { long, mapping: bits.read(8) }
  })
  if (bits.over || bits.read(1) !== 1) throw broken()
  return { books, floors, residues, mappings, modes }
}

import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable, Transform } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { Refusal } from './refusal.ts'

/** A packed document that would swell beyond this was made to hurt: a million rows of a spreadsheet stay below a gigabyte. */
const mostUnpacked = 4 * 1024 ** 3 - 2
const mostRatio = 200
const mostEntries = 20_000

export type Packed = { name: string; method: number; packed: number; size: number; at: number }
const broken = () => new Refusal('invalid', 'file.broken')
const swells = (facts = {}) => new Refusal('invalid', 'file.swells', facts)

/** Whether an entry would be written outside its folder by a program that unpacks it. None of ours does; nobody who means well packs such names. */
export const isTrick = (name: string): boolean =>
  name === '' ||
  name.startsWith('/') ||
  /^[A-Za-z]:/.test(name) ||
  name.includes('\\') ||
  name.includes('\0') ||
  name.split('/').includes('..')

/** The table of contents of a ZIP, checked before anything is unpacked. Zip64 and encryption have no place in a spreadsheet. */
export async function contentsOf(file: FileHandle): Promise<Map<string, Packed>> {
  const { size } = await file.stat()
  const tail = Buffer.alloc(Math.min(size, 66_000))
  await file.read(tail, 0, tail.length, size - tail.length)
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > tail.length) throw broken()
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  const at = tail.readUInt32LE(end + 16)
  if (count === 0xffff || at === 0xffffffff) throw new Refusal('invalid', 'file.zip64')
  if (count > mostEntries || at + length > size) throw broken()
  const directory = Buffer.alloc(length)
  await file.read(directory, 0, length, at)
  const found = new Map<string, Packed>()
  let unpacked = 0
  let here = 0
  for (let n = 0; n < count; n++) {
    if (here + 46 > length || directory.readUInt32LE(here) !== 0x02014b50) throw broken()
    const flags = directory.readUInt16LE(here + 8)
    const nameLength = directory.readUInt16LE(here + 28)
    const entry: Packed = {
      name: directory.toString('utf8', here + 46, here + 46 + nameLength),
      method: directory.readUInt16LE(here + 10),
      packed: directory.readUInt32LE(here + 20),
      size: directory.readUInt32LE(here + 24),
      at: directory.readUInt32LE(here + 42),
    }
    if (entry.packed === 0xffffffff || entry.size === 0xffffffff || entry.at === 0xffffffff) throw new Refusal('invalid', 'file.zip64')
    if (flags & 1) throw new Refusal('invalid', 'file.encrypted')
    if (isTrick(entry.name) || found.has(entry.name) || (entry.method !== 0 && entry.method !== 8)) throw broken()
    found.set(entry.name, entry)
    unpacked += entry.size
    here += 46 + nameLength + directory.readUInt16LE(here + 30) + directory.readUInt16LE(here + 32)
  }
  if (unpacked > mostUnpacked || unpacked / size > mostRatio) throw swells({ unpacked })
  return found
}

/** An entry unpacked as it is read; it may not hold more than its table of contents says. */
export async function unpacked(file: FileHandle, { at, packed, method, size }: Packed): Promise<Readable> {
  const head = Buffer.alloc(30)
  await file.read(head, 0, 30, at)
  if (head.readUInt32LE(0) !== 0x04034b50) throw broken()
  const start = at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  if (packed === 0) return Readable.from([])
  const raw = file.createReadStream({ start, end: start + packed - 1, autoClose: false, highWaterMark: 1 << 17 })
  let seen = 0
  const measured = new Transform({
    transform(bytes: Buffer, _, done) {
      seen += bytes.length
      done(seen > size ? swells() : null, bytes)
    },
  })
  // Whoever reads hears of a failure; nobody else waits for it.
  if (method === 0) return pipeline(raw, measured, () => {})
  return pipeline(raw, createInflateRaw({ chunkSize: 1 << 17 }), measured, () => {})
}

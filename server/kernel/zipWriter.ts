import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { Refusal } from './refusal.ts'

const mostBytes = 0xffff_ffff
type Entry = { name: string; crc: number; packed: number; size: number; at: number }

/** A ZIP written as it is read: each entry to its end, then `end`. */
export function zipWriter() {
  const entries: Entry[] = []
  let offset = 0
  async function* entry(path: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const made: Entry = { name: path, crc: 0, packed: 0, size: 0, at: offset }
    const header = localHeader(path)
    offset += header.length
    yield header
    async function* measured() {
      for await (const bytes of content) {
        made.crc = crc32(bytes, made.crc)
        made.size += bytes.length
        yield bytes
      }
    }
    for await (const bytes of Readable.from(measured(), { objectMode: false }).pipe(
      createDeflateRaw({ level: 4 }),
    ) as AsyncIterable<Buffer>) {
      made.packed += bytes.length
      yield bytes
    }
    const tail = descriptor(made)
    offset += made.packed + tail.length
    if (made.size > mostBytes || offset > mostBytes) throw new Refusal('too_large', 'export.too_large')
    yield tail
    entries.push(made)
  }
  return { entry, end: () => directory(entries, offset) }
}

const u16 = (...numbers: number[]) => numbers.flatMap(n => [n & 255, (n >>> 8) & 255])
const u32 = (...numbers: number[]) => numbers.flatMap(n => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255])
/** Sizes follow the content; names are UTF-8; no time of day. */
const flags = 0x0808
const day1980 = 0x0021

function localHeader(name: string): Uint8Array {
  const path = Buffer.from(name)
  return Buffer.concat([Buffer.from([...u32(0x04034b50), ...u16(20, flags, 8, 0, day1980), ...u32(0, 0, 0), ...u16(path.length, 0)]), path])
}
const descriptor = ({ crc, packed, size }: Entry): Uint8Array => Buffer.from(u32(0x08074b50, crc, packed, size))

function* directory(entries: readonly Entry[], at: number): Generator<Uint8Array> {
  const rows = entries.map(({ name, crc, packed, size, at }) => {
    const path = Buffer.from(name)
    return Buffer.concat([
      Buffer.from([
        ...u32(0x02014b50),
        ...u16(20, 20, flags, 8, 0, day1980),
        ...u32(crc, packed, size),
        ...u16(path.length, 0, 0, 0, 0),
        ...u32(0, at),
      ]),
      path,
    ])
  })
  const all = Buffer.concat(rows)
  yield all
  yield Buffer.from([...u32(0x06054b50), ...u16(0, 0, entries.length, entries.length), ...u32(all.length, at), ...u16(0)])
}

import { ascii, broken } from './pcm.ts'

/** The packets of the first stream of an Ogg file (RFC 3533). */
export function oggPackets(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const packets: Uint8Array[] = []
  let half: Uint8Array[] = []
  let stream: number | null = null
  for (let at = 0; at + 27 <= bytes.length && ascii(bytes, at, 4) === 'OggS'; ) {
    const serial = view.getUint32(at + 14, true)
    stream ??= serial
    const table = bytes.subarray(at + 27, at + 27 + (bytes[at + 26] ?? 0))
    let from = at + 27 + table.length
    for (const size of table) {
      if (from + size > bytes.length) throw broken()
      if (serial === stream) {
        half.push(bytes.subarray(from, from + size))
        if (size < 255) {
          packets.push(half.length === 1 ? (half[0] ?? new Uint8Array()) : Buffer.concat(half))
          half = []
        }
      }
      from += size
    }
    at = from
  }
  return packets
}

/** Elements of EBML into which we look; every other one is read or passed by whole. */
const opened = new Set([0x18538067, 0x1654ae6b, 0xae, 0x1f43b675, 0xa0])

/** The packets of the first Opus track of a WebM file, as browsers record it, and what its head says. */
export function webmOpus(bytes: Uint8Array): { head: Uint8Array; packets: Uint8Array[] } {
  let at = 0
  const number = (keepMark: boolean): number => {
    const first = bytes[at]
    const length = first === undefined ? 9 : Math.clz32(first) - 23
    if (first === undefined || length > 8 || at + length > bytes.length) throw broken()
    let value = keepMark ? first : first & (0xff >> length)
    let unknown = value === 0xff >> length
    for (let n = 1; n < length; n++) {
      const byte = bytes[at + n] ?? 0
      unknown &&= byte === 0xff
      value = value * 256 + byte
    }
    at += length
    return unknown && !keepMark ? Number.POSITIVE_INFINITY : value
  }
  let entry = { track: 0, codec: '', head: new Uint8Array() }
  let chosen: typeof entry | null = null
  const packets: Uint8Array[] = []
  while (at < bytes.length) {
    const id = number(true)
    const size = number(false)
    if (id === 0xae) entry = { track: 0, codec: '', head: new Uint8Array() }
    if (opened.has(id)) continue
    const from = at
    // The last block of a recording that was cut off is let go.
    if (!(from + size <= bytes.length)) break
    if (id === 0xd7) entry.track = bytes[from] ?? 0
    if (id === 0x86) entry.codec = ascii(bytes, from, size)
    if (id === 0x63a2) entry.head = Uint8Array.from(bytes.subarray(from, from + size))
    if (entry.codec === 'A_OPUS' && entry.head.length > 0) chosen ??= entry
    if ((id === 0xa3 || id === 0xa1) && chosen) {
      const track = number(false)
      // Two bytes of time and one of flags; packets laced together are nothing a recorder writes.
      if ((bytes[at + 2] ?? 0) & 0x06) throw broken()
      if (track === chosen.track) packets.push(bytes.subarray(at + 3, from + size))
    }
    at = from + size
  }
  if (!chosen) throw broken()
  return { head: chosen.head, packets }
}

import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** A screenshot as a small PNG: at most 256 colours chosen from its own. Screens have few colours besides the edges of letters, so hardly anything is seen of it. */
export function smaller(png: Buffer): Buffer {
  const picture = read(png)
  if (!picture) return png
  const { width, height, pixels } = picture
  const counts = new Map<number, number>()
  for (let i = 0; i < pixels.length; i += 3) {
    const colour = colourAt(pixels, i)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = paletteOf(counts)
  const places = new Map<number, number>()
  for (const colour of counts.keys()) places.set(colour, nearest(palette, colour))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    rows[to++] = 0
    for (let x = 0; x < width; x++, from += 3) rows[to++] = places.get(colourAt(pixels, from)) ?? 0
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const made = Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(c => [c >> 16, (c >> 8) & 255, c & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return made.length < png.length ? made : png
}

const colourAt = (pixels: Buffer, i: number) => ((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0)

/** Eight bits, RGB or RGBA, not interlaced: what browsers write. Anything else is left as it is. */
function read(png: Buffer): { width: number; height: number; pixels: Buffer } | undefined {
  const parts: Buffer[] = []
  let [width, height, kind] = [0, 0, -1]
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + size)
    if (name === 'IHDR')
      [width, height, kind] = [body.readUInt32BE(0), body.readUInt32BE(4), body[8] === 8 && body[12] === 0 ? (body[9] ?? -1) : -1]
    if (name === 'IDAT') parts.push(body)
    at += size + 12
  }
  if (kind !== 2 && kind !== 6) return undefined
  const step = kind === 2 ? 3 : 4
  const raw = unfilter(inflateSync(Buffer.concat(parts)), width * step, height, step)
  if (step === 3) return { width, height, pixels: raw }
  const pixels = Buffer.alloc(width * height * 3)
  for (let from = 0, to = 0; from < raw.length; from += 4, to += 3) raw.copy(pixels, to, from, from + 3)
  return { width, height, pixels }
}

function unfilter(data: Buffer, line: number, height: number, step: number): Buffer {
  const out = Buffer.alloc(line * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (line + 1)]
    for (let x = 0; x < line; x++) {
      const left = x >= step ? (out[y * line + x - step] ?? 0) : 0
      const up = y > 0 ? (out[(y - 1) * line + x] ?? 0) : 0
      const corner = x >= step && y > 0 ? (out[(y - 1) * line + x - step] ?? 0) : 0
      const guess = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : filter === 4 ? paeth(left, up, corner) : 0
      out[y * line + x] = (data[y * (line + 1) + 1 + x] ?? 0) + guess
    }
  }
  return out
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

type Box = [colour: number, count: number][]
const shifts = [16, 8, 0] as const
const widthOf = (box: Box, shift: number) => {
  let [low, high] = [255, 0]
  for (const [colour] of box) {
    const value = (colour >> shift) & 255
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}

/** The commonest colours as they are, the others by halving the widest box of colours. */
function paletteOf(counts: Map<number, number>): number[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1])
  if (sorted.length <= 256) return sorted.map(([colour]) => colour)
  const common = sorted.slice(0, 96).map(([colour]) => colour)
  const boxes: Box[] = [sorted.slice(96)]
  while (boxes.length < 160) {
    const widest = boxes
      .map((box, i) => ({
        i,
        spread: Math.max(...shifts.map(s => widthOf(box, s))) * Math.sqrt(box.reduce((n, [, count]) => n + count, 0)),
      }))
      .sort((a, b) => b.spread - a.spread)[0]
    const box = widest && widest.spread > 0 ? boxes[widest.i] : undefined
    if (!box || !widest) break
    const shift = [...shifts].sort((a, b) => widthOf(box, b) - widthOf(box, a))[0] ?? 0
    box.sort((a, b) => ((a[0] >> shift) & 255) - ((b[0] >> shift) & 255))
    const half = Math.max(1, box.length >> 1)
    boxes.splice(widest.i, 1, box.slice(0, half), box.slice(half))
  }
  return [...common, ...boxes.filter(box => box.length > 0).map(mean)]
}

function mean(box: Box): number {
  const total = box.reduce((n, [, count]) => n + count, 0)
  const part = (shift: number) => Math.round(box.reduce((n, [colour, count]) => n + ((colour >> shift) & 255) * count, 0) / total)
  return (part(16) << 16) | (part(8) << 8) | part(0)
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, distance] = [0, Number.POSITIVE_INFINITY]
  for (let i = 0; i < palette.length && distance > 0; i++) {
    const other = palette[i] ?? 0
    const d = shifts.reduce<number>((sum, s) => sum + (((colour >> s) & 255) - ((other >> s) & 255)) ** 2, 0)
    if (d < distance) [best, distance] = [i, d]
  }
  return best
}

function chunk(name: string, body: Buffer): Buffer {
  const out = Buffer.alloc(body.length + 12)
  out.writeUInt32BE(body.length, 0)
  out.write(name, 4, 'latin1')
  body.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8)
  return out
}

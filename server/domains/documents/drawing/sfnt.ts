/** An outline in font units, y upwards, quadratic as TrueType wants it. */
export type Command = { command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'closePath'; args: readonly number[] }
export type NewGlyph = { codePoint: number; advance: number; commands: readonly Command[] }
export type NewFont = {
  name: string
  unitsPerEm: number
  ascent: number
  descent: number
  capHeight: number
  bold: boolean
  glyphs: readonly NewGlyph[]
}

type Point = { x: number; y: number; on: boolean }

/** A TrueType font of exactly these glyphs, in the order of their code points; glyph 0 is empty. */
export function writeFont({ name, unitsPerEm, ascent, descent, capHeight, bold, glyphs }: NewFont): Buffer {
  const sorted = glyphs.toSorted((a, b) => a.codePoint - b.codePoint)
  const drawn = [
    { advance: unitsPerEm, contours: [] as Point[][] },
    ...sorted.map(g => ({ advance: Math.round(g.advance), contours: contoursOf(g.commands) })),
  ]
  const bodies = drawn.map(g => glyphOf(g.contours))
  const boxes = drawn.flatMap(g => (g.contours.length > 0 ? [boxOf(g.contours)] : []))
  const box = {
    xMin: Math.min(0, ...boxes.map(b => b.xMin)),
    yMin: Math.min(0, ...boxes.map(b => b.yMin)),
    xMax: Math.max(1, ...boxes.map(b => b.xMax)),
    yMax: Math.max(1, ...boxes.map(b => b.yMax)),
  }
  const offsets = [0]
  for (const body of bodies) offsets.push((offsets.at(-1) ?? 0) + body.length)
  const widest = Math.max(...drawn.map(g => g.advance))
  const points = Math.max(...drawn.map(g => g.contours.reduce((n, c) => n + c.length, 0)))
  const contours = Math.max(...drawn.map(g => g.contours.length))
  const [weight, style] = bold ? [700, 'Bold'] : [400, 'Regular']
  return assemble({
    'OS/2': bytes(w => {
      w.u16(4, 500, weight, 5, 0).i16(650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0)
      w.raw(Buffer.alloc(10)).u32(1, 0, 0, 0).raw(Buffer.from('HYIN'))
      w.u16(bold ? 0x20 : 0x40, Math.min(0xffff, sorted[0]?.codePoint ?? 0), Math.min(0xffff, sorted.at(-1)?.codePoint ?? 0))
      w.i16(ascent, descent, 0)
        .u16(ascent, -descent)
        .u32(1, 0)
        .i16(Math.round(capHeight * 0.75), capHeight)
        .u16(0, 32, 1)
    }),
    cmap: bytes(w => {
      // One group for each run of code points that follow one another.
      const groups: [number, number, number][] = []
      for (const [at, { codePoint }] of sorted.entries()) {
        const last = groups.at(-1)
        if (last && last[1] === codePoint - 1) last[1] = codePoint
        else groups.push([codePoint, codePoint, at + 1])
      }
      w.u16(0, 1, 3, 10)
        .u32(12)
        .u16(12, 0)
        .u32(16 + 12 * groups.length, 0, groups.length)
      for (const group of groups) w.u32(...group)
    }),
    glyf: Buffer.concat(bodies),
    head: bytes(w => {
      w.u32(0x00010000, 0x00010000, 0, 0x5f0f3cf5).u16(3, unitsPerEm).u32(0, 0, 0, 0)
      w.i16(box.xMin, box.yMin, box.xMax, box.yMax)
        .u16(bold ? 1 : 0, 8)
        .i16(2, 1, 0)
    }),
    hhea: bytes(w => {
      w.u32(0x00010000).i16(ascent, descent, 0).u16(widest).i16(0, 0, box.xMax, 1, 0, 0, 0, 0, 0, 0, 0).u16(drawn.length)
    }),
    hmtx: bytes(w => {
      for (const [at, { advance }] of drawn.entries()) w.u16(advance).i16(leftOf(drawn[at]?.contours ?? []))
    }),
    loca: bytes(w => {
      w.u32(...offsets)
    }),
    maxp: bytes(w => {
      w.u32(0x00010000).u16(drawn.length, points, contours, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
    }),
    name: nameTable([
      [1, name],
      [2, style],
      [3, `${name} ${style}`],
      [4, `${name} ${style}`],
      [6, `${name.replaceAll(' ', '')}-${style}`],
    ]),
    post: bytes(w => {
      w.u32(0x00030000, 0).i16(-100, 50).u32(0, 0, 0, 0, 0)
    }),
  })
}

function contoursOf(commands: readonly Command[]): Point[][] {
  const contours: Point[][] = []
  let now: Point[] = []
  const close = () => {
    const [first, last] = [now[0], now.at(-1)]
    if (first && last && now.length > 1 && last.on && first.x === last.x && first.y === last.y) now.pop()
    if (now.length > 1) contours.push(now)
    now = []
  }
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0] = args.map(Math.round)
    if (command === 'moveTo') {
      close()
      now.push({ x: a, y: b, on: true })
    } else if (command === 'lineTo') now.push({ x: a, y: b, on: true })
    else if (command === 'quadraticCurveTo') now.push({ x: a, y: b, on: false }, { x: c, y: d, on: true })
    else close()
  }
  close()
  return contours
}

const boxOf = (contours: Point[][]) => {
  const points = contours.flat()
  return {
    xMin: points.reduce((m, p) => Math.min(m, p.x), Number.POSITIVE_INFINITY),
    yMin: points.reduce((m, p) => Math.min(m, p.y), Number.POSITIVE_INFINITY),
    xMax: points.reduce((m, p) => Math.max(m, p.x), Number.NEGATIVE_INFINITY),
    yMax: points.reduce((m, p) => Math.max(m, p.y), Number.NEGATIVE_INFINITY),
  }
}
const leftOf = (contours: Point[][]) => (contours.length > 0 ? boxOf(contours).xMin : 0)

function glyphOf(contours: Point[][]): Buffer {
  if (contours.length === 0) return Buffer.alloc(0)
  const { xMin, yMin, xMax, yMax } = boxOf(contours)
  const points = contours.flat()
  const body = bytes(w => {
    w.i16(contours.length, xMin, yMin, xMax, yMax)
    let end = -1
    for (const contour of contours) {
      end += contour.length
      w.u16(end)
    }
    w.u16(0).raw(Buffer.from(points.map(p => (p.on ? 1 : 0))))
    // Every step as two bytes: the subset of a letter is small, and this is deflated.
    for (const axis of ['x', 'y'] as const) {
      let before = 0
      for (const point of points) {
        w.i16(point[axis] - before)
        before = point[axis]
      }
    }
  })
  return Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
}

function nameTable(names: readonly [number, string][]): Buffer {
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16())
  return bytes(w => {
    w.u16(0, names.length, 6 + 12 * names.length)
    let at = 0
    for (const [row, [id]] of names.entries()) {
      const length = texts[row]?.length ?? 0
      w.u16(3, 1, 0x409, id, length, at)
      at += length
    }
    for (const text of texts) w.raw(text)
  })
}

/** The directory and the tables, each on four bytes, with their sums. */
function assemble(tables: Record<string, Buffer>): Buffer {
  const tags = Object.keys(tables).sort()
  const power = Math.floor(Math.log2(tags.length))
  let at = 12 + 16 * tags.length
  const parts: Buffer[] = []
  const directory = bytes(w => {
    w.u32(0x00010000).u16(tags.length, 16 * 2 ** power, power, 16 * (tags.length - 2 ** power))
    for (const tag of tags) {
      const table = tables[tag] ?? Buffer.alloc(0)
      const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
      w.raw(Buffer.from(tag)).u32(sumOf(padded), at, table.length)
      at += padded.length
      parts.push(padded)
    }
  })
  const font = Buffer.concat([directory, ...parts])
  const head = directory.indexOf('head')
  font.writeUInt32BE((0xb1b0afba - sumOf(font)) >>> 0, font.readUInt32BE(head + 8) + 8)
  return font
}

function sumOf(padded: Buffer): number {
  let sum = 0
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0
  return sum
}

type Writer = {
  u16: (...values: number[]) => Writer
  i16: (...values: number[]) => Writer
  u32: (...values: number[]) => Writer
  raw: (part: Buffer) => Writer
}
function bytes(write: (w: Writer) => void): Buffer {
  const parts: Buffer[] = []
  const each =
    (size: number, put: (b: Buffer, value: number, at: number) => void) =>
    (...values: number[]) => {
      const part = Buffer.alloc(size * values.length)
      for (const [at, value] of values.entries()) put(part, value, at * size)
      parts.push(part)
      return writer
    }
  const writer: Writer = {
    u16: each(2, (b, v, at) => b.writeUInt16BE(v & 0xffff, at)),
    i16: each(2, (b, v, at) => b.writeInt16BE(v, at)),
    u32: each(4, (b, v, at) => b.writeUInt32BE(v >>> 0, at)),
    raw: part => {
      parts.push(part)
      return writer
    },
  }
  write(writer)
  return Buffer.concat(parts)
}

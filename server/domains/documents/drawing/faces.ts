import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import * as fontkit from 'fontkit'
import decompress from 'woff2-encoder/decompress'
import * as z from 'zod'
import { type Command, type NewGlyph, writeFont } from './sfnt.ts'

/** The two weights of a document, as fonts of exactly the letters it needs. */
export type Faces = { regular: Face; bold: Face }
export type Face = { file: Buffer; widthOf: (text: string, size: number) => number; outline: (text: string, size: number) => Outline }
/** Letters as a path, from their base line; y downwards as on a page. */
export type Outline = { d: string; width: number }

const unitsPerEm = 1000
const ascent = 880
const descent = -120

/** The font the console brings comes in a hundred slices; a document needs the letters of some. Letters that no slice has are boxes with their number. */
export async function facesFor(texts: Iterable<string>): Promise<Faces> {
  const wanted = new Set<number>([...'0123456789ABCDEF?？、。，…（）'].map(s => s.codePointAt(0) ?? 0))
  for (const text of texts) for (const sign of text) wanted.add(sign.codePointAt(0) ?? 0)
  const bySlice = Map.groupBy([...wanted].filter(isDrawn), sliceOf)
  const found = await Promise.all(
    [...bySlice].map(async ([slice, codePoints]) => (slice === null ? boxesFor(codePoints) : glyphsOf(slice, codePoints))),
  )
  const glyphs = found.flat()
  return { regular: faceOf(glyphs, 400), bold: faceOf(glyphs, 700) }
}

/** Control signs and the marks that steer direction and joining are not drawn. */
const isDrawn = (codePoint: number) => !/\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Variation_Selector}/u.test(String.fromCodePoint(codePoint))

type Letter = { codePoint: number; at: (weight: number) => Omit<NewGlyph, 'codePoint'> }

function faceOf(letters: readonly Letter[], weight: 400 | 700): Face {
  const glyphs = letters.map(({ codePoint, at }) => ({ codePoint, ...at(weight) }))
  const byCode = new Map(glyphs.map(g => [g.codePoint, g]))
  const file = writeFont({ name: 'Huiyin Sans SC', unitsPerEm, ascent, descent, capHeight: 733, bold: weight === 700, glyphs })
  const advance = (sign: string) => byCode.get(sign.codePointAt(0) ?? 0)?.advance ?? 0
  return {
    file,
    widthOf: (text, size) => {
      let sum = 0
      for (const sign of text) sum += advance(sign)
      return (sum * size) / unitsPerEm
    },
    outline: (text, size) => {
      let x = 0
      let d = ''
      const scale = size / unitsPerEm
      for (const sign of text) {
        for (const { command, args } of byCode.get(sign.codePointAt(0) ?? 0)?.commands ?? [])
          d += letterOf[command] + args.map((v, i) => ((i % 2 === 0 ? x + v : -v) * scale).toFixed(2)).join(' ')
        x += advance(sign)
      }
      return { d, width: x * scale }
    },
  }
}
const letterOf = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', closePath: 'Z' } as const

// ── Slices

const home = path.dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json'))
const Ranges = z.record(z.string(), z.string())
type Slice = { name: string; ranges: [number, number][] }
const slices: Slice[] = await readFile(path.join(home, 'unicode.json'), 'utf8').then(text =>
  Object.entries(Ranges.parse(JSON.parse(text))).map(([key, ranges]) => ({
    name: key.replace(/[[\]]/g, ''),
    ranges: ranges.split(',').map(range => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
    }),
  })),
)
const sliceOf = (codePoint: number): string | null =>
  // Latin letters stand in several; the last one named is the plainest.
  slices.findLast(s => s.ranges.some(([from, to]) => codePoint >= from && codePoint <= to))?.name ?? null

/** A slice is unpacked once and kept while documents are made of it. */
const unpacked = new Map<string, Promise<fontkit.Font>>()
const mostKept = 24

function slice(name: string): Promise<fontkit.Font> {
  const kept = unpacked.get(name) ?? open(name)
  unpacked.delete(name)
  unpacked.set(name, kept)
  const [oldest] = unpacked.keys()
  if (unpacked.size > mostKept && oldest !== undefined) unpacked.delete(oldest)
  return kept
}

async function open(name: string): Promise<fontkit.Font> {
  const packed = await readFile(path.join(home, 'files', `noto-sans-sc-${name}-wght-normal.woff2`))
  const font = fontkit.create(Buffer.from(await decompress(packed)))
  if (!('getVariation' in font)) throw new Error(`${name} is a collection of fonts`)
  return font
}

async function glyphsOf(name: string, codePoints: readonly number[]): Promise<Letter[]> {
  const font = await slice(name)
  const weights = new Map<number, fontkit.Font>()
  const inWeight = (weight: number) => {
    const made = weights.get(weight) ?? font.getVariation({ wght: weight })
    weights.set(weight, made)
    return made
  }
  const missing: number[] = []
  const letters: Letter[] = []
  for (const codePoint of codePoints) {
    if (!font.hasGlyphForCodePoint(codePoint)) {
      missing.push(codePoint)
      continue
    }
    letters.push({
      codePoint,
      at: weight => {
        const glyph = inWeight(weight).glyphForCodePoint(codePoint)
        return { advance: glyph.advanceWidth, commands: glyph.path.commands.flatMap(quadratic) }
      },
    })
  }
  return [...letters, ...(await boxesFor(missing))]
}

function quadratic({ command, args }: { command: string; args: number[] }): Command[] {
  if (command === 'moveTo' || command === 'lineTo' || command === 'quadraticCurveTo' || command === 'closePath') return [{ command, args }]
  throw new Error(`a TrueType outline has no ${command}`)
}

/** A letter without a glyph is neither lost nor silent: a box that holds its number, like U+20BB7. */
async function boxesFor(codePoints: readonly number[]): Promise<Letter[]> {
  if (codePoints.length === 0) return []
  const latin = await slice('latin')
  return codePoints.map(codePoint => ({
    codePoint,
    at: weight => ({ advance: unitsPerEm, commands: boxOf(latin.getVariation({ wght: weight }), codePoint.toString(16).toUpperCase()) }),
  }))
}

function boxOf(latin: fontkit.Font, number: string): Command[] {
  const digits = number.padStart(number.length > 4 ? 6 : 4, '0')
  const half = digits.length / 2
  const frame = [rectangle(60, -80, 940, 800, false), rectangle(100, -40, 900, 760, true)].flat()
  const [scale, step] = half === 3 ? [0.42, 245] : [0.5, 310]
  const signs = [...digits].flatMap((digit, at) => {
    const x = 500 - (half * step) / 2 + (at % half) * step
    const y = at < half ? 410 : 30
    return latin
      .glyphForCodePoint(digit.codePointAt(0) ?? 0)
      .path.commands.flatMap(quadratic)
      .map(({ command, args }) => ({
        command,
        args: args.map((v, i) => v * scale + (i % 2 === 0 ? x : y)),
      }))
  })
  return [...frame, ...signs]
}

function rectangle(x1: number, y1: number, x2: number, y2: number, inner: boolean): Command[] {
  const corners = [
    [x1, y1],
    [x1, y2],
    [x2, y2],
    [x2, y1],
  ]
  const [first, ...rest] = inner ? corners.toReversed() : corners
  return [
    { command: 'moveTo', args: first ?? [] },
    ...rest.map(args => ({ command: 'lineTo' as const, args })),
    { command: 'closePath', args: [] },
  ]
}

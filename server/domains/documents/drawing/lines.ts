import type { Run } from '#contract/documentBlocks.ts'
import type { Faces } from './faces.ts'

export type Piece = { text: string; bold: boolean; x: number }
export type Line = { pieces: Piece[]; width: number }

// What may not begin a line, and what may not end one (GB/T 15834 and common practice).
const noStart = /[、。，．,.;:!?；：！？…—）)\]】》〉」』”’%‰℃°·]/
const noEnd = /[（(【《〈「『“‘¥￥$#]/
const isWide = (sign: string) =>
  /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]|[\u{20000}-\u{3FFFF}]|\p{Extended_Pictographic}/u.test(sign)

/** Whether a line may end between two signs that stand together. */
export function mayBreak(before: string, after: string): boolean {
  if (after === ' ') return false
  if (before === ' ') return true
  if (noStart.test(after) || noEnd.test(before)) return false
  // Dates and intervals stay whole: 2026-06-30, 2.5%–7.7%.
  return isWide(before) || isWide(after) || (/[-/–]/.test(before) && !/\d/.test(after))
}

type Sign = { text: string; bold: boolean; width: number }

/** The words cut into lines no wider than `width`; a word wider than a line is cut where the line ends. */
export function linesOf(runs: readonly Run[], faces: Faces, size: number, width: number): Line[] {
  return splitAtNewlines(runs).flatMap(part => {
    const signs = part.flatMap(({ text, bold }) =>
      [...text].map(sign => ({ text: sign, bold, width: faces[bold ? 'bold' : 'regular'].widthOf(sign, size) })),
    )
    return wrapped(signs, width)
  })
}

function splitAtNewlines(runs: readonly Run[]): Run[][] {
  const parts: Run[][] = [[]]
  for (const { text, bold } of runs)
    for (const [at, piece] of text.split(/\r?\n/).entries()) {
      if (at > 0) parts.push([])
      if (piece !== '') parts.at(-1)?.push({ text: piece.replaceAll('\t', ' '), bold })
    }
  return parts
}

function wrapped(signs: readonly Sign[], width: number): Line[] {
  const lines: Line[] = []
  let from = 0
  let used = 0
  /** Where the line may end, when it must. */
  let last = 0
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at]
    const before = signs[at - 1]
    if (!sign) break
    if (at > from && before && mayBreak(before.text, sign.text)) last = at
    used += sign.width
    // A space at the end of a line takes no room.
    if (used <= width + 0.01 || sign.text === ' ' || at === from) continue
    const until = last > from ? last : at
    lines.push(lineOf(signs.slice(from, until)))
    from = until
    last = from
    used = signs.slice(from, at + 1).reduce((sum, s) => sum + s.width, 0)
  }
  lines.push(lineOf(signs.slice(from)))
  return lines
}

function lineOf(signs: readonly Sign[]): Line {
  const end = signs.findLastIndex(s => s.text !== ' ') + 1
  const pieces: Piece[] = []
  let x = 0
  for (const sign of signs.slice(0, end)) {
    const piece = pieces.at(-1)
    if (piece && piece.bold === sign.bold) piece.text += sign.text
    else pieces.push({ text: sign.text, bold: sign.bold, x })
    x += sign.width
  }
  return { pieces, width: x }
}

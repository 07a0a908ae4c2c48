/** A block or a paragraph, as it is compared. */
export type Unit = { kind: string; text: string }
export type Piece = { text: string; how: 'same' | 'other' }
/** A pair that stands side by side; on one side nothing where it was added or removed. */
export type Change = { kind: string; how: 'same' | 'changed' | 'gone' | 'new'; was: Piece[]; is: Piece[] }

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
/** So many comparisons at most; beyond them a gap is told whole. */
const most = 4_000_000

/** What two rows have in common, in order: pairs of places. */
function common<T>(was: readonly T[], is: readonly T[], same: (a: T, b: T) => boolean): [number, number][] {
  let from = 0
  while (from < was.length && from < is.length && sameAt(was, is, from, from, same)) from++
  let back = 0
  while (back < was.length - from && back < is.length - from && sameAt(was, is, was.length - 1 - back, is.length - 1 - back, same)) back++
  const ends = (count: number, a: number, b: number) => Array.from({ length: count }, (_, n): [number, number] => [a + n, b + n])
  const [rows, columns] = [was.length - from - back, is.length - from - back]
  const middle = rows * columns > most ? [] : longest(was.slice(from, from + rows), is.slice(from, from + columns), same)
  return [
    ...ends(from, 0, 0),
    ...middle.map(([a, b]): [number, number] => [a + from, b + from]),
    ...ends(back, was.length - back, is.length - back),
  ]
}

function sameAt<T>(was: readonly T[], is: readonly T[], a: number, b: number, same: (a: T, b: T) => boolean): boolean {
  const [x, y] = [was[a], is[b]]
  return x !== undefined && y !== undefined && same(x, y)
}

function longest<T>(was: readonly T[], is: readonly T[], same: (a: T, b: T) => boolean): [number, number][] {
  const wide = is.length + 1
  const lengths = new Uint32Array((was.length + 1) * wide)
  const at = (a: number, b: number) => lengths[a * wide + b] ?? 0
  for (let a = was.length - 1; a >= 0; a--)
    for (let b = is.length - 1; b >= 0; b--)
      lengths[a * wide + b] = sameAt(was, is, a, b, same) ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1))
  const pairs: [number, number][] = []
  let [a, b] = [0, 0]
  while (a < was.length && b < is.length) {
    if (sameAt(was, is, a, b, same)) pairs.push([a++, b++])
    else if (at(a + 1, b) >= at(a, b + 1)) a++
    else b++
  }
  return pairs
}

/** Two texts, word by word. */
export function compareWords(was: string, is: string): { was: Piece[]; is: Piece[] } {
  const [before, after] = [wordsOf(was), wordsOf(is)]
  const kept = common(before, after, (a, b) => a === b)
  return { was: pieces(before, new Set(kept.map(([a]) => a))), is: pieces(after, new Set(kept.map(([, b]) => b))) }
}

const wordsOf = (text: string): string[] => [...segmenter.segment(text)].map(s => s.segment)
function pieces(words: readonly string[], kept: ReadonlySet<number>): Piece[] {
  const all: Piece[] = []
  for (const [at, text] of words.entries()) {
    const how = kept.has(at) ? 'same' : 'other'
    const last = all.at(-1)
    if (last?.how === how) last.text += text
    else all.push({ text, how })
  }
  return all
}

/** Unit by unit: what stayed, what was removed, what is new; between two that stayed, those of one kind are the same one changed. */
export function compare(was: readonly Unit[], is: readonly Unit[]): Change[] {
  const changes: Change[] = []
  let [a, b] = [0, 0]
  const gap = (untilA: number, untilB: number) => {
    const pairs = common(was.slice(a, untilA), is.slice(b, untilB), (x, y) => x.kind === y.kind)
    const [fromA, fromB] = [a, b]
    for (const [x, y] of [...pairs, [untilA - fromA, untilB - fromB] as const]) {
      for (; a < fromA + x; a++) changes.push(...one(was[a], undefined))
      for (; b < fromB + y; b++) changes.push(...one(undefined, is[b]))
      if (a < untilA && b < untilB) changes.push(...one(was[a++], is[b++]))
    }
  }
  for (const [x, y] of [...common(was, is, (u, v) => u.kind === v.kind && u.text === v.text), [was.length, is.length] as const]) {
    gap(x, y)
    if (a < was.length && b < is.length) changes.push(...one(was[a++], is[b++]))
  }
  return changes
}

function one(was: Unit | undefined, is: Unit | undefined): Change[] {
  if (was && is) {
    if (was.text === is.text)
      return [{ kind: is.kind, how: 'same', was: [{ text: was.text, how: 'same' }], is: [{ text: is.text, how: 'same' }] }]
    return [{ kind: is.kind, how: 'changed', ...compareWords(was.text, is.text) }]
  }
  if (was) return [{ kind: was.kind, how: 'gone', was: [{ text: was.text, how: 'other' }], is: [] }]
  return is ? [{ kind: is.kind, how: 'new', was: [], is: [{ text: is.text, how: 'other' }] }] : []
}

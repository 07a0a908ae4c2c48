import { bigrams } from '#kernel/search.ts'

/** Of signs that stand side by side, and words. */
export const pairsOf = (text: string): string[] =>
  [...bigrams(text).matchAll(/'([^']+)'/g)].map(match => match[1] ?? '').filter(pair => [...pair].length > 1)

/**
 * How nearly two texts say the same, of a hundred: the pairs of signs (or words) that both hold, against all of both (Dice). The title counts double:
 * it says what is wanted, the text how it came up.
 */
export function likeness(a: { title: string; text: string }, b: { title: string; text: string }): number {
  const title = dice(pairsOf(a.title), pairsOf(b.title))
  if (a.text === '' || b.text === '') return Math.round(title * 100)
  return Math.round(((2 * title + dice(pairsOf(a.text), pairsOf(b.text))) / 3) * 100)
}

function dice(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const left = new Map<string, number>()
  for (const pair of a) left.set(pair, (left.get(pair) ?? 0) + 1)
  let shared = 0
  for (const pair of b) {
    const n = left.get(pair) ?? 0
    if (n === 0) continue
    left.set(pair, n - 1)
    shared++
  }
  return (2 * shared) / (a.length + b.length)
}

/** From so much on it is shown to whoever writes one down. */
export const leastLikeness = 40

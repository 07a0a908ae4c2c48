import type { Ctx } from './work.ts'

/** What a domain found among the matters of a customer: the things that events are about, and contacts. */
export type Found = {
  about?: readonly string[]
  interactions?: readonly string[]
  /** What was said there, by the id of the contact. */
  words?: readonly { id: string; text: string }[]
}
/** Looks for a pattern of `ilike` in what the domain keeps of this customer, which the actor may read. */
export type TimelineFinder = (ctx: Ctx, customerIds: readonly string[], pattern: string) => Promise<Found>

const finders: TimelineFinder[] = []

export function registerTimelineFinders(given: readonly TimelineFinder[]): void {
  finders.splice(0, finders.length, ...given)
}

/** What was written, as `ilike` finds it anywhere. */
export const patternOf = (words: string): string => `%${words.normalize('NFKC').replace(/[\\%_]/g, '\\$&')}%`

export async function findOnTimeline(ctx: Ctx, customerIds: readonly string[], words: string): Promise<Required<Found>> {
  const pattern = patternOf(words)
  const found = await Promise.all(finders.map(find => find(ctx, customerIds, pattern)))
  const all = (key: 'about' | 'interactions') => [...new Set(found.flatMap(one => one[key] ?? []))]
  return { about: all('about'), interactions: all('interactions'), words: found.flatMap(one => one.words ?? []) }
}

const before = 24
const most = 120
/** The words with some of what stands around them, on one line. */
export function excerptOf(text: string, words: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const at = line.toLowerCase().indexOf(words.normalize('NFKC').toLowerCase())
  const from = Math.max(0, at - before)
  const shown = line.slice(from, from + most).trim()
  return `${from > 0 ? '…' : ''}${shown}${from + most < line.length ? '…' : ''}`
}

import type { Ctx } from './work.ts'

/** What a domain found among the matters of a customer: the things that events are about, and contacts. */
export type Found = { about?: readonly string[]; interactions?: readonly string[] }
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
  const all = (key: keyof Found) => [...new Set(found.flatMap(one => one[key] ?? []))]
  return { about: all('about'), interactions: all('interactions') }
}

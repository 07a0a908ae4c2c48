import { chapterOf, type TimelineEntry, type TimelineSort } from '#contract/timeline.ts'

/** One line of the time line: the events that belong together, newest first. */
export type Chapter = { key: string; sort: TimelineSort; at: Date; events: TimelineEntry[] }

export function chapters(entries: readonly TimelineEntry[]): Chapter[] {
  const byKey = new Map<string, Chapter>()
  for (const entry of entries) {
    const { sort, key } = chapterOf(entry)
    const chapter = byKey.get(key)
    if (chapter) chapter.events.push(entry)
    else byKey.set(key, { key, sort, at: entry.at, events: [entry] })
  }
  return [...byKey.values()]
}

const everyday = [
  'opened',
  'queued',
  'answered',
  'ended',
  'wrapped',
  'started',
  'accepted',
  'arrived',
  'talking',
  'turned',
  'heard',
  'keeping',
]
/** Marks of a contact worth a word of their own: hand-overs, identification, leaving. Each once, oldest first. */
export const turns = ({ events }: Chapter): TimelineEntry[] => {
  const seen = new Set<string>()
  return events
    .filter(({ name }) => {
      const what = name.split('.')[1] ?? ''
      if (everyday.includes(what) || seen.has(what)) return false
      seen.add(what)
      return true
    })
    .reverse()
}

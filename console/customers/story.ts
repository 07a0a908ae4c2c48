import type { TimelineEntry } from '#contract/customers.ts'

export type Sort = 'contact' | 'ticket' | 'rating' | 'task' | 'note' | 'file'
/** One line of the time line: the events that belong together, newest first. */
export type Chapter = { key: string; sort: Sort; at: Date; events: TimelineEntry[] }

const ratings = ['rating.given', 'interaction.rated', 'conversation.rated', 'call.rated']
/** What belongs to the contact in which it happened. */
const ofContacts = ['interaction', 'conversation', 'call', 'recording', 'voicemail']

/** A contact is one chapter however many marks it left, a ticket another; a rating told three times is told once. */
export function chapters(entries: readonly TimelineEntry[]): Chapter[] {
  const byKey = new Map<string, Chapter>()
  const add = (key: string, sort: Sort, entry: TimelineEntry) => {
    const chapter = byKey.get(key)
    if (chapter) chapter.events.push(entry)
    else byKey.set(key, { key, sort, at: entry.at, events: [entry] })
  }
  for (const entry of entries) {
    const noun = entry.name.split('.')[0]
    if (ratings.includes(entry.name)) add(`rating:${entry.interactionId ?? entry.id}`, 'rating', entry)
    else if (noun !== undefined && ofContacts.includes(noun)) add(`contact:${entry.interactionId ?? entry.about}`, 'contact', entry)
    else if (noun === 'ticket') add(`ticket:${entry.about}`, 'ticket', entry)
    else if (noun === 'task') add(`task:${entry.about}`, 'task', entry)
    else if (entry.name === 'customer.noted') add(`note:${String(entry.detail.noteId)}`, 'note', entry)
    else add(entry.id, 'file', entry)
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

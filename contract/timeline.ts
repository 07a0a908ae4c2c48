import * as z from 'zod'
import { Id, Paging, Time } from './endpoint.ts'

/** What a fact on a customer's time line belongs to. */
export const TimelineSort = z.enum(['contact', 'ticket', 'rating', 'task', 'message', 'need', 'receivable', 'note', 'file'])
export type TimelineSort = z.output<typeof TimelineSort>

/** Told by the contact, its conversation or call, and the questionnaire alike. */
export const ratingEvents = ['rating.given', 'interaction.rated', 'conversation.rated', 'call.rated'] as const
/** Each bill stands on the line by itself. */
export const unlistedEvents = ['receivable.delivered'] as const
const billEvents = ['receivable.billed', 'receivable.settled']
export const noteEvents = ['customer.noted'] as const
const nouns = {
  interaction: 'contact',
  conversation: 'contact',
  call: 'contact',
  recording: 'contact',
  voicemail: 'contact',
  ticket: 'ticket',
  task: 'task',
  message: 'message',
  need: 'need',
  receivable: 'receivable',
} as const satisfies Record<string, TimelineSort>
const sorts: ReadonlyMap<string, TimelineSort> = new Map(Object.entries(nouns))
/** The nouns of events by the sort they belong to; whatever is not among them concerns the file. */
export const nounsOf = (sort: TimelineSort): string[] => [...sorts].flatMap(([noun, of]) => (of === sort ? [noun] : []))
export const knownNouns = [...sorts.keys()]

export function timelineSort(event: string): TimelineSort {
  if (ratingEvents.some(name => name === event)) return 'rating'
  if (noteEvents.some(name => name === event)) return 'note'
  const noun = event.slice(0, event.indexOf('.'))
  return sorts.get(noun) ?? 'file'
}

type Told = { id: string; name: string; about: string; interactionId: string | null; detail: Record<string, unknown> }
/** What is told as one: a bill and its payment, a contact whatever marks it left, a ticket whatever was done to it, a rating told three times, a note and its changes. */
export function chapterOf(event: Told): { sort: TimelineSort; key: string } {
  const sort = timelineSort(event.name)
  return { sort, key: `${sort}:${ofChapter(sort, event)}` }
}
function ofChapter(sort: TimelineSort, { id, name, about, interactionId, detail }: Told): string {
  if (sort === 'rating') return interactionId ?? id
  if (sort === 'contact') return interactionId ?? about
  if (sort === 'note') return String(detail.noteId ?? id)
  if (sort === 'receivable') return billEvents.includes(name) ? about : id
  return sort === 'file' ? id : about
}

/** One fact on the time line: an event row, told by name and detail. */
export const TimelineEntry = z.object({
  id: Id,
  name: z.string(),
  at: Time,
  about: Id,
  actorName: z.string().nullable(),
  interactionId: Id.nullable(),
  detail: z.record(z.string(), z.unknown()),
  /** A note as it stands; why somebody is to be left alone, what proves a consent; of a conversation what the search found in it, for whoever may read it. */
  words: z.string().nullable(),
  /** Of a change of the file what each field was and is, as the reader sees it elsewhere; a field that has several values has them all. */
  changes: z.array(z.object({ field: z.string(), was: z.array(z.string()), is: z.array(z.string()) })),
})
export type TimelineEntry = z.output<typeof TimelineEntry>

/** Words of a contact, a message, a ticket, a note, as they were written. */
const q = z.string().trim().min(1).max(100).optional()
export const TimelineAsked = Paging.extend({ sort: TimelineSort.optional(), q })
export const TimelineCounted = z.object({ q })

/** How many matters of each sort: a contact or a ticket is one, however much happened with it. `whole`: older ones were not counted. */
export const TimelineCounts = z.object({ counts: z.record(TimelineSort, z.int()), whole: z.boolean() })
export type TimelineCounts = z.output<typeof TimelineCounts>

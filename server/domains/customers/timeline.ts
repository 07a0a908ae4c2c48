import type * as z from 'zod'
import {
  chapterOf,
  knownNouns,
  noteEvents,
  nounsOf,
  ratingEvents,
  type TimelineAsked,
  type TimelineCounts,
  type TimelineEntry,
  type TimelineSort,
} from '#contract/timeline.ts'
import { eventsOfCustomer, matterKeysOfCustomer, type Wanted } from '#kernel/events.ts'
import { familyOf } from '#kernel/family.ts'
import { excerptOf, findOnTimeline, patternOf } from '#kernel/timeline.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from './kept.ts'

const wantedOf = (sort: TimelineSort | undefined): Wanted => {
  if (sort === undefined) return {}
  if (sort === 'rating') return { names: ratingEvents }
  if (sort === 'note') return { names: noteEvents }
  if (sort === 'file') return { except: { names: [...ratingEvents, ...noteEvents], nouns: knownNouns } }
  return { nouns: nounsOf(sort), except: { names: ratingEvents, nouns: [] } }
}

/** What people wrote about a customer; never a number or an address of theirs. */
const wordy = ['text', 'note', 'title', 'words', 'proof', 'reason', 'role'] as const

/** The customer whom the actor sees under this id, and every id of theirs. */
export async function seenFamily(ctx: Ctx, id: string): Promise<{ kept: string; ids: string[] }> {
  const kept = await seenFile(ctx, id)
  return { kept, ids: await familyOf(ctx, kept) }
}

export async function timelineOf(ctx: Ctx, id: string, { sort, q, ...paging }: z.output<typeof TimelineAsked>) {
  const { ids } = await seenFamily(ctx, id)
  const found = q === undefined ? undefined : { ...(await findOnTimeline(ctx, ids, q)), keys: wordy, pattern: patternOf(q) }
  const { rows, next } = await eventsOfCustomer(ctx, ids, paging, { ...wantedOf(sort), ...(found ? { found } : {}) })
  const said = new Map(found?.words.map(one => [one.id, excerptOf(one.text, q ?? '')]))
  const notes = await notesIn(ctx, ids, rows)
  const people = [...new Set(rows.flatMap(row => (row.actorKind === 'user' && row.actorId ? [row.actorId] : [])))]
  const named =
    people.length === 0 ? [] : await ctx.db.selectFrom('identity.factPerson').select(['id', 'name']).where('id', 'in', people).execute()
  const names = new Map(named.map(person => [person.id, person.name]))
  const entries: TimelineEntry[] = rows.map(({ id, name, at, about, interactionId, detail, actorId }) => ({
    id,
    name,
    at,
    about,
    interactionId,
    detail,
    actorName: (actorId && names.get(actorId)) ?? null,
    words: (typeof detail.noteId === 'string' ? notes.get(detail.noteId) : interactionId && said.get(interactionId)) ?? null,
  }))
  return { rows: entries, next }
}

/** The notes these events tell of, as they stand; those that were removed are not among them. */
async function notesIn(ctx: Ctx, ids: string[], rows: readonly { detail: Record<string, unknown> }[]): Promise<Map<string, string>> {
  const noteIds = [...new Set(rows.flatMap(({ detail }) => (typeof detail.noteId === 'string' ? detail.noteId : [])))]
  if (noteIds.length === 0) return new Map()
  const notes = await ctx.db
    .selectFrom('customers.note')
    .select(['id', 'text'])
    .where('customerId', 'in', ids)
    .where('id', 'in', noteIds)
    .where('removedAt', 'is', null)
    .execute()
  return new Map(notes.map(note => [note.id, note.text]))
}

export async function timelineCounts(ctx: Ctx, id: string): Promise<z.output<typeof TimelineCounts>> {
  const { rows, whole } = await matterKeysOfCustomer(ctx, (await seenFamily(ctx, id)).ids)
  const keys = new Map<TimelineSort, Set<string>>()
  for (const row of rows) {
    const { sort, key } = chapterOf(row)
    keys.set(sort, (keys.get(sort) ?? new Set()).add(key))
  }
  const count = (sort: TimelineSort) => keys.get(sort)?.size ?? 0
  return {
    counts: {
      contact: count('contact'),
      ticket: count('ticket'),
      rating: count('rating'),
      task: count('task'),
      message: count('message'),
      need: count('need'),
      note: count('note'),
      file: count('file'),
    },
    whole,
  }
}

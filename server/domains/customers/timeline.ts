import * as z from 'zod'
import {
  chapterOf,
  knownNouns,
  noteEvents,
  nounsOf,
  ratingEvents,
  type TimelineAsked,
  type TimelineCounted,
  type TimelineCounts,
  type TimelineEntry,
  type TimelineSort,
  unlistedEvents,
} from '#contract/timeline.ts'
import { eventsOfCustomer, matterKeysOfCustomer, valuesOfEvents, type Wanted } from '#kernel/events.ts'
import { familyOf } from '#kernel/family.ts'
import { pageRows, readCursor } from '#kernel/paging.ts'
import { excerptOf, findOnTimeline, patternOf } from '#kernel/timeline.ts'
import type { Ctx } from '#kernel/work.ts'
import { changesShown } from './changed.ts'
import { consentRecorded, customerChanged, customerLeftAlone } from './events.ts'
import { seenFile } from './kept.ts'
import { showsOf } from './masking/showing.ts'
import { billsCounted, billsOnTimeline } from './receivables/timeline.ts'

const wantedOf = (sort: TimelineSort | undefined): Wanted => {
  if (sort === undefined) return { except: { names: unlistedEvents, nouns: [] } }
  if (sort === 'rating') return { names: ratingEvents }
  if (sort === 'note') return { names: noteEvents }
  if (sort === 'file') return { except: { names: [...ratingEvents, ...noteEvents], nouns: knownNouns } }
  return { nouns: nounsOf(sort), except: { names: [...ratingEvents, ...unlistedEvents], nouns: [] } }
}

/** What people wrote about a customer; never a number or an address of theirs. */
const wordy = ['text', 'note', 'title', 'words', 'proof', 'reason', 'role'] as const

/** Of which announcements somebody's own words are told, and under which key of the personal values they stand. */
const spoken: ReadonlyMap<string, (typeof wordy)[number]> = new Map([
  [customerLeftAlone.name, 'reason'],
  [consentRecorded.name, 'proof'],
])

/** The customer whom the actor sees under this id, and every id of theirs. */
export async function seenFamily(ctx: Ctx, id: string): Promise<{ kept: string; ids: string[] }> {
  const kept = await seenFile(ctx, id)
  return { kept, ids: await familyOf(ctx, kept) }
}

export async function timelineOf(ctx: Ctx, id: string, { sort, q, ...paging }: z.output<typeof TimelineAsked>) {
  const { ids } = await seenFamily(ctx, id)
  const { pattern, found } = await lookedFor(ctx, ids, q)
  const size = paging.size ?? 50
  const [before = null] = readCursor(paging.after, z.tuple([z.uuid()])) ?? []
  const [events, bills] = await Promise.all([
    eventsOfCustomer(ctx, ids, { ...paging, size }, { ...wantedOf(sort), ...(found ? { found } : {}) }),
    sort === undefined || sort === 'receivable' ? billsOnTimeline(ctx, ids, { before, size: size + 1, pattern }) : [],
  ])
  const { rows } = events
  const said = new Map(found?.words.map(one => [one.id, excerptOf(one.text, q ?? '')]))
  const notes = await notesIn(ctx, ids, rows)
  const [shows, values] = await Promise.all([
    showsOf(ctx),
    valuesOfEvents(
      ctx,
      rows.flatMap(({ id, name }) => (name === customerChanged.name || spoken.has(name) ? [id] : [])),
    ),
  ])
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
    words:
      values.get(id)?.[spoken.get(name) ?? ''] ??
      (typeof detail.noteId === 'string' ? notes.get(detail.noteId) : interactionId && said.get(interactionId)) ??
      null,
    changes: name === customerChanged.name ? changesShown(shows, detail, values.get(id) ?? {}) : [],
  }))
  const all = [...entries, ...bills].sort((a, b) => (a.id < b.id ? 1 : -1))
  const page = pageRows(all, size, row => [row.id])
  return { rows: page.rows, next: page.next ?? events.next }
}

async function lookedFor(ctx: Ctx, ids: readonly string[], q: string | undefined) {
  if (q === undefined) return { pattern: null, found: undefined }
  const pattern = patternOf(q)
  return { pattern, found: { ...(await findOnTimeline(ctx, ids, q)), keys: wordy, pattern } }
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

export async function timelineCounts(
  ctx: Ctx,
  id: string,
  { q }: z.output<typeof TimelineCounted> = {},
): Promise<z.output<typeof TimelineCounts>> {
  const { ids } = await seenFamily(ctx, id)
  const { pattern, found } = await lookedFor(ctx, ids, q)
  const [{ rows, whole }, bills] = await Promise.all([
    matterKeysOfCustomer(ctx, ids, found ? { found } : {}),
    billsCounted(ctx, ids, pattern),
  ])
  const keys = new Map<TimelineSort, Set<string>>()
  for (const row of rows) {
    if (unlistedEvents.some(name => name === row.name)) continue
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
      receivable: count('receivable') + bills,
      note: count('note'),
      file: count('file'),
    },
    whole,
  }
}

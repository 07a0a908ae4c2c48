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
import { familyOf, keptOf } from '#kernel/family.ts'
import { found } from '#kernel/refusal.ts'
import { findOnTimeline, patternOf } from '#kernel/timeline.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from './queries.ts'

const wantedOf = (sort: TimelineSort | undefined): Wanted => {
  if (sort === undefined) return {}
  if (sort === 'rating') return { names: ratingEvents }
  if (sort === 'note') return { names: noteEvents }
  if (sort === 'file') return { except: { names: [...ratingEvents, ...noteEvents], nouns: knownNouns } }
  return { nouns: nounsOf(sort), except: { names: ratingEvents, nouns: [] } }
}

/** What people wrote about a customer; never a number or an address of theirs. */
const wordy = ['text', 'note', 'title', 'words', 'proof', 'reason', 'role'] as const

/** Every id of a customer whom the actor sees. */
async function family(ctx: Ctx, id: string): Promise<string[]> {
  const kept = await keptOf(ctx, id)
  found(await visibleCustomers(ctx).select('id').where('id', '=', kept).executeTakeFirst(), 'customer', id)
  return familyOf(ctx, kept)
}

export async function timelineOf(ctx: Ctx, id: string, { sort, q, ...paging }: z.output<typeof TimelineAsked>) {
  const ids = await family(ctx, id)
  const words = q === undefined ? {} : { found: { ...(await findOnTimeline(ctx, ids, q)), keys: wordy, pattern: patternOf(q) } }
  const { rows, next } = await eventsOfCustomer(ctx, ids, paging, { ...wantedOf(sort), ...words })
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
  }))
  return { rows: entries, next }
}

export async function timelineCounts(ctx: Ctx, id: string): Promise<z.output<typeof TimelineCounts>> {
  const { rows, whole } = await matterKeysOfCustomer(ctx, await family(ctx, id))
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
      note: count('note'),
      file: count('file'),
    },
    whole,
  }
}

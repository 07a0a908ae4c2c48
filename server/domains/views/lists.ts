import * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import type { SavedList } from '#kernel/lists.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

// Filled once, when the house is furnished.
const lists = new Map<string, SavedList>()
export function registerLists(all: readonly SavedList[]): void {
  lists.clear()
  for (const list of all) lists.set(list.name, list)
}

export const allLists = (): SavedList[] => [...lists.values()]
export const knownList = (name: string): SavedList | undefined => lists.get(name)

/** The list, for whoever may see it at all. */
export function listFor(ctx: Ctx, name: string): SavedList {
  const list = found(lists.get(name), 'view_list', name)
  const { may } = list.endpoint
  if (may.includes(':') && scopeOf(ctx.actor, may as `${string}:${string}`) === null)
    throw new Refusal('forbidden', 'access.denied', { permission: may })
  return list
}

const paging = ['after', 'size']

/** What the list's own query makes of the words of an address; the first that is none of its filters, or does not fit, is named. */
export function readQuery(
  { endpoint }: Pick<SavedList, 'endpoint'>,
  words: Record<string, string>,
): { query: Record<string, unknown>; wrong: string | null } {
  const { shape } = endpoint.query
  const query: Record<string, unknown> = {}
  for (const [key, text] of Object.entries(words)) {
    const field = paging.includes(key) ? undefined : shape[key]
    const read = field === undefined ? undefined : z.safeDecode(field as Schema<unknown, unknown>, text)
    if (!read?.success) return { query, wrong: key }
    query[key] = read.data
  }
  return { query, wrong: null }
}

export function checkQuery(list: SavedList, words: Record<string, string>): void {
  const { wrong } = readQuery(list, words)
  if (wrong !== null) throw new Refusal('invalid', 'view.filter_unfit', { filter: wrong })
}

export function checkColumns(list: SavedList, columns: readonly string[] | null): void {
  const wrong = columns?.find((key, n) => !list.columns.includes(key) || columns.indexOf(key) !== n)
  if (wrong !== undefined) throw new Refusal('invalid', 'view.column_unknown', { column: wrong })
}

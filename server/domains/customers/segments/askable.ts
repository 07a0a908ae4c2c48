import { type Group, type Leaf, leavesOf, periodOf, plain } from '#contract/conditions.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Book } from './fields.ts'

/** Of one condition, with all that segments within segments ask. */
export const mostAsked = 400

export const wordsOf = (value: Leaf['value']): string[] => (Array.isArray(value) ? value.map(plain) : [])

/** Whoever is in this segment. */
export const naming = (id: string): Group => ({ match: 'all', of: [{ field: 'segments', op: 'hasAny', value: [id] }] })

/** How many conditions it comes to, with all that the segments it names ask; refused beyond the most, and in a circle. */
export function weigh(book: Book, root: Group): number {
  let asked = 0
  const look = (node: Group, within: readonly string[]): void => {
    for (const { field, value } of leavesOf(node)) {
      asked += 1
      if (asked > mostAsked) throw new Refusal('invalid', 'segment.too_deep', { most: mostAsked })
      if (field !== 'segments') continue
      for (const id of wordsOf(value)) {
        const segment = book.segments.get(id)
        if (!segment) continue
        if (within.includes(id)) throw new Refusal('conflict', 'segment.circle', { name: segment.name, nameEn: segment.nameEn })
        look(segment.condition, [...within, id])
      }
    }
  }
  look(root, [])
  return asked
}

/** Refused where it cannot be asked. Asked of what is gone, "is not" would hold for everybody: so nobody answers. */
export function checkAskable(book: Book, root: Group): void {
  weigh(book, root)
  const gone = [...fieldsAsked(book, root)].find(field => !isThere(book, field))
  if (gone !== undefined) throw new Refusal('conflict', 'segment.field_gone', { field: gone })
}
const isThere = (book: Book, asked: string): boolean =>
  book.columns.has(asked) || book.segments.has(asked) || book.behaviours.has(periodOf(asked).base)

/** Whether it can be asked at all: what was saved can, unless it was saved before that was looked at, or what it asks has gone since. */
export const canBeAsked = (book: Book, root: Group): boolean => !isRefused(() => checkAskable(book, root))

export function isRefused(check: () => void): boolean {
  try {
    check()
    return false
  } catch (error) {
    if (error instanceof Refusal) return true
    throw error
  }
}

/** One statement asks so much of one customer; what is more is asked in the next. */
const mostAtOnce = 100
export function inParts(book: Book, roots: readonly Group[]): Group[][] {
  const parts: Group[][] = []
  let room = 0
  for (const root of roots) {
    const weight = weigh(book, root)
    if (weight > room) {
      parts.push([])
      room = mostAtOnce
    }
    parts.at(-1)?.push(root)
    room -= weight
  }
  return parts
}

/** Every field a condition turns on, through segments too, with the ids of these. */
export function fieldsAsked(book: Book, root: Group, seen: Set<string> = new Set()): Set<string> {
  for (const { field, value } of leavesOf(root)) {
    if (field !== 'segments') seen.add(field)
    else
      for (const id of wordsOf(value)) {
        if (seen.has(id)) continue
        const segment = book.segments.get(id)
        seen.add(id)
        if (segment) fieldsAsked(book, segment.condition, seen)
      }
  }
  return seen
}

import * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import { Refusal } from './refusal.ts'

/** Where the next page begins. */
export const cursorOf = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

export type Page<R> = { rows: R[]; next: string | null }

/** `rows` was asked for one more than `size`; the extra row only tells that there is more. `keyOf`: the sort key of the last row shown. */
export function pageRows<R>(rows: R[], size: number, keyOf: (row: R) => readonly unknown[]): Page<R> {
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return {
    rows: shown,
    next: rows.length > size && last !== undefined ? cursorOf(keyOf(last)) : null,
  }
}

/** The sort key of the page before, checked by its shape; undefined on the first page. Dates travel as ISO text. */
export function readCursor<T>(after: string | undefined, shape: Schema<T>): T | undefined {
  if (after === undefined) return undefined
  try {
    const parsed = z.safeParse(shape, JSON.parse(Buffer.from(after, 'base64url').toString('utf8')))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: told below like every other cursor that is not ours.
  }
  throw new Refusal('invalid', 'input.cursor')
}

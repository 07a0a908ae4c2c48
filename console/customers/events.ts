import { eventWords as taskWords } from '../tasks/words.ts'
import { eventWords as ticketWords } from '../tickets/words.ts'
import { eventWords as contactWords } from './contacts.words.ts'
import { eventWords as customerWords } from './words.ts'

const all: readonly Readonly<Record<string, (detail: Record<string, unknown>) => string>>[] = [
  ticketWords,
  taskWords,
  contactWords,
  customerWords,
]

/** An event in the reader's words; its own name when a newer server tells something this page has not learned. */
export function eventText(name: string, detail: Record<string, unknown>): string {
  const words = all.find(w => name in w)
  return words?.[name]?.(detail) ?? name
}
export const hasWords = (name: string): boolean => all.some(w => name in w)

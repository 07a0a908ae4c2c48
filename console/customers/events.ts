import { eventWords as documentWords } from '../documents/event.words.ts'
import { eventWords as improvementWords } from '../improvement/event.words.ts'
import { eventWords as needWords } from '../needs/words.ts'
import { eventWords as outgoingWords } from '../outgoing/words.ts'
import { eventWords as salesWords } from '../sales/words.ts'
import { eventWords as surveyWords } from '../surveys/words.ts'
import { eventWords as taskWords } from '../tasks/words.ts'
import { eventWords as ticketWords } from '../tickets/words.ts'
import { eventWords as callWords } from '../voice/records/events.words.ts'
import { eventWords as accountWords } from './accounts/words.ts'
import { eventWords as contactWords } from './contacts.words.ts'
import { eventWords as profileWords } from './profile/words.ts'
import { eventWords as ladderWords } from './segments/words.ts'
import './own/words.ts'
import { duplicateEventWords } from './duplicates/words.ts'
import { eventWords as recordWords } from './records/words.ts'
import { eventWords as customerWords } from './words.ts'

const all: readonly Readonly<Record<string, (detail: Record<string, unknown>) => string>>[] = [
  ticketWords,
  taskWords,
  contactWords,
  callWords,
  customerWords,
  profileWords,
  accountWords,
  ladderWords,
  recordWords,
  duplicateEventWords,
  outgoingWords,
  surveyWords,
  salesWords,
  needWords,
  improvementWords,
  documentWords,
]

/** An event in the reader's words; its own name when a newer server tells something this page has not learned. */
export function eventText(name: string, detail: Record<string, unknown>): string {
  const words = all.find(w => name in w)
  return words?.[name]?.(detail) ?? name
}

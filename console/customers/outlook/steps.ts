import type { NextStep } from '#contract/outlook.ts'
import { ago, day, full, yuan } from '../../kit/time.ts'
import { w } from './words.ts'

const dayOf = (on: string) => day(new Date(`${on}T00:00`))

export function stepWord({ code, n, about }: NextStep): string {
  if (code === 'call_back') return about?.title === 'phone' ? w.call_back : w.answer
  if (code === 'overdue') return w.overdue(yuan(n))
  return code === 'late' || code === 'open' || code === 'rated_low' ? w[code](n) : w[code]
}

/** One line of it: which, since or until when. */
export function stepDetail({ code, at, on, about }: NextStep): string {
  if (code === 'late' || code === 'open') return [about?.title, at && code === 'open' ? w.until(full(at)) : ''].filter(Boolean).join(' ')
  if (code === 'overdue' || code === 'neglected') return on ? w.since(dayOf(on)) : ''
  if (code === 'visit' || code === 'contact') return on ? w.until(dayOf(on)) : ''
  return at ? ago(at) : ''
}

export const presses = ({ code }: NextStep): boolean =>
  code === 'call_back' || code === 'late' || code === 'overdue' || code === 'rated_low'

/** Where what it is about is done; null where there is no such page. */
export function placeOf({ code, about }: NextStep): { to: string; search?: Record<string, string> } | null {
  if (about?.noun === 'ticket') return { to: `/tickets/${about.id}` }
  if (about?.noun === 'task') return { to: '/tasks', search: { box: 'open', t: about.id } }
  return code === 'visit' || code === 'contact' ? { to: '/tasks', search: { box: 'open' } } : null
}

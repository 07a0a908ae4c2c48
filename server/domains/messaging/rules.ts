import type * as z from 'zod'
import type { InteractionState } from '#contract/interactions.ts'

type State = z.output<typeof InteractionState>

const minute = 60_000

/** How long an agent may take over the next answer before it counts as late. */
export const replyMinutes = 2
/** A message left out of hours is answered within this working time. */
export const leftReplyMinutes = 120
/** The console shows a visitor as present this long after the last sign of life; the widget gives one every 45 s. */
export const presentMs = 110_000
/** Gone this long, a talk ends by itself; while waiting, the place in the queue is given up. */
export const goneMinutes = { active: 15, waiting: 5 }
/** Present, but silent after our last words for this long. */
export const silentMinutes = 60
/** Places in the queue are told at most this often. */
export const placesMs = 3_000
/** A hand-over to one agent waits this long for the answer. */
export const handingSeconds = 60

/** A visitor may write as long as somebody may still read it: also in the seconds in which the agent is already wrapping up. */
export const visitorMayWrite = (state: State) => state === 'waiting' || state === 'active' || state === 'left' || state === 'wrap'
export const isOver = (state: State) => state === 'wrap' || state === 'done' || state === 'abandoned'
export const mayRate = (c: { state: State; answeredAt: Date | null; rating: number | null }) =>
  (c.state === 'wrap' || c.state === 'done') && c.answeredAt !== null && c.rating === null

/** PostgreSQL keeps no NUL, and half a surrogate pair is no character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is the character to remove
export const clean = (text: string) => text.replace(/\u0000/g, '').toWellFormed()

/** What is typed proves nothing: whoever gives a telephone number must not learn from us whose it is. Their own lines need no name. */
export const toldToCustomer = <M extends { author: string; authorName: string }>(message: M): M =>
  message.author === 'customer' ? { ...message, authorName: '' } : message

export function previewOf(text: string, file: { name: string } | null): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line === '' && file ? `[${file.name.slice(0, 60)}]` : [...line].slice(0, 80).join('')
}

export type Signs = {
  state: State
  online: boolean
  seenAt: Date
  answeredAt: Date | null
  lastCustomerAt: Date
  lastAgentAt: Date | null
}
export const isPresent = (signs: Pick<Signs, 'online' | 'seenAt'>, now: Date) =>
  signs.online && now.getTime() - signs.seenAt.getTime() < presentMs

/** What silence means: the talk is over, or when to look again. Null: this state does not end by silence. */
export function silence(signs: Signs, now: Date): 'over' | Date | null {
  const limit = signs.state === 'active' ? goneMinutes.active : signs.state === 'waiting' ? goneMinutes.waiting : null
  if (limit === null) return null
  const present = isPresent(signs, now)
  // Who left a message in the night is long gone when it is answered in the morning: the agent gets the same time.
  const goneAt = present ? null : Math.max(signs.seenAt.getTime(), signs.answeredAt?.getTime() ?? 0) + limit * minute
  const agentAt = signs.lastAgentAt?.getTime()
  const silentAt =
    signs.state === 'active' && agentAt !== undefined && agentAt > signs.lastCustomerAt.getTime() ? agentAt + silentMinutes * minute : null
  const due = Math.min(goneAt ?? Number.POSITIVE_INFINITY, silentAt ?? Number.POSITIVE_INFINITY)
  if (due <= now.getTime()) return 'over'
  // Someone who is there now may be gone in the next moment: look again no later than the limit.
  return new Date(Math.min(due, now.getTime() + limit * minute))
}

/** The next beat of a fixed grid, so that many causes within one beat set one timer and none of them moves it on. */
export const nextBeat = (now: Date, ms: number) => new Date((Math.floor(now.getTime() / ms) + 1) * ms)

import * as z from 'zod'
import { get, Id, Paging, pageOf, post, Time, Words } from './endpoint.ts'

/** What became of a reaction that failed every time it was tried. */
export const FailureState = z.enum(['open', 'retrying', 'done', 'dropped'])
export type FailureState = z.output<typeof FailureState>

export const FailedReaction = z.object({
  id: Id,
  /** The sentence that did not come true. */
  reaction: z.string(),
  event: z.string(),
  about: Id.nullable(),
  attempts: z.number().int(),
  error: z.string(),
  failedAt: Time,
  state: FailureState,
  settledById: Id.nullable(),
  settledByName: z.string().nullable(),
  settledAt: Time.nullable(),
  reason: z.string(),
})
export type FailedReaction = z.output<typeof FailedReaction>

const Chosen = z.array(Id).min(1).max(200)

export const failedReactions = {
  list: get('/failed-reactions', {
    may: 'house:operate',
    says: 'Reactions that failed every time they were tried, newest first.',
    query: Paging.extend({ box: z.enum(['open', 'settled']).default('open') }),
    reply: pageOf(FailedReaction),
  }),
  count: get('/failed-reactions/count', {
    may: 'house:operate',
    says: 'How many wait for a decision; 100 stands for that many and more.',
    reply: z.object({ open: z.number().int() }),
  }),
  retry: post('/failed-reactions/retrying', {
    may: 'house:operate',
    says: 'Lets the chosen ones run again. Those already settled are left as they are.',
    body: z.object({ ids: Chosen }),
    reply: z.object({ retried: z.number().int() }),
  }),
  drop: post('/failed-reactions/dropping', {
    may: 'house:operate',
    says: 'Gives the chosen ones up, with the reason on record.',
    body: z.object({ ids: Chosen, reason: Words(300) }),
    reply: z.object({ dropped: z.number().int() }),
  }),
}

import * as z from 'zod'
import { get, Id, Paging, pageOf, post, Time, Words } from './endpoint.ts'

/** Nuisance visitors, by browser, by customer, or by network address; and callers, by number. */
export const BlockKind = z.enum(['visitor', 'customer', 'address'])
/** proposed → active or refused; active → lifted, or over when its time has come. */
const BlockState = z.enum(['proposed', 'active', 'refused', 'lifted', 'over'])
export const longestBlockDays = 365

export const Block = z.object({
  id: Id,
  kind: z.enum([...BlockKind.options, 'number']),
  state: BlockState,
  name: z.string(),
  /** From which conversation it came; a caller's came from a call. */
  conversationId: Id.nullable(),
  callId: Id.nullable(),
  reason: z.string(),
  until: Time,
  proposedByName: z.string(),
  proposedAt: Time,
  decidedByName: z.string().nullable(),
  decidedAt: Time.nullable(),
})
export type Block = z.output<typeof Block>

export const blocks = {
  list: get('/blocks', {
    query: Paging.extend({ box: z.enum(['proposed', 'active', 'past']).default('active') }),
    reply: pageOf(Block),
    may: 'conversation:supervise',
    says: 'Blocked visitors and callers, proposals, and what is past.',
  }),
  block: post('/conversations/:id/block', {
    body: z.object({ kind: BlockKind, reason: Words(200), until: Time }),
    reply: Block,
    may: 'conversation:write',
    says: 'Block whoever is in this conversation. Without the right to supervise it is a proposal.',
  }),
  caller: post('/calls/:id/block', {
    body: z.object({ reason: Words(200), until: Time }),
    reply: Block,
    may: 'voice:call',
    says: 'Block the number that called. Without the right to supervise calls it is a proposal.',
  }),
  decide: post('/blocks/:id/decision', {
    body: z.object({ accept: z.boolean() }),
    reply: Block,
    may: 'conversation:supervise',
    says: 'Accept or refuse a proposal.',
  }),
  lift: post('/blocks/:id/lifting', { reply: Block, may: 'conversation:supervise', says: 'Lift a block.' }),
}

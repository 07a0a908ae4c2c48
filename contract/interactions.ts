import * as z from 'zod'
import { catalog, get, Id, Order, Paging, pageOf, QueryInt, Time, Words } from './endpoint.ts'

export const Channel = z.enum(['phone', 'chat', 'wechat', 'mail', 'sms', 'form'])
export type Channel = z.output<typeof Channel>
export const Direction = z.enum(['in', 'out'])
/** waiting → active → wrap → done; or abandoned while waiting; or left (a message out of hours, answered later). */
export const InteractionState = z.enum(['waiting', 'active', 'wrap', 'done', 'abandoned', 'left'])

/** One touch on any channel with its marks of time, from which every figure is computed. */
export const Interaction = z.object({
  id: Id,
  channel: Channel,
  direction: Direction,
  state: InteractionState,
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  queueId: Id.nullable(),
  agentId: Id.nullable(),
  subject: z.string(),
  source: z.string(),
  startedAt: Time,
  queuedAt: Time.nullable(),
  answeredAt: Time.nullable(),
  endedAt: Time.nullable(),
  wrappedAt: Time.nullable(),
  reasonId: Id.nullable(),
  outcomeId: Id.nullable(),
  note: z.string(),
  rating: z.int().nullable(),
  /** How often the customer had turned to us about the same reason in the seven days before; told where contacts of one customer are asked for. */
  again: z.int().optional(),
})
export type Interaction = z.output<typeof Interaction>

export const interactions = {
  list: get('/interactions', {
    query: Paging.extend({
      customerId: Id.optional(),
      agentId: Id.optional(),
      queueId: Id.optional(),
      channel: Channel.optional(),
      state: InteractionState.optional(),
      /** Of the last days, today among them. */
      days: QueryInt.pipe(z.int().min(1).max(3660)).optional(),
      since: Time.optional(),
      until: Time.optional(),
      q: z.string().trim().max(100).optional(),
      sort: Order('-time', 'time', '-duration'),
    }),
    reply: pageOf(Interaction),
    may: 'interaction:read',
    says: 'Contacts by when they began, or the longest talks first. `q` finds those of customers by name, number, phone or address.',
  }),
  one: get('/interactions/:id', { reply: Interaction, may: 'interaction:read', says: 'One contact.' }),
}

/** Queues to which a word of wrap-up is limited; none: it fits every queue. */
const queueIds = z.array(Id).max(100).default([])
/** Contact reasons form a tree: 报修 › 无水. A limit of a branch holds for all below it. */
export const ContactReason = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  parentId: Id.nullable().default(null),
  queueIds,
  position: z.int().default(0),
})
export const contactReasons = catalog('/contact-reasons', ContactReason, { read: 'signed-in', write: 'interaction:configure' })
export const ContactOutcome = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  resolved: z.boolean().default(true),
  queueIds,
  position: z.int().default(0),
})
export const contactOutcomes = catalog('/contact-outcomes', ContactOutcome, { read: 'signed-in', write: 'interaction:configure' })

type Limited = { queueIds: readonly string[] }
/** The wrap-up form offers, and the server accepts, what fits the contact's queue. A contact that went through no queue takes everything. */
export const fitsQueue = (row: Limited, queueId: string | null): boolean =>
  queueId === null || row.queueIds.length === 0 || row.queueIds.includes(queueId)

/** A reason fits when it and every branch above it does. */
export function reasonFits<R extends Limited & { id: string; parentId: string | null }>(
  reason: R,
  rows: readonly R[],
  queueId: string | null,
): boolean {
  const above = new Map(rows.map(r => [r.id, r]))
  for (let at: R | undefined = reason; at; at = at.parentId === null ? undefined : above.get(at.parentId))
    if (!fitsQueue(at, queueId)) return false
  return true
}

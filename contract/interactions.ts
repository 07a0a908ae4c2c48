import * as z from 'zod'
import { catalog, get, Id, Paging, pageOf, Time, Words } from './endpoint.ts'

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
})
export type Interaction = z.output<typeof Interaction>

export const interactions = {
  list: get('/interactions', {
    query: Paging.extend({ customerId: Id.optional(), agentId: Id.optional(), queueId: Id.optional(), channel: Channel.optional() }),
    reply: pageOf(Interaction),
    may: 'interaction:read',
    says: 'Contacts, newest first.',
  }),
  one: get('/interactions/:id', { reply: Interaction, may: 'interaction:read', says: 'One contact.' }),
}

/** Contact reasons form a tree: 报修 › 无水. */
export const ContactReason = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  parentId: Id.nullable().default(null),
  position: z.int().default(0),
})
export const contactReasons = catalog('/contact-reasons', ContactReason, { read: 'signed-in', write: 'interaction:configure' })
export const ContactOutcome = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  resolved: z.boolean().default(true),
  position: z.int().default(0),
})
export const contactOutcomes = catalog('/contact-outcomes', ContactOutcome, { read: 'signed-in', write: 'interaction:configure' })

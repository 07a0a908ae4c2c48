import * as z from 'zod'
import { get, Id, Order, Paging, pageOf, post, put, Time } from './endpoint.ts'
import { GuardReason, Way } from './outgoing.ts'

const Share = z.int().min(1).max(100)
const After = z
  .int()
  .min(0)
  .max(7 * 1440)
const only = z.array(Id).max(200)
/** Whom we ask how it went, when, by what, and how often. */
export const Inviting = z.object({
  /** Contacts that an agent answered. Queues: none named, all of them. */
  contacts: z.object({ on: z.boolean(), queueIds: only, afterMinutes: After, share: Share }),
  /** Tickets of known customers, once they are closed. */
  tickets: z.object({ on: z.boolean(), kindIds: only, afterMinutes: After, share: Share }),
  /** The way that is taken first; where it cannot be, the other. */
  first: Way,
  /** Days in which a customer is not asked again. */
  pauseDays: z.int().min(0).max(365),
  /** Days for which the link can be answered. */
  validDays: z.int().min(1).max(60),
})
export type Inviting = z.output<typeof Inviting>

export const InvitationState = z.enum(['sent', 'refused', 'answered'])
export type InvitationState = z.output<typeof InvitationState>
/** Why nobody was asked: the guard's reasons, and our own. */
export const InvitationReason = z.enum([...GuardReason.options, 'asked_recently', 'no_way', 'no_public_address'])
export type InvitationReason = z.output<typeof InvitationReason>

export const Invitation = z.object({
  id: Id,
  interactionId: Id.nullable(),
  ticketId: Id.nullable(),
  customerId: Id,
  customerName: z.string().nullable(),
  /** What the customer is asked about, in their words. */
  matter: z.string(),
  matterEn: z.string(),
  state: InvitationState,
  channel: Way.nullable(),
  /** Of a refused one: a reason of the guard, ours, or the provider's. */
  reason: z.string().nullable(),
  madeAt: Time,
  endsAt: Time,
  answeredAt: Time.nullable(),
  score: z.int().nullable(),
})
export type Invitation = z.output<typeof Invitation>

/** The words are for those who may read ratings. */
export const Asked = z.object({
  invitation: Invitation.nullable(),
  rating: z.object({ score: z.int(), words: z.string(), ratedAt: Time }).nullable(),
})
export type Asked = z.output<typeof Asked>

export const invitations = {
  policy: get('/invitations/policy', { reply: Inviting, may: 'survey:read', says: 'Which customers are asked how it went.' }),
  setPolicy: put('/invitations/policy', { body: Inviting, reply: Inviting, may: 'survey:configure', says: 'Change it.' }),
  list: get('/invitations', {
    query: Paging.extend({ state: InvitationState.optional(), sort: Order('-time', 'time') }),
    reply: pageOf(Invitation),
    may: 'survey:read',
    says: 'Who was asked how it went, and who was not and why, newest first or oldest first.',
  }),
  ofTicket: get('/tickets/:id/invitation', {
    reply: Asked,
    may: 'ticket:read',
    says: 'Whether the customer was asked about a ticket, and what they answered.',
  }),
  ofContact: get('/interactions/:id/invitation', {
    reply: Asked,
    may: 'interaction:read',
    says: 'Whether the customer was asked about a contact, and what they answered.',
  }),
}

/** What whoever holds the link sees. */
export const Invited = z.object({
  tenantName: z.string(),
  tenantNameEn: z.string(),
  brand: z.string(),
  matter: z.string(),
  matterEn: z.string(),
  state: z.enum(['open', 'answered', 'expired']),
  score: z.int().nullable(),
})
export type Invited = z.output<typeof Invited>
export const invited = {
  look: get('/invitation', { reply: Invited, may: 'link', says: 'What the customer is asked, by the secret of the link.' }),
  answer: post('/invitation/answer', {
    body: z.object({ score: z.int().min(1).max(5), words: z.string().trim().max(1000).default('') }),
    reply: Invited,
    may: 'link',
    says: 'The customer’s answer, once.',
  }),
}

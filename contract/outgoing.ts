import * as z from 'zod'
import { CallReason, ConsentChannel, ConsentPurpose } from './consent.ts'
import { get, Id, Order, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'

export { CallReason, ConsentChannel, ConsentPurpose } from './consent.ts'

const text = (max: number) => z.string().trim().max(max)

/** By which a person is reached. Later channels join here. */
export const Way = z.enum(['mail', 'sms'])
export type Way = z.output<typeof Way>
export const Tongue = z.enum(['zh', 'en'])
export type Tongue = z.output<typeof Tongue>
/** What a message is for; it decides who may be reached, when and how often. */
export const Purpose = z.enum([
  'password_link',
  'invitation',
  'code',
  'notification',
  'ticket',
  'urgent',
  'notice',
  'survey',
  'marketing',
  'test',
])
export type Purpose = z.output<typeof Purpose>

export const MessageState = z.enum([
  'waiting',
  'sending',
  'handed',
  'delivered',
  'failed',
  'refused',
  'bounced',
  'cancelled',
  /** Given to the provider when a process died: it may have gone, and is not sent twice. */
  'unknown',
])
export type MessageState = z.output<typeof MessageState>
export const TemplateCode = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/)
/** Why the guard says no, or not yet. */
export const GuardReason = z.enum([
  'no_address',
  'not_mobile',
  'suppressed',
  'do_not_disturb',
  'no_consent',
  'consent_declined',
  'cap_day',
  'cap_week',
  'cap_day_channel',
  'cap_week_channel',
  'quiet_hours',
])
export type GuardReason = z.output<typeof GuardReason>

export const Message = z.object({
  id: Id,
  channel: Way,
  purpose: Purpose,
  state: MessageState,
  customerId: Id.nullable(),
  personId: Id.nullable(),
  name: z.string(),
  /** Masked. */
  address: z.string().nullable(),
  template: z.string(),
  tries: z.int(),
  dueAt: Time,
  reason: z.string().nullable(),
  providerName: z.string().nullable(),
  noticeId: Id.nullable(),
  madeAt: Time,
  handedAt: Time.nullable(),
  endedAt: Time.nullable(),
})
export type Message = z.output<typeof Message>
export const WholeMessage = Message.extend({
  language: Tongue,
  subject: z.string(),
  text: z.string(),
  /** The provider's own last words. */
  detail: z.string().nullable(),
  providerRef: z.string().nullable(),
  notAfter: Time,
  byName: z.string().nullable(),
})

export const outbox = {
  list: get('/outgoing', {
    query: Paging.extend({
      state: MessageState.optional(),
      channel: Way.optional(),
      purpose: Purpose.optional(),
      noticeId: Id.optional(),
      customerId: Id.optional(),
      sort: Order('-time', 'time'),
    }),
    reply: pageOf(Message),
    may: 'message:read',
    says: 'Everything that leaves the house to a person, newest first or oldest first.',
  }),
  one: get('/outgoing/:id', { reply: WholeMessage, may: 'message:read', says: 'One message with its words and how it fared.' }),
  ofCustomer: get('/customers/:id/messages', {
    query: Paging,
    reply: pageOf(Message),
    may: 'customer:read',
    says: 'What was sent to this customer, newest first.',
  }),
  retry: post('/outgoing/:id/retry', {
    reply: WholeMessage,
    may: 'message:send',
    says: 'Send a message once more that failed or was refused.',
  }),
  cancel: post('/outgoing/:id/cancellation', { reply: WholeMessage, may: 'message:send', says: 'Take back a message that still waits.' }),
}

export const ConsentSource = z.enum(['counter', 'phone', 'chat', 'form', 'contract', 'message', 'import'])
export const CustomerConsent = z.object({
  purpose: ConsentPurpose,
  channel: ConsentChannel,
  given: z.boolean(),
  source: ConsentSource,
  proof: text(300),
  /** Of the text that was agreed to: its name and version. */
  wording: text(120).default(''),
  /** From then on it counts no more, as if nothing had been said. */
  until: Time.nullable().default(null),
})
export type CustomerConsent = z.output<typeof CustomerConsent>
/** What shows it: a file kept with the customer, a contact of theirs with its recording. */
const evidence = { keptId: Id.nullable().default(null), interactionId: Id.nullable().default(null) }
export const NewConsent = CustomerConsent.extend({
  ...evidence,
  /** When it was said, where that was not just now. The latest word counts. */
  at: Time.optional(),
})
export const ConsentWord = CustomerConsent.extend({ keptId: Id.nullable(), interactionId: Id.nullable(), at: Time, byName: z.string() })
export type ConsentWord = z.output<typeof ConsentWord>
/** How a word stands at an instant. */
export const consentStanding = ({ given, until }: Pick<ConsentWord, 'given' | 'until'>, now: Date): 'given' | 'declined' | 'expired' =>
  until !== null && until <= now ? 'expired' : given ? 'given' : 'declined'
/** Whether a purpose needs a yes, or holds unless there is a no. */
export const asksConsent: Readonly<Record<ConsentPurpose, 'needed' | 'unless_declined'>> = {
  notice: 'unless_declined',
  survey: 'unless_declined',
  marketing: 'needed',
}
/** Whether the number and the address on file stand on the register of those left alone, and until when; null: not, or not for the asker to see. */
export const Listed = z.object({
  phone: z.object({ until: Time.nullable() }).nullable(),
  email: z.object({ until: Time.nullable() }).nullable(),
})
export type Listed = z.output<typeof Listed>
export const Reachable = z.object({
  consents: z.array(ConsentWord),
  listed: Listed,
  undisturbed: z.object({ until: Time.nullable(), reason: z.string(), since: Time, byName: z.string() }).nullable(),
})
export const reaching = {
  read: get('/customers/:id/consents', {
    reply: Reachable,
    may: 'customer:read',
    says: 'What a customer agreed to, and whether to leave them alone.',
  }),
  consent: put('/customers/:id/consents', {
    body: NewConsent,
    reply: Reachable,
    may: 'customer:write',
    says: 'Record that a customer agreed or declined, from where we know and what proves it: wording, file, contact. The latest word of a purpose and channel counts.',
  }),
  words: get('/customers/:id/consents/history', {
    reply: z.array(ConsentWord.extend({ id: Id, file: z.object({ name: z.string(), url: z.string() }).nullable() })),
    may: 'customer:read',
    says: 'Every word a customer said about being contacted, the latest first: given, withdrawn, or for a time, each with its proof.',
  }),
  mayCall: get('/customers/:id/may-call', {
    query: z.object({ purpose: ConsentPurpose }),
    reply: z.object({ may: z.boolean(), reason: CallReason.nullable() }),
    may: 'customer:read',
    says: 'Whether a customer may be called on our own initiative, asked before dialling; `POST /softphone` asks the same when the purpose is said.',
  }),
  disturb: put('/customers/:id/undisturbed', {
    body: z.object({ on: z.boolean(), until: Time.nullable().default(null), reason: text(300).default('') }),
    reply: Reachable,
    may: 'customer:write',
    says: 'Leave a customer alone, or no longer.',
  }),
}

/** Whom a notice is for: by these fields and whoever is in a segment when it is sent, or by customer numbers. */
export const Audience = z.object({
  tier: z.enum(['normal', 'silver', 'gold', 'key']).optional(),
  district: text(60).optional(),
  tag: text(30).optional(),
  segment: Id.optional(),
  numbers: z.array(Words(40)).max(20_000).optional(),
})
export type Audience = z.output<typeof Audience>
export const NewNotice = z.object({
  /** Made by the sender: a request that comes twice is one notice. */
  clientId: z.string().min(8).max(64).optional(),
  name: Words(80),
  channel: Way,
  template: TemplateCode,
  language: Tongue,
  /** Those of the template that are the same for everybody. */
  variables: z.record(z.string(), text(1000)),
  audience: Audience,
})
export type NewNotice = z.output<typeof NewNotice>
export const NoticeState = z.enum(['gathering', 'sending', 'done', 'cancelled'])
export const Notice = NewNotice.omit({ clientId: true, audience: true, variables: true }).extend({
  id: Id,
  purpose: Purpose,
  state: NoticeState,
  total: z.int(),
  begunAt: Time,
  endedAt: Time.nullable(),
  byName: z.string(),
})
export type Notice = z.output<typeof Notice>
export const WholeNotice = Notice.extend({
  /** As it is sent; what differs from one to the next, {{name}} say, stays open. */
  subject: z.string(),
  text: z.string(),
  counts: z.record(z.string(), z.int()),
  /** Of the refused and the waiting: how many why. */
  reasons: z.array(z.object({ reason: z.string(), n: z.int() })),
})
export const notices = {
  list: get('/notices', { query: Paging, reply: pageOf(Notice), may: 'message:read', says: 'Notices to many, newest first.' }),
  one: get('/notices/:id', { reply: WholeNotice, may: 'message:read', says: 'A notice and how far it has come.' }),
  known: get('/notices/known', {
    reply: z.object({ districts: z.array(z.string()), tags: z.array(z.string()) }),
    may: 'message:send',
    says: 'Districts and tags that customers have, to choose from.',
  }),
  preview: post('/notices/preview', {
    body: NewNotice.pick({ channel: true, template: true, language: true, variables: true, audience: true }),
    reply: z.object({
      chosen: z.int(),
      /** Only so many were asked; the rest is not counted. */
      bounded: z.boolean(),
      reached: z.int(),
      later: z.int(),
      reasons: z.array(z.object({ reason: GuardReason, n: z.int() })),
      unknown: z.array(z.string()),
      subject: z.string(),
      text: z.string(),
      segments: z.int(),
    }),
    may: 'message:send',
    says: 'Whom a notice would reach now, and why not the others.',
  }),
  send: post('/notices', { body: NewNotice, reply: Notice, may: 'message:send', says: 'Send a notice to many.' }),
  cancel: post('/notices/:id/cancellation', { reply: WholeNotice, may: 'message:send', says: 'Send no more of it.' }),
}

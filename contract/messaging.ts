import * as z from 'zod'
import { catalog, get, Id, Paging, pageOf, post, put, QueryInt, Time, Words } from './endpoint.ts'
import { Channel, InteractionState } from './interactions.ts'

/** Who wrote: the customer, an agent, or the house itself (`system`: accepted, transferred, ticket progress …). */
export const Author = z.enum(['customer', 'agent', 'system'])
/** `note` is internal and never leaves to a customer. `card` carries a link (a ticket's progress). */
export const MessageKind = z.enum(['text', 'file', 'note', 'notice', 'card'])
/** `url` is signed for whoever was shown the file and holds for 12 to 24 hours; asking for the message again gives a fresh one.
 *  Upload: POST /api/files (users) or POST /api/widget/files (visitors), multipart, one file; the reply is a FileCard. */
export const FileCard = z.object({
  id: Id,
  name: z.string(),
  type: z.string(),
  size: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  url: z.string(),
})

export const Message = z.object({
  id: Id,
  conversationId: Id,
  /** 1, 2, 3 … within the conversation: the order everyone sees and the cursor to resume from. */
  seq: z.int(),
  author: Author,
  authorId: Id.nullable(),
  authorName: z.string(),
  kind: MessageKind,
  text: z.string(),
  file: FileCard.nullable(),
  /** What a `notice` or `card` says, for words in the reader's language: `accepted`, `transferred`, `joined`, `ended`, `ticket.opened` … and its facts. */
  code: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
  sentAt: Time,
  /** Made by the sender, so that a retry is not a second message. */
  clientId: z.string(),
})
export type Message = z.output<typeof Message>
export const NewMessage = z
  .object({ clientId: z.string().min(8).max(64), text: z.string().max(8000).default(''), fileId: Id.optional() })
  .refine(m => m.text.trim() !== '' || m.fileId !== undefined, { error: 'message.empty' })

export const Conversation = z.object({
  id: Id,
  interactionId: Id,
  channel: Channel,
  state: InteractionState,
  queueId: Id.nullable(),
  queueName: z.string().nullable(),
  agentId: Id.nullable(),
  agentName: z.string().nullable(),
  customerId: Id.nullable(),
  customerName: z.string(),
  tier: z.string().nullable(),
  subject: z.string(),
  page: z.string(),
  preview: z.string(),
  lastSeq: z.int(),
  lastAt: Time,
  lastAuthor: Author.nullable(),
  /** Seqs read so far by each side. */
  customerRead: z.int(),
  agentRead: z.int(),
  unread: z.int(),
  startedAt: Time,
  answeredAt: Time.nullable(),
  endedAt: Time.nullable(),
  /** When the customer's latest words should be answered by; null when we wait for the customer. */
  replyDue: Time.nullable(),
  snoozedUntil: Time.nullable(),
  reasonId: Id.nullable(),
  customerOnline: z.boolean(),
  /** How we know who it is: signed by the site, only typed by the visitor (claimed, not proved), or confirmed by an agent. */
  knownBy: z.enum(['site', 'given', 'agent']).nullable(),
  /** The agent or queue that was asked to take it over and has not answered yet. */
  handingTo: z.string().nullable(),
  rating: z.int().nullable(),
})
export type Conversation = z.output<typeof Conversation>

export const conversationCan = {
  write: (c: Pick<Conversation, 'state'>) => c.state === 'active' || c.state === 'left' || c.state === 'wrap',
  transfer: (c: Pick<Conversation, 'state'>) => c.state === 'active',
  end: (c: Pick<Conversation, 'state'>) => c.state === 'active' || c.state === 'left',
  wrapUp: (c: Pick<Conversation, 'state'>) => c.state === 'wrap',
}

export const conversations = {
  /** box: mine (active and wrap-up), queue (waiting and left messages I could take), team (all open in my scope), done (mine, finished). */
  list: get('/conversations', {
    query: Paging.extend({ box: z.enum(['mine', 'queue', 'team', 'done']).default('mine') }),
    reply: pageOf(Conversation),
    may: 'conversation:read',
    says: 'Conversations of a box.',
  }),
  one: get('/conversations/:id', { reply: Conversation, may: 'conversation:read', says: 'One conversation.' }),
  given: get('/conversations/:id/given', {
    reply: z.object({ phone: z.string().nullable(), email: z.string().nullable() }),
    may: 'conversation:write',
    says: 'What the visitor typed as telephone number and e-mail, for whoever has the talk and as they see such values, until it is joined to a customer.',
  }),
  ofInteraction: get('/interactions/:id/conversation', {
    reply: z.object({ conversation: Conversation.nullable() }),
    may: 'conversation:read',
    says: 'The conversation of a contact; none where its words are not for the reader.',
  }),
  messages: get('/conversations/:id/messages', {
    query: z.object({ afterSeq: QueryInt.optional(), beforeSeq: QueryInt.optional() }),
    reply: z.array(Message),
    may: 'conversation:read',
    says: 'Messages after or before a seq (at most 200), in order. Without either: the latest.',
  }),
  send: post('/conversations/:id/messages', {
    body: NewMessage,
    reply: Message,
    may: 'conversation:write',
    says: 'Write to the customer.',
  }),
  note: post('/conversations/:id/notes', { body: NewMessage, reply: Message, may: 'conversation:write', says: 'Write an internal note.' }),
  read: put('/conversations/:id/read', { body: z.object({ seq: z.int() }), may: 'conversation:read', says: 'Mark as read up to a seq.' }),
  take: post('/conversations/:id/taking', {
    reply: Conversation,
    may: 'conversation:write',
    says: 'Take a left message, or a waiting contact of one of my queues.',
  }),
  transfer: post('/conversations/:id/transfer', {
    body: z
      .object({ agentId: Id.optional(), queueId: Id.optional(), note: z.string().trim().max(1000).default('') })
      .refine(t => (t.agentId === undefined) !== (t.queueId === undefined)),
    reply: Conversation,
    may: 'conversation:write',
    says: 'Hand over to an agent or a queue, with a note. Stays mine until the other side takes it.',
  }),
  takeOver: post('/conversations/:id/take-over', {
    reply: Conversation,
    may: 'conversation:supervise',
    says: 'A supervisor takes the conversation over.',
  }),
  end: post('/conversations/:id/end', { reply: Conversation, may: 'conversation:write', says: 'End the conversation; wrap-up follows.' }),
  wrapUp: post('/conversations/:id/wrap-up', {
    body: z.object({ reasonId: Id, outcomeId: Id, note: z.string().trim().max(2000).default('') }),
    reply: Conversation,
    may: 'conversation:write',
    says: 'Finish wrap-up with reason and outcome; the customer is asked to rate.',
  }),
  snooze: put('/conversations/:id/snooze', {
    body: z.object({ until: Time.nullable() }),
    reply: Conversation,
    may: 'conversation:write',
    says: 'Set aside until a time, or bring back; new words of the customer bring it back too.',
  }),
  identify: put('/conversations/:id/customer', {
    body: z.object({ customerId: Id }),
    reply: Conversation,
    may: 'conversation:write',
    says: 'Join the conversation to a customer.',
  }),
}

/** The chat widget's door. `Authorization: Bearer <token>` from `open`, which the page keeps, so that a reload resumes. */
export const WidgetState = z.object({
  conversation: z
    .object({
      id: Id,
      state: InteractionState,
      agentName: z.string().nullable(),
      lastSeq: z.int(),
      agentRead: z.int(),
      rated: z.boolean(),
      /** Place in the queue from 1 and estimated seconds, while waiting. */
      position: z.int().nullable(),
      estimate: z.int().nullable(),
    })
    .nullable(),
  open: z.boolean(),
  /** When the centre opens again, if it is closed. */
  opensAt: Time.nullable(),
})
export const WidgetLook = z.object({
  tenantName: z.string(),
  tenantNameEn: z.string(),
  brand: z.string(),
  greeting: z.string(),
  greetingEn: z.string(),
  closedText: z.string(),
  closedTextEn: z.string(),
  choices: z.array(z.object({ key: z.string(), label: z.string(), labelEn: z.string() })),
})
export const widget = {
  look: get('/widget/:key/look', {
    may: 'public',
    reply: WidgetLook.extend({ open: z.boolean(), opensAt: Time.nullable() }),
    says: 'Colours, words and choices of a widget.',
  }),
  open: post('/widget/:key/visits', {
    may: 'public',
    says: 'Begin or resume a visit. `identity` is a customer signed by the site: base64url(JSON {number|phone|email, name?, exp}) + "." + base64url(HMAC-SHA256 of that text with the widget\'s secret).',
    body: z.object({
      token: z.string().max(300).optional(),
      identity: z.string().max(2000).optional(),
      language: z.enum(['zh', 'en']).default('zh'),
      page: z.string().max(500).default(''),
    }),
    reply: WidgetState.extend({ token: z.string(), visitorId: Id }),
  }),
  state: get('/widget/state', { may: 'visitor', reply: WidgetState, says: 'Where my conversation stands.' }),
  start: post('/widget/conversation', {
    may: 'visitor',
    says: 'Say what it is about; the contact is recorded and routed, or left as a message when closed.',
    body: z
      .object({
        clientId: z.string().min(8).max(64),
        choice: z.string().max(60).optional(),
        text: z.string().trim().max(8000).default(''),
        name: z.string().trim().max(80).optional(),
        phone: z.string().trim().max(40).optional(),
        email: z.string().trim().max(200).optional(),
      })
      .refine(m => m.text !== '' || m.choice !== undefined, { error: 'message.empty' }),
    reply: WidgetState,
  }),
  messages: get('/widget/messages', {
    may: 'visitor',
    query: z.object({ afterSeq: QueryInt.optional() }),
    reply: z.array(Message),
    says: 'Messages after a seq, without internal notes.',
  }),
  send: post('/widget/messages', { may: 'visitor', body: NewMessage, reply: Message, says: 'Write.' }),
  read: put('/widget/read', { may: 'visitor', body: z.object({ seq: z.int() }), says: 'Mark as read up to a seq.' }),
  leave: post('/widget/leaving', { may: 'visitor', reply: WidgetState, says: 'Give up waiting, or end the conversation.' }),
  rate: post('/widget/rating', {
    may: 'visitor',
    body: z.object({ score: z.int().min(1).max(5), words: z.string().trim().max(2000).default('') }),
    reply: WidgetState,
    says: 'Rate the conversation just ended, 1–5.',
  }),
}

/** Everyone's; a team's with `teamId`; one's own with `ownerId`. Placeholders in `{}` are filled when it is inserted. */
export const CannedAnswer = z.object({
  shortcut: z.string().trim().min(1).max(40),
  topic: z.string().trim().max(40).default(''),
  text: Words(4000),
  textEn: z.string().trim().max(4000).default(''),
  teamId: Id.nullable().default(null),
  ownerId: Id.nullable().default(null),
})
/** Who writes customers may keep answers of their own; which others one may change is decided answer by answer. */
export const cannedAnswers = catalog('/canned-answers', CannedAnswer, { read: 'signed-in', write: 'conversation:write' })
export const WidgetSettings = WidgetLook.omit({ tenantName: true, tenantNameEn: true, choices: true }).extend({
  name: Words(60),
  key: z.string().regex(/^[a-z0-9-]{4,60}$/),
  calendarId: Id.nullable(),
  queueId: Id,
  /** Origins of the pages that may show it, like https://www.example.com or https://*.example.com; none: any page. */
  sites: z.array(z.string().trim().max(200)).max(30).default([]),
  choices: z.array(
    z.object({
      key: Words(40),
      label: Words(40),
      labelEn: z.string().max(60).default(''),
      queueId: Id,
      reasonId: Id.nullable().default(null),
    }),
  ),
})
export const widgets = catalog('/widgets', WidgetSettings, { read: 'conversation:configure', write: 'conversation:configure' })
/** The secret with which a site signs its customers (see `widget.open`). Shown once; asking again makes a new one. */
export const widgetSecret = {
  renew: post('/widgets/:id/secret', {
    reply: z.object({ secret: z.string() }),
    may: 'conversation:configure',
    says: 'Make a new secret for signing customers; the old one ends.',
  }),
}

import * as z from 'zod'
import { get, Id, Paging, pageOf, post, put, QueryBool, Time, Words } from './endpoint.ts'
import { Purpose, TemplateCode, Tongue, Way } from './outgoing.ts'

const text = (max: number) => z.string().trim().max(max)
export const ProviderKind = z.enum(['smtp', 'http', 'aliyun', 'smpp', 'practice'])
export type ProviderKind = z.output<typeof ProviderKind>
const Host = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^\[?[0-9A-Fa-f:.]+\]?$/)
const Port = z.int().min(1).max(65535)
/** tls: from the first byte; starttls: demanded; plain: taken when offered. */
const Security = z.enum(['tls', 'starttls', 'plain'])
/** Where mails that come back go, and the mailbox in which they are read. */
export const BounceSettings = z.object({
  /** The envelope sender of everything that leaves. */
  address: z.email(),
  /** With the message in it, `name+message@…`, where the server of that address takes it. */
  tagged: z.boolean(),
  host: Host,
  port: Port,
  security: Security,
  user: text(200),
  folder: text(200),
})
/** What each kind needs to know; passwords and keys are the secret, which never comes back. */
export const ProviderSettings = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('smtp'),
    host: Host,
    port: Port,
    security: Security,
    user: text(200),
    from: z.email(),
    fromName: text(60),
    replyTo: z.union([z.email(), z.literal('')]),
    bounces: BounceSettings.nullable().default(null),
  }),
  z.object({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }), account: text(100), signature: text(20) }),
  z.object({ kind: z.literal('aliyun'), endpoint: z.url({ protocol: /^https?$/ }), accessKeyId: text(100), signature: text(20) }),
  z.object({
    kind: z.literal('smpp'),
    host: Host,
    port: Port,
    tls: z.boolean(),
    systemId: text(15),
    systemType: text(12),
    source: text(20),
    signature: text(20),
    /** Unanswered submits of one connection. */
    window: z.int().min(1).max(100),
  }),
  z.object({ kind: z.literal('practice') }),
])
export type ProviderSettings = z.output<typeof ProviderSettings>
export const NewProvider = z.object({
  name: Words(60),
  channel: Way,
  settings: ProviderSettings,
  /** Left out: as it is. */
  secret: z.string().max(4000).optional(),
  /** Of the mailbox to which mails come back. */
  bounceSecret: z.string().max(4000).optional(),
  rate: z.int().min(1).max(20_000),
  connections: z.int().min(1).max(50),
  position: z.int().min(0).max(1000),
  enabled: z.boolean(),
})
export type NewProvider = z.output<typeof NewProvider>
export const Provider = NewProvider.omit({ secret: true, bounceSecret: true }).extend({
  id: Id,
  hasSecret: z.boolean(),
  hasBounceSecret: z.boolean(),
  /** How the mailbox of mails that come back was last read; null where none is. */
  bounceBox: z.object({ readAt: Time.nullable(), failedAt: Time.nullable(), failure: z.string(), found: z.int() }).nullable(),
  /** Where this provider calls with receipts; null where they come another way. */
  receiptPath: z.string().nullable(),
  restingUntil: Time.nullable(),
  lastOkAt: Time.nullable(),
  lastErrorAt: Time.nullable(),
  lastError: z.string(),
  today: z.object({ handed: z.int(), delivered: z.int(), failed: z.int() }),
})
export type Provider = z.output<typeof Provider>

export const providers = {
  list: get('/providers', { reply: z.array(Provider), may: 'message:configure', says: 'Ways out, in the order in which they are taken.' }),
  add: post('/providers', {
    body: NewProvider,
    reply: Provider,
    may: 'message:configure',
    says: 'Add a mail server or a provider of short messages.',
  }),
  change: put('/providers/:id', {
    body: NewProvider,
    reply: Provider,
    may: 'message:configure',
    says: 'Change a way out; without `secret` it stays.',
  }),
  retire: post('/providers/:id/retirement', { reply: z.array(Provider), may: 'message:configure', says: 'Take a way out of use.' }),
  test: post('/providers/:id/test', {
    body: z.object({ to: text(200), language: Tongue }),
    reply: z.object({ id: Id }),
    may: 'message:configure',
    says: 'Really send a test message by this way out.',
  }),
  readBounces: post('/providers/:id/bounce-reading', {
    reply: Provider,
    may: 'message:configure',
    says: 'Look into the mailbox of mails that come back now; how it went stands at the way out.',
  }),
  receiptSecret: post('/providers/:id/receipt-secret', {
    reply: z.object({ secret: z.string() }),
    may: 'message:configure',
    says: 'A new secret with which the provider signs its receipts; shown this once.',
  }),
}

export const TemplateVariable = z.object({
  key: z.string().regex(/^[a-z][a-zA-Z0-9]{0,29}$/),
  sample: text(300),
  sampleEn: text(300),
  /** What whoever fills it in is asked for; left out: the key. */
  label: text(40).optional(),
  labelEn: text(40).optional(),
})
export const NewTemplate = z.object({
  purpose: Purpose,
  name: Words(60),
  nameEn: text(60),
  subject: text(200),
  subjectEn: text(200),
  text: text(8000),
  textEn: text(8000),
  sms: text(1000),
  smsEn: text(1000),
  vendorCode: text(60),
  variables: z.array(TemplateVariable).max(30),
})
export type NewTemplate = z.output<typeof NewTemplate>
export const Template = NewTemplate.extend({
  code: TemplateCode,
  /** Comes with the product; `changed`: with words of your own. */
  builtIn: z.boolean(),
  changed: z.boolean(),
  retired: z.boolean(),
})
export type Template = z.output<typeof Template>
const Rendered = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  sms: z.string(),
  smsLength: z.int(),
  smsSegments: z.int(),
  smsEncoding: z.enum(['gsm7', 'ucs2']),
})
export const templates = {
  list: get('/message-templates', {
    query: z.object({ retired: QueryBool.optional() }),
    reply: z.array(Template),
    may: 'message:read',
    says: 'Templates: those that come with the product and your own.',
  }),
  save: put('/message-templates/:code', {
    body: NewTemplate,
    reply: Template,
    may: 'message:configure',
    says: 'Add or change a template; its variables are checked.',
  }),
  drop: post('/message-templates/:code/retirement', {
    reply: z.array(Template),
    may: 'message:configure',
    says: 'Give back the words that came with the product, or retire a template of your own.',
  }),
  preview: post('/message-templates/preview', {
    body: NewTemplate.extend({ language: Tongue }),
    reply: Rendered,
    may: 'message:read',
    says: 'How a template reads with its sample values, and how many short messages it takes.',
  }),
}

const Minute = z.int().min(0).max(1440)
const Cap = z.int().min(1).max(1000).nullable()
export const OutgoingPolicy = z.object({
  /** Minutes from midnight in the organisation's time zone; from = to: none. */
  quietFrom: Minute,
  quietTo: Minute,
  caps: z.object({ day: Cap, week: Cap, mailDay: Cap, mailWeek: Cap, smsDay: Cap, smsWeek: Cap }),
  /** Password links and invitations to colleagues by mail. */
  passwordLinks: z.boolean(),
  ticketSteps: z.array(z.enum(['opened', 'taken', 'waiting', 'resolved', 'closed'])),
  /** mail, sms, or whichever the customer has. */
  ticketWay: z.enum(['mail', 'sms', 'either']),
  /** Before a path in links; empty: the product's own address. */
  linkBase: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]),
})
export type OutgoingPolicy = z.output<typeof OutgoingPolicy>
export const outgoingPolicy = {
  read: get('/outgoing-policy', { reply: OutgoingPolicy, may: 'message:read', says: 'Quiet hours, caps and what is told by itself.' }),
  change: put('/outgoing-policy', { body: OutgoingPolicy, reply: OutgoingPolicy, may: 'message:configure', says: 'Change them.' }),
}

export const Suppression = z.object({
  id: Id,
  channel: Way,
  address: z.string(),
  reason: z.enum(['bounced', 'complaint', 'asked', 'manual']),
  detail: z.string(),
  since: Time,
  byName: z.string(),
  liftedAt: Time.nullable(),
  liftedByName: z.string().nullable(),
  liftReason: z.string().nullable(),
})
export type Suppression = z.output<typeof Suppression>
export const suppressions = {
  list: get('/suppressions', {
    query: Paging.extend({ lifted: QueryBool.optional(), address: text(200).optional() }),
    reply: pageOf(Suppression),
    may: 'message:read',
    says: 'Addresses that are written to no more.',
  }),
  add: post('/suppressions', {
    body: z.object({ channel: Way, address: Words(200), detail: text(300) }),
    reply: Suppression,
    may: 'message:configure',
    says: 'Write to this address no more.',
  }),
  lift: post('/suppressions/:id/lifting', {
    body: z.object({ reason: Words(300) }),
    reply: Suppression,
    may: 'message:configure',
    says: 'Write to it again, with a reason.',
  }),
}

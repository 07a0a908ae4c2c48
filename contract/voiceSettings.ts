import * as z from 'zod'
import { catalog, get, Id, put, Time, Words } from './endpoint.ts'

export const RecordingPolicy = z.enum(['on', 'off', 'demand'])
/** A number of ours. `number` is E.164, or the short number under which the practice line or the exchange knows it. */
export const PhoneNumber = z.object({
  number: z
    .string()
    .trim()
    .regex(/^\+?[0-9*#]{2,20}$/),
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  flowId: Id.nullable().default(null),
  trunkId: Id.nullable().default(null),
  /** Null: as the queue says. */
  recording: RecordingPolicy.nullable().default(null),
  /** Shown when agents call out. */
  outbound: z.boolean().default(false),
  language: z.enum(['zh', 'en']).default('zh'),
})
export type PhoneNumber = z.output<typeof PhoneNumber>
export const phoneNumbers = catalog('/phone-numbers', PhoneNumber, { read: 'voice:configure', write: 'voice:configure' })

/** A name or an address, with or without its port. Nothing else: it stands in what the exchange is told. */
const Host = z
  .string()
  .trim()
  .max(120)
  .regex(/^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?$/)
/** One address, or a carrier's own network: who names half the world would take everybody's calls for this trunk's. */
const From = z
  .string()
  .trim()
  .max(60)
  .regex(/^(([\w-]+\.)*[\w-]+|[\d.]+\/(1[6-9]|2\d|3[0-2])|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(\/(3[2-9]|[4-9]\d|1[01]\d|12[0-8]))?)$/)
/** A trunk to a carrier: known by its addresses alone, or with an account, with which one may register there. */
export const Trunk = z.object({
  name: Words(60),
  host: Host,
  /** Addresses from which its calls come. With an account and none of these: the host. */
  addresses: z.array(From).max(10).default([]),
  /** Empty: no account, nothing but the addresses. */
  login: z.string().trim().max(60).default(''),
  /** Never told again; an empty one leaves it as it is. */
  password: z.string().max(120).default(''),
  register: z.boolean().default(false),
  transport: z.enum(['udp', 'tcp', 'tls']).default('udp'),
  most: z.int().min(1).max(2000).default(30),
})
export type Trunk = z.output<typeof Trunk>
export const trunks = catalog('/trunks', Trunk, { read: 'voice:configure', write: 'voice:configure' })

/** What is heard: a prompt, or music while waiting. A file in either language. */
export const Announcement = z.object({
  name: Words(60),
  kind: z.enum(['prompt', 'music']).default('prompt'),
  /** What is said in it: for whoever edits a flow, and for a provider of speech. */
  text: z.string().trim().max(1000).default(''),
  textEn: z.string().trim().max(1000).default(''),
  fileId: Id.nullable().default(null),
  fileIdEn: Id.nullable().default(null),
})
export type Announcement = z.output<typeof Announcement>
export const announcements = catalog('/announcements', Announcement, { read: 'voice:configure', write: 'voice:configure' })

/** How a queue treats its calls, beside what every queue has. */
export const QueueVoice = z.object({
  queueId: Id,
  recording: RecordingPolicy,
  keepDays: z.int().min(1).max(3660),
  rating: z.boolean(),
  musicId: Id.nullable(),
  /** Who is to be called back and does not answer is tried so often, so many minutes apart. Left out: as it is. */
  callbackTries: z.int().min(1).max(5).optional(),
  callbackMinutes: z.int().min(1).max(240).optional(),
})
export type QueueVoice = z.output<typeof QueueVoice>
export const queueVoice = {
  list: get('/queue-voice', { reply: z.array(QueueVoice), may: 'voice:configure', says: 'How queues treat their calls.' }),
  set: put('/queue-voice/:queueId', {
    body: QueueVoice.omit({ queueId: true }),
    reply: QueueVoice,
    may: 'voice:configure',
    says: 'Recording, retention, rating by key press and music of a queue.',
  }),
}

export const LineState = z.object({
  name: z.string(),
  kind: z.enum(['practice', 'asterisk']),
  state: z.enum(['ready', 'connecting', 'refused', 'down']),
  /** The reason in a code: a wrong password, no answer, an answer that is not an Asterisk's. */
  code: z.string().nullable(),
  since: Time,
  calls: z.int(),
  phones: z.int(),
  version: z.string().nullable(),
  trunks: z.array(
    z.object({ id: Id, name: z.string(), state: z.enum(['ready', 'registering', 'refused', 'unknown']), calls: z.int(), most: z.int() }),
  ),
})
export type LineState = z.output<typeof LineState>
export const lines = {
  list: get('/lines', { reply: z.array(LineState), may: 'voice:configure', says: 'The switches, their trunks, and how they are.' }),
}

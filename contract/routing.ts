import * as z from 'zod'
import { catalog, get, Id, post, put, Time, Words } from './endpoint.ts'
import { Channel } from './interactions.ts'

export const PresenceState = z.enum(['ready', 'busy', 'break', 'wrap', 'offline'])
export type PresenceState = z.output<typeof PresenceState>
export const ChannelLoad = z.object({ channel: Channel, capacity: z.int(), used: z.int() })

export const Presence = z.object({
  agentId: Id,
  agentName: z.string(),
  teamId: Id.nullable(),
  state: PresenceState,
  reasonId: Id.nullable(),
  since: Time,
  /** Set aside after n missed offers; the agent or a supervisor lifts it by choosing a state. */
  missed: z.boolean(),
  load: z.array(ChannelLoad),
})
export type Presence = z.output<typeof Presence>

/** A contact offered to an agent, with what the agent must know before the first word. */
export const Offer = z.object({
  id: Id,
  interactionId: Id,
  channel: Channel,
  queueId: Id,
  queueName: z.string(),
  offeredAt: Time,
  deadline: Time,
  waitedSince: Time,
  customerId: Id.nullable(),
  customerName: z.string(),
  tier: z.string().nullable(),
  subject: z.string(),
  preferred: z.boolean(),
  conversationId: Id.nullable(),
})
export type Offer = z.output<typeof Offer>

export const QueuePulse = z.object({
  queueId: Id,
  name: z.string(),
  waiting: z.int(),
  longestSince: Time.nullable(),
  ready: z.int(),
  handling: z.int(),
})

export const routing = {
  mine: get('/presence', {
    may: 'routing:work',
    reply: z.object({ presence: Presence, offers: z.array(Offer) }),
    says: 'My state, my load, and what rings for me now (asked again after every reload).',
  }),
  setMine: put('/presence', {
    may: 'routing:work',
    body: z.object({ state: PresenceState.exclude(['wrap']), reasonId: Id.nullable().default(null) }),
    reply: Presence,
    says: 'Choose my state.',
  }),
  accept: post('/offers/:id/acceptance', { may: 'routing:work', reply: Offer, says: 'Take the contact that rings.' }),
  decline: post('/offers/:id/refusal', {
    may: 'routing:work',
    reply: z.object({ id: Id }),
    says: 'Give it back to its old place in the queue.',
  }),
  team: get('/presence/team', { may: 'routing:supervise', reply: z.array(Presence), says: 'State of every agent in my scope.' }),
  force: put('/presence/:agentId', {
    may: 'routing:supervise',
    body: z.object({ state: PresenceState.exclude(['wrap']), reasonId: Id.nullable().default(null) }),
    reply: Presence,
    says: 'Set the state of an agent.',
  }),
  colleagues: get('/presence/colleagues', {
    may: 'routing:work',
    reply: z.array(Presence),
    says: 'State and load of everyone who is at work, for handing over.',
  }),
  pulse: get('/queues/pulse', { may: 'signed-in', reply: z.array(QueuePulse), says: 'Waiting and staff of every queue, now.' }),
}

/** Demand of a queue: skill at a level of 1–5, relaxed by one level every `relaxAfter` seconds of waiting (0 = never). */
export const SkillDemand = z.object({ skillId: Id, level: z.int().min(1).max(5), relaxAfter: z.int().min(0).default(0) })
export const Queue = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  channel: Channel.default('chat'),
  calendarId: Id.nullable().default(null),
  demands: z.array(SkillDemand).max(8).default([]),
  ringSeconds: z.int().min(5).max(300).default(30),
  /** Seconds for which the last agent is preferred before anyone may take the contact. */
  preferSeconds: z.int().min(0).max(600).default(20),
  overflowQueueId: Id.nullable().default(null),
  overflowSeconds: z.int().min(0).default(0),
  wrapSeconds: z.int().min(0).max(3600).default(60),
  /** Service level X/Y: answered within Y seconds; abandons shorter than T seconds do not count. */
  targetPercent: z.int().min(1).max(100).default(80),
  targetSeconds: z.int().min(1).default(20),
  shortAbandonSeconds: z.int().min(0).default(5),
  position: z.int().default(0),
})
export type Queue = z.output<typeof Queue>
export const queues = catalog('/queues', Queue, { read: 'signed-in', write: 'routing:configure' })
export const Skill = z.object({ name: Words(60), nameEn: z.string().trim().max(60).default('') })
export const skills = catalog('/skills', Skill, { read: 'signed-in', write: 'routing:configure' })
export const PresenceReason = z.object({
  name: Words(30),
  nameEn: z.string().trim().max(30).default(''),
  state: z.enum(['busy', 'break']),
  position: z.int().default(0),
})
export const presenceReasons = catalog('/presence-reasons', PresenceReason, { read: 'signed-in', write: 'routing:configure' })

/** How an agent is staffed: capacity per channel, skills with levels, queues. */
export const Staffing = z.object({
  agentId: Id,
  missesAllowed: z.int().min(1).max(20).default(3),
  channels: z.array(z.object({ channel: Channel, capacity: z.int().min(0).max(20) })).max(6),
  skills: z.array(z.object({ skillId: Id, level: z.int().min(1).max(5) })).max(50),
  queueIds: z.array(Id).max(100),
})
export type Staffing = z.output<typeof Staffing>
export const staffing = {
  list: get('/staffing', {
    may: 'routing:supervise',
    reply: z.array(Staffing.extend({ agentName: z.string() })),
    says: 'Capacity, skills and queues of every agent.',
  }),
  set: put('/staffing/:agentId', {
    may: 'routing:configure',
    body: Staffing.omit({ agentId: true }),
    reply: Staffing,
    says: 'Set capacity, skills and queues of an agent.',
  }),
}

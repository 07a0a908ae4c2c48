import * as z from 'zod'
import { catalog, get, Id, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { Channel } from './interactions.ts'

/** `call`, `ringing` and `wrap` follow from what the agent does, whatever was chosen. */
export const PresenceState = z.enum(['ready', 'busy', 'break', 'call', 'ringing', 'wrap', 'offline'])
export type PresenceState = z.output<typeof PresenceState>
export const ChosenState = PresenceState.exclude(['call', 'ringing', 'wrap'])
export type ChosenState = z.output<typeof ChosenState>
const ChannelLoad = z.object({ channel: Channel, capacity: z.int(), used: z.int() })
const Choice = z.object({ state: ChosenState, reasonId: Id.nullable().default(null) })

export const Presence = z.object({
  agentId: Id,
  agentName: z.string(),
  teamId: Id.nullable(),
  state: PresenceState,
  /** What the agent, or a leader, chose: it stands when the call is over. */
  chosen: ChosenState,
  reasonId: Id.nullable(),
  since: Time,
  /** Set aside after n missed offers; the agent or a supervisor lifts it by choosing a state. */
  missed: z.boolean(),
  /** Set aside as the phone cannot be reached; ready again by itself when it can. */
  unreachable: z.boolean(),
  load: z.array(ChannelLoad),
  /** Since when the hand is up; null when it is not. */
  handRaisedAt: Time.nullable(),
})
export type Presence = z.output<typeof Presence>

/** What the agent alone and the leader know: about what the hand is up. */
export const OwnPresence = Presence.extend({ handInteractionId: Id.nullable(), handWords: z.string() })
export type OwnPresence = z.output<typeof OwnPresence>

/** An agent as the leader of the shift sees it. */
export const Member = OwnPresence.extend({
  /** A console of the agent is connected. */
  here: z.boolean(),
  /** Contacts answered today and ended. */
  handledToday: z.int(),
  inHand: z.array(z.object({ interactionId: Id, since: Time, wrapping: z.boolean() })),
})
export type Member = z.output<typeof Member>
/** Something a leader says to an agent; shown until it was read. */
export const Word = z.object({ id: Id, fromName: z.string(), text: z.string(), sentAt: Time })
export type Word = z.output<typeof Word>

/** Whoever hung up and keeps the place: since when they are to be called back, and how often they were in vain. */
export const CallBack = z.object({ since: Time, tries: z.int() })
export type CallBack = z.output<typeof CallBack>

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
  /** Handed to this agent by name. */
  given: z.boolean(),
  conversationId: Id.nullable(),
  /** Nobody is on the line: taking it calls them back. */
  callBack: CallBack.nullable(),
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
    reply: z.object({ presence: OwnPresence, offers: z.array(Offer), words: z.array(Word) }),
    says: 'My state, my load, what rings for me now, and what my leader said (asked again after every reload).',
  }),
  setMine: put('/presence', {
    may: 'routing:work',
    body: Choice,
    reply: OwnPresence,
    says: 'Choose my state.',
  }),
  accept: post('/offers/:id/acceptance', { may: 'routing:work', reply: Offer, says: 'Take the contact that rings.' }),
  decline: post('/offers/:id/refusal', {
    may: 'routing:work',
    reply: z.object({ id: Id }),
    says: 'Give it back to its old place in the queue.',
  }),
  team: get('/presence/team', {
    may: 'routing:supervise',
    query: Paging.extend({
      /** In the name. */
      q: Words(60).optional(),
      teamId: Id.optional(),
      /** `working`: not offline. `asking`: the hand is up, or set aside after missed offers. */
      state: z.enum(['working', 'ready', 'busy', 'break', 'offline', 'asking']).optional(),
      /** Who serves it. */
      channel: Channel.optional(),
    }),
    reply: pageOf(Member),
    says: 'Agents in my scope by name: state, load, today, raised hand.',
  }),
  shiftNow: get('/presence/team/counts', {
    may: 'routing:supervise',
    query: z.object({ teamId: Id.optional() }).optional(),
    reply: z.object({ agents: z.int(), working: z.int(), ready: z.int() }),
    says: 'How many agents in my scope there are, are at work and are ready.',
  }),
  force: put('/presence/:agentId', {
    may: 'routing:supervise',
    body: Choice,
    reply: Presence,
    says: 'Set the state of an agent.',
  }),
  shift: put('/presence/team', {
    may: 'routing:supervise',
    body: Choice.extend({ agentIds: z.array(Id).min(1).max(200) }),
    reply: z.object({ changed: z.int() }),
    says: 'Set the state of several agents at once: a shift begins or ends.',
  }),
  raise: put('/presence/hand', {
    may: 'routing:work',
    body: z.object({ up: z.boolean(), interactionId: Id.nullable().default(null), words: z.string().trim().max(200).default('') }),
    reply: OwnPresence,
    says: 'Raise my hand for a leader, say about what, or lower it.',
  }),
  lower: post('/presence/:agentId/hand/lowering', {
    may: 'routing:supervise',
    reply: z.object({ agentId: Id }),
    says: 'Lower the hand of an agent.',
  }),
  hands: get('/presence/hands', {
    may: 'routing:supervise',
    reply: z.array(z.object({ agentId: Id, agentName: z.string(), raisedAt: Time, words: z.string() })),
    says: 'Raised hands in my scope, the first raised first.',
  }),
  say: post('/presence/:agentId/words', {
    may: 'routing:supervise',
    body: z.object({ text: Words(300) }),
    reply: z.object({ id: Id }),
    says: 'Say a word to an agent; it stands on the console until it is read.',
  }),
  readWord: post('/presence/words/:id/reading', { may: 'routing:work', reply: z.object({ id: Id }), says: 'I have read it.' }),
  colleagues: get('/presence/colleagues', {
    may: 'routing:work',
    query: z.object({ q: Words(60).optional(), channel: Channel }),
    reply: z.array(Presence),
    says: 'Who is at work and serves the channel, for handing over: fifty, whoever has a place first.',
  }),
  pulse: get('/queues/pulse', { may: 'signed-in', reply: z.array(QueuePulse), says: 'Waiting and staff of every queue, now.' }),
}

/** Somebody who waits, as a leader sees it. */
export const WaitingContact = z.object({
  /** The interaction. */
  id: Id,
  conversationId: Id.nullable(),
  channel: Channel,
  queueId: Id,
  customerId: Id.nullable(),
  customerName: z.string(),
  tier: z.string().nullable(),
  subject: z.string(),
  waitingSince: Time,
  /** Put ahead of everyone by a leader. */
  ahead: z.boolean(),
  /** What is still demanded after so long a wait. */
  needs: z.array(z.object({ skillId: Id, level: z.int() })),
  /** For whom it rings now. */
  ringsFor: z.string().nullable(),
  preferredAgentName: z.string().nullable(),
  preferredUntil: Time.nullable(),
  /** Whoever talks with the customer while it waits for someone else. */
  heldByName: z.string().nullable(),
  callBack: CallBack.nullable(),
})
export type WaitingContact = z.output<typeof WaitingContact>
const several = z.array(Id).min(1).max(100)
/** What was done, and for whom it was refused and why. */
const Settled = z.object({
  done: z.array(Id),
  refused: z.array(z.object({ id: Id, code: z.string(), facts: z.record(z.string(), z.unknown()) })),
})
export const waiting = {
  list: get('/waiting', {
    may: 'routing:supervise',
    query: Paging.extend({ queueId: Id.optional() }),
    reply: pageOf(WaitingContact),
    says: 'Who waits in the queues of my scope, in the order of their turn.',
  }),
  outlook: get('/waiting/outlook/:queueId', {
    may: 'routing:supervise',
    reply: z.object({ position: z.int(), estimate: z.int().nullable() }),
    says: 'Place and estimated seconds of somebody who came now. Null: nobody is ready.',
  }),
  move: post('/waiting/moves', {
    may: 'routing:supervise',
    body: z.object({ ids: several, queueId: Id }),
    reply: Settled,
    says: 'Move waiting contacts to another queue at their old age.',
  }),
  prioritise: post('/waiting/priorities', {
    may: 'routing:supervise',
    body: z.object({ ids: several, ahead: z.boolean() }),
    reply: Settled,
    says: 'Put waiting contacts ahead of everyone, or back to their own place.',
  }),
  give: post('/waiting/givings', {
    may: 'routing:supervise',
    body: z.object({ ids: several, agentId: Id }),
    reply: Settled,
    says: 'Reserve waiting contacts to one agent for a minute.',
  }),
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
  /** Overflow on load: more than so many wait; the newcomer's estimate in seconds; nobody is signed in. 0 and false: not for this. */
  overflowWaiting: z.int().min(0).max(10_000).default(0),
  overflowEstimate: z.int().min(0).max(86_400).default(0),
  overflowUnstaffed: z.boolean().default(false),
  wrapSeconds: z.int().min(0).max(3600).default(60),
  /** Service level X/Y: answered within Y seconds; abandons shorter than T seconds do not count. */
  targetPercent: z.int().min(1).max(100).default(80),
  targetSeconds: z.int().min(1).default(20),
  shortAbandonSeconds: z.int().min(0).default(5),
  position: z.int().default(0),
})
export type Queue = z.output<typeof Queue>
export const queues = catalog('/queues', Queue, { read: 'signed-in', write: 'routing:configure' })
const Skill = z.object({ name: Words(60), nameEn: z.string().trim().max(60).default('') })
export const skills = catalog('/skills', Skill, { read: 'signed-in', write: 'routing:configure' })
const PresenceReason = z.object({
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
  /**
   * `weight`: how much of the whole agent one contact takes, in percent; channels with a weight share the agent. 0: counted by itself.
   * `beside`: one is offered while others take no more than this, even where it does not fit beside them: calls beside chats.
   */
  channels: z
    .array(
      z.object({
        channel: Channel,
        capacity: z.int().min(0).max(20),
        weight: z.int().min(0).max(100).default(0),
        beside: z.int().min(0).max(100).optional(),
      }),
    )
    .max(6),
  skills: z.array(z.object({ skillId: Id, level: z.int().min(1).max(5) })).max(50),
  queueIds: z.array(Id).max(100),
})
export type Staffing = z.output<typeof Staffing>
export const staffing = {
  list: get('/staffing', {
    may: 'routing:supervise',
    query: Paging.extend({ q: Words(60).optional(), queueId: Id.optional() }),
    reply: pageOf(Staffing.extend({ agentName: z.string() })),
    says: 'Capacity, skills and queues of agents, by name.',
  }),
  queues: get('/staffing/queues', {
    may: 'routing:supervise',
    reply: z.array(z.object({ queueId: Id, agents: z.int() })),
    says: 'How many agents work each queue.',
  }),
  fitting: post('/staffing/fitting', {
    may: 'routing:supervise',
    body: z.object({ stages: z.array(z.array(z.object({ skillId: Id, level: z.int().min(1).max(5) })).max(8)).max(48) }),
    reply: z.array(z.int()),
    says: 'How many agents have these skills, stage by stage.',
  }),
  set: put('/staffing/:agentId', {
    may: 'routing:configure',
    body: Staffing.omit({ agentId: true }),
    reply: Staffing,
    says: 'Set capacity, skills and queues of an agent.',
  }),
}

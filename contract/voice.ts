import * as z from 'zod'
import { CallPurpose } from './consent.ts'
import { del, get, Id, Order, Paging, pageOf, post, put, QueryBool, QueryInt, Time } from './endpoint.ts'
import { Direction } from './interactions.ts'
import { CallBack } from './routing.ts'

export const CallStage = z.enum(['flow', 'waiting', 'callback', 'connecting', 'talking', 'mending', 'rating', 'voicemail', 'over'])
export type CallStage = z.output<typeof CallStage>
/** Why a leg or a call ended. */
export const Cause = z.enum([
  'normal',
  'busy',
  'no_answer',
  'refused',
  'unreachable',
  'wrong_number',
  'abandoned',
  'transferred',
  'blocked',
  'lost',
  'switch_down',
  'silence',
  'limit',
])
export type Cause = z.output<typeof Cause>
export const LegParty = z.enum(['customer', 'agent', 'outside', 'leader'])
export type LegParty = z.output<typeof LegParty>

/** How well a leg was heard, told by the switch or the browser at its end. */
export const Quality = z.object({
  /** Shares of packets lost, 0–1, towards us and from us. */
  lossIn: z.number().nullable(),
  lossOut: z.number().nullable(),
  jitterMs: z.number().nullable(),
  rttMs: z.number().nullable(),
  /** Estimated by the E-model (ITU-T G.107) from loss and delay, 1–4.5. */
  mos: z.number().nullable(),
})
export type Quality = z.output<typeof Quality>

export const CallLeg = z.object({
  id: Id,
  party: LegParty,
  agentId: Id.nullable(),
  agentName: z.string().nullable(),
  /** Masked where the reader may not see numbers. */
  number: z.string(),
  startedAt: Time,
  ringingAt: Time.nullable(),
  answeredAt: Time.nullable(),
  endedAt: Time.nullable(),
  cause: Cause.nullable(),
  /** The SIP answer, where there was one. */
  code: z.int().nullable(),
  quality: Quality.nullable(),
})
export type CallLeg = z.output<typeof CallLeg>

const Card = z.object({
  id: Id,
  interactionId: Id.nullable(),
  direction: Direction,
  stage: CallStage,
  /** `practice`, or the name of a switch. */
  line: z.string(),
  caller: z.string(),
  called: z.string(),
  numberName: z.string(),
  numberNameEn: z.string(),
  customerId: Id.nullable(),
  customerName: z.string(),
  queueId: Id.nullable(),
  agentId: Id.nullable(),
  startedAt: Time,
  answeredAt: Time.nullable(),
  endedAt: Time.nullable(),
  cause: Cause.nullable(),
})
export const CallLine = Card.extend({
  agentName: z.string().nullable(),
  recorded: z.boolean(),
  worstMos: z.number().nullable(),
  rating: z.int().nullable(),
})
export type CallLine = z.output<typeof CallLine>

const RecordingState = z.enum(['running', 'paused', 'storing', 'kept', 'failed', 'removed'])
/** Why there is no sound: the switch said so, did not have it, could not be reached for hours, or gave something that is no sound. */
export const RecordingReason = z.enum(['not_recorded', 'not_found', 'switch_away', 'unreadable'])
export type RecordingReason = z.output<typeof RecordingReason>
export const Recording = z.object({
  id: Id,
  callId: Id,
  kind: z.enum(['talk', 'voicemail']),
  state: RecordingState,
  reason: RecordingReason.nullable(),
  startedAt: Time,
  seconds: z.number().nullable(),
  bytes: z.int().nullable(),
  /** Where it was paused: seconds from its beginning. */
  pauses: z.array(z.object({ from: z.number(), until: z.number().nullable() })),
  /** Loudest values 0–255 in equal steps, of the customer's and of our side; null until they are known. */
  peaks: z.object({ customer: z.array(z.int()), agent: z.array(z.int()) }).nullable(),
  keepUntil: Time.nullable(),
})
export type Recording = z.output<typeof Recording>

/** What was done with a running call, by whom. */
export const CallMark = z.object({
  at: Time,
  what: z.enum(['held', 'resumed', 'consulted', 'joined', 'mended', 'lost', 'transferred', 'attended', 'left_attending']),
  /** How a leader attended. */
  mode: z.enum(['listen', 'whisper', 'barge', 'takeover']).nullable(),
  by: Id.nullable(),
  byName: z.string().nullable(),
})
export type CallMark = z.output<typeof CallMark>

export const CallWhole = CallLine.extend({
  legs: z.array(CallLeg),
  marks: z.array(CallMark),
  recordings: z.array(Recording),
  path: z.array(z.object({ node: z.string(), name: z.string(), nameEn: z.string(), at: Time, out: z.string() })),
})
export type CallWhole = z.output<typeof CallWhole>

/** To whom a call is handed, or with whom the agent talks meanwhile: exactly one of them. */
export const Target = z
  .object({ agentId: Id.optional(), queueId: Id.optional(), number: z.string().trim().min(2).max(32).optional() })
  .refine(t => [t.agentId, t.queueId, t.number].filter(v => v !== undefined).length === 1, 'one target')
export type Target = z.output<typeof Target>

/** A call in an agent's hand, as the softphone shows it. */
export const MyCall = Card.extend({
  /** The leg that is this agent's. */
  leg: Id,
  legState: z.enum(['dialling', 'ringing', 'up', 'gone']),
  held: z.boolean(),
  /** The third party: whom the agent asks, or who talks along. */
  other: z.object({ name: z.string(), state: z.enum(['dialling', 'ringing', 'up']), together: z.boolean(), since: Time }).nullable(),
  recording: z.enum(['on', 'paused', 'off', 'never']),
  talkingSince: Time.nullable(),
  /** A leader is on the line. */
  heardBy: z.enum(['nobody', 'listening', 'whispering', 'barged']),
  /** I am that leader. */
  leading: z.boolean(),
  wrapUntil: Time.nullable(),
  /** They hung up and were to be called back. */
  callBack: CallBack.nullable(),
})
export type MyCall = z.output<typeof MyCall>

/** What the softphone of a browser connects to. Calls to it name their leg (`X-Leg`); `X-At-Once: 1`: the agent has taken it already, the phone answers by itself. */
export const PhoneLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('practice') }),
  z.object({ kind: z.literal('sip'), name: z.string(), url: z.string(), user: z.string(), password: z.string(), realm: z.string() }),
])
export type PhoneLine = z.output<typeof PhoneLine>

export const softphone = {
  mine: get('/softphone', {
    may: 'voice:call',
    reply: z.object({
      lines: z.array(PhoneLine),
      iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
      calls: z.array(MyCall),
      numbers: z.array(z.object({ id: Id, number: z.string(), name: z.string(), nameEn: z.string() })),
    }),
    says: 'What my browser connects to, and the calls that are mine now (asked again after every reload).',
  }),
  place: post('/calls', {
    may: 'voice:call',
    body: z.object({
      number: z.string().trim().min(3).max(32).optional(),
      customerId: Id.optional(),
      /** Whoever was at the other end of that call. */ callId: Id.optional(),
      /** The number of ours that is shown. */ numberId: Id.optional(),
      ticketId: Id.optional(),
      /** Refused where the customer does not want to be called for that; asked for where they or the number want to be left alone and no ticket nor call of theirs is answered. */
      purpose: CallPurpose.optional(),
      clientId: Id,
    }),
    reply: MyCall,
    says: 'Call a number, a customer at the number on file, or the other end of an earlier call. Said twice with the same client id, it calls once.',
  }),
  /** The leg of this browser is here again after a reload or a lost line: it is rung anew. */
  back: post('/calls/:id/leg', { may: 'voice:call', reply: MyCall, says: 'My phone is here again: ring me for the call that is mine.' }),
  here: put('/softphone/lines/:line', {
    may: 'voice:call',
    reply: z.object({ line: z.string() }),
    says: 'My phone is connected on this line. Who was set aside because it could not be reached is ready again.',
  }),
  hold: post('/calls/:id/hold', { may: 'voice:call', reply: MyCall, says: 'The customer hears music.' }),
  resume: post('/calls/:id/resumption', { may: 'voice:call', reply: MyCall, says: 'Back to the customer.' }),
  consult: post('/calls/:id/consultation', {
    may: 'voice:call',
    body: Target,
    reply: MyCall,
    says: 'Ask somebody while the customer hears music.',
  }),
  join: post('/calls/:id/conference', { may: 'voice:call', reply: MyCall, says: 'All three talk together.' }),
  drop: post('/calls/:id/consultation/end', { may: 'voice:call', reply: MyCall, says: 'The third party goes; back to the customer.' }),
  transfer: post('/calls/:id/transfer', {
    may: 'voice:call',
    body: z.object({ to: Target.optional() }),
    reply: z.object({ id: Id }),
    says: 'Hand the call over: to whom it is told, or to the one who was asked.',
  }),
  end: post('/calls/:id/end', {
    may: 'voice:call',
    reply: z.object({ id: Id }),
    says: 'Hang up. The customer is asked for a rating where that is set.',
  }),
  digits: post('/calls/:id/digits', {
    may: 'voice:call',
    body: z.object({ digits: z.string().regex(/^[0-9*#]{1,20}$/) }),
    reply: z.object({ id: Id }),
    says: 'Send tones.',
  }),
  record: put('/calls/:id/recording', {
    may: 'voice:call',
    body: z.object({ state: z.enum(['on', 'paused']) }),
    reply: MyCall,
    says: 'Pause the recording while a card number is said, go on, or begin where it is on demand.',
  }),
  identify: put('/calls/:id/customer', {
    may: 'voice:call',
    body: z.object({ customerId: Id }),
    reply: MyCall,
    says: 'Whom I talk with; the number is remembered for the next time.',
  }),
  wrapUp: post('/calls/:id/wrap-up', {
    may: 'voice:call',
    body: z.object({ reasonId: Id.nullable(), outcomeId: Id.nullable(), note: z.string().max(2000).default('') }),
    reply: z.object({ id: Id }),
    says: 'Reason, outcome and note; the agent is free again.',
  }),
}

export const calls = {
  list: get('/calls', {
    query: Paging.extend({
      direction: Direction.optional(),
      line: z.string().max(40).optional(),
      agentId: Id.optional(),
      queueId: Id.optional(),
      customerId: Id.optional(),
      numberId: Id.optional(),
      cause: Cause.optional(),
      /** As the customer rated the contact. */
      rating: QueryInt.pipe(z.int().min(1).max(5)).optional(),
      recorded: QueryBool.optional(),
      days: QueryInt.pipe(z.int().min(1).max(3660)).optional(),
      /** Worst estimate of a leg below so many tenths: 36 = 3.6. */
      mosBelow: QueryInt.pipe(z.int().min(10).max(45)).optional(),
      q: z.string().trim().max(40).optional(),
      sort: Order('-time', 'time'),
    }),
    reply: pageOf(CallLine),
    may: 'voice:read',
    says: 'Calls by when they began. `q` finds a number from its end.',
  }),
  one: get('/calls/:id', {
    reply: CallWhole,
    may: 'voice:read',
    says: 'One call: every leg with its marks of time, the way through the flow, its recordings.',
  }),
  ofInteraction: get('/interactions/:id/call', {
    reply: z.object({ call: CallWhole.nullable() }),
    may: 'voice:read',
    says: 'The call of a contact.',
  }),
  figures: get('/calls/figures', {
    query: z.object({ hours: QueryInt.pipe(z.int().min(1).max(720)).optional() }),
    reply: z.array(
      z.object({
        line: z.string(),
        trunkId: Id.nullable(),
        calls: z.int(),
        talked: z.int(),
        /** Ended by a way that broke, or never got through. */
        failed: z.int(),
        worstMos: z.number().nullable(),
        lastAt: Time,
      }),
    ),
    may: 'voice:configure',
    says: 'What went over each line and trunk in the last hours (24 unless told).',
  }),
  numbers: get('/calls/figures/numbers', {
    reply: z.array(z.object({ numberId: Id, calls: z.int(), answered: z.int(), abandoned: z.int() })),
    may: 'voice:configure',
    says: 'How many calls each number has had today, how many were answered, and in how many the caller gave up waiting.',
  }),
  now: get('/calls/now', { reply: z.array(CallLine), may: 'voice:supervise', says: 'Calls that run now in my scope.' }),
  listen: post('/calls/:id/supervision', {
    may: 'voice:supervise',
    body: z.object({ mode: z.enum(['listen', 'whisper', 'barge']) }),
    reply: MyCall,
    says: 'Hear along, speak to the agent alone, or to both.',
  }),
  leave: del('/calls/:id/supervision', { may: 'voice:supervise', reply: z.object({ id: Id }), says: 'Leave the call.' }),
  takeOver: post('/calls/:id/takeover', {
    may: 'voice:supervise',
    reply: MyCall,
    says: 'The leader goes on with the customer; the agent is free.',
  }),
  play: post('/recordings/:id/listening', {
    may: 'voice:listen',
    reply: z.object({ url: z.string(), recording: Recording }),
    says: 'The address of a recording for a while. Every listening is written down.',
  }),
  keep: put('/recordings/:id/keeping', {
    may: 'voice:configure',
    body: z.object({ until: Time.nullable() }),
    reply: Recording,
    says: 'Keep a recording longer than its queue says, or as long as the rest.',
  }),
}

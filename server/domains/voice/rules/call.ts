import type { FlowBody } from '#contract/flows.ts'
import type { Cause, LegParty } from '#contract/voice.ts'
import type { Destination, Language, Order, Prompt, Signal } from '../ports.ts'

/** Times in the machine are ISO text: it is kept as JSON. */
type Instant = string

export type Leg = {
  id: string
  party: LegParty
  agentId: string | null
  number: string
  state: 'dialling' | 'ringing' | 'up' | 'lost' | 'gone'
  held: boolean
  /** How we ring it; not there: it came in. */
  rung?: { to: Destination; ringSeconds: number; atOnce: boolean }
}

/** Where a caller stands in a flow. */
type InFlow = {
  node: string | null
  /** Wrong keys and silences at this node. */
  tries: number
  /** Keyed in and not used yet: the beginning of a number, or keys pressed ahead. */
  digits: string
  /** What the customer hears now, in every stage. */
  play: string | null
  /** What that says, and what was broken off last: for a switch that may not have been told. */
  prompts: readonly Prompt[]
  hushed: string | null
  /** By node: what was keyed in. */
  collected: Record<string, string>
}

/** The third party of a talk: asked while the customer is held, or together with both. */
export type Other = { leg: string; name: string; together: boolean; since: Instant }

export type Stage =
  | { at: 'flow' }
  /** `told`: how often the place was said; `offered`: to be called back was offered. */
  | { at: 'waiting'; queueId: string; since: Instant; told: number; offered: boolean }
  /** The caller hung up and keeps the place; whoever takes it calls back. */
  | { at: 'callback'; queueId: string; since: Instant }
  /**
   * An agent took it; the agent's phone, or the called one's, is being rung. Nobody: an outside number is.
   * `again`: the agent was there already, and comes back. `unheard`: meanwhile the called one's phone goes on ringing.
   */
  | { at: 'connecting'; agentId: string | null; leg: string; queueId: string | null; since: Instant; again?: true; unheard?: true }
  /** Nobody: the customer talks with an outside number, and no agent is part of it any more. */
  | {
      at: 'talking'
      agentId: string | null
      leg: string
      queueId: string | null
      since: Instant
      other: Other | null
      leader: { leg: string; by: string; mode: 'listen' | 'whisper' | 'barge' | 'takeOver' } | null
    }
  /** The agent's phone broke off; the customer hears that it goes on, or is `unheard` yet: their phone rings. */
  | { at: 'mending'; agentId: string; queueId: string | null; since: Instant; unheard?: true }
  | { at: 'rating'; agentId: string; tries: number }
  | { at: 'voicemail'; queueId: string; since: Instant }
  | { at: 'over'; cause: Cause }

/** `offer`: to be called back. `again`: who was called back in vain is called once more. */
export type Clock = 'key' | 'tell' | 'offer' | 'late' | 'ring' | 'mend' | 'rate' | 'message' | 'again' | 'limit'

/** A call as data: everything that decides what happens next. */
export type Call = {
  id: string
  direction: 'in' | 'out'
  language: Language
  caller: string
  called: string
  /** By which trunk it came or goes; null: the switch needs none. */
  trunkId: string | null
  legs: Leg[]
  flow: InFlow
  stage: Stage
  timers: Partial<Record<Clock, Instant>>
  /** The one that runs. */
  recording: { id: string; state: 'on' | 'paused' } | null
  /** Since when whoever hung up is to be called back; not there, or null: nobody asked for it. */
  askedBack?: Instant | null
  /** How often whoever is to be called back was called in vain. */
  calledBack: number
  /** The house knows how it went: ended, abandoned or a message left. Said once. */
  settled: boolean
  /** Counts the steps: a `join` of an older one is not carried any more. */
  seq: number
  path: { node: string; at: Instant; out: string }[]
}

/** What the machine is told beside the signals of the switch. */
export type Told =
  | { kind: 'began' }
  /** A clock of the call has struck; the machine takes it out, and one that is not there any more changes nothing. */
  | { kind: 'due'; clock: Clock }
  /** Answers to what it asked. */
  | { kind: 'hours'; open: boolean }
  | { kind: 'customer'; id: string | null; name: string; tier: string | null }
  | { kind: 'progress'; prompts: readonly Prompt[] | null }
  | { kind: 'place'; position: number; estimate: number | null }
  /** The router. */
  | { kind: 'accepted'; agentId: string; queueId: string }
  | { kind: 'moved'; queueId: string }
  /** The one agent it was handed to did not take it. */
  | { kind: 'expired' }
  /** The agent whose call it is. */
  | { kind: 'placed'; agentId: string; to: string; shown: string; trunkId: string | null }
  | { kind: 'back'; by: string }
  | { kind: 'hold'; by: string }
  | { kind: 'resume'; by: string }
  | { kind: 'consult'; by: string; to: To }
  | { kind: 'together'; by: string }
  | { kind: 'drop'; by: string }
  | { kind: 'transfer'; by: string; to: To | null }
  | { kind: 'end'; by: string }
  | { kind: 'press'; by: string; digits: string }
  | { kind: 'recording'; by: string; paused: boolean }
  /** A leader. */
  | { kind: 'attend'; by: string; mode: 'listen' | 'whisper' | 'barge' }
  | { kind: 'leave'; by: string }
  | { kind: 'takeOver'; by: string }
  /** After a reconnect: orders may have been lost with a process, and what the switch told meanwhile. */
  | { kind: 'adopted' }
  /** After a reconnect: this leg does not live any more. */
  | { kind: 'vanished'; leg: string; cause: Cause }
export type To =
  | { kind: 'agent'; agentId: string; name: string }
  | { kind: 'queue'; queueId: string; name: string }
  | { kind: 'number'; number: string; shown: string; trunkId: string | null }

export type Input = ({ from: 'switch' } & Signal) | ({ from: 'house' } & Told)

/** What the house does in the transaction of the step. */
export type Act =
  | { act: 'queue'; queueId: string /** Before everybody: whoever was cut off. */; ahead: boolean; agentId: string | null }
  | { act: 'leaveQueue' }
  /** The talk with this agent is over; wrap-up follows. */
  | { act: 'wrap'; agentId: string }
  /** The agent is free at once: the phone did not answer, or another has it now. `unreachable`: set aside until the phone is back. */
  | { act: 'release'; agentId: string; unreachable: boolean }
  /** The agent now holds it without the router having offered it: consulted and handed over. */
  | { act: 'reassign'; fromAgentId: string; agentId: string }
  /** Called back in vain: the agent is free, and nobody is asked for until it is time again. */
  | { act: 'rest'; agentId: string }
  | { act: 'ended' }
  | { act: 'abandoned' }
  | { act: 'left'; queueId: string; recording: string }
  | { act: 'callback'; queueId: string }
  | { act: 'rated'; score: number; agentId: string }
  | { act: 'record'; recording: string; kind: 'talk' | 'voicemail' }
  | { act: 'paused'; recording: string; paused: boolean }
  | { act: 'known'; meaning: 'customer' | 'phone' | 'ticket'; digits: string }
  | {
      act: 'said'
      what: 'held' | 'resumed' | 'consulted' | 'joined' | 'transferred' | 'attended' | 'left_attending' | 'taken_over' | 'lost' | 'mended'
      by: string | null
      to: string | null
    }

/** What the machine needs to know before it can go on; answered in the same transaction. */
export type Ask = { ask: 'hours'; calendarId: string | null } | { ask: 'customer' } | { ask: 'progress' } | { ask: 'place' }

/** What stays as it is while one step is taken. */
export type Setting = {
  now: Date
  id: () => string
  flow: FlowBody | null
  /** How calls of a queue are treated, the number's own word about recording included; null: calls without a queue. */
  queue: (queueId: string | null) => {
    recording: 'on' | 'off' | 'demand'
    rating: boolean
    musicId: string | null
    callbackTries: number
    callbackMinutes: number
  }
  /** Who calls, as far as it is known. */
  customer: { id: string; name: string; tier: string | null } | null
}

export type Step = { call: Call; orders: Order[]; acts: Act[]; ask: Ask | null }
/** A refusal of something a person asked for; the call stays as it was. */
export type Refused = {
  refused:
    | 'call.not_yours'
    | 'call.not_talking'
    | 'call.nobody_asked'
    | 'call.already_asking'
    | 'call.over'
    | 'call.not_recorded'
    | 'call.to_self'
    | 'call.without_queue'
    | 'call.queue_not_asked'
    | 'call.already_heard'
}

import type { Cause, Quality } from '#contract/voice.ts'
import type { LineState } from '#contract/voiceSettings.ts'

export type Language = 'zh' | 'en'

/** Sentences that come with the product, in both languages; `rules/sayings.ts` says what each one says. */
export type SaidKey =
  | 'welcome'
  | 'wrong_key'
  | 'no_key'
  | 'please_wait'
  | 'you_are_number'
  | 'in_the_queue'
  | 'about'
  | 'minutes'
  | 'less_than_a_minute'
  | 'press_1_to_be_called_back'
  | 'we_call_back'
  | 'closed'
  | 'leave_a_message'
  | 'message_kept'
  | 'rate_the_service'
  | 'thank_you'
  | 'goodbye'
  | 'no_ticket'
  | 'ticket_received'
  | 'ticket_dispatched'
  | 'ticket_in_work'
  | 'ticket_resolved'
  | 'your_ticket'
  | 'recorded_for_quality'
  | 'reconnecting'
  | 'unavailable'

/** One thing that is heard. */
export type Prompt =
  | { kind: 'said'; key: SaidKey }
  /** A sound of the organisation. */
  | { kind: 'announcement'; id: string }
  /** 42 → 四十二 */
  | { kind: 'number'; value: number }
  /** 1024 → 一零二四 */
  | { kind: 'digits'; digits: string }
  /** Words without a sound, for a provider of speech. */
  | { kind: 'text'; text: string }

export type Destination =
  | { kind: 'agent'; agentId: string }
  /** Out through a trunk, showing a number of ours. */
  | { kind: 'number'; number: string; shown: string; trunkId: string | null }

/** What a switch tells of one leg. `at`: when it happened there. */
export type Signal = { leg: string; at: Date } & (
  | { kind: 'ringing' }
  | { kind: 'answered' }
  | { kind: 'digit'; digit: string }
  /** A play is over: heard to its end, or broken off, or impossible. */
  | { kind: 'played'; play: string; heard: boolean }
  /** The way to this phone broke although nobody hung up: a browser that died, a network that went. */
  | { kind: 'lost' }
  | { kind: 'gone'; cause: Cause; code: number | null; quality: Quality | null }
  /** The sound of a recording stands where the switch keeps it; `store` of the switch brings it. */
  | { kind: 'recorded'; recording: string; seconds: number; failed: boolean }
)

/** What a switch is to do. Each may be carried twice without harm; `join` is absolute. */
export type Order =
  | { do: 'answer'; leg: string }
  | {
      do: 'dial'
      leg: string
      to: Destination
      ringSeconds: number
      caller: { number: string; name: string } /** The agent has taken it already: the phone answers by itself. */
      atOnce: boolean
    }
  | { do: 'play'; leg: string; play: string; prompts: readonly Prompt[]; language: Language }
  | { do: 'hush'; leg: string; play: string }
  /** An announcement as music; 'own': the product's; 'ring': the tone of a phone that rings; null: silence. Whoever joins a room or hears a play hears it instead. */
  | { do: 'music'; leg: string; music: string | 'own' | 'ring' | null }
  /** Exactly these hear each other; whoever is not named leaves. Nobody: the room is closed. */
  | { do: 'join'; legs: readonly string[] }
  /** Both sides apart: what the customer's leg says and what it hears. A voicemail has one side. */
  | { do: 'record'; recording: string; leg: string; kind: 'talk' | 'voicemail' }
  /** While it is paused the sound goes on as silence, so that its marks of time stay true. */
  | { do: 'pause'; recording: string; paused: boolean }
  | { do: 'keep'; recording: string }
  /** A leader's leg hears the room of `agent`; `whisper`: the agent alone hears the leader. */
  | { do: 'attend'; leg: string; agent: string; whisper: boolean }
  | { do: 'digits'; leg: string; digits: string }
  | { do: 'hangUp'; leg: string; cause: Cause }

/** Where a call is, everywhere outside the machine. */
export type CallAt = { tenantId: string; callId: string }

/** A call comes in at a switch. */
export type Arrival = {
  line: string
  caller: string
  called: string
  at: Date
  /** By which it came, and whose it is. */
  trunk?: { id: string; tenantId: string }
  /** Whose number it must be, where the switch knows who calls. */
  tenantId?: string
}

export type LiveLeg = CallAt & { leg: string; up: boolean }

/** The house, as a switch hears it. */
export type Ears = {
  /** What the call and its first leg are called from now on; null: nobody's number, or turned away. Its first orders come after this has answered. */
  arrived: (arrival: Arrival) => Promise<(CallAt & { leg: string }) | null>
  heard: (call: CallAt, signal: Signal) => Promise<void>
  /**
   * After every (re)connect. `look` says which legs live, and is asked once what is open here was read: nobody who is dialled meanwhile is missed among the living.
   * Whatever else was open on this line is over; whatever lives and nobody knows is hung up.
   */
  back: (line: string, look: () => Promise<readonly LiveLeg[]>) => Promise<void>
}

/** A telephone switch. Three stand behind this: the practice line, an Asterisk started by us, an Asterisk of somebody else. */
export type Switch = {
  name: string
  kind: LineState['kind']
  start: (ears: Ears) => Promise<{ stop: () => Promise<void> }>
  /** In their order; resolves when all were taken. A failed one comes back as a signal (`gone`, `played`, `recorded`), never as a throw. */
  carry: (call: CallAt, orders: readonly Order[]) => Promise<void>
  /** Which legs live there just now. Throws when it cannot be asked. */
  look: () => Promise<readonly LiveLeg[]>
  /** The finished recording as wav into that file, two channels where there are two sides: customer left, our side right. It may be hours long. */
  store: (call: CallAt, recording: string, into: string) => Promise<void>
  /** We have it: the switch need not keep it. Said twice without harm. */
  forget: (call: CallAt, recording: string) => Promise<void>
  state: () => LineState
  /** Only looked at, for whoever asks how it is: its calls are heard and its orders carried by another process. */
  watch?: () => { stop: () => Promise<void> }
  /** Another process of ours has it just now. */
  elsewhere?: () => boolean
  /** Trunks were changed: it is told what it must know of them. */
  provision?: () => Promise<void>
  /** What an agent's browser connects to here. Asked within a transaction: answers at once. */
  phone: (agent: { tenantId: string; agentId: string }) => Promise<{ url: string; user: string; password: string; realm: string } | null>
}

/** Who speaks words without a file: a provider that is asked once and whose sound is kept. Throws when there is none. */
export type Speech = (
  at: { url: string; model: string; key: string; privateAllowed: boolean },
  said: { text: string; voice: string },
) => Promise<Uint8Array>

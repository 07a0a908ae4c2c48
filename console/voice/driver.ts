import type { PhoneLine } from '#contract/voice.ts'

/** The telephone inside the browser: media only. Who is on the line with whom is decided by the server; see `softphone` of the contract. */
export type PhoneDriver = {
  /** Connects and stays connected; `state` says how it is. */
  start: () => void
  stop: () => void
  state: () => PhoneState
  onState: (hear: () => void) => () => void
  /** A leg rings here that this person has not taken yet: a colleague asks. Legs told to answer at once are answered by the driver itself. */
  answer: (leg: string) => void
  refuse: (leg: string) => void
  /** The microphone is silent for the other side. */
  mute: (on: boolean) => void
  /** Ids of the devices to use from now on, also in a running talk; null: the system's own. */
  use: (devices: { microphone: string | null; speaker: string | null }) => Promise<void>
  /** Legs whose sound is here now, and those that ring here. What the server takes for mine and is not among them is asked for again. */
  legs: () => readonly string[]
  /** The sound comes broken: told while one talks. A line within the house has no need of it. */
  weak?: () => boolean
}
/** `practice.ts` and `sip.ts` each export one, called `openPhone`. Microphone and speaker are those of `sound.ts`. */
export type OpenPhone<Line extends PhoneLine> = (line: Line, iceServers: readonly RTCIceServer[]) => PhoneDriver
export type PhoneState = 'connecting' | 'ready' | 'refused' | 'no_microphone'

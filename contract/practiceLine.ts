import * as z from 'zod'
import { get, Id, post } from './endpoint.ts'
import { Cause, Quality } from './voice.ts'

/** What shows that a leg was given to whoever holds it: leg, call, and a seal over both. `leg:<pass>` is the topic on which the leg is told of. */
const LegPass = z.string().regex(/^[0-9a-f]{32}\.[0-9a-f]{32}\.[\w-]{22}$/)

/** The number under which a telephone is switched on, or that it dials. */
const Dialled = z
  .string()
  .trim()
  .regex(/^\+?[0-9*#]{2,20}$/)

/** Samples of a recording in a second; 16 bits each, sides taking turns. */
export const soundRate = 16_000

const told = {
  pass: LegPass,
  /** The page that says it: two may ring for one leg, one of them has it. */
  page: z.string().min(8).max(40),
  /** Counts what this page says of this leg, so that what is said twice is heard once. */
  no: z.int().min(1),
  /** So many milliseconds ago. */
  ago: z.number().min(0).max(60_000),
}
/** What a browser says over the socket as `phone`. Everything is answered, and said again until it is. */
export const PhoneSaid = z.discriminatedUnion('kind', [
  /** Which legs ring for me, in case the first word of them was missed. */
  z.object({ kind: z.literal('mine') }),
  z.object({ kind: z.literal('dial'), to: Dialled, once: z.uuid() }),
  /** I hold this leg; asked whenever the socket is new, answered with what is so now. */
  z.object({
    kind: z.literal('here'),
    pass: LegPass,
    page: told.page,
    up: z.boolean(),
    recording: z.object({ id: Id, sides: z.literal([1, 2]) }).nullable(),
  }),
  z.object({ kind: z.literal('ringing'), ...told }),
  z.object({ kind: z.literal('answered'), ...told }),
  z.object({ kind: z.literal('digit'), digit: z.string().regex(/^[0-9*#]$/), ...told }),
  z.object({ kind: z.literal('played'), play: z.string().max(60), heard: z.boolean(), ...told }),
  z.object({ kind: z.literal('gone'), cause: Cause, quality: Quality.nullable(), ...told }),
  z.object({ kind: z.literal('recorded'), recording: Id, ...told }),
  /** A piece of a recording, from that sample on. */
  z.object({ kind: z.literal('sound'), pass: LegPass, recording: Id, from: z.int().min(0), pcm: z.instanceof(Uint8Array) }),
  /** To another leg of the same room: an offer, or the answer to it. */
  z.object({ kind: z.literal('signal'), pass: LegPass, to: Id, data: z.string().max(30_000) }),
])
export type PhoneSaid = z.output<typeof PhoneSaid>

/** One thing that is heard: by its address, or spoken by the browser. */
export type Heard = { text: string; url: string | null }
/** Somebody in the room; `first` makes the offer. */
export type Peer = { leg: string; first: boolean; say: boolean; hear: boolean }
/** How a leg is meant to be, whole. What is not named is as it was. */
export type LegNow = {
  leg: string
  pass: string
  /** Ascends: of two, the later one is so, whichever came first. */
  n?: number
  ring?: { number: string; name: string; seconds: number; atOnce: boolean }
  /** Taken up; the called side says so itself. */
  up?: boolean
  play?: { id: string; heard: readonly Heard[]; language: 'zh' | 'en' } | null
  music?: { url: string } | null
  room?: readonly Peer[]
  recording?: { id: string; sides: 1 | 2; paused: boolean } | null
  /** Recordings that are to be finished. */
  keep?: readonly string[]
  over?: Cause
}
/** Pushed as `phone` on the leg's topic, or, while nobody holds it yet, on that of the person or the number. */
export type PhonePush =
  | { kind: 'now'; now: LegNow }
  | { kind: 'signal'; leg: string; from: string; data: string }
  | { kind: 'digits'; leg: string; digits: string }
  /** The number was switched on at this other telephone. */
  | { kind: 'elsewhere'; phone: string }
export type Dialling = { leg: string; pass: string } | { refused: 'nobody' | 'too_many' }
/** `yours` false: another page has this leg. */
export type Answer = { yours: boolean; now: LegNow | null }

/** The telephone: a page that anybody of the house opens to play the customer. It dials and is rung over the socket. */
export const practice = {
  open: post('/practice-phone', {
    may: 'signed-in',
    body: z.object({
      from: z
        .string()
        .trim()
        .regex(/^\+?[0-9]{3,18}$/),
    }),
    reply: z.object({
      /** Names it where another under its number is switched off. */
      phone: z.string(),
      token: z.string(),
      from: z.string(),
      iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
    }),
    says: 'Switch on a telephone of the practice line under a number: with the token it dials our numbers and is called. Another under the same number is switched off.',
  }),
  numbers: get('/practice-phone/numbers', {
    may: 'signed-in',
    reply: z.object({
      numbers: z.array(z.object({ number: z.string(), name: z.string(), nameEn: z.string() })),
      callers: z.array(z.object({ number: z.string(), name: z.string() })),
    }),
    says: 'Numbers that can be dialled, and made-up customers who may call.',
  }),
}

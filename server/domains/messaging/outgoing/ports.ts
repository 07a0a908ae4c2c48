import type { Tongue } from '#contract/outgoing.ts'
import type { ProviderKind, ProviderSettings } from '#contract/outgoingSettings.ts'

/** One message, ready to go. `id` is the same at every try: by it a provider knows what it has had before. */
export type Envelope = {
  id: string
  address: string
  name: string
  subject: string
  text: string
  html: string
  /** Where its reader unsubscribes; null where there is nothing to unsubscribe from. */
  unsubscribe: string | null
  language: Tongue
  vendorCode: string
  variables: Readonly<Record<string, string>>
  files: readonly { name: string; type: string; bytes: Buffer }[]
}

/**
 * How it went. `again`: not now; `failed`: never, for this message; `bounced`: never, for this address; `unknown`: it may have gone, and this provider would
 * send it twice. `away`: the provider itself cannot be reached or talks nonsense, whatever the message: it rests, and what waits is not spent on it.
 */
export type Outcome =
  | { state: 'handed' | 'delivered'; ref: string }
  | { state: 'again' | 'failed' | 'bounced' | 'unknown'; reason: string; detail: string; away?: true }

export type Receipt = { ref: string; state: 'delivered' | 'failed' | 'bounced'; reason: string; detail?: string }
/** What a provider says when it is asked: the end, that it is still on its way, or that nobody there knows it. */
export type Told = Receipt | { ref: string; state: 'underway' | 'not_known' }

/** What somebody answered to a short message. */
export type Reply = { from: string; text: string }

/** A way out that is set up, with its secret in plain. Lives in memory only. */
export type Setup = {
  id: string
  settings: ProviderSettings
  secret: string
  rate: number
  connections: number
  /** Host names that may be this machine or a private network. */
  privateAllowed: boolean
}

/** What we ask of whoever carries messages. An answer for each envelope, in their order; it never throws. */
export type Carrier = {
  /** `noted`: a message of this round was taken under that reference; said as soon as it is known, for a process may die before the round is over. */
  send: (envelopes: readonly Envelope[], noted: (id: string, ref: string) => void) => Promise<Outcome[]>
  /** What became of messages it took; null: this provider answers no such question. Throws when it cannot be reached. */
  ask?: (refs: readonly string[]) => Promise<Told[] | null>
  close: () => Promise<void>
}

/** A mailbox to which mails come back, with its password in plain. Lives in memory only. */
export type BounceBox = {
  host: string
  port: number
  security: 'tls' | 'starttls' | 'plain'
  user: string
  secret: string
  folder: string
  privateAllowed: boolean
}
/** How far a mailbox was read, by its own count. */
export type Place = { validity: string | null; uid: number }
/** A mail that came back, or a word that it is late; `ids`: the messages it may be about. */
export type Bounce = { ids: readonly string[]; state: Receipt['state'] | 'delayed'; reason: string; detail: string }
/** Keeps bounces and says of each whether it is about a message of ours; `later`: we are not done with sending it. */
export type Keep = (bounces: readonly Bounce[]) => Promise<('ours' | 'foreign' | 'later')[]>

export type CarrierKind = {
  /** `heard` returns once the receipt is kept, and throws when it could not be: whoever told it is to tell it again. */
  open: (setup: Setup, heard: (receipt: Receipt) => Promise<void>) => Carrier
  /** How many messages one turn takes: as many as go out within seconds, for what is taken and not sent in time is taken again. */
  batch: (setup: Setup) => number
  /** The provider knows a message that comes twice. Where it does not, one in flight when a process died is not sent again. */
  repeatable: boolean
  /** Receipts come by the connection itself: it stays open while nothing is sent. */
  listens?: true
  /** It may be asked what became of a message whose receipt does not come. */
  asks?: true
  /** Reads the mails that came back, from a place on; returns how far it came. */
  readBounces?: (box: BounceBox, from: Place, keep: Keep) => Promise<Place>
  /** Receipts as this provider posts them to us; null: it does not, or this is none of its calls. */
  readReceipts?: (body: unknown) => Receipt[] | null
  /** Answers of people, as this provider posts them to us; null: this is none of its calls. */
  readReplies?: (body: unknown) => Reply[] | null
  /** What it wants to hear when they were taken. */
  receiptAnswer?: unknown
}

export type Carriers = Readonly<Record<ProviderKind, CarrierKind>>
let known: Carriers | null = null
/** Lent by the composition root; the domain knows only the shape. */
export const lendCarriers = (carriers: Carriers): void => {
  known = carriers
}
export function carrierOf(kind: ProviderKind): CarrierKind {
  if (!known) throw new Error('nobody lent the carriers of messages')
  return known[kind]
}

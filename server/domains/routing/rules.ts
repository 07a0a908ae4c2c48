import type { ChosenState, PresenceState } from '#contract/routing.ts'

const second = 1000
/** Whoever refused or missed a contact is not offered it again for so long; when nobody else fits, only for a breath. */
export const refusedSeconds = 60
export const breathSeconds = 5
/** A contact given to one agent by a leader is that agent's for so long. */
export const givenSeconds = 60
/** Unread words of leaders an agent can have. */
export const mostWords = 20
/** An agent whose console has been gone for so long is set offline. */
export const goneSeconds = 30
/** How long ago the last agent may have answered to be preferred. */
export const lastAgentDays = 30
/** Handling time assumed for a queue that has handled nothing yet. */
const usualHandlingSeconds = 300

const tierWeight = { normal: 0, silver: 1, gold: 2, key: 3 } as const
const isTier = (tier: string): tier is keyof typeof tierWeight => tier in tierWeight

/** The customer's value decides first; a given priority orders within a tier and cannot lift out of it. */
export function priorityOf(tier: string | null, given = 0): number {
  const weight = tier !== null && isTier(tier) ? tierWeight[tier] : 0
  return weight * 100 + Math.max(-49, Math.min(49, Math.trunc(given)))
}

/** A leader puts a contact ahead of every value and every given priority. */
export const aheadWeight = 1000
export const isAhead = (priority: number): boolean => priority >= aheadWeight / 2

/** A skill at a level as one number; an agent has every level up to its own, so "has what is needed" is "contains". */
const code = (skillNumber: number, level: number): number => skillNumber * 8 + level

export const hasOf = (skills: readonly { number: number; level: number }[]): number[] =>
  skills.flatMap(s => Array.from({ length: s.level }, (_, i) => code(s.number, i + 1))).sort((a, b) => a - b)

export type NumberedDemand = { number: number; level: number; relaxAfter: number }

const levelAfter = ({ level, relaxAfter }: NumberedDemand, waitedSeconds: number): number =>
  relaxAfter === 0 ? level : Math.max(0, level - Math.floor(Math.max(0, waitedSeconds) / relaxAfter))

/** What is demanded after so long a wait. A demand relaxed below level 1 is gone. */
export function needsAfter(demands: readonly NumberedDemand[], waitedSeconds: number): number[] {
  const needs = new Set<number>()
  for (const demand of demands) {
    const level = levelAfter(demand, waitedSeconds)
    if (level > 0) needs.add(code(demand.number, level))
  }
  return [...needs].sort((a, b) => a - b)
}

/** When the demands relax next; null when they no longer do. */
export function nextRelaxing(demands: readonly NumberedDemand[], enqueuedAt: Date, now: Date): Date | null {
  const waited = Math.max(0, (now.getTime() - enqueuedAt.getTime()) / second)
  return earliest(
    demands
      .filter(d => d.relaxAfter > 0 && levelAfter(d, waited) > 0)
      .map(d => after(enqueuedAt, (Math.floor(waited / d.relaxAfter) + 1) * d.relaxAfter)),
  )
}

export const after = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * second)

export const earliest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce<Date | null>((first, at) => (at !== null && (first === null || at < first) ? at : first), null)

type Waits = {
  enqueuedAt: Date
  enteredAt: Date
  preferredUntil: Date | null
  onlyPreferred: boolean
  notForUntil: Date | null
  been: readonly string[]
}
type Overflow = { overflowQueueId: string | null; overflowSeconds: number }

/** When a contact leaves for the overflow queue; never twice for the same queue. */
export const overflowAt = (w: Pick<Waits, 'enteredAt' | 'onlyPreferred' | 'been'>, q: Overflow): Date | null =>
  q.overflowQueueId !== null && q.overflowSeconds > 0 && !w.onlyPreferred && !w.been.includes(q.overflowQueueId)
    ? after(w.enteredAt, q.overflowSeconds)
    : null

/** The next instant at which something about a waiting contact changes by itself. A contact for one agent only waits for that agent. */
export const nextDue = (w: Waits, q: Overflow & { numbered: readonly NumberedDemand[] }, now: Date): Date | null =>
  w.onlyPreferred
    ? w.preferredUntil
    : earliest([w.preferredUntil, w.notForUntil, overflowAt(w, q), nextRelaxing(q.numbered, w.enqueuedAt, now)])

const handlingSeconds = (mean: number | null): number => Math.max(10, mean ?? usualHandlingSeconds)

/**
 * Seconds until an agent answers the contact in this place; null when nobody is ready. With all s places taken, one comes free every
 * (mean handling ÷ s), and n of them must: the queue-length predictor n·T/s of Whitt, "Predicting Queueing Delays", Management Science 45(6), 1999,
 * exact in the mean for exponential handling and the best of the simple ones for others (Ibrahim and Whitt 2009). It is on the safe side where
 * customers ahead give up, and too hopeful where the agents also serve other queues.
 */
export function estimateSeconds(position: number, meanHandlingSeconds: number | null, places: number): number | null {
  return places <= 0 ? null : Math.round((Math.max(1, position) * handlingSeconds(meanHandlingSeconds)) / places)
}

type LoadRules = Overflow & { overflowWaiting: number; overflowEstimate: number; overflowUnstaffed: boolean }
type Load = { signedIn: boolean; otherSignedIn: boolean; meanHandlingSeconds: number | null; places: number }
export type FlowReason = 'wait' | 'waiting' | 'estimate' | 'unstaffed'

/** How many may wait here before the rest flows over, and why; null when the load sends nobody away. Nobody is sent where nobody is signed in. */
export function mayStay(q: LoadRules, load: Load): { places: number; why: FlowReason } | null {
  if (q.overflowQueueId === null || !load.otherSignedIn) return null
  if (q.overflowUnstaffed && !load.signedIn) return { places: 0, why: 'unstaffed' }
  const byCount = q.overflowWaiting > 0 ? q.overflowWaiting : null
  const byTime =
    q.overflowEstimate > 0 && load.places > 0
      ? Math.floor((q.overflowEstimate * load.places) / handlingSeconds(load.meanHandlingSeconds))
      : null
  if (byTime !== null && (byCount === null || byTime < byCount)) return { places: byTime, why: 'estimate' }
  return byCount === null ? null : { places: byCount, why: 'waiting' }
}

type Phone = { calling: boolean; ringing: boolean; wrapping: boolean }
const quiet: Phone = { calling: false, ringing: false, wrapping: false }
/**
 * What others see: on a call, or while one rings, that comes before what was chosen. Ready with nothing in hand but contacts to wrap up is `wrap`,
 * and so is a call that is wrapped up beside chats. `routing.fact_presence` says the same in SQL.
 */
export function shownState(chosen: ChosenState, talking: number, wrapping: number, phone = quiet): PresenceState {
  if (phone.calling) return 'call'
  if (phone.ringing) return 'ringing'
  return chosen === 'ready' && (phone.wrapping || (talking === 0 && wrapping > 0)) ? 'wrap' : chosen
}

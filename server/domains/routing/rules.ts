import type { PresenceState } from '#contract/routing.ts'

const second = 1000
/** Whoever refused or missed a contact is not offered it again for so long; when nobody else fits, only for a breath. */
export const refusedSeconds = 60
export const breathSeconds = 5
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

/** Seconds until an agent answers the contact in this place: so many handlings ahead, shared by the places that ready agents have. Null when nobody is ready. */
export function estimateSeconds(position: number, meanHandlingSeconds: number | null, places: number): number | null {
  if (places <= 0) return null
  const each = Math.max(10, meanHandlingSeconds ?? usualHandlingSeconds)
  return Math.round((Math.max(1, position) * each) / places)
}

/** What others see: ready with nothing in hand but contacts to wrap up is `wrap`. */
export function shownState(chosen: Exclude<PresenceState, 'wrap'>, talking: number, wrapping: number): PresenceState {
  return chosen === 'ready' && talking === 0 && wrapping > 0 ? 'wrap' : chosen
}

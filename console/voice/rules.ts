import type { MyCall } from '#contract/voice.ts'
import type { PhoneState } from './driver.ts'

/** A colleague asks me: it rings and is not mine. */
export const isAsked = (call: MyCall, meId: string): boolean => call.agentId !== meId && !call.leading && call.legState === 'ringing'
/** I handed it over and write down my part, while another goes on. */
export const isHandedOver = ({ stage, wrapUntil, legState }: MyCall): boolean =>
  wrapUntil !== null && legState === 'gone' && stage !== 'over' && stage !== 'rating'
/** I talk, or am about to. */
export const isRunning = (call: MyCall): boolean =>
  (call.stage === 'connecting' || call.stage === 'talking' || call.stage === 'mending') && !isHandedOver(call)
/** My part is over and not written down yet; the customer may still be rating. */
export const isToWrap = (call: MyCall): boolean => call.stage === 'over' || call.stage === 'rating' || call.wrapUntil !== null
/** Calls as the desk lists them: what runs first. */
export const inDesk = (calls: readonly MyCall[], meId: string): MyCall[] => {
  const mine = calls.filter(call => !isAsked(call, meId))
  return [...mine.filter(isRunning), ...mine.filter(call => !isRunning(call) && isToWrap(call))]
}

/** The call the bar shows: the one that runs, else the one whose time of wrap-up runs. */
export const callInHand = (calls: readonly MyCall[], meId: string, now: number): MyCall | undefined => {
  const mine = inDesk(calls, meId)
  return mine.find(isRunning) ?? mine.findLast(call => call.wrapUntil !== null && call.wrapUntil.getTime() > now)
}

/** Whether the sound of this call belongs into my browser now. A leg that is being dialled comes by itself. */
const soundIsDue = (call: MyCall, meId: string) => (call.stage === 'mending' && call.agentId === meId) || call.legState === 'up'

/** How long a missing leg may be on its way before it is asked for. */
export const graceMs = 2_000
const againMs = 5_000
export type Missed = { since: number; asked: number | null }

/** Which calls of mine are to be rung anew: their leg is not here. `fresh`: the phone has just come back, so nothing is on its way. */
export function toMend(
  calls: readonly MyCall[],
  known: { meId: string; here: ReadonlySet<string>; ready: (line: string) => boolean; fresh: boolean; now: number },
  before: ReadonlyMap<string, Missed>,
): { ask: MyCall[]; missed: Map<string, Missed> } {
  const missed = new Map<string, Missed>()
  const ask: MyCall[] = []
  for (const call of calls) {
    if (!soundIsDue(call, known.meId) || known.here.has(call.leg) || !known.ready(call.line)) continue
    const earlier = before.get(call.id) ?? { since: known.now, asked: null }
    const due = earlier.asked === null ? known.fresh || known.now - earlier.since >= graceMs : known.now - earlier.asked >= againMs
    if (due) ask.push(call)
    missed.set(call.id, due ? { ...earlier, asked: known.now } : earlier)
  }
  return { ask, missed }
}

/** How the phone is as a whole: the worst of its lines, as far as it keeps somebody from talking. */
export function worst(states: readonly PhoneState[]): PhoneState {
  for (const state of ['no_microphone', 'refused', 'connecting'] as const) if (states.includes(state)) return state
  return 'ready'
}

/** Sound that people begin to complain of: about 3.6 by the E-model. */
export const isWeak = ({ loss, jitterMs, rttMs }: { loss: number; jitterMs: number; rttMs: number }): boolean =>
  loss > 0.05 || jitterMs > 50 || rttMs > 500

/** What was typed or pasted, as it is dialled; null: no number. */
export function dialled(text: string): string | null {
  const bare = text.normalize('NFKC').replace(/[\s().\-–]/g, '')
  return /^\+?[0-9*#]{2,31}$/.test(bare) ? bare : null
}

/** 138****6021, as the server masks it. */
export function masked(number: string): string {
  const bare = number.replace(/^\+86(?=1\d{10}$)/, '')
  return bare.length < 7 ? bare : `${bare.slice(0, 3)}****${bare.slice(-4)}`
}

type Contact = { id: string; channel: string; startedAt: Date; reasonId: string | null }
/** How often the same customer has been here in the last day, or about the same thing in the last week, before this contact. */
export function repeated(
  contacts: readonly Contact[],
  now: { interactionId: string | null; startedAt: Date; reasonId: string | null },
): { count: number; within: 'day' | 'week'; last: string } | null {
  const before = contacts
    .filter(c => c.id !== now.interactionId && c.startedAt < now.startedAt)
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const since = (ms: number) => before.filter(c => c.startedAt.getTime() >= now.startedAt.getTime() - ms)
  const day = since(86_400_000)
  const [lastOfDay] = day
  if (lastOfDay) return { count: day.length + 1, within: 'day', last: lastOfDay.id }
  const week = since(7 * 86_400_000).filter(c => now.reasonId !== null && c.reasonId === now.reasonId)
  const [lastOfWeek] = week
  return lastOfWeek ? { count: week.length + 1, within: 'week', last: lastOfWeek.id } : null
}

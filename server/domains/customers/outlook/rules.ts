import type { Listed } from '#contract/outgoing.ts'
import { type Mood, moodDays, NextCode, type NextStep, type Outlook } from '#contract/outlook.ts'
import type { Known, Matter, Touch } from '#kernel/outlook.ts'

/** What the archive itself knows. */
export type Own = {
  overdueAmount: number
  overdueSince: string | null
  neglectedSince: string | null
  rounds: { kind: 'visit' | 'contact'; dueOn: string; taskId: string | null }[]
  /** Whether the customer said anything of being written to; and whether there is a way to. */
  asked: boolean
  reachable: boolean
  undisturbed: { until: Date | null } | null
}
type Facts = Partial<Known> & { own: Own; listed?: Listed; now: Date }
const unlisted: Listed = { phone: null, email: null }

const day = 86_400_000
const within = (days: number, at: Date, now: Date) => now.getTime() - at.getTime() <= days * day
const plain = 75
const levels = { good: 70, fair: 45 }
const takes = { complaint: [15, 45], late: [10, 20], unanswered: [5, 15] } as const
const ratingsCounted = 10

/**
 * How a customer feels about us, of a hundred: twenty for each point of the mean of the last ten ratings of half a year, or 75 without; less 15 for each complaint of
 * ninety days (at most 45), 10 for each late ticket (at most 20), 5 for each contact of thirty days that nobody answered (at most 15).
 */
export function moodOf({ touches = [], matters = [], now }: Pick<Facts, 'touches' | 'matters' | 'now'>): Mood | null {
  const scores = ratingsOf(touches)
  const mean = meanOf(scores)
  const counted = {
    complaint: matters.filter(m => m.complaint && within(moodDays.complaints, m.openedAt, now)).length,
    late: matters.filter(m => m.late).length,
    unanswered: touches.filter(t => t.inward && t.unanswered && within(moodDays.contacts, t.at, now)).length,
  }
  if (mean === null && Object.values(counted).every(n => n === 0)) return null
  const reasons: Mood['reasons'] = mean === null ? [] : [{ code: 'rating', n: Math.round(mean * 10) / 10, points: Math.round(mean * 20) }]
  for (const code of ['complaint', 'late', 'unanswered'] as const) {
    const [each, most] = takes[code]
    if (counted[code] > 0) reasons.push({ code, n: counted[code], points: -Math.min(most, each * counted[code]) })
  }
  const sum = reasons.reduce((sum, { points }) => sum + points, mean === null ? plain : 0)
  const score = Math.max(0, Math.min(100, sum))
  return { score, level: score >= levels.good ? 'good' : score >= levels.fair ? 'fair' : 'low', reasons }
}

export const ratingsOf = (touches: readonly Touch[]) => touches.flatMap(t => t.rating ?? []).slice(0, ratingsCounted)
export const meanOf = (scores: readonly number[]) => (scores.length === 0 ? null : scores.reduce((sum, n) => sum + n, 0) / scores.length)

const missedDays = 7
const lowDays = 14
const lowest = 2
const askedDays = 30

/** What is best done next, the most pressing first. */
export function nextOf({ touches = [], matters = [], own, listed = unlisted, now }: Facts): NextStep[] {
  const isLeftAlone = own.undisturbed !== null || listed.phone !== null
  const steps = [
    callBack(touches, now),
    ...tickets(matters),
    bill(own),
    isLeftAlone ? null : ratedLow(touches, now),
    ...care(own, isLeftAlone),
    isLeftAlone ? null : consent(touches, own, now),
  ]
  const order = NextCode.options
  return steps.filter(step => step !== null).sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))
}

const step = (code: NextStep['code'], more: Partial<NextStep> = {}): NextStep => ({ code, n: 0, at: null, on: null, about: null, ...more })

/** The last one that nobody answered, unless somebody talked with them since. */
function callBack(touches: readonly Touch[], now: Date): NextStep | null {
  const missed = touches.find(t => t.inward && t.unanswered && within(missedDays, t.at, now))
  if (!missed || spokenSince(touches, missed.at)) return null
  return step('call_back', { at: missed.at, about: { noun: 'interaction', id: missed.id, title: missed.channel } })
}
const spokenSince = (touches: readonly Touch[], at: Date) => touches.some(t => t.answeredAt !== null && t.answeredAt > at)

function tickets(matters: readonly Matter[]): NextStep[] {
  const open = matters.filter(m => m.open)
  const late = open.filter(m => m.late)
  const first = [...(late.length > 0 ? late : open)].sort((a, b) => (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity))[0]
  if (!first) return []
  const about = { noun: 'ticket' as const, id: first.id, title: first.title }
  return [step(late.length > 0 ? 'late' : 'open', { n: late.length > 0 ? late.length : open.length, at: first.dueAt, about })]
}

const bill = (own: Own) => (own.overdueAmount > 0 ? step('overdue', { n: own.overdueAmount, on: own.overdueSince }) : null)

/** Nobody has talked with them since they said so. */
function ratedLow(touches: readonly Touch[], now: Date): NextStep | null {
  const rated = touches.find(t => t.rating !== null)
  if (!rated || rated.rating === null || rated.rating > lowest || !within(lowDays, rated.at, now)) return null
  if (touches.some(t => t.id !== rated.id && t.at > rated.at && t.answeredAt !== null)) return null
  return step('rated_low', { n: rated.rating, at: rated.at, about: { noun: 'interaction', id: rated.id, title: rated.channel } })
}

function care(own: Own, isLeftAlone: boolean): NextStep[] {
  const due = own.rounds
    .filter(round => round.kind === 'visit' || !isLeftAlone)
    .map(({ kind, dueOn, taskId }) => step(kind, { on: dueOn, about: taskId ? { noun: 'task', id: taskId, title: '' } : null }))
  return due.length === 0 && own.neglectedSince ? [step('neglected', { on: own.neglectedSince })] : due
}

/** Asked of those one talks with: most of an archive was never asked, and is not to be called for that. */
const consent = (touches: readonly Touch[], own: Own, now: Date) =>
  own.reachable && !own.asked && touches.some(t => within(askedDays, t.at, now)) ? step('consent') : null

export function outlookOf(facts: Facts): Outlook {
  const { touches, matters, own, listed = unlisted, now } = facts
  const scores = ratingsOf(touches ?? [])
  return {
    open: matters ? matters.filter(m => m.open).length : null,
    late: matters ? matters.filter(m => m.late).length : null,
    contacts: touches ? touches.filter(t => within(moodDays.contacts, t.at, now)).length : null,
    rating: meanOf(scores),
    ratings: scores.length,
    mood: moodOf(facts),
    undisturbed: own.undisturbed,
    listed,
    next: nextOf(facts),
  }
}

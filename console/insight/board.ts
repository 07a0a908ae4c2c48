import type { Wallboard } from '#contract/insight.ts'

type Queue = Wallboard['queues'][number]
type Agent = Wallboard['agents'][number]
export type Alarm = { key: string; tone: 'ba' | 'wa'; since: Date | null } & (
  | { what: 'nobody' | 'wait' | 'service'; queue: Queue }
  | { what: 'aside' | 'break'; agent: Agent }
  | { what: 'late'; count: number }
)

/** Seconds of waiting after which a supervisor should look, and after which it is bad. */
export const longWait = 60
export const veryLongWait = 120
/** A break that may have been forgotten. */
export const longBreakMinutes = 30
/** Fewer contacts say nothing about a service level. */
const enoughContacts = 5
/** Above this share of abandons the figure turns. */
export const abandonLimit = 0.05

const secondsSince = (since: Date | null, now: number) => (since === null ? 0 : (now - since.getTime()) / 1000)

/** What a supervisor should act on, worst first: computed from one snapshot and whoever was set aside. */
export function alarmsOf(board: Wallboard, aside: ReadonlySet<string>, now: number): Alarm[] {
  const alarms: Alarm[] = []
  for (const queue of board.queues) {
    const waited = secondsSince(queue.longestSince, now)
    // Where all are on calls somebody will be free; where nobody is at work nobody will.
    if (queue.waiting > 0 && queue.working === 0)
      alarms.push({ key: `nobody ${queue.id}`, what: 'nobody', tone: 'ba', since: queue.longestSince, queue })
    else if (queue.waiting > 0 && waited >= longWait)
      alarms.push({ key: `wait ${queue.id}`, what: 'wait', tone: waited >= veryLongWait ? 'ba' : 'wa', since: queue.longestSince, queue })
    const short = queue.serviceLevel === null ? 0 : queue.targetPercent - queue.serviceLevel * 100
    if (short > 0 && queue.offered >= enoughContacts)
      alarms.push({ key: `service ${queue.id}`, what: 'service', tone: short > 10 ? 'ba' : 'wa', since: null, queue })
  }
  for (const agent of board.agents) {
    if (agent.state === 'busy' && aside.has(agent.id))
      alarms.push({ key: `aside ${agent.id}`, what: 'aside', tone: 'wa', since: agent.since, agent })
    if (agent.state === 'break' && secondsSince(agent.since, now) >= longBreakMinutes * 60)
      alarms.push({ key: `break ${agent.id}`, what: 'break', tone: 'wa', since: agent.since, agent })
  }
  if (board.tickets.late > 0) alarms.push({ key: 'late', what: 'late', tone: 'wa', since: null, count: board.tickets.late })
  return alarms.sort((a, b) => Number(b.tone === 'ba') - Number(a.tone === 'ba') || order.indexOf(a.what) - order.indexOf(b.what))
}
const order = ['nobody', 'wait', 'service', 'aside', 'break', 'late']

export type Mood = 'ready' | 'talking' | 'call' | 'wrap' | 'break' | 'busy' | 'offline'
/** A ready agent with contacts in hand is talking; for whom a call rings is about to be on one. */
export const moodOf = ({ state, used }: Pick<Agent, 'state' | 'used'>): Mood =>
  state === 'ringing' ? 'call' : state === 'ready' && used > 0 ? 'talking' : state

/** The hour with the most contacts, and the share answered of those no longer waiting. Null before anything came in. */
export function volumeOf(hours: Wallboard['hours']): { total: number; peakHour: number; peak: number; share: number | null } | null {
  const total = hours.reduce((sum, h) => sum + h.offered, 0)
  const peak = hours.reduce<Wallboard['hours'][number] | null>((best, h) => (best === null || h.offered > best.offered ? h : best), null)
  if (total === 0 || !peak) return null
  const decided = total - hours.reduce((sum, h) => sum + h.waiting, 0)
  const share = decided > 0 ? hours.reduce((sum, h) => sum + h.answered, 0) / decided : null
  return { total, peakHour: peak.hour, peak: peak.offered, share }
}
export const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
export const percent = (share: number | null, digits = 0): string => (share === null ? '—' : `${(share * 100).toFixed(digits)}%`)

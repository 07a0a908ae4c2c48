import type { NoticeSettings, Ways } from '#contract/notifications.ts'
import { atWall, type Calendar, dateIn, wallIn } from '#kernel/calendar.ts'
import type { NoticeKind } from '#kernel/notices.ts'

/** As the house has it until a person chooses: mail for what may not wait, silence at night. */
export const houseSettings: NoticeSettings = { ways: {}, quiet: { from: 22 * 60, to: 7 * 60 }, digest: 'now', dailyAt: 8 * 60 + 30 }

export const waysOf = (kind: Pick<NoticeKind, 'key' | 'mail'>, { ways }: Pick<NoticeSettings, 'ways'>): Ways =>
  ways[kind.key] ?? { bell: true, mail: kind.mail === true }

/** Words with their facts. */
export const filled = (words: string, facts: Record<string, string | number>): string =>
  words.replace(/\{(\w+)\}/g, (_, key: string) => String(facts[key] ?? '')).trim()

const minute = 60_000
/** What is read within this time costs no mail. */
const patience = 2 * minute

/** Minutes from midnight on the wall of that zone. */
const minuteIn = (timezone: string, at: Date) => {
  const [hours = 0, minutes = 0] = wallIn(timezone, at).slice(11).split(':').map(Number)
  return hours * 60 + minutes
}
const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const dayAfter = (date: string, days: number) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 1440 * minute).toISOString().slice(0, 10)

/** `from` belongs to the quiet, `to` does not; over midnight when `from` is later. */
export function isQuiet(at: Date, quiet: NoticeSettings['quiet'], timezone: string): boolean {
  if (quiet === null) return false
  const now = minuteIn(timezone, at)
  return quiet.from < quiet.to ? now >= quiet.from && now < quiet.to : now >= quiet.from || now < quiet.to
}

/** When a mail about it goes: after a moment in which it may be read, by the person's digest unless it is important, never in quiet hours. To the minute: those due together go together. */
export function mailAt(now: Date, important: boolean, settings: NoticeSettings, calendar: Calendar): Date {
  const { timezone } = calendar
  const soonest = new Date(Math.ceil((now.getTime() + patience) / minute) * minute)
  const due = important ? soonest : byDigest(soonest, settings, calendar)
  const { quiet } = settings
  return quiet !== null && isQuiet(due, quiet, timezone) ? nextAt(due, quiet.to, timezone) : due
}

function byDigest(at: Date, { digest, dailyAt }: NoticeSettings, calendar: Calendar): Date {
  const { timezone } = calendar
  if (digest === 'now') return at
  if (digest === 'hourly') return new Date(at.getTime() + ((60 - (minuteIn(timezone, at) % 60)) % 60) * minute)
  const today = dateIn(timezone, at)
  for (let n = 0; n < 400; n++) {
    const date = dayAfter(today, n)
    const then = atWall(timezone, `${date}T${clock(dailyAt)}`)
    if (then >= at && worksOn(calendar, date)) return then
  }
  // A centre that never works has no working day to wait for.
  return nextAt(at, dailyAt, timezone)
}

const worksOn = ({ days, week }: Calendar, date: string) => (days[date] ?? week[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? []).length > 0

/** The next time the wall clock shows that minute. */
function nextAt(at: Date, minutes: number, timezone: string): Date {
  const today = dateIn(timezone, at)
  const then = atWall(timezone, `${today}T${clock(minutes)}`)
  return then >= at ? then : atWall(timezone, `${dayAfter(today, 1)}T${clock(minutes)}`)
}

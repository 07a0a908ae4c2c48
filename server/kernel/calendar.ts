import { Refusal } from './refusal.ts'

/** Minutes from midnight on the wall clock; `to` 1440 is the midnight that ends the day. */
export type Hours = { from: number; to: number }
/** Working hours by weekday (0 = Sunday); `days` (YYYY-MM-DD) replace the week's hours, an empty list is a holiday. */
export type Calendar = { timezone: string; week: Record<string, Hours[]>; days: Record<string, Hours[]> }

/** A stretch of open time, in milliseconds since the epoch: `from` belongs to it, `to` does not. */
type Window = { from: number; to: number }

const minute = 60_000
const day = 24 * 60 * minute
/** A calendar that stays shut this long never opens; and no promise reaches further than a hundred years. */
const longestRest = 400
const furthest = 36_600

export const isOpen = (calendar: Calendar, at: Date) => nextOpening(calendar, at)?.getTime() === at.getTime()

/** The instant itself while open, else the next moment the doors open; null when they never do. */
export function nextOpening(calendar: Calendar, at: Date): Date | null {
  for (const window of windowsFrom(calendar, at.getTime())) return new Date(window.from)
  return null
}

/** When the doors that are open now close; null when they are shut, or never close. */
export function nextClosing(calendar: Calendar, at: Date): Date | null {
  let until: number | null = null
  let stretches = 0
  for (const window of windowsFrom(calendar, at.getTime())) {
    if (window.from > (until ?? at.getTime())) break
    // Open through midnight is one stretch; open for so many days on end has no closing worth telling.
    if (++stretches > longestRest) return null
    until = window.to
  }
  return until === null ? null : new Date(until)
}

/** Nothing is added for zero or less. A target that ends with the day ends at closing time, not at the next opening. */
export function addWorkingMinutes(at: Date, minutes: number, calendar: Calendar): Date {
  let left = minutes * minute
  if (left <= 0) return at
  for (const window of windowsFrom(calendar, at.getTime())) {
    if (left <= window.to - window.from) return new Date(window.from + left)
    left -= window.to - window.from
  }
  throw new Refusal('conflict', 'calendar.never_open')
}

/** Open minutes from `a` to `b`; negative when `b` comes first. */
export function workingMinutesBetween(a: Date, b: Date, calendar: Calendar): number {
  if (a > b) return -workingMinutesBetween(b, a, calendar)
  let open = 0
  for (const window of windowsFrom(calendar, a.getTime())) {
    if (window.from >= b.getTime()) break
    open += Math.min(window.to, b.getTime()) - window.from
  }
  return open / minute
}

export function isTimezone(name: string): boolean {
  try {
    return Boolean(clockOf(name))
  } catch {
    return false
  }
}

/** Date and time (YYYY-MM-DDTHH:mm) on the wall of that zone. */
export const wallIn = (timezone: string, at: Date) => new Date(at.getTime() + offsetAt(timezone, at.getTime())).toISOString().slice(0, 16)
/** The date (YYYY-MM-DD) there. */
export const dateIn = (timezone: string, at: Date) => wallIn(timezone, at).slice(0, 10)

/** The instant at which that date begins in that zone. */
export const startOfDay = (timezone: string, date: string) => new Date(instantOf(timezone, Date.parse(`${date}T00:00:00Z`)))

/** The instant of a time (YYYY-MM-DDTHH:mm) on the wall of that zone. */
export const atWall = (timezone: string, local: string) => new Date(instantOf(timezone, Date.parse(`${local}:00Z`)))

/** Open stretches in order, the first one cut at `start`. Ends by itself when nothing opens any more. */
function* windowsFrom(calendar: Calendar, start: number): Generator<Window> {
  const firstDay = Math.floor((start + offsetAt(calendar.timezone, start)) / day) * day
  let closedDays = 0
  for (let n = 0; n < furthest && closedDays < longestRest; n++, closedDays++) {
    for (const window of windowsOf(calendar, firstDay + n * day)) {
      if (window.to <= start) continue
      closedDays = 0
      yield { from: Math.max(window.from, start), to: window.to }
    }
  }
}

/** `midnight` is the date's midnight on the wall clock, counted as if it were UTC. */
function windowsOf(calendar: Calendar, midnight: number): Window[] {
  const date = new Date(midnight)
  const hours = calendar.days[date.toISOString().slice(0, 10)] ?? calendar.week[date.getUTCDay()] ?? []
  return merged(hours)
    .map(({ from, to }) => ({
      from: instantOf(calendar.timezone, midnight + from * minute),
      to: instantOf(calendar.timezone, midnight + to * minute),
    }))
    .filter(window => window.from < window.to)
}

/** In order and without overlap, so that no minute counts twice. */
function merged(hours: Hours[]): Hours[] {
  const result: Hours[] = []
  for (const next of hours.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && next.from <= last.to) last.to = Math.max(last.to, next.to)
    else result.push({ ...next })
  }
  return result
}

const instants = new Map<string, number>()

/** Wall clock → instant. A time that happens twice means its first passing, a time that is skipped means the moment of the jump. */
function instantOf(timezone: string, wall: number): number {
  const key = `${timezone} ${wall}`
  const known = instants.get(key)
  if (known !== undefined) return known
  if (instants.size > 20_000) instants.clear()
  const instant = resolveWall(timezone, wall)
  instants.set(key, instant)
  return instant
}

function resolveWall(timezone: string, wall: number): number {
  const before = offsetAt(timezone, wall - 1.5 * day)
  const after = offsetAt(timezone, wall + 1.5 * day)
  const early = wall - Math.max(before, after)
  const late = wall - Math.min(before, after)
  if (early + offsetAt(timezone, early) === wall) return early
  if (late + offsetAt(timezone, late) === wall) return late
  let [standing, jumped] = [early, late]
  while (jumped - standing > 1000) {
    const middle = Math.floor((standing + jumped) / 2000) * 1000
    if (middle <= standing) break
    if (offsetAt(timezone, middle) === before) standing = middle
    else jumped = middle
  }
  return jumped
}

const clocks = new Map<string, Intl.DateTimeFormat>()
const clockOf = (timezone: string) => {
  const known = clocks.get(timezone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timezone, clock)
  return clock
}

/** Whoever decides about many at once asks about one and the same instant. */
let last = { timezone: '', second: Number.NaN, offset: 0 }
function offsetAt(timezone: string, instant: number): number {
  const second = Math.floor(instant / 1000) * 1000
  if (last.second !== second || last.timezone !== timezone) last = { timezone, second, offset: offsetOf(timezone, second) }
  return last.offset
}
function offsetOf(timezone: string, second: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of clockOf(timezone).formatToParts(second)) part[type] = Number(value)
  const { year = 0, month = 1, day: date = 1, hour = 0, minute: minutes = 0, second: seconds = 0 } = part
  return Date.UTC(year, month - 1, date, hour, minutes, seconds) - second
}

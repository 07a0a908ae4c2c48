export type Hours = { from: number; to: number }

const two = (n: number) => String(n).padStart(2, '0')
/** Minutes from midnight as 08:30; the end of the day is 24:00. */
export const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

/** 8:30, 0830, 8 and 24:00 are understood; anything else is null. */
export function minutesOf(text: string): number | null {
  const read = /^\s*(\d{1,2})(?:[:：.]?(\d{2}))?\s*$/.exec(text)
  if (!read) return null
  const minutes = Number(read[1]) * 60 + Number(read[2] ?? 0)
  return Number(read[2] ?? 0) < 60 && minutes <= 1440 ? minutes : null
}

export const hoursText = (hours: readonly Hours[]): string => hours.map(h => `${clockOf(h.from)}–${clockOf(h.to)}`).join(' ')
export const sameHours = (a: readonly Hours[], b: readonly Hours[]): boolean => hoursText(a) === hoursText(b)
/** What is added next: an hour after the last, or an ordinary day. */
export function nextHours(hours: readonly Hours[]): Hours | null {
  const last = hours.at(-1)
  if (!last) return { from: 540, to: 1080 }
  return last.to + 60 >= 1440 ? null : { from: last.to + 60, to: Math.min(1440, last.to + 300) }
}

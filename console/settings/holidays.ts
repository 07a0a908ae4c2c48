import { clock, off, span, working } from './holidays.words.ts'
import { type Hours, minutesOf } from './hours.ts'

export type Days = Record<string, Hours[]>
const day = 86_400_000
const longest = 60

/** Lines as offices write them: a date or a span, a name, off or working, hours if they differ. What cannot be read is counted, never guessed. */
export function readDays(text: string, usual: Hours[]): { days: Days; bad: number[] } {
  const days: Days = {}
  const bad: number[] = []
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const read = readLine(line, usual)
    if (read === null) bad.push(n + 1)
    else for (const one of read.dates) days[one] = read.hours
  }
  return { days, bad }
}

function readLine(line: string, usual: Hours[]): { dates: string[]; hours: Hours[] } | null {
  const match = span.exec(line)
  if (!match) return null
  const from = dateOf(match[1], match[2], match[3])
  const to = match[4] === undefined ? from : dateOf(match[4], match[5], match[6])
  if (from === null || to === null || to < from || to - from > longest * day) return null
  const rest = line.slice(match[0].length)
  const hours = [...rest.matchAll(clock)].map(([, begin = '', end = '']) => ({
    from: minutesOf(begin.replace('：', ':')) ?? -1,
    to: minutesOf(end.replace('：', ':')) ?? -1,
  }))
  if (hours.some(h => h.from < 0 || h.from >= h.to)) return null
  const works = hours.length > 0 || working.test(rest)
  if (!works && !off.test(rest)) return null
  const dates: string[] = []
  for (let at = from; at <= to; at += day) dates.push(new Date(at).toISOString().slice(0, 10))
  return { dates, hours: works ? (hours.length > 0 ? hours : usual) : [] }
}

function dateOf(year = '', month = '', on = ''): number | null {
  const text = `${year}-${month.padStart(2, '0')}-${on.padStart(2, '0')}`
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? null : at
}

/** What a date is: as its week says, or by a date of its own. */
export function dayKind(date: string, week: Record<string, readonly Hours[]>, days: Days): 'work' | 'rest' | 'off' | 'extra' {
  const own = days[date]
  if (own) return own.length > 0 ? 'extra' : 'off'
  return (week[new Date(`${date}T00:00:00Z`).getUTCDay()]?.length ?? 0) > 0 ? 'work' : 'rest'
}

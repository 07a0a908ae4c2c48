import type { Figures, Period } from '#contract/insight.ts'
import { Channel } from '#contract/interactions.ts'
import { channelWord } from '../kit/parts.tsx'
import { withGaps } from '../kit/time.ts'
import { language } from '../kit/words.ts'

const utc = (day: string) => new Date(`${day}T00:00:00Z`)
const text = (year: number, month: number, date: number) => new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10)

/** A day of the period before or after. */
export function stepped(period: Period, on: string, by: 1 | -1): string {
  const at = utc(on)
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (period === 'day') return text(year, month, date + by)
  if (period === 'week') return text(year, month, date + 7 * by)
  if (period === 'month') return text(year, month + by, 1)
  return text(year + by, 0, 1)
}

const said = (day: string, options: Intl.DateTimeFormatOptions) =>
  withGaps(new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', { ...options, timeZone: 'UTC' }).format(utc(day)))

/** "11 月 16 日 – 22 日", as people name periods. */
export function periodText({ period, on }: Pick<Figures, 'period' | 'on'>): string {
  if (period === 'day') return said(on, { month: 'short', day: 'numeric', weekday: 'short' })
  if (period === 'month') return said(on, { year: 'numeric', month: 'long' })
  if (period === 'year') return said(on, { year: 'numeric' })
  const at = utc(on)
  const first = text(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  const start = utc(first)
  const last = text(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + 6)
  return `${said(first, { month: 'short', day: 'numeric' })} – ${said(last, { month: 'short', day: 'numeric' })}`
}

/** "18 秒", "4:05": how long on average. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return '—'
  const whole = Math.round(seconds)
  if (whole < 60) return language() === 'zh' ? `${whole} 秒` : `${whole} s`
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  if (minutes < 60) return `${minutes}:${String(rest).padStart(2, '0')}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** The key of a row by channel, as the channel is called. */
export function channelOf(key: string): string {
  const channel = Channel.safeParse(key)
  return channel.success ? channelWord(channel.data) : key
}

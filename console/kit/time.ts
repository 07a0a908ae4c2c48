import { useEffect, useState } from 'react'
import { language } from './words.ts'

/** One tick a second for all timers of the page. */
const hearers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    let last = 0
    const hear = () => {
      const at = Date.now()
      if (at - last >= everyMs - 50) {
        last = at
        setNow(at)
      }
    }
    hearers.add(hear)
    ticking ??= setInterval(() => {
      for (const h of hearers) h()
    }, 1000)
    return () => {
      hearers.delete(hear)
      if (hearers.size === 0) {
        clearInterval(ticking)
        ticking = undefined
      }
    }
  }, [everyMs])
  return now
}

const two = (n: number) => String(n).padStart(2, '0')
/** 0:38, 12:04, 1:02:03. */
export function clockText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`
}

/** A rough length: 4 分, 2 小时, 3 天. */
export function roughText(ms: number): string {
  const zh = language() === 'zh'
  if (Math.abs(ms) < 60_000) return zh ? '不到 1 分' : 'under 1 m'
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 60) return zh ? `${minutes} 分` : `${minutes} m`
  const hours = minutes < 600 ? Math.round(minutes / 30) / 2 : Math.round(minutes / 60)
  if (hours < 36) return zh ? `${hours} 小时` : `${hours} h`
  return zh ? `${Math.round(hours / 24)} 天` : `${Math.round(hours / 24)} d`
}

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()
/** 刚刚, 6 分前, 09:12, 昨天 09:12, 6 月 2 日. */
export function ago(at: Date, now = Date.now()): string {
  const zh = language() === 'zh'
  const past = now - at.getTime()
  if (past >= 0 && past < 60_000) return zh ? '刚刚' : 'just now'
  if (past >= 0 && past < 3_600_000) return zh ? `${Math.floor(past / 60_000)} 分前` : `${Math.floor(past / 60_000)} m ago`
  if (sameDay(at, new Date(now))) return hour(at)
  if (sameDay(at, new Date(now - 86_400_000))) return zh ? `昨天 ${hour(at)}` : `yesterday ${hour(at)}`
  return day(at)
}
/** When it is by the clock: 09:12 today, 6 月 2 日 09:12 on any other day. */
export const clockTime = (at: Date): string => (sameDay(at, new Date()) ? hour(at) : full(at))
export const hour = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`
export function day(at: Date): string {
  const thisYear = at.getFullYear() === new Date().getFullYear()
  const text = at.toLocaleDateString(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    ...(thisYear ? {} : { year: 'numeric' }),
    month: language() === 'zh' ? 'long' : 'short',
    day: 'numeric',
  })
  return language() === 'zh' ? withGaps(text) : text
}
/** A thin gap between Chinese and figures. */
export const withGaps = (date: string): string => date.replace(/(?<=\d)(?=\p{Script=Han})|(?<=\p{Script=Han})(?=\d)/gu, ' ')
export const full = (at: Date): string => `${day(at)} ${hour(at)}`
/** Money in fen as yuan. */
export const yuan = (fen: number): string =>
  `¥${(fen / 100).toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', { minimumFractionDigits: fen % 100 === 0 ? 0 : 2 })}`

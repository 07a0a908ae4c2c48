import type * as z from 'zod'
import type { EntryKind, Progress, TicketStatus } from '#contract/tickets.ts'
import { withGaps } from '../kit/gaps.ts'
import type { Language } from '../kit/language.ts'
import type { Words } from './words.ts'

/** As it travels: times are text. */
export type Wire = z.input<typeof Progress>
type Kind = z.output<typeof EntryKind>
export type Step = { state: 'done' | 'now' | 'note' | 'later'; name: string; detail: string; time: string }

const minute = 60_000

/** Today a clock time is enough; other days carry their date. */
export function timeText(at: Date, now: Date, language: Language): string {
  const sameDay = at.toDateString() === now.toDateString()
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(sameDay ? {} : { month: language === 'zh' ? 'long' : 'short', day: 'numeric' }),
  }
  return withGaps(new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', options).format(at))
}

export function spanText(ms: number, w: Words): string {
  const minutes = Math.max(1, Math.round(ms / minute))
  if (minutes < 90) return w.minutes(minutes)
  const hours = Math.round(minutes / 60)
  return hours < 36 ? w.hours(hours) : w.days(Math.round(hours / 24))
}

const isRunning = (status: TicketStatus) => status === 'accepted' || status === 'dispatched' || status === 'handling'
export const mayUrge = (p: Pick<Wire, 'status'>) => p.status === 'dispatched' || p.status === 'handling'

export function headline(p: Wire, now: Date, language: Language, w: Words): { title: string; left: string | null; share: number } {
  const due = p.dueAt === null ? null : new Date(p.dueAt)
  if (p.status === 'closed') return { title: w.closed, left: null, share: 1 }
  if (p.status === 'resolved') return { title: w.resolved, left: null, share: 1 }
  const opened = new Date(p.openedAt)
  // Never full while the work is not done.
  const share =
    due === null
      ? 0.1
      : Math.min(0.95, Math.max(0.04, (now.getTime() - opened.getTime()) / Math.max(minute, due.getTime() - opened.getTime())))
  if (p.status === 'waiting') return { title: w.waiting, left: null, share }
  if (due === null || due <= now) return { title: w.overdue, left: null, share }
  return { title: w.due(timeText(due, now, language)), left: w.left(spanText(due.getTime() - now.getTime(), w)), share }
}

/** What has happened, what is going on, and what will follow. */
export function stepsOf(p: Wire, now: Date, language: Language, w: Words): Step[] {
  const department = (language === 'en' ? p.departmentNameEn || p.departmentName : p.departmentName) ?? ''
  const lastDispatch = p.steps.findLastIndex(s => s.kind === 'dispatched')
  const past = p.steps.map(
    (s, n): Step => ({
      state: isCourse(s.kind) ? 'done' : 'note',
      name: w.step[s.kind],
      time: timeText(new Date(s.at), now, language),
      detail: s.text || (n === lastDispatch && p.status !== 'accepted' ? department : ''),
    }),
  )
  const current = p.steps.findLastIndex(s => isCourse(s.kind))
  const at = past[current]
  if (at && p.status !== 'closed') at.state = 'now'
  const due = p.dueAt !== null && isRunning(p.status) && new Date(p.dueAt) > now ? w.by(timeText(new Date(p.dueAt), now, language)) : ''
  const later: Record<TicketStatus, [string, string][]> = {
    accepted: [
      [w.next.dispatch, ''],
      [w.next.handle, ''],
      [w.next.resolve, due],
    ],
    dispatched: [
      [w.next.handle, ''],
      [w.next.resolve, due],
    ],
    handling: [[w.next.resolve, due]],
    waiting: [
      [w.step.resumed, ''],
      [w.next.resolve, ''],
    ],
    resolved: [[w.next.close, '']],
    closed: [],
  }
  return [...past, ...later[p.status].map(([name, time]): Step => ({ state: 'later', name, detail: '', time }))]
}

/** Steps that move the ticket; words about it and urging do not. */
const isCourse = (kind: Kind) => kind !== 'comment' && kind !== 'reply' && kind !== 'urged' && kind !== 'changed'

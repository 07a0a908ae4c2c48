import { type DeclaredFigure, declaredFigures, type FigureName, type NamedSubject } from '#contract/insight.ts'
import { useMay } from '../app/me.ts'
import { channelOf, durationText } from '../insight/periods.ts'
import { useFetch } from '../kit/data.ts'
import { withGaps } from '../kit/time.ts'
import { language, nameOf, words } from '../kit/words.ts'

const w = words({
  centre: ['全中心', 'Whole centre'],
  byQueue: ['队列', 'Queue'],
  byChannel: ['渠道', 'Channel'],
  byDepartment: ['部门', 'Department'],
  byTeam: ['班组', 'Team'],
  byAgent: ['坐席', 'Agent'],
  byKind: ['工单类型', 'Ticket kind'],
  byCategory: ['工单分类', 'Ticket category'],
  ofVersion: [(text: string, n: number) => `${text}（口径第 ${n} 版）`, (text: string, n: number) => `${text} (definition ${n})`],
  second: ['秒', 's'],
  hour: ['小时', 'h'],
  seconds: [(n: string) => `${n} 秒`, (n: string) => `${n} s`],
  hours: [(n: string) => `${n} 小时`, (n: string) => `${n} h`],
  points: [(n: string) => `${n} 分`, (n: string) => n],
})

/** A figure or its definition, with the version it was taken by. */
export const ofVersion = (text: string, version: number): string => w.ofVersion(text, version)

/** The declared figures; empty while they are asked for, and for whoever may not see figures. */
export function useDeclared(): { all: readonly DeclaredFigure[]; of: (figure: FigureName) => DeclaredFigure | undefined } {
  const may = useMay()
  const all = useFetch(declaredFigures.list, {}, { staleTime: 600_000, enabled: may('insight:read') }).data ?? []
  return { all, of: figure => all.find(d => d.figure === figure) }
}

const plain = (value: number, digits: number) =>
  value.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** A value in its figure's unit; without the definition as a bare number. */
export function valueText(definition: Pick<DeclaredFigure, 'unit'> | undefined, value: number | null): string {
  if (value === null) return '—'
  switch (definition?.unit) {
    case 'share':
      return `${plain(value * 100, 1)}%`
    case 'seconds':
      return value < 60 ? w.seconds(plain(value, 1)) : durationText(value)
    case 'hours':
      return w.hours(plain(value, 1))
    case 'points':
      return w.points(plain(value, 2))
    default:
      return plain(value, 1)
  }
}
/** A change: with its sign, shares in points of percent. */
export function changeText(definition: Pick<DeclaredFigure, 'unit'> | undefined, value: number | null): string {
  if (value === null) return '—'
  const sign = value > 0 ? '+' : value < 0 ? '−' : ''
  return sign + valueText(definition, Math.abs(value))
}
/** What a field holds: a share is typed in percent. */
export const typed = (definition: Pick<DeclaredFigure, 'unit'> | undefined, value: number): number =>
  definition?.unit === 'share' ? Math.round(value * 1e6) / 1e4 : value
export const untyped = (definition: Pick<DeclaredFigure, 'unit'> | undefined, value: number): number =>
  definition?.unit === 'share' ? value / 100 : value
export const unitText = (definition: Pick<DeclaredFigure, 'unit'> | undefined): string =>
  definition?.unit === 'share' ? '%' : definition?.unit === 'seconds' ? w.second : definition?.unit === 'hours' ? w.hour : ''

export const subjectText = (subject: NamedSubject): string =>
  subject.by === 'centre' ? w.centre : subject.by === 'channel' ? channelOf(subject.key) : nameOf(subject) || '—'
export const byText = (by: NamedSubject['by']): string =>
  ({
    centre: w.centre,
    queue: w.byQueue,
    channel: w.byChannel,
    department: w.byDepartment,
    team: w.byTeam,
    agent: w.byAgent,
    kind: w.byKind,
    category: w.byCategory,
  })[by]

/** 11 月 3 日, of a day without a time. */
export function dayText(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  const thisYear = day.slice(0, 4) === String(new Date().getFullYear())
  return withGaps(
    new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
      timeZone: 'UTC',
      ...(thisYear ? {} : { year: 'numeric' }),
      month: language() === 'zh' ? 'long' : 'short',
      day: 'numeric',
    }).format(at),
  )
}
export const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
export const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
/** From the first day to the last one in it. */
export const windowText = ({ from, until }: { from: string; until: string }): string => {
  const last = dayBefore(until)
  return from === last ? dayText(from) : `${dayText(from)} – ${dayText(last)}`
}

import type { DeclaredFigure, NamedSubject } from '#contract/insight.ts'
import { findingExports, standardExports } from '#contract/lists.ts'
import type { Standard } from '#contract/standards.ts'
import { findingStageWords } from '#contract/words.ts'
import { declaredFigure } from '#domains/insight/index.ts'
import { listExport, type Say } from '#kernel/exports.ts'
import { attainmentWords, centreWords, channelWords, verdictWords } from './documentWords.ts'
import { listFindings } from './queries.ts'
import { listStandards } from './standards.ts'

type Both = readonly [zh: string, en: string]
const kinds: Record<Standard['kind'], Both> = {
  result: ['结果', 'Result'],
  language: ['用语', 'Language'],
  behaviour: ['行为', 'Behaviour'],
  process: ['流程', 'Process'],
}
const periods: Record<NonNullable<Standard['version']>['period'], Both> = {
  day: ['日', 'Day'],
  week: ['周', 'Week'],
  month: ['月', 'Month'],
  quarter: ['季度', 'Quarter'],
  year: ['年', 'Year'],
}
const units: Record<DeclaredFigure['unit'], Both> = {
  share: ['%', '%'],
  seconds: ['秒', 's'],
  hours: ['小时', 'h'],
  points: ['分', 'points'],
  per100: ['每百', 'per 100'],
  per1000: ['每千', 'per 1,000'],
}
const sources = {
  idea: ['想法', 'Idea'],
  standard: ['标准', 'Standard'],
  ticket: ['工单', 'Ticket'],
  interaction: ['联系', 'Contact'],
  figure: ['报表', 'Figures'],
} as const

/** Shares as people say them. */
const measured = (figure: DeclaredFigure['figure'], value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : declaredFigure(figure).unit === 'share' ? Math.round(value * 1000) / 10 : value
const unitOf = (figure: DeclaredFigure['figure'], say: Say) => say(units[declaredFigure(figure).unit])
const figureOf = (figure: DeclaredFigure['figure'], say: Say) => say([declaredFigure(figure).name, declaredFigure(figure).nameEn])
const subjectOf = (subject: NamedSubject, say: Say) =>
  subject.by === 'centre'
    ? say(centreWords)
    : say(
        subject.by === 'channel'
          ? (channelWords[subject.key] ?? [subject.key, subject.key])
          : [subject.name, subject.nameEn || subject.name],
      )

export const exports = [
  listExport({
    noun: 'standards',
    name: ['标准', 'Standards'],
    asks: standardExports,
    page: listStandards,
    columns: {
      name: { title: ['名称', 'Name'], value: (row, say) => say([row.name, row.nameEn || row.name]) },
      kind: { title: ['类别', 'Kind'], value: (row, say) => say(kinds[row.kind]) },
      source: { title: ['出处', 'Source'], value: row => row.source },
      text: { title: ['内容', 'Text'], value: row => row.text },
      figure: { title: ['指标', 'Figure'], value: ({ version: v }, say) => v && figureOf(v.figure, say) },
      subject: { title: ['范围', 'Of'], value: ({ version: v }, say) => v && subjectOf(v.subject, say) },
      period: { title: ['周期', 'Period'], value: ({ version: v }, say) => v && say(periods[v.period]) },
      target: { title: ['目标', 'Target'], value: ({ version: v }) => v && measured(v.figure, v.target) },
      unit: { title: ['单位', 'Unit'], value: ({ version: v }, say) => v && unitOf(v.figure, say) },
      running: { title: ['本期', 'This period'], value: ({ version: v, running }) => v && measured(v.figure, running?.value) },
      last: { title: ['上期', 'Last period'], value: ({ version: v, past }) => v && measured(v.figure, past.at(-1)?.value) },
      state: {
        title: ['上期结果', 'Last result'],
        value: ({ past }, say) => {
          const last = past.at(-1)
          return last ? say(attainmentWords[last.state]) : ''
        },
      },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
    },
  }),
  listExport({
    noun: 'findings',
    name: ['改进', 'Improvements'],
    asks: findingExports,
    page: listFindings,
    columns: {
      title: { title: ['问题', 'Finding'], value: row => row.title },
      stage: { title: ['阶段', 'Stage'], value: (row, say) => say(findingStageWords[row.stage]) },
      round: { title: ['轮次', 'Round'], value: row => row.round },
      source: { title: ['来源', 'Source'], value: (row, say) => say(sources[row.source.noun]) },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      actions: { title: ['措施', 'Actions'], value: ({ actions }) => `${actions.done} / ${actions.all}` },
      figure: { title: ['指标', 'Figure'], value: ({ figure: f }, say) => f && figureOf(f.figure, say) },
      subject: { title: ['范围', 'Of'], value: ({ figure: f }, say) => f && subjectOf(f.subject, say) },
      before: { title: ['改进前', 'Before'], value: ({ figure: f }) => f && measured(f.figure, f.before) },
      now: { title: ['现在', 'Now'], value: ({ figure: f }) => f && measured(f.figure, f.now) },
      expected: { title: ['预期', 'Expected'], value: ({ figure: f }) => f && measured(f.figure, f.expected) },
      unit: { title: ['单位', 'Unit'], value: ({ figure: f }, say) => f && unitOf(f.figure, say) },
      verdict: { title: ['判定', 'Verdict'], value: ({ figure: f }, say) => (f?.verdict ? say(verdictWords[f.verdict]) : '') },
      openedAt: { title: ['提出时间', 'Opened'], value: row => row.openedAt },
      dueAt: { title: ['截止时间', 'Due'], value: row => row.dueAt },
      late: { title: ['超时', 'Late'], value: (row, say) => (row.late ? say(['是', 'yes']) : '') },
      closedAt: { title: ['完成时间', 'Closed'], value: row => row.closedAt },
    },
  }),
]

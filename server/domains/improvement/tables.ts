import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type * as z from 'zod'
import type { Board, Card, Effect, Round, SourceNoun, Stage, Verdict } from '#contract/improvement.ts'
import type { FigureName, SubjectBy } from '#contract/insight.ts'
import type { AttainmentState, StandardKind, StandardPeriod } from '#contract/standards.ts'

/** Written as JSON text. */
type Json<T> = ColumnType<T, string, string>
export type Window = Effect['before']

export type StandardRow = {
  id: string
  goalId: string | null
  kind: z.output<typeof StandardKind>
  name: string
  nameEn: string
  text: string
  source: string
  ownerId: string | null
  retired: Generated<boolean>
}
export type VersionRow = {
  id: string
  standardId: string
  number: number
  figure: FigureName
  figureVersion: number
  subjectBy: SubjectBy
  subjectKey: string
  target: number
  tolerance: number
  period: StandardPeriod
  leastCases: number
  fromDay: string
  untilDay: string | null
  setBy: string | null
  setAt: Date
}
export type AttainmentRow = {
  id: string
  standardId: string
  versionId: string
  fromDay: string
  untilDay: string
  value: number | null
  numerator: number
  n: number
  variance: number | null
  low: number | null
  high: number | null
  state: AttainmentState
  endangeredAt: Date | null
  taskId: string | null
  computedAt: Date
}
export type FindingRow = {
  id: string
  title: string
  text: string
  sourceNoun: SourceNoun
  sourceId: string | null
  sourceFacts: Json<Record<string, string>>
  stage: Stage
  board: GeneratedAlways<Board>
  round: Generated<number>
  ownerId: string | null
  openedById: string | null
  openedAt: Date
  dueAt: Date | null
  dueKey: GeneratedAlways<Date>
  late: Generated<boolean>
  changedAt: Date
  closedAt: Date | null
  outcome: Generated<Card['outcome']>
}
export type RoundRow = {
  id: string
  findingId: string
  number: number
  cause: string
  measure: string
  figure: FigureName
  figureVersion: number
  subjectBy: SubjectBy
  subjectKey: string
  expected: number
  beforeFrom: string
  beforeUntil: string
  afterDays: number
  settleDays: number
  alpha: number
  leastCases: number
  declaredBy: string | null
  declaredAt: Date
  baseline: Json<Window | null> | null
  latest: Json<Window | null> | null
  begunAt: Date | null
  afterFrom: string | null
  afterUntil: string | null
  verdict: Round['verdict']
  overridden: Generated<boolean>
  decidedBy: string | null
  decidedAt: Date | null
  reason: Generated<string>
  standardised: Generated<string>
  links: ColumnType<Round['links'], string | undefined, string>
}
export type EffectRow = {
  id: string
  findingId: string
  round: number
  figureVersion: number
  before: Json<Window>
  after: Json<Window>
  test: Effect['test']
  statistic: number | null
  df: number | null
  p: number | null
  effect: number | null
  low: number | null
  high: number | null
  verdict: Verdict
  at: Date
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'improvement.standard': StandardRow
    'improvement.standardVersion': VersionRow
    'improvement.attainment': AttainmentRow
    'improvement.finding': FindingRow
    'improvement.round': RoundRow
    'improvement.action': { id: string; findingId: string; round: number; title: string }
    'improvement.effect': EffectRow
  }
}

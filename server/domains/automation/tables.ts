import type { ColumnType, Generated } from 'kysely'
import type * as z from 'zod'
import type { Outcome, RuleBody, Stopped, Takes, TraceAction, TraceStep } from '#contract/automation.ts'

type Json<T> = ColumnType<T, string, string>
export type RuleRow = {
  id: string
  trigger: string
  name: string
  body: Json<RuleBody>
  position: number
  version: Generated<number>
  active: Generated<boolean>
  stopped: z.output<typeof Stopped> | null
  stoppedAt: Date | null
  revision: Generated<number>
  publishedRevision: Generated<number>
  changedAt: Date
  retired: Generated<boolean>
}
export type RunRow = {
  id: string
  ruleId: string
  version: number
  trigger: string
  eventId: string
  subjectNoun: string
  subjectId: string
  chain: string
  depth: number
  at: Date
  outcome: z.output<typeof Outcome>
  reason: Generated<string>
  steps: Json<z.output<typeof TraceStep>[]>
  actions: Json<z.output<typeof TraceAction>[]>
  said: Json<{ is: Record<string, unknown>; was: Record<string, unknown> }>
  dueAt: Date | null
}
declare module '#kernel/tables.ts' {
  interface Tables {
    'automation.ruleSet': { id: string; trigger: string; takes: z.output<typeof Takes> }
    'automation.rule': RuleRow
    'automation.version': {
      id: string
      ruleId: string
      number: number
      name: string
      body: Json<RuleBody>
      note: string
      publishedBy: string
      publishedAt: Date
    }
    'automation.run': RunRow
  }
}

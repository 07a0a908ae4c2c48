import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { ApprovalPolicy, ApprovalStep } from '#contract/approvals.ts'
import type { ApprovalState } from '#contract/work.ts'

type Json<T> = ColumnType<T, string | undefined, string>

export type TaskRow = {
  id: string
  title: string
  kind: string
  text: string
  matterNoun: string | null
  matterId: string | null
  customerId: string | null
  ownerId: string | null
  deputyId: ColumnType<string | null, string | null | undefined, string | null>
  departmentId: string | null
  openedById: string | null
  openedAt: Date
  dueAt: Date | null
  dueKey: GeneratedAlways<Date>
  doneAt: Date | null
  result: Generated<string>
  late: Generated<boolean>
  facts: Record<string, unknown>
  tsv: ColumnType<string, string | undefined, string>
}
export type ApprovalRow = {
  id: string
  kind: string
  title: string
  text: string
  amount: number | null
  currency: string | null
  matterNoun: string | null
  matterId: string | null
  customerId: string | null
  facts: Record<string, unknown>
  askedById: string
  askedAt: Date
  state: Generated<ApprovalState>
  dueAt: Date | null
  dueKey: GeneratedAlways<Date>
  decidedAt: ColumnType<Date | null, Date | undefined, Date | null>
  reason: Generated<string>
  tsv: ColumnType<string, string | undefined, string>
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'tasks.task': TaskRow
    'tasks.searchable': TaskRow
    'tasks.searchableApproval': ApprovalRow
    'tasks.watcher': { aboutId: string; personId: string }
    'tasks.item': {
      id: string
      taskId: string
      position: number
      text: string
      required: boolean
      doneAt: Date | null
      doneById: string | null
    }
    'tasks.evidence': {
      id: string
      aboutId: string
      fileId: string | null
      noun: string | null
      matterId: string | null
      note: string
      addedById: string | null
      addedAt: Date
    }
    'tasks.comment': {
      id: string
      aboutId: string
      text: string
      mentions: Json<string[]>
      writerId: string | null
      writtenAt: Date
      changedAt: ColumnType<Date | null, undefined, Date>
      withdrawnAt: ColumnType<Date | null, undefined, Date>
    }
    'tasks.absence': {
      id: string
      personId: string
      deputyId: string | null
      fromAt: Date
      untilAt: Date
      note: string
      setById: string | null
    }
    'tasks.approvalPolicy': {
      id: string
      kind: string
      name: string
      nameEn: string
      currency: string
      steps: Json<ApprovalPolicy['steps']>
      anyone: boolean
      position: number
      retired: Generated<boolean>
    }
    'tasks.approval': ApprovalRow
    'tasks.approvalStep': {
      id: string
      approvalId: string
      position: number
      name: string
      nameEn: string
      personId: string | null
      roleId: string | null
      placeId: string | null
      minutes: number
      state: ColumnType<ApprovalStep['state'], ApprovalStep['state'] | undefined, ApprovalStep['state']>
      dueAt: Date | null
      reminders: Generated<number>
      decidedById: ColumnType<string | null, undefined, string>
      decidedForId: ColumnType<string | null, undefined, string | null>
      decidedAt: ColumnType<Date | null, undefined, Date>
      reason: Generated<string>
    }
  }
}

import type { Generated, GeneratedAlways } from 'kysely'

export type TaskRow = {
  id: string
  title: string
  kind: string
  text: string
  matterNoun: string | null
  matterId: string | null
  customerId: string | null
  ownerId: string | null
  departmentId: string | null
  openedById: string | null
  openedAt: Date
  dueAt: Date | null
  dueKey: GeneratedAlways<Date>
  doneAt: Date | null
  result: Generated<string>
  late: Generated<boolean>
  facts: Record<string, unknown>
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'tasks.task': TaskRow
  }
}

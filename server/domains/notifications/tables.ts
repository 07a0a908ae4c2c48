import type { ColumnType } from 'kysely'
import type { NoticeSettings } from '#contract/notifications.ts'

export type NotificationRow = {
  id: string
  personId: string
  eventId: string
  kind: string
  facts: ColumnType<Record<string, string | number>, string, string>
  link: string
  important: boolean
  bell: boolean
  at: Date
  readAt: Date | null
  mailDueAt: Date | null
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'notifications.notification': NotificationRow
    'notifications.preference': {
      id: string
      ways: ColumnType<NoticeSettings['ways'], string, string>
      quietFrom: number | null
      quietTo: number | null
      digest: NoticeSettings['digest']
      dailyAt: number
    }
  }
}

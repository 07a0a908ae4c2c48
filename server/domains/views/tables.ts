import type { ColumnType, Generated } from 'kysely'
import type { Share } from '#contract/views.ts'

type Json<T> = ColumnType<T, string, string>
export type ViewRow = {
  id: string
  list: string
  name: string
  ownerId: string
  share: Share
  shareId: string | null
  query: Json<Record<string, string>>
  columns: ColumnType<string[] | null, string | null, string | null>
  pinned: boolean
  retired: Generated<boolean>
  changedAt: Date
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'views.view': ViewRow
    'views.choice': { personId: string; list: string; viewId: string }
    'views.count': { id: string; list: string; state: 'counting' | 'counted' | 'vast'; n: Generated<number> }
    'views.member': { viewId: string; rowId: string }
  }
}

import type { ColumnType, Generated } from 'kysely'
import type { FormField, FormValues } from '#contract/forms.ts'

type Json<T> = ColumnType<T, string, string>

declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.recordKind': {
      id: string
      name: string
      nameEn: string
      code: string
      fields: Json<FormField[]>
      position: number
      retired: boolean
    }
    'customers.record': {
      id: string
      kindId: string
      customerId: string
      number: string
      numberReversed: Generated<string>
      extId: string | null
      fields: Json<FormValues>
      note: string
      since: Date
      endedAt: Date | null
      version: Generated<number>
      changedXid: Generated<string>
    }
  }
}

import type { ColumnType, Generated } from 'kysely'
import type { FormField, FormValues } from '#contract/forms.ts'
import type { NeedState } from '#contract/needs.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'needs.template': {
      id: string
      name: string
      nameEn: Generated<string>
      fields: ColumnType<FormField[], string, string>
      departmentId: string | null
      position: Generated<number>
      retired: Generated<boolean>
    }
    'needs.need': NeedTable
    /** Full text of this tenant only, with the index that row-level security would keep from being used. */
    'needs.searchable': NeedTable
    'needs.voice': {
      id: string
      needId: string
      customerId: string | null
      interactionId: string | null
      words: Generated<string>
      at: Date
      byId: string | null
      byName: string | null
      toldAt: Date | null
      messageId: string | null
      untold: string | null
      sourceNoun: string | null
      sourceId: string | null
      toldByName: string | null
    }
  }
}

export type NeedTable = {
  id: string
  extId: Generated<string | null>
  title: string
  text: Generated<string>
  templateId: string
  fields: ColumnType<FormValues, string, string>
  state: NeedState
  departmentId: string | null
  ownerId: string | null
  voices: Generated<number>
  mergedInto: string | null
  answer: Generated<string>
  answeredAt: Date | null
  openedAt: Date
  openedById: string | null
  changedAt: Date
  version: Generated<number>
  search: unknown
  changedXid: Generated<string>
}

import type { ColumnType, Generated } from 'kysely'
import type { Filled, TemplateContent } from '#contract/documentBlocks.ts'
import type { Format, Language, MatterNoun } from '#contract/documents.ts'

type Json<T> = ColumnType<T, string, string>

type DocumentRow = {
  id: string
  templateId: string
  title: string
  language: Language
  matterNoun: MatterNoun | null
  matterId: string | null
  customerId: Generated<string | null>
  versions: number
  madeAt: Date
  madeById: string | null
  tsv: string
  scheduleId: string | null
}

declare module '#kernel/tables.ts' {
  interface Tables {
    'documents.template': {
      id: string
      code: string | null
      name: string
      nameEn: string
      source: string
      draft: Json<TemplateContent>
      published: number | null
      changed: boolean
      changedAt: Date
      retired: boolean
      keepDays: Generated<number | null>
      version: number
    }
    'documents.templateVersion': {
      templateId: string
      number: number
      content: Json<TemplateContent>
      publishedAt: Date
      publishedById: string | null
    }
    'documents.document': DocumentRow
    'documents.searchable': DocumentRow
    'documents.reader': { personId: string; documentId: string }
    'documents.schedule': {
      id: string
      templateId: string
      title: string
      language: Language
      params: Json<Record<string, string>>
      inputs: Json<Record<string, string>>
      every: 'week' | 'month'
      day: number
      hour: number
      people: string[]
      ownerId: string
      active: boolean
      nextAt: Date | null
      documentId: string | null
      code: string | null
      version: Generated<number>
    }
    'documents.version': {
      documentId: string
      number: number
      templateVersion: number
      params: Json<Record<string, string>>
      inputs: Json<Record<string, string>>
      state: 'making' | 'made' | 'failed'
      code: Generated<string | null>
      runId: string | null
      filled: ColumnType<Filled | null, string | undefined, string>
      pages: Generated<number | null>
      files: Json<Partial<Record<Format, string>>>
      sizes: Json<Partial<Record<Format, number>>>
      madeAt: Date
      madeById: string | null
    }
  }
}

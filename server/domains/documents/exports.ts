import type { DocumentLine } from '#contract/documents.ts'
import { documentExports } from '#contract/lists.ts'
import { listExport } from '#kernel/exports.ts'
import { listDocuments } from './queries.ts'

const states: Record<DocumentLine['state'], readonly [string, string]> = {
  making: ['制作中', 'Being made'],
  made: ['已制作', 'Made'],
  failed: ['没做成', 'Failed'],
}

export const exports = [
  listExport({
    noun: 'documents',
    name: ['文档', 'Documents'],
    asks: documentExports,
    page: listDocuments,
    columns: {
      title: { title: ['名称', 'Name'], value: row => row.title },
      template: { title: ['模板', 'Template'], value: (row, say) => say([row.templateName, row.templateNameEn || row.templateName]) },
      language: { title: ['语言', 'Language'], value: row => (row.language === 'zh' ? '中文' : 'English') },
      versions: { title: ['版本数', 'Versions'], value: row => row.versions },
      state: { title: ['状态', 'State'], value: (row, say) => say(states[row.state]) },
      madeBy: { title: ['制作人', 'Made by'], value: row => row.madeByName },
      madeAt: { title: ['制作时间', 'Made'], value: row => row.madeAt },
    },
  }),
]

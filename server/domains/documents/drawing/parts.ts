import type { Filled, FilledBlock } from '#contract/documentBlocks.ts'
import type { Language } from '#contract/documents.ts'
import { unitText } from './units.ts'

export const pageWords = (language: Language, page: number | string, of: number | string) =>
  language === 'zh' ? `第 ${page} 页，共 ${of} 页` : `Page ${page} of ${of}`
export const leftWords = (language: Language, rows: number) =>
  language === 'zh' ? `另有 ${rows} 行未列出` : `${rows} more rows are not listed`

/** Every word of a document: what its font must hold. */
export function* textsOf(filled: Filled): Generator<string> {
  yield filled.footer
  yield pageWords(filled.language, '0', '0')
  yield '• — . % 分秒小时 m s h'
  for (const block of filled.blocks) yield* textsOfBlock(block, filled.language)
}

function* textsOfBlock(block: FilledBlock, language: Language): Generator<string> {
  if (block.kind === 'heading' || block.kind === 'paragraph') for (const run of block.text) yield run.text
  else if (block.kind === 'list') for (const run of block.items.flat()) yield run.text
  else if (block.kind === 'table') {
    for (const column of block.columns) yield column.title
    for (const row of block.rows) yield* row
    if (block.left > 0) yield leftWords(language, block.left)
  } else if (block.kind === 'figure') {
    yield* [block.caption, ...block.labels, ...block.series.map(s => s.name), unitText(1234.5, block.unit, language)]
  } else if (block.kind === 'figures') for (const item of block.items) yield* [item.label, item.value, item.note]
  else if (block.kind === 'image') yield block.caption
  else if (block.kind === 'letterhead') yield* [block.title, ...block.lines]
  else if (block.kind === 'signature') yield* block.lines
}

/** A picture of a template. */
export function bytesOf(src: string): { bytes: Buffer; type: 'png' | 'jpg' } {
  return { bytes: Buffer.from(src.slice(src.indexOf(',') + 1), 'base64'), type: src.startsWith('data:image/png') ? 'png' : 'jpg' }
}

import type { Block, BlockKind } from '#contract/documentBlocks.ts'
import type { Variable } from '#contract/documents.ts'
import { isNumber, listsOf, said } from './naming.ts'

export const simpleKinds = [
  'heading',
  'paragraph',
  'list',
  'figures',
  'table',
  'figure',
  'image',
  'pageBreak',
  'letterhead',
  'signature',
] as const

const all = { order: null, most: null }

/** A block as it begins: what its form then fills, of the first list of the source where it repeats. */
export function newBlock(kind: Exclude<BlockKind, 'image'>, variables: readonly Variable[]): Block {
  if (kind === 'heading') return { kind, level: 2, text: '' }
  if (kind === 'paragraph') return { kind, align: 'left', text: '' }
  if (kind === 'list') return { kind, ordered: false, items: [''] }
  if (kind === 'table') return newTable(variables)
  if (kind === 'figure') return newFigure(variables)
  if (kind === 'figures') return { kind, items: [{ label: '', value: '', note: '' }] }
  if (kind === 'letterhead') return { kind, title: '{{organisation.name}}', lines: [] }
  if (kind === 'signature') return { kind, lines: ['{{organisation.name}}', '{{document.date}}'] }
  if (kind === 'section') return { kind, each: null, when: null, blocks: [] }
  return { kind }
}

function newTable(variables: readonly Variable[]): Block {
  const [list] = listsOf(variables)
  const columns = (list?.of ?? []).slice(0, 3).map(v => ({
    title: said(v),
    value: `{{item.${v.path}}}`,
    align: isNumber(v) ? ('right' as const) : ('left' as const),
    share: 2,
  }))
  return {
    kind: 'table',
    each: list?.path ?? '',
    ...all,
    columns: columns.length > 0 ? columns : [{ title: '', value: '', align: 'left', share: 2 }],
    empty: '',
  }
}

function newFigure(variables: readonly Variable[]): Block {
  const list = listsOf(variables).find(l => l.of.some(isNumber)) ?? listsOf(variables)[0]
  const value = list?.of.find(isNumber)
  const label = list?.of.find(v => !isNumber(v))
  return {
    kind: 'figure',
    chart: 'bar',
    each: list?.path ?? '',
    ...all,
    label: label?.path ?? '',
    series: [{ name: value ? said(value) : '', value: value?.path ?? '', dashed: false }],
    caption: '',
  }
}

export const moved = <T>(all: readonly T[], at: number, by: number): T[] => {
  const next = [...all]
  const [one] = next.splice(at, 1)
  if (one !== undefined) next.splice(at + by, 0, one)
  return next
}

import type { Block, Filled, FilledBlock, TemplateContent } from '#contract/documentBlocks.ts'
import type { Language, Variable } from '#contract/documents.ts'
import type { Unit } from './difference.ts'
import { fieldsOf, listsOf, plainOf, said } from './naming.ts'
import { f, kinds, w } from './words.ts'

const nameOfList = (variables: readonly Variable[], path: string) => {
  const list = listsOf(variables).find(l => l.path === path)
  return list ? said(list) : path
}
const nameOfField = (variables: readonly Variable[], list: string, path: string) => {
  const field = fieldsOf(variables, list).find(v => v.path === path)
  return field ? said(field) : path
}
/** Words with the names of variables instead of their paths. */
const named = (text: string, variables: readonly Variable[], list: string | null = null): string =>
  text.replaceAll('**', '').replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, path: string) => {
    const field = path.startsWith('item.')
      ? fieldsOf(variables, list).find(v => `item.${v.path}` === path)
      : plainOf(variables).find(v => v.path === path)
    return field ? `[${said(field)}]` : whole
  })

/** A block in one line, as the list of blocks shows it. */
export function summaryOf(block: Block, variables: readonly Variable[]): string {
  if (block.kind === 'image') return block.caption
  if (block.kind === 'section') return [whenOf(block, variables), f.blocksIn(block.blocks.length)].filter(Boolean).join(' ')
  if (block.kind === 'table' || block.kind === 'figure') {
    const what = block.kind === 'table' ? block.columns.map(c => c.title) : block.series.map(s => s.name)
    return `${nameOfList(variables, block.each)} ${what.filter(Boolean).join(' / ')}`
  }
  if (block.kind === 'figures')
    return block.items
      .map(i => named(i.label, variables))
      .filter(Boolean)
      .join(' / ')
  return linesOf(block, variables).join(' ')
}

const whenOf = ({ when, each }: Extract<Block, { kind: 'section' }>, variables: readonly Variable[]): string => {
  const about = variables.find(v => v.path === when?.path)
  const is = when && { filled: f.filled, empty: f.isEmpty, above: f.above, below: f.below, equal: f.equal }[when.is]
  return [
    when
      ? [about ? said(about) : when.path, is, when.is === 'filled' || when.is === 'empty' ? '' : when.value].filter(Boolean).join(' ')
      : '',
    each === null ? '' : f.forEach(nameOfList(variables, each)),
  ]
    .filter(Boolean)
    .join(' ')
}

function rowsWords(
  { each, order, most }: Pick<Extract<Block, { kind: 'table' }>, 'each' | 'order' | 'most'>,
  variables: readonly Variable[],
): string {
  return [
    `${f.source}: ${nameOfList(variables, each)}`,
    order ? `${f.order}: ${nameOfField(variables, each, order.by)} ${order.down ? f.down : f.upward}` : '',
    most === null ? '' : `${f.most}: ${most}`,
  ]
    .filter(Boolean)
    .join(' / ')
}

/** What a block says and how it is set, line by line. */
function linesOf(block: Exclude<Block, { kind: 'section' }>, variables: readonly Variable[]): string[] {
  const say = (text: string) => named(text, variables)
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return [say(block.text)]
    case 'list':
      return block.items.map(say)
    case 'figures':
      return block.items.map(i => [i.label, i.value, i.note].filter(Boolean).map(say).join(' | '))
    case 'table':
      return [
        rowsWords(block, variables),
        ...block.columns.map(c => `${say(c.title)} | ${named(c.value, variables, block.each)} | ${f[c.align]} | ${c.share}`),
        ...(block.empty ? [say(block.empty)] : []),
      ]
    case 'figure':
      return [
        `${f[block.chart]} / ${rowsWords(block, variables)} / ${f.label}: ${nameOfField(variables, block.each, block.label)}`,
        ...block.series.map(s => `${say(s.name)} | ${nameOfField(variables, block.each, s.value)}`),
        ...(block.caption ? [say(block.caption)] : []),
      ]
    case 'image':
      return [`${block.caption} ${block.widthMm} mm ${block.src.length}`]
    case 'letterhead':
      return [block.title, ...block.lines].map(say)
    case 'signature':
      return block.lines.map(say)
    case 'pageBreak':
      return ['']
  }
}

/** A template in one language as units to compare: its blocks, what is asked for, its foot. */
export function templateUnits(content: TemplateContent, language: Language, variables: readonly Variable[]): Unit[] {
  const own = [...variables, ...inputsOf(content)]
  const unit = (block: Block, inside = ''): Unit[] =>
    block.kind === 'section'
      ? [{ kind: kinds.section, text: whenOf(block, own) }, ...block.blocks.flatMap(b => unit(b, '› '))]
      : [{ kind: inside + kinds[block.kind], text: linesOf(block, own).join('\n') }]
  return [
    ...content[language].flatMap(block => unit(block)),
    ...content.inputs.map(i => ({
      kind: w.inputs,
      text: [i.key, i.label, i.labelEn, i.long ? w.long : '', i.required ? w.required : ''].filter(Boolean).join(' | '),
    })),
    ...(content.footer[language] ? [{ kind: w.footer, text: named(content.footer[language], own) }] : []),
  ]
}

/** What the person who makes a document writes, as variables. */
export const inputsOf = (content: TemplateContent): Variable[] =>
  content.inputs.map(i => ({ path: `input.${i.key}`, type: 'text' as const, zh: i.label, en: i.labelEn || i.label }))

/** A document that was made as units to compare: every paragraph and every row of a table. */
export function filledUnits({ blocks, footer }: Filled): Unit[] {
  return [...blocks.flatMap(filledUnit), ...(footer ? [{ kind: w.footer, text: footer }] : [])]
}

function filledUnit(block: FilledBlock): Unit[] {
  const kind = kinds[block.kind]
  const one = (...texts: string[]) => texts.map(text => ({ kind, text }))
  const words = (runs: readonly { text: string }[]) => runs.map(r => r.text).join('')
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return one(words(block.text))
    case 'list':
      return one(...block.items.map(words))
    case 'table':
      return one(block.columns.map(c => c.title).join(' | '), ...block.rows.map(row => row.join(' | ')))
    case 'figure':
      return one(
        block.caption,
        ...block.series.map(s => `${s.name}: ${s.values.map((v, at) => `${block.labels[at]} ${v ?? '—'}`).join(' / ')}`),
      )
    case 'figures':
      return one(...block.items.map(i => [i.label, i.value, i.note].filter(Boolean).join(' | ')))
    case 'image':
      return one(block.caption)
    case 'letterhead':
      return one(block.title, ...block.lines)
    case 'signature':
      return one(...block.lines)
    case 'pageBreak':
      return []
  }
}

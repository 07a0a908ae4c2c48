import type * as z from 'zod'
import { type Block, type Condition, isOpen, pathsIn, type TemplateContent } from '#contract/documentBlocks.ts'
import type { Variable } from '#contract/documents.ts'
import { atWall, dateIn } from '#kernel/calendar.ts'
import { Refusal } from '#kernel/refusal.ts'

type Field = Exclude<Variable, { type: 'list' }>
export type Kind = Field['type']

/** Of every document, whatever it tells of. */
export const common: Field[] = [
  { path: 'document.title', type: 'text', zh: '文档标题', en: 'Title of the document' },
  { path: 'document.date', type: 'date', zh: '制作日期', en: 'Date it is made' },
  { path: 'document.author', type: 'text', zh: '制作人', en: 'Who makes it' },
  { path: 'organisation.name', type: 'text', zh: '机构名称', en: 'Name of the organisation' },
]

/** What may be named at a place of a template: values by path, and lists with their fields. */
export type Names = { values: ReadonlyMap<string, Kind>; lists: ReadonlyMap<string, ReadonlyMap<string, Kind>> }

export function namesOf(variables: readonly Variable[], inputs: TemplateContent['inputs']): Names {
  const values = new Map<string, Kind>([
    ...common.map(v => [v.path, v.type] as const),
    ...inputs.map(i => [`input.${i.key}`, 'text'] as const),
  ])
  const lists = new Map<string, ReadonlyMap<string, Kind>>()
  for (const v of variables)
    if (v.type === 'list') lists.set(v.path, new Map(v.of.map(f => [f.path, f.type])))
    else values.set(v.path, v.type)
  return { values, lists }
}

/** The same, with the fields of a row as `item.…`. */
export function within(names: Names, list: string): Names {
  const fields = listOf(names, list)
  return { ...names, values: new Map([...names.values, ...[...fields].map(([key, type]) => [`item.${key}`, type] as const)]) }
}

/** Words between variables, in order. */
export function partsIn(text: string): ({ text: string } | { path: string })[] {
  return text.split(/(\{\{[^{}]*\}\})/).flatMap((part): ({ text: string } | { path: string })[] => {
    const [path] = pathsIn(part)
    return part === '' ? [] : path === undefined ? [{ text: part }] : [{ path }]
  })
}

const unknown = (path: string) => new Refusal('invalid', 'document.variable_unknown', { path: path || '{{}}' })
function listOf(names: Names, path: string): ReadonlyMap<string, Kind> {
  const list = names.lists.get(path)
  if (!list) throw unknown(path)
  return list
}

/** Refuses a template that names what its source does not give, or in which a mark is left open. */
export function checkContent(content: TemplateContent, variables: readonly Variable[]): void {
  const keys = content.inputs.map(i => i.key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) throw new Refusal('invalid', 'document.input_twice', { key: twice })
  if (content.zh.length + content.en.length === 0) throw new Refusal('invalid', 'document.template_empty')
  const names = namesOf(variables, content.inputs)
  for (const text of [content.footer.zh, content.footer.en]) checkText(text, names)
  for (const language of ['zh', 'en'] as const)
    for (const [at, block] of content[language].entries()) located({ language, at }, () => checkBlock(block, names))
}

/** Says in which block of which language it is. */
function located(where: { language: string; at: number }, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.kind, error.code, { ...error.facts, ...where }) : error
  }
}

function checkText(text: string, names: Names): void {
  for (const path of pathsIn(text)) if (!names.values.has(path)) throw unknown(path)
  if (isOpen(text)) throw new Refusal('invalid', 'document.mark_open', { text: text.slice(0, 60) })
}

function checkBlock(block: Block, names: Names): void {
  if (block.kind === 'section') {
    if (block.when) checkCondition(block.when, names)
    const inside = block.each === null ? names : within(names, block.each)
    for (const inner of block.blocks) checkBlock(inner, inside)
  } else if (block.kind === 'table') {
    const inside = within(names, block.each)
    checkOrder(block, names)
    for (const column of block.columns) {
      checkText(column.title, names)
      checkText(column.value, inside)
    }
    checkText(block.empty, names)
  } else if (block.kind === 'figure') {
    const fields = listOf(names, block.each)
    if (!fields.has(block.label)) throw unknown(`${block.each}.${block.label}`)
    checkOrder(block, names)
    for (const { value } of block.series) {
      const type = fields.get(value)
      if (type === undefined) throw unknown(`${block.each}.${value}`)
      if (type === 'text' || type === 'date' || type === 'time')
        throw new Refusal('invalid', 'document.not_a_number', { path: `${block.each}.${value}` })
    }
    checkText(block.caption, names)
  } else for (const text of textsIn(block)) checkText(text, names)
}

function checkOrder({ each, order }: { each: string; order: { by: string } | null }, names: Names): void {
  if (order !== null && !listOf(names, each).has(order.by)) throw unknown(`${each}.${order.by}`)
}

function checkCondition({ path }: z.output<typeof Condition>, names: Names): void {
  if (!names.values.has(path) && !names.lists.has(path)) throw unknown(path)
}

function textsIn(block: Exclude<Block, { kind: 'section' | 'table' | 'figure' }>): readonly string[] {
  if (block.kind === 'heading' || block.kind === 'paragraph') return [block.text]
  if (block.kind === 'list') return block.items
  if (block.kind === 'figures') return block.items.flatMap(i => [i.label, i.value, i.note])
  if (block.kind === 'image') return [block.caption]
  if (block.kind === 'letterhead') return [block.title, ...block.lines]
  return block.kind === 'signature' ? block.lines : []
}

type Turn = { every: 'week' | 'month'; day: number; hour: number }
const dayOf = (date: string) => new Date(`${date}T00:00:00Z`)
const shifted = (date: string, days: number) => new Date(dayOf(date).getTime() + days * 86_400_000).toISOString().slice(0, 10)
/** Monday is 1. */
const weekday = (date: string) => dayOf(date).getUTCDay() || 7

/** The next time on the tenant's wall, after this one. */
export function nextTurn({ every, day, hour }: Turn, timezone: string, after: Date): Date {
  let date = dateIn(timezone, after)
  for (let n = 0; n < 62; n++, date = shifted(date, 1)) {
    if ((every === 'week' ? weekday(date) : Number(date.slice(8))) !== day) continue
    const at = atWall(timezone, `${date}T${String(hour).padStart(2, '0')}:00`)
    if (at > after) return at
  }
  throw new Error(`there is no day ${day} of a ${every}`)
}

/** Of the week or month that was over at that time. */
export function lastDayBefore(every: Turn['every'], timezone: string, at: Date): string {
  const date = dateIn(timezone, at)
  return every === 'week' ? shifted(date, -weekday(date)) : shifted(`${date.slice(0, 7)}-01`, -1)
}

/** The period that ends on this day. */
export function periodText(every: Turn['every'], lastDay: string, language: 'zh' | 'en'): string {
  const first = every === 'week' ? shifted(lastDay, -6) : `${lastDay.slice(0, 7)}-01`
  const [year, month, day] = first.split('-').map(Number)
  if (language === 'zh')
    return every === 'month'
      ? `${year} 年 ${month} 月`
      : `${year} 年 ${month} 月 ${day} 日至 ${Number(lastDay.slice(5, 7))} 月 ${Number(lastDay.slice(8))} 日`
  const said = (date: string, style: Intl.DateTimeFormatOptions) => dayOf(date).toLocaleDateString('en-GB', { ...style, timeZone: 'UTC' })
  return every === 'month'
    ? said(first, { month: 'long', year: 'numeric' })
    : `${said(first, { day: 'numeric', month: 'long' })} – ${said(lastDay, { day: 'numeric', month: 'long', year: 'numeric' })}`
}

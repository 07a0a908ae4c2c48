import { type Block, type Filled, type FilledBlock, mostRows, type Run, type TemplateContent, Unit } from '#contract/documentBlocks.ts'
import type { Language, Variable } from '#contract/documents.ts'
import { dateIn, wallIn } from '#kernel/calendar.ts'
import type { DocumentData } from '#kernel/documentSources.ts'
import { Refusal } from '#kernel/refusal.ts'
import { unitText } from './drawing/units.ts'
import { checkContent, type Kind, type Names, namesOf, partsIn, within } from './rules.ts'

export type Setting = { language: Language; timezone: string; title: string; author: string; organisation: string; now: Date }
const mostBlocks = 1500
const longestValue = 8000
const longestCell = 600

/** A template with its values in place. What the template asks for and nobody gave is refused, not left blank. */
export function fill(
  content: TemplateContent,
  variables: readonly Variable[],
  data: DocumentData,
  inputs: Readonly<Record<string, string>>,
  setting: Setting,
): Filled {
  checkContent(content, variables)
  const { language, title, author, organisation, now, timezone } = setting
  for (const { key, label, labelEn, required } of content.inputs)
    if (required && !inputs[key]?.trim())
      throw new Refusal('invalid', 'document.input_missing', { label: language === 'en' ? labelEn || label : label })
  const given = Object.fromEntries(content.inputs.map(({ key }) => [key, inputs[key] ?? '']))
  const filler = new Filler(setting, namesOf(variables, content.inputs), {
    ...data,
    input: given,
    document: { title, author, date: dateIn(timezone, now) },
    organisation: { name: organisation },
  })
  const blocks = content[language]
  if (blocks.length === 0) throw new Refusal('invalid', 'document.language_missing', { language })
  return {
    language,
    title: clean(title),
    author: clean(author),
    madeAt: now.toISOString(),
    footer: filler.line(content.footer[language]),
    blocks: blocks.flatMap(block => filler.block(block)),
  }
}

/** Signs that no format can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const clean = (text: string) => text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')

class Filler {
  readonly setting: Setting
  readonly names: Names
  readonly data: DocumentData
  readonly count: { blocks: number }

  constructor(setting: Setting, names: Names, data: DocumentData, count = { blocks: 0 }) {
    this.setting = setting
    this.names = names
    this.data = data
    this.count = count
  }

  block(block: Block): FilledBlock[] {
    this.count.blocks++
    if (this.count.blocks > mostBlocks) throw new Refusal('too_large', 'document.too_long', { most: mostBlocks })
    if (block.kind === 'section') {
      if (block.when && !this.holds(block.when)) return []
      const inside = block.each === null ? [this.of(null, null)] : this.rows(block.each).map(row => this.of(block.each, row))
      return inside.flatMap(filler => block.blocks.flatMap(inner => filler.block(inner)))
    }
    if (block.kind === 'heading' || block.kind === 'paragraph') return [{ ...block, text: this.runs(block.text) }]
    if (block.kind === 'list') return [{ ...block, items: block.items.map(item => this.runs(item)) }]
    if (block.kind === 'figures')
      return [
        { ...block, items: block.items.map(i => ({ label: this.line(i.label), value: this.line(i.value), note: this.line(i.note) })) },
      ]
    if (block.kind === 'image') return [{ ...block, caption: this.line(block.caption) }]
    if (block.kind === 'letterhead')
      return [{ ...block, title: this.line(block.title), lines: block.lines.map(l => this.line(l)).filter(Boolean) }]
    if (block.kind === 'signature') return [{ ...block, lines: block.lines.map(l => this.line(l)) }]
    if (block.kind === 'table') return [this.table(block)]
    if (block.kind === 'figure') return [this.figure(block)]
    return [block]
  }

  private table({ each, columns, empty, order, most }: Extract<Block, { kind: 'table' }>): FilledBlock {
    const rows = this.ordered(each, order, most)
    if (rows.length === 0 && empty) return { kind: 'paragraph', align: 'left', text: this.runs(empty) }
    return {
      kind: 'table',
      columns: columns.map(c => ({ title: this.line(c.title), align: c.align, share: c.share })),
      rows: rows.slice(0, mostRows).map(row => {
        const inside = this.of(each, row)
        return columns.map(c => inside.line(c.value).slice(0, longestCell))
      }),
      left: Math.max(0, rows.length - mostRows),
    }
  }

  private figure({ each, label, series, chart, caption, order, most }: Extract<Block, { kind: 'figure' }>): FilledBlock {
    const fields = this.names.lists.get(each)
    const rows = this.ordered(each, order, most).slice(0, 400)
    const [first] = series
    const type = fields?.get(first?.value ?? '')
    const brought = rows.map(row => unitOf(row[first?.value ?? ''])).find(unit => unit !== null)
    return {
      kind: 'figure',
      chart,
      unit: Unit.safeParse(type).data ?? brought ?? 'number',
      labels: rows.map(row => this.said(row[label], fields?.get(label) ?? 'text', label)),
      series: series.map(s => ({
        name: this.line(s.name),
        ...(s.dashed ? { dashed: true } : {}),
        values: rows.map(row => numberOf(row[s.value])),
      })),
      caption: this.line(caption),
    }
  }

  /** As the data brings them, or by one of their fields; what has no value stands last. */
  private ordered(path: string, order: { by: string; down: boolean } | null, most: number | null): DocumentData[] {
    const rows = this.rows(path)
    if (order === null) return rows.slice(0, most ?? rows.length)
    const way = order.down ? -1 : 1
    const sorted = rows.toSorted((a, b) => {
      const [x, y] = [keyOf(a[order.by]), keyOf(b[order.by])]
      if (x === null || y === null) return Number(x === null) - Number(y === null)
      return way * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), this.setting.language))
    })
    return sorted.slice(0, most ?? sorted.length)
  }

  private of(list: string | null, row: DocumentData | null): Filler {
    if (list === null || row === null) return this
    return new Filler(this.setting, within(this.names, list), { ...this.data, item: row }, this.count)
  }

  private at(path: string): unknown {
    return path
      .split('.')
      .reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), this.data)
  }

  private rows(path: string): DocumentData[] {
    const list = this.at(path)
    if (!Array.isArray(list)) throw new Refusal('invalid', 'document.variable_missing', { path })
    return list
  }

  private holds({ path, is, value }: { path: string; is: string; value: string }): boolean {
    const now = this.at(path)
    const filled = Array.isArray(now) ? now.length > 0 : now !== undefined && now !== null && now !== ''
    if (is === 'filled') return filled
    if (is === 'empty') return !filled
    if (is === 'equal') return String(now ?? '') === value
    const [left, right] = [numberOf(now) ?? Number.NaN, Number(value)]
    return is === 'above' ? left > right : left < right
  }

  line(text: string): string {
    return this.runs(text)
      .map(run => run.text)
      .join('')
  }

  /** Bold is the template's word: stars in a value are stars. */
  runs(text: string): Run[] {
    let bold = false
    const runs: Run[] = []
    const say = (words: string) => {
      const last = runs.at(-1)
      if (last && last.bold === bold) last.text += words
      else if (words !== '') runs.push({ text: words, bold })
    }
    for (const part of partsIn(text)) {
      if ('path' in part) {
        say(this.said(this.at(part.path), this.names.values.get(part.path) ?? 'text', part.path))
        continue
      }
      for (const [at, words] of part.text.split('**').entries()) {
        if (at > 0) bold = !bold
        say(clean(words))
      }
    }
    return runs
  }

  private said(value: unknown, kind: Kind, path: string): string {
    const { language, timezone } = this.setting
    if (value === undefined) throw new Refusal('invalid', 'document.variable_missing', { path })
    if (value === null || value === '') return value === '' ? '' : '—'
    const unit = unitOf(value)
    if (unit !== null) return unitText(numberOf(value), unit, language)
    if (typeof value === 'number' && kind !== 'text') return unitText(value, Unit.safeParse(kind).data ?? 'number', language)
    if (value instanceof Date) {
      const wall = wallIn(timezone, value)
      return kind === 'time' ? `${dateText(wall, language)} ${wall.slice(11)}` : dateText(wall, language)
    }
    const text = String(value)
    return kind === 'date' && /^\d{4}-\d\d-\d\d/.test(text) ? dateText(text, language) : clean(text.slice(0, longestValue))
  }
}

/** A number, or one that brings its unit. */
const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'object' && value !== null && 'value' in value ? value.value : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
const unitOf = (value: unknown): Unit | null =>
  typeof value === 'object' && value !== null && 'unit' in value ? (Unit.safeParse(value.unit).data ?? null) : null
const keyOf = (value: unknown): number | string | null => {
  if (value instanceof Date) return value.getTime()
  const number = numberOf(value)
  return number ?? (typeof value === 'string' && value !== '' ? value : null)
}

function dateText(iso: string, language: Language): string {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number)
  if (language === 'zh') return `${year} 年 ${month} 月 ${day} 日`
  return new Date(`${iso.slice(0, 10)}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

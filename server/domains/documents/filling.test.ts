import { expect, test } from 'vitest'
import { type Block, TemplateContent } from '#contract/documentBlocks.ts'
import { fill, type Setting } from './filling.ts'
import { checkContent } from './rules.ts'

const setting: Setting = {
  language: 'zh',
  timezone: 'Asia/Shanghai',
  title: '答复',
  author: '张敏',
  organisation: '清源',
  now: new Date('2026-07-01T00:00:00Z'),
}
const variables = [
  { path: 'name', type: 'text' as const, zh: '名', en: 'Name' },
  { path: 'rows', type: 'list' as const, zh: '行', en: 'Rows', of: [{ path: 'n', type: 'number' as const, zh: '数', en: 'N' }] },
]
const content = (zh: unknown[], rest: object = {}) => TemplateContent.parse({ zh, ...rest })
const refusal = (fn: () => unknown) => {
  try {
    fn()
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  return null
}

test.each([
  [[{ kind: 'paragraph', text: '{{nmae}}' }], 'document.variable_unknown'],
  [[{ kind: 'paragraph', text: '{{name' }], 'document.mark_open'],
  [[{ kind: 'paragraph', text: '{{item.n}}' }], 'document.variable_unknown'],
  [[{ kind: 'table', each: 'row', columns: [{ title: 'n', value: 'x' }] }], 'document.variable_unknown'],
  [[{ kind: 'figure', chart: 'bar', each: 'rows', label: 'n', series: [{ name: 'n', value: 'm' }] }], 'document.variable_unknown'],
  [[{ kind: 'section', when: { path: 'nobody', is: 'filled' }, blocks: [] }], 'document.variable_unknown'],
  [[], 'document.template_empty'],
  [[{ kind: 'section', each: 'rows', blocks: [{ kind: 'paragraph', text: '{{item.n}} {{name}}' }] }], null],
])('a template that names what nobody gives is refused: %j', (zh, code) => {
  expect(refusal(() => checkContent(content(zh), variables))).toBe(code)
})

test('values are put in as they are said: rows repeated, conditions kept, stars of a value are stars', () => {
  const template = content([
    { kind: 'paragraph', text: '**{{name}}** 您好 {{document.date}}' },
    { kind: 'section', each: 'rows', when: { path: 'rows', is: 'filled' }, blocks: [{ kind: 'paragraph', text: '第 {{item.n}} 行' }] },
    { kind: 'section', when: { path: 'name', is: 'empty' }, blocks: [{ kind: 'paragraph', text: '没有' }] },
  ])
  const { blocks } = fill(template, variables, { name: '王**明\u0007', rows: [{ n: 1 }, { n: 2345 }] }, {}, setting)
  expect(blocks).toEqual([
    {
      kind: 'paragraph',
      align: 'left',
      text: [
        { text: '王**明', bold: true },
        { text: ' 您好 2026 年 7 月 1 日', bold: false },
      ],
    },
    { kind: 'paragraph', align: 'left', text: [{ text: '第 1 行', bold: false }] },
    { kind: 'paragraph', align: 'left', text: [{ text: '第 2,345 行', bold: false }] },
  ])
})

test('what a source does not give, or nobody wrote, is refused when it is made', () => {
  expect(refusal(() => fill(content([{ kind: 'paragraph', text: '{{name}}' }]), variables, { rows: [] }, {}, setting))).toBe(
    'document.variable_missing',
  )
  const asks = content([{ kind: 'paragraph', text: '{{input.a}}' }], { inputs: [{ key: 'a', label: '答复' }] })
  expect(refusal(() => fill(asks, variables, { name: '', rows: [] }, { a: ' ' }, setting))).toBe('document.input_missing')
})

test('a long table is bounded and says how much it leaves out', () => {
  const table: Block[] = content([{ kind: 'table', each: 'rows', columns: [{ title: 'n', value: '{{item.n}}' }] }]).zh
  const { blocks } = fill(content(table), variables, { name: '', rows: Array.from({ length: 900 }, (_, n) => ({ n })) }, {}, setting)
  expect(blocks[0]).toMatchObject({ left: 400 })
})

test('a table and a chart stand in the order asked for, no longer than asked for, in the unit the data brings', () => {
  const list = [
    { path: 'label', type: 'text' as const, zh: '名', en: 'Label' },
    { path: 'value', type: 'measure' as const, zh: '值', en: 'Value' },
  ]
  const measures = [{ path: 'rows', type: 'list' as const, zh: '行', en: 'Rows', of: list }]
  const data = {
    rows: [
      ['a', 0.2],
      ['b', null],
      ['c', 0.9],
      ['d', 0.5],
    ].map(([label, value]) => ({ label: label ?? '', value: { value: value ?? null, unit: 'percent' } })),
  }
  const order = { by: 'value', down: true }
  const template = content([
    { kind: 'table', each: 'rows', order, columns: [{ title: '', value: '{{item.label}} {{item.value}}' }] },
    { kind: 'figure', chart: 'rows', each: 'rows', order, most: 2, label: 'label', series: [{ name: '值', value: 'value', dashed: true }] },
  ])
  const { blocks } = fill(template, measures, data, {}, setting)
  expect(blocks).toMatchObject([
    { rows: [['c 90.0%'], ['d 50.0%'], ['a 20.0%'], ['b —']] },
    { unit: 'percent', labels: ['c', 'd'], series: [{ values: [0.9, 0.5], dashed: true }] },
  ])
  const wrong = content([{ kind: 'table', each: 'rows', order: { by: 'other', down: true }, columns: [{ title: '', value: 'x' }] }])
  expect(refusal(() => checkContent(wrong, measures))).toBe('document.variable_unknown')
})

test('what is refused says in which block of which language', () => {
  try {
    checkContent(content([{ kind: 'pageBreak' }, { kind: 'paragraph', text: '{{nobody}}' }]), variables)
  } catch (error) {
    expect(error).toMatchObject({ facts: { path: 'nobody', language: 'zh', at: 1 } })
  }
  expect.assertions(1)
})

import * as z from 'zod'

/** Words of a template: `{{path}}` stands for a variable, `**…**` is bold. */
const Text = z.string().max(4000)
const Line = z.string().max(400)
/** Where a value or a list is found in the data. */
const Path = z.string().regex(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*){0,3}$/)
const Align = z.enum(['left', 'center', 'right'])
/** A picture in the template itself: a few hundred kilobytes at most. */
const Picture = z
  .string()
  .max(600_000)
  .regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/)

export const Condition = z.object({
  path: Path,
  is: z.enum(['filled', 'empty', 'above', 'below', 'equal']),
  value: z.string().max(100).default(''),
})

const shared = {
  heading: { kind: z.literal('heading'), level: z.union([z.literal(1), z.literal(2), z.literal(3)]) },
  paragraph: { kind: z.literal('paragraph'), align: Align.default('left') },
  list: { kind: z.literal('list'), ordered: z.boolean().default(false) },
  /** `stack`: bars on one another; `rows`: bars lying, for long names. */
  figure: { kind: z.literal('figure'), chart: z.enum(['bar', 'line', 'stack', 'rows']) },
}
/** Rows in another order than the data brings them, and no more than so many. */
const someRows = {
  order: z.object({ by: Path, down: z.boolean() }).nullable().default(null),
  most: z.int().min(1).max(500).nullable().default(null),
}
const Image = z.object({
  kind: z.literal('image'),
  src: Picture,
  widthMm: z.number().min(10).max(170).default(60),
  caption: Line.default(''),
})
const PageBreak = z.object({ kind: z.literal('pageBreak') })

const simple = [
  z.object({ ...shared.heading, text: Line }),
  z.object({ ...shared.paragraph, text: Text }),
  z.object({ ...shared.list, items: z.array(Text).min(1).max(50) }),
  z.object({
    kind: z.literal('table'),
    each: Path,
    ...someRows,
    columns: z
      .array(z.object({ title: Line, value: Line, align: Align.default('left'), share: z.number().min(1).max(20).default(2) }))
      .min(1)
      .max(10),
    /** Said instead of a table without rows. */
    empty: Line.default(''),
  }),
  z.object({
    ...shared.figure,
    each: Path,
    ...someRows,
    label: Path,
    series: z
      /** `dashed`: a target or what was expected. */
      .array(z.object({ name: Line, value: Path, dashed: z.boolean().default(false) }))
      .min(1)
      .max(7),
    caption: Line.default(''),
  }),
  z.object({
    kind: z.literal('figures'),
    items: z
      .array(z.object({ label: Line, value: Line, note: Line.default('') }))
      .min(1)
      .max(8),
  }),
  Image,
  PageBreak,
  z.object({ kind: z.literal('letterhead'), title: Line, lines: z.array(Line).max(6).default([]) }),
  z.object({ kind: z.literal('signature'), lines: z.array(Line).min(1).max(6) }),
] as const
const Simple = z.discriminatedUnion('kind', simple)
/** Blocks that come once for each row of a list, or only when something is so. */
const Section = z.object({
  kind: z.literal('section'),
  each: Path.nullable().default(null),
  when: Condition.nullable().default(null),
  blocks: z.array(Simple).max(60),
})
export const Block = z.discriminatedUnion('kind', [...simple, Section])
export type Block = z.output<typeof Block>
export type BlockKind = Block['kind']

/** What the person who makes a document writes: said as `input.key`. */
export const TemplateInput = z.object({
  key: z.string().regex(/^[a-z][a-zA-Z0-9]{0,30}$/),
  label: z.string().trim().min(1).max(60),
  labelEn: z.string().trim().max(80).default(''),
  long: z.boolean().default(false),
  required: z.boolean().default(true),
})
export const TemplateContent = z.object({
  inputs: z.array(TemplateInput).max(20).default([]),
  zh: z.array(Block).max(120).default([]),
  en: z.array(Block).max(120).default([]),
  footer: z.object({ zh: Line.default(''), en: Line.default('') }).default({ zh: '', en: '' }),
})
export type TemplateContent = z.output<typeof TemplateContent>

// ── The document itself: a template with its values in place. One renderer for each format reads this and nothing else.

export const Run = z.object({ text: z.string(), bold: z.boolean() })
export type Run = z.output<typeof Run>
const Runs = z.array(Run)
export const Unit = z.enum(['number', 'percent', 'seconds', 'hours', 'score'])
export type Unit = z.output<typeof Unit>
export const FilledBlock = z.discriminatedUnion('kind', [
  z.object({ ...shared.heading, text: Runs }),
  z.object({ ...shared.paragraph, text: Runs }),
  z.object({ ...shared.list, items: z.array(Runs) }),
  z.object({
    kind: z.literal('table'),
    columns: z.array(z.object({ title: z.string(), align: Align, share: z.number() })),
    rows: z.array(z.array(z.string())),
    /** Rows beyond the bound of a document. */
    left: z.int(),
  }),
  z.object({
    ...shared.figure,
    unit: Unit,
    labels: z.array(z.string()),
    series: z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()), dashed: z.boolean().optional() })),
    caption: z.string(),
  }),
  z.object({ kind: z.literal('figures'), items: z.array(z.object({ label: z.string(), value: z.string(), note: z.string() })) }),
  Image,
  PageBreak,
  z.object({ kind: z.literal('letterhead'), title: z.string(), lines: z.array(z.string()) }),
  z.object({ kind: z.literal('signature'), lines: z.array(z.string()) }),
])
export type FilledBlock = z.output<typeof FilledBlock>
export const Filled = z.object({
  language: z.enum(['zh', 'en']),
  title: z.string(),
  author: z.string(),
  madeAt: z.string(),
  footer: z.string(),
  blocks: z.array(FilledBlock),
})
export type Filled = z.output<typeof Filled>

export const mostRows = 500

const mark = /\{\{\s*([^{}]*?)\s*\}\}/g
/** The variables that are named in words. */
export const pathsIn = (text: string): string[] => [...text.matchAll(mark)].map(m => m[1] ?? '')
/** Braces that belong to no variable. */
export const isOpen = (text: string): boolean => /\{\{|\}\}/.test(text.replace(mark, ''))

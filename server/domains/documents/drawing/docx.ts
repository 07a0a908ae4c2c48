import { Resvg } from '@resvg/resvg-js'
import {
  AlignmentType,
  BorderStyle,
  CharacterSet,
  Document,
  Footer,
  HeadingLevel,
  ImageRun,
  LevelFormat,
  LineRuleType,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { imageSize } from 'image-size'
import type { Filled, FilledBlock, Run } from '#contract/documentBlocks.ts'
import type { Language } from '#contract/documents.ts'
import { chartSvg, type Figure, sizeOf } from './chart.ts'
import { facesFor } from './faces.ts'
import { color } from './look.ts'
import { bytesOf, leftWords, textsOf } from './parts.ts'
import { shapesOf, svgOf } from './shapes.ts'

/** The Chinese letters of the document, embedded: it looks the same where no font has them. Word takes what is typed later from its own font. */
const own = 'Huiyin Sans SC'
const instead = 'Microsoft YaHei'
const font = { ascii: 'Calibri', hAnsi: 'Calibri', cs: 'Calibri', eastAsia: own }
const hex = (c: string) => c.slice(1)
const align = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT }
const level = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 }
/** Twentieths of a point between the margins of the page. */
const width = 9420

export async function writeDocx(filled: Filled): Promise<Buffer> {
  const head = (points: number, before: number) => ({
    run: { font, size: points * 2, bold: true, color: hex(color.text) },
    paragraph: { spacing: { before, after: 120 }, keepNext: true },
  })
  const lang = filled.language === 'zh' ? { value: 'en-US', eastAsia: 'zh-CN' } : { value: 'en-GB', eastAsia: 'zh-CN' }
  const faces = await facesFor(textsOf(filled))
  const document = new Document({
    fonts: [{ name: own, data: faces.regular.file, bold: faces.bold.file, characterSet: CharacterSet.GB_2312 }],
    title: filled.title,
    creator: filled.author,
    lastModifiedBy: filled.author,
    styles: {
      default: {
        document: {
          run: { font, size: 21, color: hex(color.text), language: lang },
          paragraph: { spacing: { line: 340, lineRule: LineRuleType.AUTO, after: 120 } },
        },
        heading1: head(20, 0),
        heading2: head(14, 320),
        heading3: head(11.5, 220),
      },
      paragraphStyles: [
        {
          id: 'Small',
          name: 'Small',
          basedOn: 'Normal',
          run: { size: 18, color: hex(color.text3) },
          paragraph: { spacing: { line: 280, lineRule: LineRuleType.AUTO, after: 60 } },
        },
        {
          id: 'Cell',
          name: 'Table cell',
          basedOn: 'Normal',
          run: { size: 18 },
          paragraph: { spacing: { line: 270, lineRule: LineRuleType.AUTO, before: 40, after: 40 } },
        },
      ],
    },
    numbering: {
      config: [
        {
          reference: 'ordered',
          levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.', style: { paragraph: { indent: { left: 400, hanging: 400 } } } }],
        },
      ],
    },
    sections: [
      {
        properties: { page: { size: { width: 11906, height: 16838 }, margin: { top: 1240, bottom: 1360, left: 1240, right: 1240 } } },
        footers: { default: footer(filled) },
        children: (await Promise.all(filled.blocks.map((block, at) => partsOf(block, filled, at)))).flat(),
      },
    ],
  })
  return withAlternative(await Packer.toBuffer(document))
}

/** What does not load embedded fonts is told which one comes nearest: `docx` has no word for it. */
function withAlternative(file: Buffer): Buffer {
  const parts = unzipSync(file)
  const place = 'word/fontTable.xml'
  const table = strFromU8(parts[place] ?? new Uint8Array())
  parts[place] = strToU8(table.replace(`<w:font w:name="${own}">`, `$&<w:altName w:val="${instead}"/>`))
  return Buffer.from(zipSync(parts))
}

function footer({ footer: text, language }: Filled): Footer {
  const [before, between, after] = language === 'zh' ? ['第 ', ' 页，共 ', ' 页'] : ['Page ', ' of ', '']
  return new Footer({
    children: [
      new Paragraph({
        style: 'Small',
        tabStops: [{ type: 'right', position: width }],
        children: [
          new TextRun(text),
          new TextRun({ children: ['\t', before ?? '', PageNumber.CURRENT, between ?? '', PageNumber.TOTAL_PAGES, after ?? ''] }),
        ],
      }),
    ],
  })
}

const runsOf = (runs: readonly Run[]) =>
  runs.flatMap(({ text, bold }) =>
    text.split(/\r?\n/).map((line, at) => new TextRun({ text: line, bold, ...(at > 0 ? { break: 1 } : {}) })),
  )

async function partsOf(block: FilledBlock, filled: Filled, at: number): Promise<(Paragraph | Table)[]> {
  if (block.kind === 'heading')
    return [new Paragraph({ heading: level[block.level], children: runsOf(block.text.map(run => ({ ...run, bold: true }))) })]
  if (block.kind === 'paragraph')
    return [
      new Paragraph({ alignment: align[block.align], keepNext: filled.blocks[at + 1]?.kind === 'signature', children: runsOf(block.text) }),
    ]
  if (block.kind === 'list')
    return block.items.map(
      item =>
        new Paragraph({
          children: runsOf(item),
          spacing: { after: 60 },
          ...(block.ordered ? { numbering: { reference: 'ordered', level: 0, instance: at } } : { bullet: { level: 0 } }),
        }),
    )
  if (block.kind === 'table') return tableOf(block, filled.language)
  if (block.kind === 'figure') return figureOf(block, filled)
  if (block.kind === 'figures') return [figuresOf(block.items), gap()]
  if (block.kind === 'image') {
    const { bytes, type } = bytesOf(block.src)
    const size = imageSize(bytes)
    const wide = block.widthMm * 3.7795
    return [
      new Paragraph({
        children: [new ImageRun({ type, data: bytes, transformation: { width: wide, height: (wide * size.height) / size.width } })],
      }),
      ...(block.caption ? [new Paragraph({ style: 'Small', text: block.caption })] : []),
    ]
  }
  if (block.kind === 'pageBreak') return [new Paragraph({ children: [new PageBreak()] })]
  if (block.kind === 'letterhead')
    return [
      new Paragraph({
        spacing: { after: 40 },
        children: [new TextRun({ text: block.title, bold: true, size: 30, color: hex(color.accent) })],
      }),
      ...block.lines.map((line, row) => {
        const last = row === block.lines.length - 1
        return new Paragraph({
          style: 'Small',
          text: line,
          ...(last
            ? { spacing: { after: 360 }, border: { bottom: { style: BorderStyle.SINGLE, size: 8, space: 6, color: hex(color.accent) } } }
            : {}),
        })
      }),
    ]
  return block.lines.map(
    (line, row) =>
      new Paragraph({
        alignment: AlignmentType.RIGHT,
        keepNext: row < block.lines.length - 1,
        spacing: { before: row === 0 ? 480 : 0, after: 60 },
        text: line,
      }),
  )
}

const gap = () => new Paragraph({ spacing: { after: 60, line: 200, lineRule: LineRuleType.AUTO }, children: [] })
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const thin = { style: BorderStyle.SINGLE, size: 4, color: hex(color.line2) }
const noBorders = { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none }
const margins = { top: 40, bottom: 40, left: 100, right: 100 }

function tableOf({ columns, rows, left }: Extract<FilledBlock, { kind: 'table' }>, language: Language): (Paragraph | Table)[] {
  const shares = columns.reduce((sum, c) => sum + c.share, 0)
  const widths = columns.map(c => Math.round((width * c.share) / shares))
  const cell = (text: string, at: number, head: boolean) =>
    new TableCell({
      width: { size: widths[at] ?? 0, type: WidthType.DXA },
      margins,
      ...(head ? { shading: { type: ShadingType.CLEAR, fill: hex(color.sunken), color: 'auto' } } : {}),
      children: [
        new Paragraph({ style: 'Cell', alignment: align[columns[at]?.align ?? 'left'], children: runsOf([{ text, bold: head }]) }),
      ],
    })
  const table = new Table({
    width: { size: width, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, bottom: thin, insideHorizontal: thin },
    rows: [
      new TableRow({ tableHeader: true, cantSplit: true, children: columns.map((c, at) => cell(c.title, at, true)) }),
      ...rows.map(row => new TableRow({ cantSplit: true, children: row.map((text, at) => cell(text, at, false)) })),
    ],
  })
  return [table, left > 0 ? new Paragraph({ style: 'Small', text: leftWords(language, left) }) : gap()]
}

/** Twice as fine as it stands on the page, its words as outlines: the same on every machine. */
async function figureOf(block: Figure, filled: Filled): Promise<Paragraph[]> {
  const faces = await facesFor(textsOf({ ...filled, blocks: [block] }))
  const size = sizeOf(block)
  const svg = svgOf(shapesOf(chartSvg(block, filled.language)), size, block.caption, faces)
  const data = new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, background: '#ffffff', font: { loadSystemFonts: false } })
    .render()
    .asPng()
  const wide = 628
  const alt = { title: block.caption, description: block.caption, name: block.caption }
  return [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      keepNext: block.caption !== '',
      spacing: { line: 240, lineRule: LineRuleType.AUTO, after: 60 },
      children: [
        new ImageRun({
          type: 'png',
          data,
          altText: alt,
          transformation: { width: wide, height: (wide * size.height) / size.width },
        }),
      ],
    }),
    ...(block.caption ? [new Paragraph({ style: 'Small', alignment: AlignmentType.CENTER, text: block.caption })] : []),
  ]
}

function figuresOf(items: Extract<FilledBlock, { kind: 'figures' }>['items']): Table {
  const perRow = Math.min(4, items.length)
  const one = Math.round(width / perRow)
  const rows = Array.from({ length: Math.ceil(items.length / perRow) }, (_, row) => items.slice(row * perRow, (row + 1) * perRow))
  const white = { style: BorderStyle.SINGLE, size: 24, color: 'FFFFFF' }
  return new Table({
    width: { size: width, type: WidthType.DXA },
    columnWidths: Array.from({ length: perRow }, () => one),
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, insideVertical: white, insideHorizontal: white },
    rows: rows.map(
      row =>
        new TableRow({
          cantSplit: true,
          children: Array.from({ length: perRow }, (_, at) => {
            const item = row[at]
            return new TableCell({
              width: { size: one, type: WidthType.DXA },
              margins: { top: 100, bottom: 100, left: 160, right: 160 },
              ...(item ? { shading: { type: ShadingType.CLEAR, fill: hex(color.sunken), color: 'auto' } } : {}),
              children: item
                ? [
                    new Paragraph({ style: 'Small', spacing: { after: 0 }, text: item.label }),
                    new Paragraph({
                      spacing: { after: 0, line: 360, lineRule: LineRuleType.AUTO },
                      children: [new TextRun({ text: item.value, bold: true, size: 32 })],
                    }),
                    ...(item.note ? [new Paragraph({ style: 'Small', spacing: { after: 0 }, text: item.note })] : []),
                  ]
                : [new Paragraph('')],
            })
          }),
        }),
    ),
  })
}

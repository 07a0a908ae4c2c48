import { imageSize } from 'image-size'
import PDFDocument from 'pdfkit'
import type { Filled, FilledBlock, Run } from '#contract/documentBlocks.ts'
import { chartSvg, type Figure, sizeOf } from './chart.ts'
import { type Faces, facesFor } from './faces.ts'
import { type Line, linesOf } from './lines.ts'
import { color, sheet, size, textWidth } from './look.ts'
import { bytesOf, pageWords, textsOf } from './parts.ts'
import { drawTable } from './pdfTable.ts'
import { middle, shapesOf } from './shapes.ts'

/** The pen on the sheet: where the next thing stands, and a new sheet when it does not fit. */
export type Pen = {
  doc: PDFKit.PDFDocument
  faces: Faces
  y: number
  /** Begins a new page unless this height is left. */
  room: (height: number) => boolean
  lines: (
    lines: readonly Line[],
    at: { x: number; y: number; width: number; size: number; leading: number; align?: Align; color?: string },
  ) => void
}
type Align = 'left' | 'center' | 'right'

export async function drawPdf(filled: Filled): Promise<{ bytes: Buffer; pages: number }> {
  const faces = await facesFor(textsOf(filled))
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    bufferPages: true,
    lang: filled.language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: filled.title, Author: filled.author, Creator: 'Huiyin', Producer: 'Huiyin', CreationDate: new Date(filled.madeAt) },
  })
  const collected = collect(doc)
  doc.registerFont('regular', faces.regular.file).registerFont('bold', faces.bold.file)
  const pen = penOn(doc, faces)
  for (const [at, block] of filled.blocks.entries()) draw(pen, block, filled, filled.blocks[at + 1])
  const pages = doc.bufferedPageRange().count
  for (let page = 0; page < pages; page++) {
    doc.switchToPage(page)
    const y = sheet.height - sheet.bottom + 26
    const at = { y, width: textWidth, size: 8.5, leading: 12, color: color.text3 }
    const number = linesOf([{ text: pageWords(filled.language, page + 1, pages), bold: false }], faces, 8.5, textWidth)
    const [footer] = linesOf([{ text: filled.footer, bold: false }], faces, 8.5, textWidth - (number[0]?.width ?? 0) - 20)
    if (footer) pen.lines([footer], { ...at, x: sheet.left })
    pen.lines(number, { ...at, x: sheet.left, align: 'right' })
  }
  doc.end()
  return { bytes: await collected, pages }
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const parts: Buffer[] = []
  return new Promise((resolve, reject) => {
    doc.on('data', (part: Buffer) => parts.push(part))
    doc.on('end', () => resolve(Buffer.concat(parts)))
    doc.on('error', reject)
  })
}

function penOn(doc: PDFKit.PDFDocument, faces: Faces): Pen {
  const pen: Pen = {
    doc,
    faces,
    y: sheet.top,
    room: height => {
      if (pen.y + height <= sheet.height - sheet.bottom) return false
      doc.addPage()
      pen.y = sheet.top
      return true
    },
    lines: (lines, { x, y, width, size, leading, align = 'left', color: ink = color.text }) => {
      for (const [at, line] of lines.entries()) {
        const left = x + (align === 'left' ? 0 : align === 'center' ? (width - line.width) / 2 : width - line.width)
        for (const piece of line.pieces)
          doc
            .font(piece.bold ? 'bold' : 'regular')
            .fontSize(size)
            .fillColor(ink)
            .text(piece.text, left + piece.x, y + at * leading + (leading - size) / 2, { lineBreak: false })
      }
    },
  }
  return pen
}

function draw(pen: Pen, block: FilledBlock, filled: Filled, next: FilledBlock | undefined): void {
  const { doc } = pen
  if (block.kind === 'heading') {
    const big = size.heading[block.level - 1] ?? size.text
    pen.y += pen.y > sheet.top ? big * 0.7 : 0
    // A heading does not stand alone at the foot of a page.
    const follows = next?.kind === 'figure' ? (sizeOf(next).height * textWidth) / sizeOf(next).width + 30 : 60
    words(pen, block.text.map(bold), { size: big, leading: big * 1.4, after: big * 0.45, keep: follows })
  } else if (block.kind === 'paragraph')
    words(pen, block.text, { align: block.align, tail: next?.kind === 'signature' ? signatureHeight(next.lines) : 0 })
  else if (block.kind === 'list')
    for (const [at, item] of block.items.entries()) {
      const mark = block.ordered ? `${at + 1}.` : '•'
      const y = words(pen, item, { indent: 18, after: 4 })
      pen.lines(linesOf([{ text: mark, bold: false }], pen.faces, size.text, 18), {
        x: sheet.left + 2,
        y,
        width: 18,
        size: size.text,
        leading: leadingOf(size.text),
      })
    }
  else if (block.kind === 'table') drawTable(pen, block, filled.language)
  else if (block.kind === 'figure') figure(pen, block, filled.language)
  else if (block.kind === 'figures') figures(pen, block.items)
  else if (block.kind === 'image') {
    const picture = bytesOf(block.src)
    const width = Math.min(textWidth, block.widthMm * 2.8346)
    const { width: w, height: h } = imageSize(picture.bytes)
    const height = Math.min((width * h) / w, 600)
    pen.room(height + 24)
    doc.image(picture.bytes, sheet.left, pen.y, { fit: [width, height] })
    pen.y += height + 8
    if (block.caption) words(pen, [{ text: block.caption, bold: false }], { size: size.small, ink: color.text3 })
  } else if (block.kind === 'pageBreak') {
    doc.addPage()
    pen.y = sheet.top
  } else if (block.kind === 'letterhead') {
    words(pen, [{ text: block.title, bold: true }], { size: 15, leading: 22, after: 2, ink: color.accent })
    for (const line of block.lines) words(pen, [{ text: line, bold: false }], { size: size.small, leading: 14, after: 0, ink: color.text3 })
    doc
      .moveTo(sheet.left, pen.y + 8)
      .lineTo(sheet.width - sheet.right, pen.y + 8)
      .lineWidth(1)
      .strokeColor(color.accent)
      .stroke()
    pen.y += 30
  } else {
    pen.room(signatureHeight(block.lines))
    pen.y += 24
    for (const line of block.lines) words(pen, [{ text: line, bold: false }], { align: 'right', after: 2 })
  }
}

const signatureHeight = (lines: readonly string[]) => lines.length * 20 + 24
const bold = (run: Run): Run => ({ ...run, bold: true })
const leadingOf = (points: number) => points * 1.65

type Style = { size?: number; leading?: number; after?: number; indent?: number; align?: Align; ink?: string; keep?: number; tail?: number }
/** Words over the width of the text, over pages when they must; returns where they began. */
function words(pen: Pen, runs: readonly Run[], style: Style): number {
  const {
    size: points = size.text,
    leading = leadingOf(points),
    after = 7,
    indent = 0,
    align = 'left',
    ink = color.text,
    keep = 0,
    tail = 0,
  } = style
  const width = textWidth - indent
  const lines = linesOf(runs, pen.faces, points, width)
  // Neither the first line of a paragraph nor its last stands alone on a page; what follows it to the end takes two lines along.
  const few = lines.length <= 3
  pen.room((few ? lines.length : 2) * leading + keep + (few && tail > 0 ? after + tail : 0))
  const began = pen.y
  for (const [at, line] of lines.entries()) {
    pen.room(at === lines.length - 2 && !few ? 2 * leading + after + tail : leading)
    pen.lines([line], { x: sheet.left + indent, y: pen.y, width, size: points, leading, align, color: ink })
    pen.y += leading
  }
  pen.y += after
  return began
}

/** The chart stays lines and letters: sharp at every size, its words found by a search. */
function figure(pen: Pen, block: Figure, language: 'zh' | 'en'): void {
  const { doc } = pen
  const { width: wide, height: high } = sizeOf(block)
  const scale = textWidth / wide
  pen.room(high * scale + 30)
  const top = pen.y
  for (const shape of shapesOf(chartSvg(block, language))) {
    doc.save().translate(sheet.left, top).scale(scale)
    const [a, b, c, d, e, f] = shape.matrix
    doc.transform(a, b, c, d, e, f)
    if (shape.kind === 'text') {
      const width = pen.faces.regular.widthOf(shape.text, shape.size)
      const x = shape.x - (shape.anchor === 'start' ? 0 : shape.anchor === 'middle' ? width / 2 : width)
      doc
        .font('regular')
        .fontSize(shape.size)
        .fillColor(shape.fill ?? color.text3)
        .text(shape.text, x, shape.y + shape.size * (middle - 0.88), { lineBreak: false })
    } else {
      doc.path(shape.d).lineWidth(shape.strokeWidth)
      if (shape.dash.length > 0) doc.dash(shape.dash[0] ?? 4, { space: shape.dash[1] ?? 4 })
      if (shape.fill && shape.stroke) doc.fillOpacity(shape.fillOpacity).fillAndStroke(shape.fill, shape.stroke)
      else if (shape.fill) doc.fillOpacity(shape.fillOpacity).fill(shape.fill)
      else if (shape.stroke) doc.stroke(shape.stroke)
    }
    doc.restore()
  }
  pen.y = top + high * scale + 6
  if (block.caption)
    words(pen, [{ text: block.caption, bold: false }], { size: size.small, leading: 14, ink: color.text3, align: 'center', after: 12 })
}

function figures(pen: Pen, items: Extract<FilledBlock, { kind: 'figures' }>['items']): void {
  const perRow = Math.min(4, items.length)
  const gap = 10
  pen.y += pen.y > sheet.top ? 4 : 0
  const width = (textWidth - gap * (perRow - 1)) / perRow
  const height = items.some(i => i.note !== '') ? 68 : 54
  for (let from = 0; from < items.length; from += perRow) {
    pen.room(height + 10)
    for (const [at, item] of items.slice(from, from + perRow).entries()) {
      const x = sheet.left + at * (width + gap)
      pen.doc.roundedRect(x, pen.y, width, height, 4).fillOpacity(1).fill(color.sunken)
      const line = (text: string, y: number, points: number, ink: string, strong = false) => {
        const [first] = linesOf([{ text, bold: strong }], pen.faces, points, width - 20)
        if (first) pen.lines([first], { x: x + 10, y: pen.y + y, width: width - 20, size: points, leading: points * 1.4, color: ink })
      }
      line(item.label, 8, size.small, color.text3)
      line(
        item.value,
        21,
        Math.min(size.value, ((width - 20) / Math.max(1, pen.faces.bold.widthOf(item.value, 1))) * 0.98),
        color.text,
        true,
      )
      line(item.note, 48, 8, color.text3)
    }
    pen.y += height + 10
  }
  pen.y += 4
}

import type { FilledBlock } from '#contract/documentBlocks.ts'
import { linesOf } from './lines.ts'
import { color, sheet, size, textWidth } from './look.ts'
import { leftWords } from './parts.ts'
import type { Pen } from './pdf.ts'

const pad = 5
const leading = size.table * 1.5

/** Over as many pages as it takes, its head on each; a row stays on one page. */
export function drawTable(pen: Pen, { columns, rows, left }: Extract<FilledBlock, { kind: 'table' }>, language: 'zh' | 'en'): void {
  const shares = columns.reduce((sum, c) => sum + c.share, 0)
  const widths = columns.map(c => (textWidth * c.share) / shares)
  const prepared = (cells: readonly string[], bold: boolean) => {
    const lines = cells.map((text, at) => linesOf([{ text, bold }], pen.faces, size.table, (widths[at] ?? 0) - 2 * pad))
    return { lines, height: Math.max(...lines.map(l => l.length)) * leading + 2 * pad }
  }
  const draw = ({ lines, height }: ReturnType<typeof prepared>, head: boolean) => {
    const { doc } = pen
    if (head) doc.rect(sheet.left, pen.y, textWidth, height).fillOpacity(1).fill(color.sunken)
    let x = sheet.left
    for (const [at, cell] of lines.entries()) {
      const width = widths[at] ?? 0
      pen.lines(cell, {
        x: x + pad,
        y: pen.y + pad,
        width: width - 2 * pad,
        size: size.table,
        leading,
        align: columns[at]?.align ?? 'left',
        color: head ? color.text2 : color.text,
      })
      x += width
    }
    pen.y += height
    doc
      .moveTo(sheet.left, pen.y)
      .lineTo(sheet.left + textWidth, pen.y)
      .lineWidth(0.5)
      .strokeColor(head ? color.line2 : color.line)
      .stroke()
  }
  const head = prepared(
    columns.map(c => c.title),
    true,
  )
  pen.room(head.height + 30)
  draw(head, true)
  for (const row of rows) {
    const next = prepared(row, false)
    if (pen.room(next.height)) draw(head, true)
    draw(next, false)
  }
  if (left > 0) {
    pen.room(20)
    pen.lines(linesOf([{ text: leftWords(language, left), bold: false }], pen.faces, size.small, textWidth), {
      x: sheet.left + pad,
      y: pen.y + 4,
      width: textWidth,
      size: size.small,
      leading: 14,
      color: color.text3,
    })
    pen.y += 18
  }
  pen.y += 14
}

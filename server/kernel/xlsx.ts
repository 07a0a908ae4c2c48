import type { Cell } from './exports.ts'
import { localTime } from './localTime.ts'
import { zipWriter } from './zipWriter.ts'

// Written by hand rather than by a library: rows are written in steps that survive a crash, and no library writes half a workbook and goes on tomorrow.

/** Excel's own limit, less the heading. */
export const rowsPerSheet = 1_048_575
const mostInCell = 32_767

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML knows no such characters
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const xml = (text: string) =>
  text
    .toWellFormed()
    .replace(unsayable, '')
    .replace(/[&<>"\n\r\t]/g, sign => escapes[sign] ?? sign)

const columnNames: string[] = []
export function columnName(n: number): string {
  columnNames[n] ??= (n >= 26 ? columnName(Math.floor(n / 26) - 1) : '') + String.fromCharCode(65 + (n % 26))
  return columnNames[n] ?? ''
}

/** Days since the last day of 1899, as the clocks of the zone show them: Excel knows no zones. */
const serial = (at: Date, zone: string) => Date.parse(`${localTime(at, zone).replace(' ', 'T')}Z`) / 86_400_000 + 25_569

/** One row, on one line of its own. Text is typed as text: whatever it begins with, it is no formula. */
export function sheetRow(cells: readonly Cell[], row: number, zone: string, style?: 2): string {
  let line = `<row r="${row}">`
  for (let n = 0; n < cells.length; n++) {
    const cell = cells[n]
    if (cell === null || cell === undefined || cell === '') continue
    const at = `r="${columnName(n)}${row}"`
    if (typeof cell === 'number') line += Number.isFinite(cell) ? `<c ${at}><v>${cell}</v></c>` : ''
    else if (cell instanceof Date) line += `<c ${at} s="1"><v>${serial(cell, zone).toFixed(8)}</v></c>`
    else {
      const text = cell.length > mostInCell ? `${cell.slice(0, mostInCell - 1)}…` : cell
      line += `<c ${at}${style ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`
    }
  }
  return `${line}</row>\n`
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const pack = 'http://schemas.openxmlformats.org/package/2006'
const office = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const sheetHead = (columns: number) =>
  `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="18" customWidth="1"/></cols><sheetData>\n`
const sheetFoot = '</sheetData></worksheet>'

const fixed = (sheets: number, name: string): [string, string][] => {
  const all = Array.from({ length: sheets }, (_, n) => n + 1)
  const called = (n: number) => xml(`${name.replace(/[[\]:*?/\\']/g, ' ').slice(0, 26)}${n === 1 ? '' : ` ${n}`}`)
  return [
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${office}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${office}.styles+xml"/>${all.map(n => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${office}.worksheet+xml"/>`).join('')}</Types>`,
    ],
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets>${all.map(n => `<sheet name="${called(n)}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${head}<Relationships xmlns="${pack}/relationships">${all.map(n => `<Relationship Id="rId${n}" Type="${rel}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rId${sheets + 1}" Type="${rel}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`,
    ],
  ]
}

/** Lines of rows, the first of them the heading, become a workbook; a sheet that is full is followed by another under the same heading. */
export async function* workbook(lines: AsyncIterable<Uint8Array>, columns: number, name: string): AsyncGenerator<Uint8Array> {
  const { entry, end } = zipWriter()
  const sheets = sheetsOf(lines, columns)
  let count = 0
  for (let more = await sheets.next(); more !== null; more = await sheets.next()) yield* entry(`xl/worksheets/sheet${++count}.xml`, more)
  for (const [path, text] of fixed(count, name)) yield* entry(path, once(text))
  yield* end()
}

async function* once(text: string) {
  yield Buffer.from(text)
}

/** The lines cut into sheets. Each must be read to its end before the next is asked for. */
function sheetsOf(lines: AsyncIterable<Uint8Array>, columns: number) {
  const source = lines[Symbol.asyncIterator]()
  let heading: Uint8Array | null = null
  let rest: Uint8Array = new Uint8Array()
  let over = false
  const fill = async () => {
    const { value, done } = await source.next()
    if (done) over = true
    else rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }
  const readHeading = async () => {
    let end = rest.indexOf(10)
    while (end < 0 && !over) {
      await fill()
      end = rest.indexOf(10)
    }
    heading = rest.subarray(0, end + 1)
    rest = rest.subarray(end + 1)
  }
  async function* sheet(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(sheetHead(columns))
    if (heading) yield heading
    let left = rowsPerSheet
    for (;;) {
      if (rest.length === 0 && !over) await fill()
      if (rest.length === 0) {
        if (over) break
        continue
      }
      let at = 0
      while (left > 0) {
        const end = rest.indexOf(10, at)
        if (end < 0) break
        at = end + 1
        left--
      }
      const whole = left === 0 ? rest.subarray(0, at) : rest
      rest = rest.subarray(whole.length)
      yield whole
      if (left === 0) break
    }
    yield Buffer.from(sheetFoot)
  }
  return {
    next: async () => {
      if (heading === null) await readHeading()
      else {
        while (rest.length === 0 && !over) await fill()
        if (rest.length === 0) return null
      }
      return sheet()
    },
  }
}

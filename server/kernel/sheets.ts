import { open } from 'node:fs/promises'
import { Refusal } from './refusal.ts'
import { sheetNames, workbookRows } from './workbookReader.ts'

export const encodings = ['utf-8', 'gb18030', 'utf-16le'] as const
export type Encoding = (typeof encodings)[number]
export const separators = [',', ';', '\t', '|'] as const
export type Separator = (typeof separators)[number]
/** How a table is read: which sheet of a workbook, or which signs a text is written in. */
export type Reading = { sheet: string } | { encoding: Encoding; separator: Separator }
export type TableRow = { line: number; cells: string[] }
export type Head = { reading: Reading; sheets: string[]; title: string[]; rows: TableRow[] }

const looked = 256 * 1024
const shown = 5

/** What a table begins with, and how it is best read. */
export async function headOf(place: string, wish?: Reading): Promise<Head> {
  const file = await open(place, 'r').catch(() => {
    throw new Refusal('gone', 'file.gone')
  })
  let sheets: string[] = []
  let reading: Reading
  try {
    const start = Buffer.alloc(looked)
    const { bytesRead } = await file.read(start, 0, looked, 0)
    if (bytesRead === 0) throw new Refusal('invalid', 'file.empty')
    if (bytesRead > 4 && start.readUInt32LE(0) === 0x04034b50) {
      sheets = await sheetNames(file)
      reading = wish && 'sheet' in wish ? wish : { sheet: sheets[0] ?? '' }
    } else reading = wish && 'encoding' in wish ? wish : guessed(start.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
  const rows: TableRow[] = []
  for await (const row of tableRows(place, reading)) {
    if (row.cells.every(cell => cell === '')) continue
    rows.push(row)
    if (rows.length > shown) break
  }
  const [title, ...more] = rows
  if (!title) throw new Refusal('invalid', 'sheet.empty')
  return { reading, sheets, title: title.cells, rows: more }
}

/** Excel in China saves CSV as GB18030 and says so nowhere: what is not UTF-8 is that. The last line may be cut in the middle of a character. */
function guessed(start: Buffer): Reading {
  if (start[0] === 0xff && start[1] === 0xfe)
    return { encoding: 'utf-16le', separator: separatorOf(new TextDecoder('utf-16le').decode(start)) }
  if (start.includes(0)) throw new Refusal('invalid', 'file.type_refused', { type: 'unknown' })
  const lines = start.length < looked ? start : start.subarray(0, start.lastIndexOf(10) + 1)
  try {
    return { encoding: 'utf-8', separator: separatorOf(new TextDecoder('utf-8', { fatal: true }).decode(lines)) }
  } catch {
    return { encoding: 'gb18030', separator: separatorOf(new TextDecoder('gb18030').decode(lines)) }
  }
}
function separatorOf(text: string): Separator {
  const first = text.split(/\r?\n/).find(line => line.trim() !== '') ?? ''
  const count = (separator: string) => first.split(separator).length
  return separators.reduce((best, other) => (count(other) > count(best) ? other : best))
}

/** Every row of a table, read as it comes: a file of a million rows takes no more memory than one of a thousand. */
export async function* tableRows(place: string, reading: Reading): AsyncGenerator<TableRow> {
  const file = await open(place, 'r').catch(() => {
    throw new Refusal('gone', 'file.gone')
  })
  try {
    if ('sheet' in reading) yield* workbookRows(file, reading.sheet)
    else yield* textRows(file.createReadStream({ autoClose: false, highWaterMark: 1 << 17 }), reading)
  } finally {
    await file.close()
  }
}

const longestCell = 1024 * 1024
/** As in workbooks: what stands further to the right is left where it is. */
const mostColumns = 200

/** RFC 4180, and the ways around it that Excel and people take. */
async function* textRows(
  bytes: AsyncIterable<Buffer>,
  { encoding, separator }: { encoding: Encoding; separator: Separator },
): AsyncGenerator<TableRow> {
  const decoder = new TextDecoder(encoding, { fatal: encoding !== 'gb18030' })
  let row: string[] = []
  let cell = ''
  let quoted = false
  let closed = false
  let line = 1
  let began = 1
  const decode = (chunk?: Buffer) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      throw new Refusal('invalid', 'sheet.encoding', { line })
    }
  }
  async function* decoded() {
    for await (const chunk of bytes) yield decode(chunk)
    yield decode()
  }
  for await (const text of decoded()) {
    let from = 0
    const take = (until: number) => {
      if (until > from) cell += text.slice(from, until)
      from = until + 1
      if (cell.length > longestCell) throw new Refusal('invalid', 'sheet.quote_open', { line: began })
    }
    for (let at = 0; at < text.length; at++) {
      const c = text.charCodeAt(at)
      if (c === 10) line++
      if (c === 34) {
        take(at)
        if (quoted) {
          quoted = false
          closed = true
        } else if (closed) {
          // Two of them within quotes are one.
          cell += '"'
          quoted = true
          closed = false
        } else if (cell.trim() === '') {
          cell = ''
          quoted = true
        } else cell += '"'
        continue
      }
      if (quoted) continue
      if (c === separator.charCodeAt(0)) {
        take(at)
        if (row.length < mostColumns) row.push(cell.trim())
        cell = ''
        closed = false
      } else if (c === 10) {
        take(at)
        if (row.length < mostColumns) row.push(cell.trim())
        cell = ''
        closed = false
        yield { line: began, cells: row }
        row = []
        began = line
      }
    }
    if (from < text.length) cell += text.slice(from)
    if (cell.length > longestCell) throw new Refusal('invalid', 'sheet.quote_open', { line: began })
  }
  if (quoted) throw new Refusal('invalid', 'sheet.quote_open', { line: began })
  if (cell !== '' || row.length > 0) {
    if (row.length < mostColumns) row.push(cell.trim())
    yield { line: began, cells: row }
  }
}

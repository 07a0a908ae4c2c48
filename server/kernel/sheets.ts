import { open } from 'node:fs/promises'
import { Refusal } from './refusal.ts'
import { sheetNames, workbookRows } from './workbookReader.ts'

export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5'] as const
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
  for await (const row of withoutBanner(tableRows(place, reading))) {
    if (row.cells.every(cell => cell === '')) continue
    rows.push(row)
    if (rows.length > shown) break
  }
  const [title, ...more] = rows
  if (!title) throw new Refusal('invalid', 'sheet.empty')
  return { reading, sheets, title: title.cells, rows: more }
}

/** Excel in China saves CSV as GB18030 and says so nowhere: what is not UTF-8 is that, or Big5. The last line may be cut in the middle of a character. */
function guessed(start: Buffer): Reading {
  const told = start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : wide(start)
  if (told) return { encoding: told, separator: separatorOf(new TextDecoder(told).decode(start)) }
  if (start.includes(0)) throw new Refusal('invalid', 'file.type_refused', { type: 'unknown' })
  const lines = start.length < looked ? start : start.subarray(0, start.lastIndexOf(10) + 1)
  try {
    return { encoding: 'utf-8', separator: separatorOf(new TextDecoder('utf-8', { fatal: true }).decode(lines)) }
  } catch {
    const encoding = chinese(lines)
    return { encoding, separator: separatorOf(new TextDecoder(encoding).decode(lines)) }
  }
}

/** Two bytes to a sign without a mark: line ends and separators leave a zero on one side. 一 leaves one on the other, so the side that has more is tried first. */
function wide(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  let even = 0
  let odd = 0
  for (let n = 0; n < start.length; n++) if (start[n] === 0) n % 2 === 0 ? even++ : odd++
  if (even + odd < 2) return null
  return (odd > even ? (['utf-16le', 'utf-16be'] as const) : (['utf-16be', 'utf-16le'] as const)).find(one => isTable(start, one)) ?? null
}
function isTable(start: Buffer, encoding: 'utf-16le' | 'utf-16be'): boolean {
  try {
    // What was looked at may end in the middle of a rare sign.
    const text = new TextDecoder(encoding, { fatal: true }).decode(start.subarray(0, start.length - (start.length % 2)), { stream: true })
    return /[,;\t|\n]/.test(text) && !/[^\P{Cc}\t\r\n]/u.test(text)
  } catch {
    return false
  }
}

/** What Chinese texts are full of, in both scripts. The wrong decoder makes rare signs of them. */
const common = new Set(
  '的一是不了在人有我他这那中大来上国个到说们为子和你地出道也时年得就下可以生会自着去之过家学对里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走電話號碼姓址客戶編這來國個說們為時會著過學對裡後沒於還發當開經頭動兩長樣現將與進實點聲問機給幾業間區縣市路街備註標籤郵箱',
)
function chinese(bytes: Buffer): 'gb18030' | 'big5' {
  const known = (encoding: 'gb18030' | 'big5') =>
    [...new TextDecoder(encoding).decode(bytes.subarray(0, 32 * 1024))].filter(c => common.has(c)).length
  return known('big5') > 1.5 * known('gb18030') + 1 ? 'big5' : 'gb18030'
}
function separatorOf(text: string): Separator {
  const first = text.split(/\r\n?|\n/).find(line => line.trim() !== '') ?? ''
  const count = (separator: string) => first.split(separator).length
  return separators.reduce((best, other) => (count(other) > count(best) ? other : best))
}

/** A name over the whole width stands above many headings: rows of one cell above the first row of several are no heading. */
export async function* withoutBanner(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  const filled = ({ cells }: TableRow) => cells.filter(cell => cell !== '').length
  let above: TableRow[] | null = []
  for await (const row of rows) {
    if (above === null) yield row
    else if (filled(row) > 1) {
      above = null
      yield row
    } else if (above.push(row) > mostAbove) {
      // A table of one column.
      yield* above
      above = null
    }
  }
  if (above) yield* above
}
const mostAbove = 5

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
const mostColumns = 512

/** RFC 4180, and the ways around it that Excel and people take. */
async function* textRows(
  bytes: AsyncIterable<Buffer>,
  { encoding, separator }: { encoding: Encoding; separator: Separator },
): AsyncGenerator<TableRow> {
  // A sign or two that no Chinese encoding knows spoil no table; nothing else could be chosen for it.
  const decoder = new TextDecoder(encoding, { fatal: encoding !== 'gb18030' && encoding !== 'big5' })
  let row: string[] = []
  let cell = ''
  let quoted = false
  let closed = false
  let line = 1
  let began = 1
  let returned = false
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
      // Lines end with either sign or with both, also within one table.
      const isSecond = c === 10 && returned
      returned = c === 13
      if ((c === 10 && !isSecond) || c === 13) line++
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
      } else if (isSecond) from = at + 1
      else if (c === 10 || c === 13) {
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

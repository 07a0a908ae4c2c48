import { readSheet } from 'read-excel-file/node'
import { Refusal } from './refusal.ts'

const mostRows = 20_000

/** The first sheet of a workbook, or a CSV file in UTF-8 or GB18030, as rows of trimmed text. Empty rows stay: lines keep their number. */
export async function readTable(bytes: Buffer): Promise<string[][]> {
  const packed = bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50
  const rows = packed ? await fromWorkbook(bytes) : fromText(decoded(bytes))
  if (rows.length > mostRows) throw new Refusal('too_large', 'sheet.too_long', { most: mostRows })
  return rows
}

async function fromWorkbook(bytes: Buffer): Promise<string[][]> {
  const sheet = await readSheet(bytes).catch(() => {
    throw new Refusal('invalid', 'file.broken')
  })
  return sheet.map(row => row.map(cell => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '').trim())))
}

/** Excel in China saves CSV as GB18030 and says so nowhere: what is not UTF-8 is that. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** RFC 4180, with the separator that the first line uses most. */
function fromText(text: string): string[][] {
  const first = text.split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string) => first.split(separator).length
  const separator = [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best))
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell.trim())
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (quoted && c === '"' && text[at + 1] === '"') {
      cell += '"'
      at++
    } else if (c === '"' && (quoted || cell.trim() === '')) {
      quoted = !quoted
    } else if (!quoted && c === separator) endCell()
    else if (!quoted && c === '\n') {
      endCell()
      rows.push(row)
      row = []
    } else cell += c
  }
  if (cell !== '' || row.length > 0) {
    endCell()
    rows.push(row)
  }
  return rows
}

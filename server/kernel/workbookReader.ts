import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Refusal } from './refusal.ts'
import { contentsOf, type Packed, unpacked } from './zip.ts'

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
/** The five entities and numbers: others would need a document type, and those are refused. */
const plain = (text: string) =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (all, hex?: string, dec?: string, name?: string) => {
        if (name) return named[name] ?? all
        const code = hex ? Number.parseInt(hex, 16) : Number(dec)
        return code > 0x10ffff ? '' : String.fromCodePoint(code)
      })
    : text

const attribute = (tag: string, name: string) => plain(new RegExp(`\\s(?:\\w+:)?${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
const mostPart = 4 * 1024 * 1024

/** The pieces of a part between one end tag and the next. No piece is larger than a row can be. */
async function* pieces(file: FileHandle, entry: Packed, end: RegExp): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let text = ''
  for await (const bytes of await unpacked(file, entry)) {
    text += decoder.decode(bytes, { stream: true })
    if (text.includes('<!DOCTYPE')) throw new Refusal('invalid', 'file.broken')
    let from = 0
    end.lastIndex = 0
    for (let hit = end.exec(text); hit; hit = end.exec(text)) {
      yield text.slice(from, end.lastIndex)
      from = end.lastIndex
    }
    text = text.slice(from)
    if (text.length > mostPart) throw new Refusal('invalid', 'file.broken')
  }
  yield text
}

async function whole(file: FileHandle, entry: Packed | undefined): Promise<string> {
  if (!entry) return ''
  if (entry.size > 16 * 1024 * 1024) throw new Refusal('invalid', 'file.broken')
  const parts: Buffer[] = []
  for await (const bytes of await unpacked(file, entry)) parts.push(bytes)
  const text = Buffer.concat(parts).toString('utf8')
  if (text.includes('<!DOCTYPE')) throw new Refusal('invalid', 'file.broken')
  return text
}

/** How numbers are shown as days: in which styles, and from when they count. */
type Dates = { styles: ReadonlySet<number>; offset: number }
type Strings = { at: (n: number) => string; close: () => void }

const texts = (xml: string) => {
  let said = ''
  // What is read aloud of a Chinese word (rPh) is no part of it.
  for (const [, text] of xml
    .replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, '')
    .matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?t>/g))
    said += text
  return plain(said)
}

/** Without a name from the beginning: it goes with whoever reads it, however that ends. */
function unnamedFile(): number {
  const place = path.join(tmpdir(), `huiyin-strings-${randomUUID()}`)
  const disk = openSync(place, 'wx+', 0o600)
  rmSync(place)
  return disk
}

/** Shared strings lie on the disk, their places in memory: millions of them take eight bytes each. Programs number them in the order of the rows, so one block serves many. */
async function sharedStrings(file: FileHandle, entry: Packed | undefined): Promise<Strings> {
  if (!entry) return { at: () => '', close: () => {} }
  const disk = unnamedFile()
  try {
    return await laidOut(file, entry, disk)
  } catch (error) {
    closeSync(disk)
    throw error
  }
}

async function laidOut(file: FileHandle, entry: Packed, disk: number): Promise<Strings> {
  let places = new Float64Array(1 << 16)
  let count = 0
  let end = 0
  let waiting: Buffer[] = []
  let held = 0
  const flush = () => {
    const bytes = Buffer.concat(waiting)
    writeSync(disk, bytes, 0, bytes.length, end - held)
    waiting = []
    held = 0
  }
  for await (const piece of pieces(file, entry, /<\/(?:\w+:)?si>|<(?:\w+:)?si\s*\/>/g)) {
    if (!/<(?:\w+:)?si\b/.test(piece)) continue
    const bytes = Buffer.from(texts(piece))
    if (count + 1 >= places.length) {
      const more = new Float64Array(places.length * 2)
      more.set(places)
      places = more
    }
    places[count++] = end
    waiting.push(bytes)
    end += bytes.length
    held += bytes.length
    if (held > 1 << 20) flush()
  }
  flush()
  places[count] = end
  const block = Buffer.alloc(1 << 20)
  let from = 0
  let until = 0
  return {
    at: n => {
      const start = places[n] ?? 0
      const stop = places[n + 1] ?? start
      if (n < 0 || n >= count) return ''
      if (stop - start > block.length) {
        const large = Buffer.alloc(stop - start)
        readSync(disk, large, 0, large.length, start)
        return large.toString('utf8')
      }
      if (start < from || stop > until) {
        from = start
        until = start + readSync(disk, block, 0, block.length, start)
      }
      return block.toString('utf8', start - from, stop - from)
    },
    close: () => closeSync(disk),
  }
}

const dateIds = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58])

/** Which cell styles show a date. */
function dateStyles(xml: string): ReadonlySet<number> {
  const own = new Set<number>()
  for (const [tag] of xml.matchAll(/<(?:\w+:)?numFmt\b[^>]*>/g))
    if (/[yd年日]/i.test(attribute(tag, 'formatCode').replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''))) own.add(Number(attribute(tag, 'numFmtId')))
  const styles = new Set<number>()
  const cells = /<(?:\w+:)?cellXfs\b[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(xml)?.[0] ?? ''
  let n = 0
  for (const [tag] of cells.matchAll(/<(?:\w+:)?xf\b[^>]*>/g)) {
    const id = Number(attribute(tag, 'numFmtId'))
    if (dateIds.has(id) || own.has(id)) styles.add(n)
    n++
  }
  return styles
}

/** Until 2011 workbooks made on a Macintosh counted days from 1904. */
const since1904 = 1462
const countsFrom1904 = (book: string) => /<(?:\w+:)?workbookPr\b[^>]*\sdate1904="(?:1|true)"/.test(book)

const isoDate = (serial: number) => {
  const at = new Date(Math.round((serial - 25_569) * 86_400_000))
  if (Number.isNaN(at.getTime())) return String(serial)
  const text = at.toISOString()
  return Number.isInteger(serial) ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}

function columnOf(place: string): number {
  let n = 0
  for (let i = 0; i < place.length; i++) {
    const code = place.charCodeAt(i)
    if (code < 65 || code > 90) break
    n = n * 26 + code - 64
  }
  return n - 1
}
/** What stands further to the right is left where it is. */
const mostColumns = 512

function cellsOf(row: string, strings: Strings, dates: Dates): string[] {
  const cells: string[] = []
  let next = 0
  for (const [, tag = '', inner = ''] of row.matchAll(/<(?:\w+:)?c(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g)) {
    const place = /\sr="([A-Z]{1,3})\d*"/.exec(tag)?.[1]
    const column = place ? columnOf(place) : next
    next = column + 1
    if (column >= mostColumns) continue
    const type = /\st="(\w+)"/.exec(tag)?.[1] ?? 'n'
    const value = /<(?:\w+:)?v(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?v>/.exec(inner)?.[1] ?? ''
    let said = ''
    if (type === 's') said = strings.at(Number(value))
    else if (type === 'inlineStr') said = texts(inner)
    else if (type === 'str' || type === 'd') said = plain(value)
    else if (type === 'b') said = value === '1' ? 'TRUE' : value === '' ? '' : 'FALSE'
    else if (type === 'n' && value !== '') {
      const number = Number(value)
      said = dates.styles.has(Number(/\ss="(\d+)"/.exec(tag)?.[1] ?? -1))
        ? isoDate(number + dates.offset)
        : Number.isSafeInteger(number)
          ? String(number)
          : String(Number(value))
    }
    while (cells.length < column) cells.push('')
    cells[column] = said.trim()
  }
  return cells
}

const bookOf = (file: FileHandle, contents: ReadonlyMap<string, Packed>) => whole(file, contents.get('xl/workbook.xml'))

/** Names of the sheets, in their order, and where each lies. */
async function sheetsIn(file: FileHandle, contents: ReadonlyMap<string, Packed>, book: string): Promise<{ name: string; entry: Packed }[]> {
  const relations = await whole(file, contents.get('xl/_rels/workbook.xml.rels'))
  const targets = new Map<string, string>()
  for (const [tag] of relations.matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g)) targets.set(attribute(tag, 'Id'), attribute(tag, 'Target'))
  const sheets: { name: string; entry: Packed }[] = []
  for (const [tag] of book.matchAll(/<(?:\w+:)?sheet\b[^>]*>/g)) {
    const target = (targets.get(/\s\w+:id="([^"]*)"/.exec(tag)?.[1] ?? '') ?? '').replace(/^\/?(xl\/)?/, 'xl/')
    const entry = contents.get(target)
    if (entry) sheets.push({ name: attribute(tag, 'name'), entry })
  }
  if (sheets.length === 0) throw new Refusal('invalid', 'file.broken')
  return sheets
}

export async function sheetNames(file: FileHandle): Promise<string[]> {
  const contents = await contentsOf(file)
  return (await sheetsIn(file, contents, await bookOf(file, contents))).map(sheet => sheet.name)
}

/** The rows of one sheet, as text, each with its number in the sheet. */
export async function* workbookRows(file: FileHandle, name?: string): AsyncGenerator<{ line: number; cells: string[] }> {
  const contents = await contentsOf(file)
  const book = await bookOf(file, contents)
  const sheets = await sheetsIn(file, contents, book)
  const sheet = name === undefined ? sheets[0] : sheets.find(one => one.name === name)
  if (!sheet) throw new Refusal('invalid', 'sheet.not_found', { name })
  const dates = {
    styles: dateStyles(await whole(file, contents.get('xl/styles.xml'))),
    offset: countsFrom1904(book) ? since1904 : 0,
  }
  const strings = await sharedStrings(file, contents.get('xl/sharedStrings.xml'))
  try {
    let line = 0
    for await (const piece of pieces(file, sheet.entry, /<\/(?:\w+:)?row>|<(?:\w+:)?row\b[^>]*\/>/g)) {
      const at = /<(?:\w+:)?row(\s[^>]*?)?\/?>/.exec(piece)
      if (!at) continue
      line = Number(/\sr="(\d+)"/.exec(at[1] ?? '')?.[1] ?? line + 1)
      yield { line, cells: cellsOf(piece.slice(at.index + at[0].length), strings, dates) }
    }
  } finally {
    strings.close()
  }
}

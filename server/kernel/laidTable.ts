import { readSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from './refusal.ts'
import type { TableRow } from './sheets.ts'

const mostRows = 2_000_000
// Between cells and after rows, as these signs were meant. No table keeps its own: signs that nobody sees are left out of every cell.
const cellEnd = '\u001f'
const rowEnd = '\u001e'
const rowEndByte = 0x1e
const unseen = /[^\P{Cc}\t\n\r]/gu
const isUnseen = /[^\P{Cc}\t\n\r]/u

/** `twin`: the line of the first row that says the same thing, when one stood before it that can come in. */
export type LaidRow = { line: number; twin: number | null; cells: string[] }
export type Laid = { rows: LaidRow[]; next: number; total: number; over: boolean }
type Cells = string[]

const clean = (cell: string) => (isUnseen.test(cell) ? cell.replaceAll(unseen, '').trim() : cell)

/**
 * Lays a table out on the disk, so that it is read on from any place. Made whole under another name first: after a crash it is there or it is not.
 * `isRead`: whether a row says something at all; asked of the first of two that say the same thing.
 */
export async function lay(
  place: string,
  rows: AsyncIterable<TableRow>,
  keysOf: (cells: Cells) => string[],
  isRead: (cells: Cells) => boolean,
): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true })
  const half = `${place}.half`
  const out = await open(half, 'w+', 0o600)
  const seen = newSeen()
  let total = 0
  let text = ''
  let size = 0
  /** Rows that stand in `text`, by their place. */
  let recent = new Map<number, { line: number; cells: Cells }>()
  const drain = async () => {
    await out.appendFile(text)
    text = ''
    recent = new Map()
  }
  /** The line of the first that says the same, when it can come in; otherwise this one is the first. */
  const firstOf = (key: string, at: number): number => {
    const sum = sumOf(key)
    const known = seen.get(sum)
    if (known !== undefined && known < 0) return -known
    if (known !== undefined) {
      const first = recent.get(known) ?? rowAt(out.fd, known)
      if (isRead(first.cells)) {
        seen.set(sum, -first.line)
        return first.line
      }
    }
    seen.set(sum, at)
    return 0
  }
  try {
    let title = true
    for await (const { line, cells } of rows) {
      if (cells.every(cell => cell === '')) continue
      if (title) {
        title = false
        continue
      }
      if (++total > mostRows) throw new Refusal('too_large', 'sheet.too_long', { most: mostRows })
      let twin = 0
      for (const key of keysOf(cells)) {
        const first = firstOf(key, size)
        if (twin === 0) twin = first
      }
      const kept = cells.map(clean)
      recent.set(size, { line, cells: kept })
      const row = `${[line, twin, ...kept].join(cellEnd)}${rowEnd}`
      text += row
      size += Buffer.byteLength(row)
      if (text.length > 1 << 19) await drain()
    }
    text += `${total}${rowEnd}`
    await drain()
    await rename(half, place).catch((error: NodeJS.ErrnoException) => {
      // Called off meanwhile: nothing is left of it.
      throw error.code === 'ENOENT' ? new Refusal('gone', 'run.part_lost') : error
    })
  } catch (error) {
    await rm(half, { force: true })
    throw error
  } finally {
    await out.close()
  }
}

/** One row, read back while others are being laid. */
function rowAt(file: number, at: number): { line: number; cells: Cells } {
  const pieces: Buffer[] = []
  for (let from = at, end = -1; end < 0; ) {
    const piece = Buffer.allocUnsafe(4096)
    const read = piece.subarray(0, readSync(file, piece, 0, piece.length, from))
    if (read.length === 0) throw new Refusal('gone', 'run.part_lost')
    end = read.indexOf(rowEndByte)
    pieces.push(end < 0 ? read : read.subarray(0, end))
    from += read.length
  }
  const [line, , ...cells] = Buffer.concat(pieces).toString('utf8').split(cellEnd)
  return { line: Number(line), cells }
}

/** So many laid rows from a place on; the last of all tells how many there are. */
export async function readLaid(place: string, at: number, most: number): Promise<Laid> {
  const file = await open(place, 'r').catch(() => {
    throw new Refusal('gone', 'run.part_lost')
  })
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(Math.min(size, 32))
    await file.read(tail, 0, tail.length, size - tail.length)
    const last = tail.toString('utf8', 0, tail.length - 1)
    const total = Number(last.slice(last.lastIndexOf(rowEnd) + 1))
    const end = size - String(total).length - 1
    const pieces: Buffer[] = []
    let next = at
    let count = 0
    for (let from = at; count < most && from < end; ) {
      const piece = Buffer.allocUnsafe(Math.min(1 << 18, end - from))
      const { bytesRead } = await file.read(piece, 0, piece.length, from)
      if (bytesRead === 0) throw new Refusal('gone', 'run.part_lost')
      const read = piece.subarray(0, bytesRead)
      for (let cut = read.indexOf(rowEndByte); cut >= 0 && count < most; cut = read.indexOf(rowEndByte, cut + 1)) {
        count++
        next = from + cut + 1
      }
      pieces.push(read)
      from += bytesRead
    }
    const rows = Buffer.concat(pieces)
      .toString('utf8', 0, next - at)
      .split(rowEnd, count)
      .map(text => {
        const [line, twin, ...cells] = text.split(cellEnd)
        return { line: Number(line), twin: Number(twin) || null, cells }
      })
    return { rows, next, total, over: next >= end }
  } finally {
    await file.close()
  }
}

/** Of each sum where its first row lies, or its line, negative, once that is known to come in: sixteen bytes a place, at most half of them taken. Two million keys take 67 MB, and no table more. */
function newSeen(): { get: (sum: number) => number | undefined; set: (sum: number, where: number) => void } {
  let sums = new Float64Array(1 << 12)
  let wheres = new Float64Array(1 << 12)
  let count = 0
  const placeOf = (sum: number) => {
    const mask = sums.length - 1
    let n = (sum % 4294967291) & mask
    while (sums[n] !== 0 && sums[n] !== sum) n = (n + 1) & mask
    return n
  }
  const widen = () => {
    const before = { sums, wheres }
    sums = new Float64Array(before.sums.length * 2)
    wheres = new Float64Array(before.sums.length * 2)
    before.sums.forEach((sum, n) => {
      if (sum === 0) return
      const place = placeOf(sum)
      sums[place] = sum
      wheres[place] = before.wheres[n] ?? 0
    })
  }
  return {
    get: sum => {
      const place = placeOf(sum)
      return sums[place] === sum ? wheres[place] : undefined
    },
    set: (sum, where) => {
      const place = placeOf(sum)
      const isNew = sums[place] !== sum
      sums[place] = sum
      wheres[place] = where
      if (isNew && ++count * 2 > sums.length) widen()
    },
  }
}

/** 53 bits of a key, never 0. */
function sumOf(key: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let n = 0; n < key.length; n++) {
    const c = key.charCodeAt(n)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0) || 1
}

import { createWriteStream } from 'node:fs'
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

/** `twin`: the line of the first row that says the same thing, when one stood before it. */
export type LaidRow = { line: number; twin: number | null; cells: string[] }
export type Laid = { rows: LaidRow[]; next: number; total: number; over: boolean }

/** Lays a table out on the disk, so that it is read on from any place. Made whole under another name first: after a crash it is there or it is not. */
export async function lay(place: string, rows: AsyncIterable<TableRow>, keysOf: (cells: string[]) => string[]): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true })
  const out = createWriteStream(`${place}.half`, { mode: 0o600, highWaterMark: 1 << 20 })
  const failed = new Promise<never>((_, reject) => out.once('error', reject))
  failed.catch(() => {})
  const seen = newSeen()
  let total = 0
  let text = ''
  const drain = async () => {
    if (!out.write(text)) await Promise.race([failed, new Promise<void>(resolve => out.once('drain', () => resolve()))])
    text = ''
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
        const first = seen(sumOf(key), line)
        if (twin === 0) twin = first
      }
      text += `${line}${cellEnd}${twin}`
      for (const cell of cells) text += cellEnd + (isUnseen.test(cell) ? cell.replaceAll(unseen, '').trim() : cell)
      text += rowEnd
      if (text.length > 1 << 19) await drain()
    }
    text += `${total}${rowEnd}`
    await drain()
    await Promise.race([failed, new Promise<void>(resolve => out.end(() => resolve()))])
    await rename(`${place}.half`, place).catch((error: NodeJS.ErrnoException) => {
      // Called off meanwhile: nothing is left of it.
      throw error.code === 'ENOENT' ? new Refusal('gone', 'run.part_lost') : error
    })
  } catch (error) {
    out.destroy()
    await rm(`${place}.half`, { force: true })
    throw error
  }
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

/** Of each sum the line where it stood first: twelve bytes a place, at most half of them taken. Two million keys take 50 MB, and no table more. */
function newSeen(): (sum: number, line: number) => number {
  let sums = new Float64Array(1 << 12)
  let lines = new Uint32Array(1 << 12)
  let count = 0
  const placeOf = (sum: number) => {
    const mask = sums.length - 1
    let n = (sum % 4294967291) & mask
    while (sums[n] !== 0 && sums[n] !== sum) n = (n + 1) & mask
    return n
  }
  const widen = () => {
    const before = { sums, lines }
    sums = new Float64Array(before.sums.length * 2)
    lines = new Uint32Array(before.sums.length * 2)
    before.sums.forEach((sum, n) => {
      if (sum === 0) return
      const place = placeOf(sum)
      sums[place] = sum
      lines[place] = before.lines[n] ?? 0
    })
  }
  return (sum, line) => {
    const place = placeOf(sum)
    if (sums[place] === sum) return lines[place] ?? 0
    sums[place] = sum
    lines[place] = line
    if (++count * 2 > sums.length) widen()
    return 0
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

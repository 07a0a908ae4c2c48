import iconv from 'iconv-lite'
import type { Cell } from './exports.ts'
import { localTime } from './localTime.ts'

/**
 * What a spreadsheet program would take for a formula, or would strip until it is one. Numbers of ours are no text and pass.
 * Full-width signs count: Excel reads them as the narrow ones in a Chinese setting.
 */
const formula = /^[\s\p{Cc}]*[=+\-@＝＋－＠|]|^[\t\r\n]/u

export const harmless = (text: string): string => (formula.test(text) ? `'${text}` : text)

function cellText(cell: Cell, zone: string): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  if (cell instanceof Date) return localTime(cell, zone)
  const text = harmless(cell.replaceAll('\0', '').toWellFormed())
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180. */
export const csvLine = (cells: readonly Cell[], zone: string): string => `${cells.map(cell => cellText(cell, zone)).join(',')}\r\n`

export const encoded = (text: string, format: 'csv' | 'gb18030'): Uint8Array =>
  format === 'csv' ? Buffer.from(text, 'utf8') : iconv.encode(text, 'gb18030')

/** By it Excel knows UTF-8. */
export const mark = Buffer.from([0xef, 0xbb, 0xbf])

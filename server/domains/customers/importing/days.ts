import type { DateOrder } from '#contract/imports.ts'

type Wrong = { wrong: 'date_invalid' | 'date_ambiguous' }

// 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日, each with or without a time.
const yearFirst = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?$/
const packed = /^(\d{4})(\d{2})(\d{2})$/
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/
/** As Excel counts: days since the end of 1899, from 1900-03-01 to 2199. */
const serial = /^\d{2,6}(?:\.\d+)?$/
/** Says no day; as a count it would be one of 1905. */
const year = /^(?:19|20|21)\d{2}$/

/** What a cell says of a day, as `2026-11-21 00:00:00` by the clock of the organisation; '' when it says nothing. */
export function dayOf(typed: string, order: DateOrder): string | Wrong {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return ''
  const first = yearFirst.exec(text) ?? packed.exec(text)
  if (first) return instant(first.slice(1, 7).map(part => Number(part ?? 0)))
  const last = yearLast.exec(text)
  if (last) {
    const [one, two, year] = [Number(last[1]), Number(last[3]), Number(last[4])]
    // With dots the day always stands first. Otherwise only what cannot be a month tells which is which.
    if (last[2] === '.' || one > 12) return instant([year, two, one])
    if (two > 12 || order === 'mdy') return instant([year, one, two])
    if (one === two || order === 'dmy') return instant([year, two, one])
    return { wrong: 'date_ambiguous' }
  }
  if (!serial.test(text) || year.test(text) || Number(text) < 61) return { wrong: 'date_invalid' }
  const at = new Date(Math.round((Number(text) - 25_569) * 86_400) * 1000)
  return instant([at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()])
}

function instant([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): string | Wrong {
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isThat = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour && at.getUTCMinutes() === minute
  if (!isThat || year < 1900 || year > 2199 || second > 59) return { wrong: 'date_invalid' }
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

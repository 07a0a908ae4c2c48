import { currency, type NewReceivable, type Receivable } from '#contract/receivables.ts'

/** Days after which what is overdue is told, each once. */
const steps = [1, 30, 60, 90] as const
/** The first day of a month may fill in for a day that is not there: 2026-02-30 is none. */
const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}
const day = 86_400_000
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(from) - Date.parse(to)) / -day)
export const dayAfter = (date: string, days: number): string => new Date(Date.parse(date) + days * day).toISOString().slice(0, 10)
/** A day is overdue from the midnight after it. */
export const overdueDays = (since: string | null, today: string): number => (since === null ? 0 : Math.max(0, daysBetween(since, today)))
export const stepOf = (days: number): number => steps.findLast(step => days >= step) ?? 0
export const levelOf = (days: number): 'warn' | 'bad' => (days >= 30 ? 'bad' : 'warn')
/** 2026-10 and twelve months before it: 2025-10. */
export const yearBefore = (month: string): string => `${Number(month.slice(0, 4)) - 1}${month.slice(4, 7)}`

type Judged = Pick<Receivable, 'openAmount' | 'hold' | 'dueOn'>
export const isOverdue = ({ openAmount, hold, dueOn }: Judged, today: string): boolean => openAmount > 0 && hold === '' && dueOn < today

const most = 1_000_000_000_000
export type Fault = 'currency_other' | 'amount_wrong' | 'open_wrong' | 'date_wrong' | 'period_wrong'
/** What is wrong with what the books said; null when nothing is. */
export function faultOf(item: NewReceivable): Fault | null {
  if (item.currency !== currency) return 'currency_other'
  if (item.amount < 0 || item.amount > most) return 'amount_wrong'
  if (item.openAmount !== undefined && (item.openAmount < 0 || item.openAmount > item.amount)) return 'open_wrong'
  if ((item.issuedOn !== undefined && !isDay(item.issuedOn)) || !isDay(item.dueOn)) return 'date_wrong'
  if (item.period && !/^\d{4}-(0[1-9]|1[0-2])$/.test(item.period)) return 'period_wrong'
  return null
}

type Sums = Pick<Receivable, 'amount' | 'openAmount'>
/** What is open of an amount when only the amount is said: what was paid stays paid. One paid in full stays so, whatever it came to: nobody is dunned by a guess. */
export function openOf(amount: number, before: Sums | undefined): number {
  if (!before) return amount
  const isPaid = before.openAmount === 0 && before.amount > 0
  return isPaid ? 0 : Math.min(amount, Math.max(0, before.openAmount + amount - before.amount))
}

/** ¥1,234.50 → 123450; by its figures, so that no cent is lost on the way. Null: not an amount. */
export function fenOf(typed: string): number | null {
  const plain = typed.normalize('NFKC').replaceAll(/[\s,¥￥元]/g, '')
  const [, yuan, cents = ''] = /^(\d{1,10})(?:\.(\d{1,2})0*)?$/.exec(plain) ?? []
  return yuan === undefined ? null : Number(yuan) * 100 + Number(cents.padEnd(2, '0'))
}

/** 2026-10-01, 2026/10/1, 2026.10.1, 20261001, 2026年10月1日; null: no day of the calendar. */
export function dayOf(typed: string): string | null {
  const plain = typed.normalize('NFKC').trim()
  const [, year, month, date] =
    /^(\d{4})(\d\d)(\d\d)$/.exec(plain) ?? /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d\d:.*)?$/.exec(plain) ?? []
  if (year === undefined || month === undefined || date === undefined) return null
  const read = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(read) ? read : null
}

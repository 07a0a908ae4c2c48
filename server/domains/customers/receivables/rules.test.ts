import { describe, expect, test } from 'vitest'
import { NewReceivable } from '#contract/receivables.ts'
import { dayAfter, dayOf, daysBetween, type Fault, faultOf, fenOf, isOverdue, openOf, overdueDays, stepOf, yearBefore } from './rules.ts'

const item = (more: Record<string, unknown> = {}) =>
  NewReceivable.parse({
    extId: 'A1',
    customerNumber: 'K1',
    amount: 8640,
    openAmount: 8640,
    issuedOn: '2026-10-01',
    dueOn: '2026-10-20',
    ...more,
  })

describe('what the books may say', () => {
  test.each<[Record<string, unknown>, Fault | null]>([
    [{}, null],
    [{ openAmount: 0 }, null],
    [{ amount: 0, openAmount: 0 }, null],
    [{ openAmount: 8641 }, 'open_wrong'],
    [{ openAmount: -1 }, 'open_wrong'],
    [{ amount: -1, openAmount: -1 }, 'amount_wrong'],
    [{ amount: 1_000_000_000_001 }, 'amount_wrong'],
    [{ currency: 'USD' }, 'currency_other'],
    [{ dueOn: '2026-02-30' }, 'date_wrong'],
    [{ issuedOn: '1.10.26' }, 'date_wrong'],
    [{ period: '2026-13' }, 'period_wrong'],
    [{ period: '2026-09' }, null],
  ])('%j → %s', (more, fault) => expect(faultOf(item(more))).toBe(fault))
})

describe('what is open when only the amount is said', () => {
  test.each<[string, number, { amount: number; openAmount: number } | undefined, number]>([
    ['all of a new one', 100, undefined, 100],
    ['as it was', 100, { amount: 100, openAmount: 40 }, 40],
    ['by as much more', 120, { amount: 100, openAmount: 40 }, 60],
    ['by as much less', 80, { amount: 100, openAmount: 40 }, 20],
    ['nothing where more was paid than is asked now', 50, { amount: 100, openAmount: 40 }, 0],
    ['nothing of one that was paid', 120, { amount: 100, openAmount: 0 }, 0],
    ['all of one that came to nothing so far', 50, { amount: 0, openAmount: 0 }, 50],
  ])('%s', (_, amount, before, open) => expect(openOf(amount, before)).toBe(open))
})

describe('money in a table is read to the cent', () => {
  test.each<[string, number | null]>([
    ['86.40', 8640],
    ['¥1,234.5', 123_450],
    ['￥１２', 1200],
    ['0.29', 29],
    ['1.10', 110],
    ['12.345', null],
    ['-3', null],
    ['=1+1', null],
    ['', null],
    ['86.400', 8640],
    ['12 元', 1200],
  ])('%s → %s', (typed, fen) => expect(fenOf(typed)).toBe(fen))
})

describe('days in a table are read in the styles people write', () => {
  test.each<[string, string | null]>([
    ['2026-10-01', '2026-10-01'],
    ['2026/10/1', '2026-10-01'],
    ['2026.1.9', '2026-01-09'],
    ['20261001', '2026-10-01'],
    ['2026年10月1日', '2026-10-01'],
    ['2026-10-01 00:00:00', '2026-10-01'],
    ['2026-02-29', null],
    ['10/01/2026', null],
    ['soon', null],
  ])('%s → %s', (typed, day) => expect(dayOf(typed)).toBe(day))
})

test('a day is overdue from the day after it, and steps are reached by days', () => {
  const open = { openAmount: 1, hold: '' as const, dueOn: '2026-10-20' }
  expect(isOverdue(open, '2026-10-20')).toBe(false)
  expect(isOverdue(open, '2026-10-21')).toBe(true)
  expect(isOverdue({ ...open, hold: 'disputed' }, '2026-12-31')).toBe(false)
  expect(isOverdue({ ...open, openAmount: 0 }, '2026-12-31')).toBe(false)
  expect(overdueDays('2026-10-20', '2026-10-21')).toBe(1)
  expect(overdueDays('2026-02-27', '2026-03-01')).toBe(2)
  expect(overdueDays(null, '2026-03-01')).toBe(0)
  expect([0, 1, 29, 30, 59, 60, 89, 90, 400].map(stepOf)).toEqual([0, 1, 1, 30, 30, 60, 60, 90, 90])
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28')
  expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
  expect(yearBefore('2026-10')).toBe('2025-10')
})

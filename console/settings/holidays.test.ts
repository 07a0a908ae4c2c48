import { describe, expect, test } from 'vitest'
import { dayKind, readDays } from './holidays.ts'

const usual = [{ from: 540, to: 1080 }]
const day = [
  { from: 510, to: 720 },
  { from: 810, to: 1050 },
]

describe('a pasted year', () => {
  test.each([
    ['2026-10-01 国庆节 休', { '2026-10-01': [] }],
    ['2026/10/1 休', { '2026-10-01': [] }],
    ['2026年10月1日 放假', { '2026-10-01': [] }],
    ['2026-10-01 至 2026-10-03 国庆节 休', { '2026-10-01': [], '2026-10-02': [], '2026-10-03': [] }],
    ['2026-12-31 to 2027-01-01 New Year off', { '2026-12-31': [], '2027-01-01': [] }],
    ['2026-10-10 调休 班', { '2026-10-10': usual }],
    ['2026-10-10 调休 班 8:30-12:00 13:30-17:30', { '2026-10-10': day }],
    ['2026-10-10 exchanged work 8:30 to 12:00, 13：30–17：30', { '2026-10-10': day }],
    ['\n  2026-10-01 休  \n\n2026-10-02 休', { '2026-10-01': [], '2026-10-02': [] }],
  ])('%s', (text, days) => expect(readDays(text, usual)).toEqual({ days, bad: [] }))

  test('what cannot be read is told by line and takes nothing in', () => {
    const text = ['日期 节日', '2026-02-30 休', '2026-10-01', '2026-10-05 至 2026-10-01 休', '2026-10-10 班 18:00-9:00', '2026-10-02 休']
    expect(readDays(text.join('\n'), usual)).toEqual({ days: { '2026-10-02': [] }, bad: [1, 2, 3, 4, 5] })
  })
})

test('a day is as its week says, unless its date says otherwise', () => {
  const week = { 1: usual, 0: [] }
  expect(
    ['2026-06-15', '2026-06-14', '2026-06-22', '2026-06-21'].map(d => dayKind(d, week, { '2026-06-22': [], '2026-06-21': usual })),
  ).toEqual(['work', 'rest', 'off', 'extra'])
})

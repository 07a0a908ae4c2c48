import { describe, expect, test } from 'vitest'
import { dayOf } from './days.ts'

describe('a day in a table', () => {
  test.each([
    '2026-11-21',
    '2026/11/21',
    '20261121',
    '21.11.2026',
    '46347',
    '2026年11月21日',
    '２０２６－１１－２１',
    '21/11/2026',
    '11/21/2026',
    '2026.11.21',
    '2026-11-21 00:00:00',
  ])('%s is one and the same', typed => {
    expect(dayOf(typed, 'asked')).toBe('2026-11-21 00:00:00')
  })
  test('a count of days is one, a year is none', () => {
    expect(dayOf('36526', 'asked')).toBe('2000-01-01 00:00:00')
    expect(dayOf('2200', 'asked')).toBe('1906-01-08 00:00:00')
    expect(dayOf('二零一九', 'asked')).toEqual({ wrong: 'date_invalid' })
  })
  test('a time of day is kept', () => {
    expect(dayOf('2026/1/5 9:05', 'asked')).toBe('2026-01-05 09:05:00')
    expect(dayOf('46347.5', 'asked')).toBe('2026-11-21 12:00:00')
  })
  test('what could be two days is told, unless somebody said which', () => {
    expect(dayOf('03/04/2026', 'asked')).toEqual({ wrong: 'date_ambiguous' })
    expect(dayOf('03/04/2026', 'dmy')).toBe('2026-04-03 00:00:00')
    expect(dayOf('03/04/2026', 'mdy')).toBe('2026-03-04 00:00:00')
    expect(dayOf('04-04-2026', 'asked')).toBe('2026-04-04 00:00:00')
    // Dots are written where the day stands first.
    expect(dayOf('03.04.2026', 'mdy')).toBe('2026-04-03 00:00:00')
  })
  test.each([
    '2019',
    '1985',
    '2199',
    '2026-02-30',
    '2026-13-01',
    '0000-01-01',
    '99999999',
    '3.5.26',
    '昨天',
    '1',
    '2026-11-21 25:00',
    '9'.repeat(30),
  ])('%s is none', typed => {
    expect(dayOf(typed, 'dmy')).toEqual({ wrong: 'date_invalid' })
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NoticeSettings } from '#contract/notifications.ts'
import type { Calendar } from '#kernel/calendar.ts'
import { filled, houseSettings, isQuiet, mailAt, waysOf } from './rules.ts'

const office = [{ from: 540, to: 1080 }]
const week = { 1: office, 2: office, 3: office, 4: office, 5: office }
const shanghai: Calendar = { timezone: 'Asia/Shanghai', week, days: { '2026-10-01': [], '2026-10-10': office } }
const at = (text: string) => new Date(`${text}:00+08:00`)
const settings = (more: Partial<NoticeSettings> = {}): NoticeSettings => ({ ...houseSettings, quiet: null, ...more })
const local = (date: Date, timezone: string) => date.toLocaleString('sv-SE', { timeZone: timezone }).slice(0, 16)

test('words carry their facts', () => {
  expect(filled('{number} {title} 派给了您', { number: 'BX-1', title: '水管' })).toBe('BX-1 水管 派给了您')
  expect(filled('{none} there', {})).toBe('there')
})

test('until a person chooses, the bell tells everything and mail what may not wait', () => {
  expect(waysOf({ key: 'a.b' }, houseSettings)).toEqual({ bell: true, mail: false })
  expect(waysOf({ key: 'a.b', mail: true }, houseSettings)).toEqual({ bell: true, mail: true })
  expect(waysOf({ key: 'a.b', mail: true }, { ways: { 'a.b': { bell: false, mail: false } } })).toEqual({ bell: false, mail: false })
})

describe('quiet hours', () => {
  const night = { from: 22 * 60, to: 7 * 60 }
  test.each([
    ['2026-03-02T21:59', false],
    ['2026-03-02T22:00', true],
    ['2026-03-03T00:00', true],
    ['2026-03-03T06:59', true],
    ['2026-03-03T07:00', false],
  ])('over midnight: %s', (time, quiet) => {
    expect(isQuiet(at(time), night, 'Asia/Shanghai')).toBe(quiet)
    expect(isQuiet(at(time), null, 'Asia/Shanghai')).toBe(false)
  })
  test('within a day', () => {
    const noon = { from: 720, to: 780 }
    expect(['11:59', '12:00', '12:59', '13:00'].map(t => isQuiet(at(`2026-03-02T${t}`), noon, 'Asia/Shanghai'))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('a mail goes', () => {
  const when = (time: string, more: Partial<NoticeSettings>, important = false) =>
    local(mailAt(at(time), important, settings(more), shanghai), 'Asia/Shanghai')
  test.each<[string, Partial<NoticeSettings>, boolean, string]>([
    ['2026-03-02T10:00', {}, false, '2026-03-02 10:02'],
    ['2026-03-02T10:00', { digest: 'hourly' }, false, '2026-03-02 11:00'],
    ['2026-03-02T10:58', { digest: 'hourly' }, false, '2026-03-02 11:00'],
    ['2026-03-02T10:59', { digest: 'hourly' }, false, '2026-03-02 12:00'],
    ['2026-03-02T08:00', { digest: 'daily' }, false, '2026-03-02 08:30'],
    ['2026-03-02T08:29', { digest: 'daily' }, false, '2026-03-03 08:30'],
    // Friday → Monday; over a holiday; a Saturday that is worked.
    ['2026-03-06T10:00', { digest: 'daily' }, false, '2026-03-09 08:30'],
    ['2026-09-30T10:00', { digest: 'daily' }, false, '2026-10-02 08:30'],
    ['2026-10-09T10:00', { digest: 'daily' }, false, '2026-10-10 08:30'],
    // Important ones wait for no digest, but for the morning.
    ['2026-03-02T10:00', { digest: 'daily' }, true, '2026-03-02 10:02'],
    ['2026-03-02T23:30', { quiet: { from: 1320, to: 420 } }, true, '2026-03-03 07:00'],
    ['2026-03-03T02:00', { quiet: { from: 1320, to: 420 } }, false, '2026-03-03 07:00'],
    ['2026-03-02T21:59', { quiet: { from: 1320, to: 420 } }, false, '2026-03-03 07:00'],
  ])('told at %s with %o (important: %s): %s', (time, more, important, expected) => {
    expect(when(time, more, important)).toBe(expected)
  })
  test('in a centre that never works, by the day', () => {
    const never: Calendar = { timezone: 'Asia/Shanghai', week: {}, days: {} }
    expect(local(mailAt(at('2026-03-02T10:00'), false, settings({ digest: 'daily' }), never), 'Asia/Shanghai')).toBe('2026-03-03 08:30')
  })
  test('by the wall of a zone whose hours are not whole, and of one that turns its clock', () => {
    const india: Calendar = { timezone: 'Asia/Kolkata', week, days: {} }
    expect(local(mailAt(new Date('2026-03-02T10:10:00Z'), false, settings({ digest: 'hourly' }), india), 'Asia/Kolkata')).toBe(
      '2026-03-02 16:00',
    )
    const berlin: Calendar = { timezone: 'Europe/Berlin', week: { ...week, 0: office }, days: {} }
    const night = settings({ digest: 'daily', quiet: { from: 1320, to: 420 } })
    expect(local(mailAt(new Date('2026-03-28T22:00:00Z'), true, night, berlin), 'Europe/Berlin')).toBe('2026-03-29 07:00')
    expect(local(mailAt(new Date('2026-03-28T22:00:00Z'), false, night, berlin), 'Europe/Berlin')).toBe('2026-03-29 08:30')
  })

  test('after the moment in which it may be read, never in quiet hours, and within a week of working days', () => {
    const quiet = fc.oneof(
      fc.constant(null),
      fc.record({ from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1439 }) }).filter(q => q.from !== q.to),
    )
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
        fc.boolean(),
        fc.record({
          quiet,
          digest: fc.constantFrom('now' as const, 'hourly' as const, 'daily' as const),
          dailyAt: fc.integer({ min: 0, max: 1439 }),
        }),
        fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'),
        (now, important, chosen, timezone) => {
          const due = mailAt(now, important, { ways: {}, ...chosen }, { timezone, week, days: {} })
          expect(due.getTime() - now.getTime()).toBeGreaterThanOrEqual(120_000)
          expect(due.getTime() - now.getTime()).toBeLessThan(6 * 86_400_000)
          expect(isQuiet(due, chosen.quiet, timezone)).toBe(false)
        },
      ),
      { numRuns: 300 },
    )
  })
})

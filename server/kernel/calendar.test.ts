import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addWorkingMinutes,
  atWall,
  type Calendar,
  dateIn,
  isOpen,
  isTimezone,
  nextClosing,
  nextOpening,
  startOfDay,
  workingMinutesBetween,
} from './calendar.ts'

const hours = (from: string, to: string) => ({ from: minutes(from), to: minutes(to) })
const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const day = [hours('08:30', '12:00'), hours('13:30', '17:30')]
const always = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(n => [n, [hours('00:00', '24:00')]]))

const office: Calendar = {
  timezone: 'Asia/Shanghai',
  week: { 1: day, 2: day, 3: day, 4: day, 5: day },
  // National day 2026: a week off, paid for with a working Saturday.
  days: {
    ...Object.fromEntries(['01', '02', '03', '04', '05', '06', '07'].map(d => [`2026-10-${d}`, []])),
    '2026-10-10': day,
  },
}
const roundTheClock: Calendar = { timezone: 'Asia/Shanghai', week: always, days: {} }
const newYork: Calendar = { timezone: 'America/New_York', week: always, days: {} }
const nights: Calendar = {
  timezone: 'America/New_York',
  week: Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(n => [n, [hours('01:00', '04:00')]])),
  days: {},
}
const never: Calendar = { timezone: 'Asia/Shanghai', week: {}, days: {} }
const cst = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const utc = (text: string) => new Date(`${text.replace(' ', 'T')}:00Z`)

describe('a target in working minutes', () => {
  test.each([
    ['within the morning', office, cst('2026-06-18 09:00'), 60, cst('2026-06-18 10:00')],
    ['over the lunch break', office, cst('2026-06-18 11:30'), 60, cst('2026-06-18 14:00')],
    ['ends with the morning, not after lunch', office, cst('2026-06-18 11:00'), 60, cst('2026-06-18 12:00')],
    ['asked before opening', office, cst('2026-06-18 06:00'), 30, cst('2026-06-18 09:00')],
    ['asked at closing time', office, cst('2026-06-18 17:30'), 30, cst('2026-06-19 09:00')],
    ['over the weekend', office, cst('2026-06-19 17:00'), 60, cst('2026-06-22 09:00')],
    ['over a week of holidays', office, cst('2026-09-30 17:00'), 60, cst('2026-10-08 09:00')],
    ['on the working Saturday', office, cst('2026-10-09 17:00'), 60, cst('2026-10-10 09:00')],
    ['two working days', office, cst('2026-06-18 08:30'), 900, cst('2026-06-19 17:30')],
    ['around the clock past midnight', roundTheClock, cst('2026-06-18 23:30'), 60, cst('2026-06-19 00:30')],
    ['around the clock for a month', roundTheClock, cst('2026-01-31 10:00'), 43_200, cst('2026-03-02 10:00')],
    ['nothing to add', office, cst('2026-06-20 12:00'), 0, cst('2026-06-20 12:00')],
    ['an hour that summer time skips', newYork, utc('2026-03-08 06:30'), 60, utc('2026-03-08 07:30')],
    ['a shift with a skipped hour is shorter', nights, utc('2026-03-08 06:00'), 121, utc('2026-03-09 05:01')],
    ['a shift with a repeated hour is longer', nights, utc('2026-11-01 05:00'), 240, utc('2026-11-01 09:00')],
  ])('%s', (_, calendar, at, add, due) => {
    expect(addWorkingMinutes(at, add, calendar)).toEqual(due)
    expect(workingMinutesBetween(at, due, calendar)).toBe(add)
  })

  test('is refused by a calendar that never opens', () => {
    expect(() => addWorkingMinutes(cst('2026-06-18 09:00'), 1, never)).toThrow('calendar.never_open')
    const once: Calendar = { ...never, days: { '2026-06-18': [hours('09:00', '10:00')] } }
    expect(addWorkingMinutes(cst('2026-06-18 09:00'), 60, once)).toEqual(cst('2026-06-18 10:00'))
    expect(() => addWorkingMinutes(cst('2026-06-18 09:00'), 61, once)).toThrow('calendar.never_open')
  })

  test('minutes between count backwards too', () => {
    expect(workingMinutesBetween(cst('2026-06-18 10:00'), cst('2026-06-18 09:00'), office)).toBe(-60)
    expect(workingMinutesBetween(cst('2026-06-18 12:10'), cst('2026-06-18 13:20'), office)).toBe(0)
  })

  test('hours written twice count once', () => {
    const doubled: Calendar = {
      timezone: 'UTC',
      week: { 4: [hours('09:00', '11:00'), hours('08:00', '10:00'), hours('09:30', '10:30')] },
      days: {},
    }
    expect(workingMinutesBetween(utc('2026-06-18 00:00'), utc('2026-06-19 00:00'), doubled)).toBe(180)
  })
})

describe('the doors', () => {
  test.each([
    ['at opening', cst('2026-06-18 08:30'), true, cst('2026-06-18 08:30')],
    ['at lunch', cst('2026-06-18 12:00'), false, cst('2026-06-18 13:30')],
    ['at night', cst('2026-06-18 23:00'), false, cst('2026-06-19 08:30')],
    ['on Sunday', cst('2026-06-21 10:00'), false, cst('2026-06-22 08:30')],
    ['on a holiday', cst('2026-10-01 10:00'), false, cst('2026-10-08 08:30')],
  ])('%s', (_, at, open, next) => {
    expect(isOpen(office, at)).toBe(open)
    expect(nextOpening(office, at)).toEqual(next)
  })

  test('that never open say so', () => {
    expect(isOpen(never, cst('2026-06-18 09:00'))).toBe(false)
    expect(nextOpening(never, cst('2026-06-18 09:00'))).toBeNull()
  })
})

test('dates are those on the wall', () => {
  expect(dateIn('Asia/Shanghai', utc('2026-06-18 16:00'))).toBe('2026-06-19')
  expect(dateIn('America/New_York', utc('2026-06-18 03:00'))).toBe('2026-06-17')
  expect(startOfDay('Asia/Shanghai', '2026-06-19')).toEqual(utc('2026-06-18 16:00'))
  expect(startOfDay('Africa/Cairo', '2026-04-24')).toEqual(utc('2026-04-23 22:00'))
  expect([isTimezone('Asia/Shanghai'), isTimezone('Mars/Base')]).toEqual([true, false])
})

describe('whatever the calendar', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
    .map(([a, b]) => ({ from: Math.min(a, b - 1), to: Math.max(a + 1, b) }))
  const ranges = fc.array(range, { minLength: 1, maxLength: 3 })
  const calendar: fc.Arbitrary<Calendar> = fc.record({
    timezone: fc.constantFrom(
      'Asia/Shanghai',
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Cairo',
      'America/St_Johns',
      'UTC',
    ),
    week: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', '5', '6'), ranges, { minKeys: 1 }),
    days: fc.dictionary(
      fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-25', '2026-11-01', '2026-11-02'),
      fc.oneof(fc.constant<Calendar['days'][string]>([]), ranges),
    ),
  })
  const instant = fc.date({ min: utc('2026-03-01 00:00'), max: utc('2026-11-10 00:00'), noInvalidDate: true })
  // One minute open a week is the least there is: more than this would lie beyond the hundred years a promise may reach.
  const span = fc.integer({ min: 1, max: 5_000 })

  test('the minutes added are the minutes between', () => {
    fc.assert(
      fc.property(calendar, instant, span, (c, at, n) => {
        expect(workingMinutesBetween(at, addWorkingMinutes(at, n, c), c)).toBeCloseTo(n, 6)
      }),
    )
  })
  test('a later start or a longer target never ends earlier', () => {
    fc.assert(
      fc.property(calendar, instant, instant, span, span, (c, a, b, n, m) => {
        const [first, second] = a <= b ? [a, b] : [b, a]
        expect(addWorkingMinutes(first, n, c).getTime()).toBeLessThanOrEqual(addWorkingMinutes(second, n, c).getTime())
        expect(addWorkingMinutes(a, Math.min(n, m), c).getTime()).toBeLessThanOrEqual(addWorkingMinutes(a, Math.max(n, m), c).getTime())
      }),
    )
  })
  test('two stretches add up to the whole', () => {
    fc.assert(
      fc.property(calendar, fc.tuple(instant, instant, instant), (c, three) => {
        const [a, b, d] = three.toSorted((x, y) => x.getTime() - y.getTime())
        if (!a || !b || !d) return
        expect(workingMinutesBetween(a, b, c) + workingMinutesBetween(b, d, c)).toBeCloseTo(workingMinutesBetween(a, d, c), 6)
      }),
    )
  })
  test('the next opening is open and nothing is open before it', () => {
    fc.assert(
      fc.property(calendar, instant, (c, at) => {
        const next = nextOpening(c, at)
        if (!next) return
        expect(isOpen(c, next)).toBe(true)
        expect(workingMinutesBetween(at, next, c)).toBe(0)
      }),
    )
  })
})

describe('the next closing', () => {
  const eve: Calendar = { timezone: 'Asia/Shanghai', week: { 1: [hours('18:00', '24:00')], 2: [hours('00:00', '02:00')] }, days: {} }
  test.each([
    ['is the end of the stretch', office, cst('2026-06-18 09:00'), cst('2026-06-18 12:00')],
    ['is nowhere while shut', office, cst('2026-06-18 12:30'), null],
    ['is past midnight for whoever works through it', eve, cst('2026-06-15 20:00'), cst('2026-06-16 02:00')],
    ['never comes around the clock', roundTheClock, cst('2026-06-18 09:00'), null],
  ] as const)('%s', (_, calendar, at, closing) => expect(nextClosing(calendar, at)).toEqual(closing))

  test('a time on the wall is an instant of its zone', () => {
    expect(atWall('Asia/Shanghai', '2026-06-18T09:00')).toEqual(cst('2026-06-18 09:00'))
    expect(atWall('America/New_York', '2026-06-18T09:00')).toEqual(utc('2026-06-18 13:00'))
  })
})

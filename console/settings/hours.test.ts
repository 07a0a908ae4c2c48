import { expect, test } from 'vitest'
import { clockOf, minutesOf, nextHours } from './hours.ts'

test.each([
  ['8:30', 510],
  ['0830', 510],
  ['8', 480],
  ['24:00', 1440],
  ['24:01', null],
  ['8:61', null],
  ['noon', null],
  ['', null],
])('%s is read as %s', (text, minutes) => {
  expect(minutesOf(text)).toBe(minutes)
})

test('what is shown can be read back', () => {
  for (let m = 0; m <= 1440; m++) expect(minutesOf(clockOf(m))).toBe(m)
})

test('hours added after a morning follow it, and none follow midnight', () => {
  expect(nextHours([{ from: 510, to: 720 }])).toEqual({ from: 780, to: 1020 })
  expect(nextHours([{ from: 0, to: 1440 }])).toBeNull()
})

import { expect, test } from 'vitest'
import { holidays } from './holidays.ts'

const hours = [{ from: 510, to: 1050 }]
const off = (year: number) =>
  Object.entries(holidays([year], hours))
    .filter(([, open]) => open.length === 0)
    .map(([date]) => date)

test('an announced year has its days off and the weekend days worked for them', () => {
  expect(off(2026)).toHaveLength(33)
  expect(off(2026)).toContain('2026-02-17')
  expect(holidays([2026], hours)['2026-10-10']).toEqual(hours)
})

test('a year not announced yet has the days of the law, by the moon where the law says so', () => {
  expect(off(2027)).toEqual([
    '2027-01-01',
    '2027-02-05',
    '2027-02-06',
    '2027-02-07',
    '2027-02-08',
    '2027-04-05',
    '2027-05-01',
    '2027-05-02',
    '2027-06-09',
    '2027-09-15',
    '2027-10-01',
    '2027-10-02',
    '2027-10-03',
  ])
  expect(off(2028)).toContain('2028-01-26')
})

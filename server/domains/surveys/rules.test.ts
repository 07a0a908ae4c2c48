import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csatOf, isLow, wilson } from './rules.ts'

describe('the interval of Wilson', () => {
  // Reference values: Newcombe (1998) and the closed form, four places.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [20, 20, 0.8389, 1],
    [1, 1, 0.2065, 1],
  ])('%i of %i', (successes, n, low, high) => {
    const interval = wilson(successes, n)
    expect(interval?.low).toBeCloseTo(low, 3)
    expect(interval?.high).toBeCloseTo(high, 3)
  })

  test('of nothing is none', () => expect(wilson(0, 0)).toBeNull())

  test('holds the share and narrows as answers come in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(n * share)
        const one = wilson(successes, n)
        const ten = wilson(successes * 10, n * 10)
        if (!one || !ten) throw new Error('an answer has an interval')
        expect(one.low).toBeLessThanOrEqual(successes / n + 1e-9)
        expect(one.high).toBeGreaterThanOrEqual(successes / n - 1e-9)
        expect(ten.high - ten.low).toBeLessThan(one.high - one.low)
      }),
    )
  })
})

describe('CSAT', () => {
  test.each([
    [[0, 0, 0, 0, 0], 12, { n: 0, asked: 12, top2: null, average: null, low: null, high: null }],
    [[1, 0, 1, 3, 5], 20, { n: 10, asked: 20, top2: 0.8, average: 4.1 }],
    [[2, 0, 0, 0, 0], 1, { n: 2, asked: 2, top2: 0, average: 1 }],
  ])('%j of %i asked', (byScore, asked, result) => expect(csatOf(byScore, asked)).toMatchObject(result))
})

test.each([
  [1, true],
  [2, true],
  [3, false],
  [5, false],
])('a score of %i is low: %s', (score, low) => expect(isLow(score, { lowScore: 2 })).toBe(low))

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { incompleteBeta, normalCdf, normalQuantile, rateRatio, tCdf, tQuantile, twoProportions, welch, wilson } from './statistics.ts'

// The second method: areas under densities by Simpson's rule, and binomial tails summed term by term.
function area(f: (x: number) => number, from: number, to: number, steps = 20_000): number {
  const h = (to - from) / steps
  let sum = f(from) + f(to)
  for (let i = 1; i < steps; i++) sum += f(from + i * h) * (i % 2 ? 4 : 2)
  return (sum * h) / 3
}
const normal = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
/** Student's density is this shape; its scale is taken from its own area, so that no gamma function is needed. */
const tShape = (df: number) => (t: number) => (1 + (t * t) / df) ** (-(df + 1) / 2)
/** Over the whole line by t = u ÷ (1 − u²). */
const whole = (f: (t: number) => number, from: number) =>
  area(u => (Math.abs(u) >= 1 ? 0 : (f(u / (1 - u * u)) * (1 + u * u)) / (1 - u * u) ** 2), from, 1 - 1e-9, 100_000)
const tUpper = (t: number, df: number) => whole(tShape(df), (Math.sqrt(1 + 4 * t * t) - 1) / (2 * t)) / whole(tShape(df), -1 + 1e-9)
function binomialFrom(x: number, n: number, p: number): number {
  let [sum, log] = [0, n * Math.log1p(-p)]
  for (let k = 0; k <= n; k++) {
    if (k >= x) sum += Math.exp(log)
    log += Math.log((n - k) / (k + 1)) + Math.log(p / (1 - p))
  }
  return sum
}

describe('distributions', () => {
  test.each([0, 0.1, 0.5, 1, 1.2247, 1.2248, 1.7321, 1.96, 3, 5])('the normal one at %s', z => {
    expect(normalCdf(z)).toBeCloseTo(0.5 + area(normal, 0, z), 12)
    expect(normalCdf(-z)).toBeCloseTo(0.5 - area(normal, 0, z), 12)
  })
  test('its quantiles are those of every table', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10)
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489, 10)
  })
  test.each([
    [0.5, 1],
    [2, 3],
    [1.8608, 17.776],
    [2.5, 30.4],
    [1.96, 1000],
  ])("Student's at %s with %s degrees", (t, df) => expect(1 - tCdf(t, df)).toBeCloseTo(tUpper(t, df), 6))
  test('t quantiles are those of every table', () => {
    expect(tQuantile(0.975, 1)).toBeCloseTo(12.7062047, 6)
    expect(tQuantile(0.975, 10)).toBeCloseTo(2.2281389, 6)
    expect(tQuantile(0.995, 120)).toBeCloseTo(2.6174, 4)
  })
  test('the beta function is the tail of a binomial sum', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(300), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, k, p) => {
        const x = 1 + (k % n)
        expect(incompleteBeta(p, x, n - x + 1)).toBeCloseTo(binomialFrom(x, n, p), 9)
      }),
      { numRuns: 200 },
    ))
  test('and settles for large counts', () => expect(incompleteBeta(0.5, 500_000, 500_001)).toBeCloseTo(0.5 + 0.0003989, 5))
})

describe('two shares', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table II, method 10.
  test.each([
    [48, 80, 56, 70, 0.2, 0.0524, 0.3339],
    [3, 10, 9, 10, 0.6, 0.1705, 0.809],
    [0, 29, 5, 56, 0.0893, -0.0381, 0.1926],
    [0, 10, 0, 10, 0, -0.2775, 0.2775],
  ])('%s of %s against %s of %s', (a, n, b, m, effect, low, high) => {
    const found = twoProportions({ hits: a, n }, { hits: b, n: m }, 0.05)
    expect(found.effect).toBeCloseTo(effect, 4)
    expect([found.low, found.high].map(x => Math.round(x * 1e4) / 1e4)).toEqual([low, high])
  })
  test('z is that of the pooled share', () => {
    const found = twoProportions({ hits: 48, n: 80 }, { hits: 56, n: 70 }, 0.05)
    expect(found.statistic).toBeCloseTo(0.2 / Math.sqrt((104 / 150) * (46 / 150) * (1 / 80 + 1 / 70)), 12)
    expect(found.p).toBeCloseTo(2 * (0.5 - area(normal, 0, found.statistic ?? 0)), 10)
  })
  test('without a difference nothing is proven, turned round the effect turns its sign', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.nat(), fc.nat(), (n, m, i, j) => {
        const [a, b] = [
          { hits: i % (n + 1), n },
          { hits: j % (m + 1), n: m },
        ]
        const [there, back] = [twoProportions(a, b, 0.05), twoProportions(b, a, 0.05)]
        expect(there.effect).toBeCloseTo(-back.effect, 12)
        expect(there.low).toBeCloseTo(-back.high, 9)
        expect(there.p).toBeCloseTo(back.p, 12)
        expect(there.low).toBeLessThanOrEqual(there.effect + 1e-12)
        expect(there.high).toBeGreaterThanOrEqual(there.effect - 1e-12)
        expect(twoProportions(a, a, 0.05).p).toBe(1)
      }),
    ))
})

describe('two means', () => {
  // Student's sleep data, as R's manual tests it: t = -1.8608, df = 17.776, p = 0.07939, −3.3654832 to 0.2054832.
  const drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
  const drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
  const sample = (all: number[]) => {
    const mean = all.reduce((s, x) => s + x, 0) / all.length
    return { n: all.length, mean, variance: all.reduce((s, x) => s + (x - mean) ** 2, 0) / (all.length - 1) }
  }
  test("Welch's t of the sleep data", () => {
    const found = welch(sample(drug2), sample(drug1), 0.05)
    expect(found.statistic).toBeCloseTo(-1.8608, 4)
    expect(found.df).toBeCloseTo(17.776, 3)
    expect(found.p).toBeCloseTo(0.07939, 5)
    expect(found.low).toBeCloseTo(-3.3654832, 6)
    expect(found.high).toBeCloseTo(0.2054832, 6)
    expect(found.p).toBeCloseTo(2 * tUpper(1.860813, 17.77647), 5)
  })
  test('samples without spread differ or do not', () => {
    expect(welch({ n: 5, mean: 2, variance: 0 }, { n: 5, mean: 2, variance: 0 }, 0.05).p).toBe(1)
    expect(welch({ n: 5, mean: 2, variance: 0 }, { n: 5, mean: 3, variance: 0 }, 0.05)).toMatchObject({ p: 0, low: 1, high: 1 })
  })
})

describe('two rates', () => {
  test.each([
    [21, 3011, 11, 800],
    [40, 1000, 22, 1000],
    [5, 200, 0, 180],
    [120, 5000, 96, 5200],
  ])('%s in %s against %s in %s, by summed binomials', (a, t1, b, t2) => {
    const found = rateRatio({ events: a, exposure: t1 }, { events: b, exposure: t2 }, 0.05)
    const [n, p] = [a + b, t2 / (t1 + t2)]
    const tails = [binomialFrom(b, n, p), 1 - binomialFrom(b + 1, n, p)]
    expect(found.p).toBeCloseTo(Math.min(1, 2 * Math.min(...tails)), 9)
    expect(found.effect).toBeCloseTo(b / t2 / (a / t1), 12)
    const share = (ratio: number) => (ratio * t2) / (ratio * t2 + t1)
    expect(1 - binomialFrom(b + 1, n, share(found.high))).toBeCloseTo(0.025, 6)
    if (b > 0) expect(binomialFrom(b, n, share(found.low))).toBeCloseTo(0.025, 6)
    else expect(found.low).toBe(0)
  })
  // R's manual: 11 in 800 against 21 in 3011 is a ratio of 1.971488.
  test('the ratio of the manual of R', () =>
    expect(rateRatio({ events: 21, exposure: 3011 }, { events: 11, exposure: 800 }, 0.05).effect).toBeCloseTo(1.971488, 6))
  test('nothing before and nothing after proves nothing', () =>
    expect(rateRatio({ events: 0, exposure: 10 }, { events: 0, exposure: 20 }, 0.05)).toMatchObject({ p: 1, low: 0, high: Infinity }))
})

test("Wilson's interval, as published", () => {
  const { low, high } = wilson(81, 263) ?? { low: 0, high: 0 }
  expect([low, high].map(x => x.toFixed(4))).toEqual(['0.2553', '0.3662'])
})

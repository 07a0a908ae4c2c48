import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FindingVerb, findingCan, Stage } from '#contract/improvement.ts'
import { addDays, isEndangered, judged, judgeEffect, periodOf, periodsFrom } from './rules.ts'

const up = { better: 'up', measure: 'proportion' } as const
const down = { better: 'down', measure: 'mean' } as const
const share = (numerator: number, n: number) => ({ value: n ? numerator / n : null, numerator, n, variance: null })

describe('periods', () => {
  test.each([
    ['day', '2026-11-22', '2026-11-22', '2026-11-23'],
    ['week', '2026-11-22', '2026-11-16', '2026-11-23'],
    ['month', '2026-12-31', '2026-12-01', '2027-01-01'],
    ['quarter', '2026-11-22', '2026-10-01', '2027-01-01'],
    ['year', '2026-11-22', '2026-01-01', '2027-01-01'],
  ] as const)('a %s that holds %s', (period, day, from, until) => expect(periodOf(period, day)).toEqual([from, until]))

  test('whole ones follow one another, from the first that begins on or after the day', () => {
    expect(periodsFrom('month', '2026-08-15', null, '2026-11-22').map(p => p[0])).toEqual(['2026-09-01', '2026-10-01', '2026-11-01'])
    // The one that began before the new version stays with the old one.
    expect(periodsFrom('month', '2026-01-01', '2026-03-10', '2026-11-22').map(p => p[0])).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
    ])
    expect(periodsFrom('day', '2020-01-01', null, '2026-11-22')).toHaveLength(60)
  })
  test('of any sort leave no day out', () =>
    fc.assert(
      fc.property(fc.constantFrom('day', 'week', 'month', 'quarter', 'year' as const), fc.integer({ min: 0, max: 4000 }), (period, n) => {
        const day = addDays('2020-01-01', n)
        const [from, until] = periodOf(period, day)
        expect(from <= day && day < until).toBe(true)
        expect(periodOf(period, until)[0]).toBe(until)
      }),
    ))
})

describe('a period is judged', () => {
  test.each([
    ['reached', 'up', 0.95, 0, 96, 100, 'attained'],
    ['missed', 'up', 0.95, 0, 94, 100, 'missed'],
    ['within the tolerance', 'up', 0.95, 0.01, 94, 100, 'attained'],
    ['exactly met', 'up', 0.7, 0, 70, 100, 'attained'],
    ['lower is better', 'down', 0.05, 0, 6, 100, 'missed'],
    ['too few', 'up', 0.95, 0, 29, 29, 'too_few'],
    ['nothing', 'up', 0.95, 0, 0, 0, 'too_few'],
  ] as const)('%s', (_, better, target, tolerance, numerator, n, state) =>
    expect(judged(better, { target, tolerance, leastCases: 30 }, share(numerator, n))).toBe(state),
  )
})

describe('the early warning', () => {
  const target = { target: 0.9, tolerance: 0, leastCases: 30 }
  test.each([
    ['the rest would have to be better than ever', share(80, 100), 0.5, [0.91, 0.95], true],
    ['as good as the best month would do', share(86, 100), 0.5, [0.91, 0.95], false],
    ['nothing possible would do', share(60, 100), 0.8, [], true],
    ['too early to say', share(10, 100), 0.2, [0.91], false],
    ['too few to say', share(5, 20), 0.6, [0.91], false],
    ['on the way', share(95, 100), 0.6, [0.91], false],
  ])('%s', (_, sofar, gone, past, warned) => expect(isEndangered(up, target, sofar, gone, past)).toBe(warned))
  test('of a mean that should be low', () => {
    const wait = { target: 20, tolerance: 0, leastCases: 30 }
    const sofar = { value: 60, numerator: 6000, n: 100, variance: 5 }
    expect(isEndangered(down, wait, sofar, 0.8, [15, 18])).toBe(true)
    expect(isEndangered(down, wait, { ...sofar, value: 19 }, 0.8, [15, 18])).toBe(false)
  })
  test('is never given where the period so far meets the target', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.double({ min: 0.9, max: 1, noNaN: true })),
        (n, gone, past) => {
          expect(isEndangered(up, target, share(n, n), gone, past)).toBe(false)
        },
      ),
    ))
})

describe('the effect', () => {
  const plan = { expected: 0.9, alpha: 0.05, leastCases: 30 }
  test.each([
    ['a clear rise', share(160, 200), share(185, 200), 'effective'],
    ['no rise, and the expected one ruled out', share(800, 1000), share(803, 1000), 'not_effective'],
    ['a clear fall', share(160, 200), share(120, 200), 'not_effective'],
    ['a small sample that may hide it', share(32, 40), share(34, 40), 'undecided'],
    ['too few after', share(160, 200), share(20, 20), 'too_few'],
    ['nothing after', share(160, 200), share(0, 0), 'too_few'],
  ])('of a share: %s', (_, before, after, verdict) => expect(judgeEffect(up, plan, before, after).verdict).toBe(verdict))
  test('of a mean by Welch, of a rate by its ratio', () => {
    const mean = (value: number, n: number, variance: number) => ({ value, numerator: value * n, n, variance })
    const faster = judgeEffect(down, { expected: 300, alpha: 0.05, leastCases: 30 }, mean(400, 120, 22_500), mean(320, 110, 19_600))
    expect(faster).toMatchObject({ test: 'welch', verdict: 'effective' })
    expect(faster.effect).toBeCloseTo(-80, 9)
    const rate = (events: number, n: number) => ({ value: (events / n) * 100, numerator: events, n, variance: null })
    const fewer = judgeEffect(
      { better: 'down', measure: 'rate' },
      { expected: 4, alpha: 0.05, leastCases: 30 },
      rate(80, 1000),
      rate(40, 1000),
    )
    expect(fewer).toMatchObject({ test: 'ratio', verdict: 'effective' })
    expect(fewer.effect).toBeCloseTo(0.5, 9)
    expect(
      judgeEffect({ better: 'down', measure: 'rate' }, { expected: 4, alpha: 0.05, leastCases: 30 }, rate(80, 1000), rate(78, 1000))
        .verdict,
    ).toBe('not_effective')
  })
  test('is never effective the wrong way, nor without enough cases', () =>
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(300), fc.nat(300), (a, n, b, m) => {
        const [before, after] = [share(Math.min(a, n), n), share(Math.min(b, m), m)]
        const { verdict } = judgeEffect(up, plan, before, after)
        if (verdict === 'effective') expect((after.value ?? 0) > (before.value ?? 0)).toBe(true)
        if (Math.min(n, m) < 30) expect(verdict).toBe('too_few')
      }),
    ))
})

describe('the circle', () => {
  const verbs = Object.keys(findingCan) as FindingVerb[]
  /** Where each verb leads. */
  const leads: Partial<Record<FindingVerb, string[]>> = {
    plan: ['planned'],
    begin: ['doing'],
    check: ['checking'],
    measure: ['checked'],
    decide: ['acting', 'found', 'checking'],
    close: ['closed'],
    drop: ['dropped'],
    reopen: ['found'],
  }
  const done = { done: 1, all: 1 }
  test('nothing is judged that was not planned, acted on and watched, in that order', () => {
    // The ways from a finding to its end, walked breadth first.
    const before = new Map<string, Set<string>>([['found', new Set()]])
    const queue = ['found']
    for (let stage = queue.shift(); stage; stage = queue.shift())
      for (const verb of verbs)
        for (const next of findingCan[verb]({ stage: Stage.parse(stage), actions: done }) ? (leads[verb] ?? []) : [])
          if (!before.has(next)) {
            before.set(next, new Set([...(before.get(stage) ?? []), stage]))
            queue.push(next)
          }
    expect([...before.keys()].sort()).toEqual([...Stage.options].sort())
    expect([...(before.get('closed') ?? [])]).toEqual(['found', 'planned', 'doing', 'checking', 'checked', 'acting'])
  })
  test('open actions, or none, hold it in doing', () => {
    expect(findingCan.check({ stage: 'doing', actions: { done: 0, all: 0 } })).toBe(false)
    expect(findingCan.check({ stage: 'doing', actions: { done: 1, all: 2 } })).toBe(false)
    expect(findingCan.check({ stage: 'doing', actions: done })).toBe(true)
  })
  test('whatever is open can be given up, and only what is over begins again', () => {
    for (const stage of Stage.options) expect(findingCan.drop({ stage, actions: done })).toBe(!findingCan.reopen({ stage, actions: done }))
  })
})

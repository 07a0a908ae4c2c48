import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  after,
  estimateSeconds,
  hasOf,
  mayStay,
  type NumberedDemand,
  needsAfter,
  nextDue,
  nextRelaxing,
  overflowAt,
  priorityOf,
  shownState,
} from './rules.ts'

const t0 = new Date('2026-06-18T02:00:00Z')
const at = (seconds: number) => after(t0, seconds)

describe('priority', () => {
  test.each([
    ['nobody known', null, 0, 0],
    ['normal', 'normal', 0, 0],
    ['silver before normal', 'silver', 0, 100],
    ['gold before silver', 'gold', 0, 200],
    ['key before gold', 'key', 0, 300],
    ['given orders within a tier', 'gold', 7, 207],
    ['given cannot lift out of a tier', 'normal', 5000, 49],
    ['nor sink below the one beneath', 'silver', -5000, 51],
    ['a tier we do not know is normal', 'platinum', 1, 1],
  ])('%s', (_, tier, given, expected) => expect(priorityOf(tier, given)).toBe(expected))
})

describe('demands', () => {
  const water: NumberedDemand = { number: 3, level: 4, relaxAfter: 30 }
  const english: NumberedDemand = { number: 5, level: 2, relaxAfter: 0 }
  test.each([
    ['at once', 0, [28, 42]],
    ['just before the first step', 29, [28, 42]],
    ['after one step', 30, [27, 42]],
    ['after three steps', 95, [25, 42]],
    ['the relaxing one gone, the firm one kept', 120, [42]],
    ['long after', 86_400, [42]],
  ])('%s', (_, waited, needs) => expect(needsAfter([water, english], waited)).toEqual(needs))

  test.each([
    ['the first step', 0, at(30)],
    ['a step that is due now is followed by the next', 30, at(60)],
    ['the last step', 95, at(120)],
    ['nothing left to relax', 120, null],
  ])('relax next: %s', (_, waited, next) => expect(nextRelaxing([water, english], t0, at(waited))).toEqual(next))

  const demand = fc.record({
    number: fc.integer({ min: 1, max: 20 }),
    level: fc.integer({ min: 1, max: 5 }),
    relaxAfter: fc.constantFrom(0, 1, 7, 30, 60),
  })
  const demands = fc.uniqueArray(demand, { maxLength: 8, selector: d => d.number })
  const skills = fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 20 }), level: fc.integer({ min: 1, max: 5 }) }), {
    maxLength: 12,
    selector: s => s.number,
  })

  test('codes say the same as levels, and who fits keeps fitting while demands relax', () => {
    fc.assert(
      fc.property(demands, skills, fc.nat(600), fc.nat(600), (needed, owned, waited, more) => {
        const has = new Set(hasOf(owned))
        const fits = (seconds: number) => needsAfter(needed, seconds).every(n => has.has(n))
        const byLevel = needed.every(d => (owned.find(s => s.number === d.number)?.level ?? 0) >= d.level)
        expect(fits(0)).toBe(byLevel)
        if (fits(waited)) expect(fits(waited + more)).toBe(true)
      }),
    )
  })

  test('between two steps nothing changes, and each step changes something', () => {
    fc.assert(
      fc.property(demands, fc.nat(600), (needed, waited) => {
        const next = nextRelaxing(needed, t0, at(waited))
        if (next === null) return
        const then = (next.getTime() - t0.getTime()) / 1000
        expect(then).toBeGreaterThan(waited)
        expect(needsAfter(needed, then - 1)).toEqual(needsAfter(needed, waited))
        expect(needsAfter(needed, then)).not.toEqual(needsAfter(needed, waited))
      }),
    )
  })
})

describe('what happens by itself', () => {
  const waits = { enqueuedAt: t0, enteredAt: t0, preferredUntil: null, onlyPreferred: false, notForUntil: null, been: ['first'] }
  const queue = { overflowQueueId: null, overflowSeconds: 0, numbered: [] }
  const overflowing = { ...queue, overflowQueueId: 'second', overflowSeconds: 90 }
  test.each([
    ['nothing', waits, queue, null],
    ['the preference ends', { ...waits, preferredUntil: at(20) }, overflowing, at(20)],
    ['the overflow', waits, overflowing, at(90)],
    ['the overflow counts from entering the queue', { ...waits, enteredAt: at(10) }, overflowing, at(100)],
    ['no overflow back to a queue it came from', { ...waits, been: ['second', 'first'] }, overflowing, null],
    ['an agent who refused may be asked again', { ...waits, notForUntil: at(60) }, overflowing, at(60)],
    ['a hand-over waits for its agent alone', { ...waits, onlyPreferred: true, preferredUntil: at(120) }, overflowing, at(120)],
    ['a demand relaxes', waits, { ...overflowing, numbered: [{ number: 1, level: 3, relaxAfter: 15 }] }, at(15)],
  ])('%s', (_, w, q, due) => expect(nextDue(w, q, t0)).toEqual(due))

  test('a queue without seconds never overflows', () => {
    expect(overflowAt(waits, { overflowQueueId: 'second', overflowSeconds: 0 })).toBeNull()
  })
})

describe('estimated wait', () => {
  test.each([
    ['first, one place', 1, 240, 1, 240],
    ['third, two places', 3, 240, 2, 360],
    ['nothing handled yet', 2, null, 4, 150],
    ['handled in no time is not believed', 1, 1, 1, 10],
    ['nobody ready: nothing is promised', 1, 240, 0, null],
  ])('%s', (_, position, mean, places, seconds) => expect(estimateSeconds(position, mean, places)).toBe(seconds))

  test('never shrinks further back in the queue', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 3600 }),
        fc.integer({ min: 1, max: 50 }),
        (p, mean, places) => {
          expect(estimateSeconds(p + 1, mean, places) ?? 0).toBeGreaterThanOrEqual(estimateSeconds(p, mean, places) ?? 0)
        },
      ),
    )
  })
})

test.each([
  ['ready', 0, 0, 'ready'],
  ['ready', 1, 0, 'ready'],
  ['ready', 0, 1, 'wrap'],
  ['ready', 1, 2, 'ready'],
  ['busy', 0, 1, 'busy'],
  ['offline', 0, 3, 'offline'],
] as const)('%s with %i in hand and %i to wrap up shows %s', (chosen, talking, wrapping, shown) => {
  expect(shownState(chosen, talking, wrapping)).toBe(shown)
})

describe('overflow by load', () => {
  const queue = { overflowQueueId: 'other', overflowSeconds: 0, overflowWaiting: 0, overflowEstimate: 0, overflowUnstaffed: false }
  const load = { signedIn: true, otherSignedIn: true, meanHandlingSeconds: 200, places: 2 }
  test.each([
    ['no rule, nobody goes', {}, {}, null],
    ['so many may stay', { overflowWaiting: 5 }, {}, { places: 5, why: 'waiting' }],
    ['as many as are answered in time: 600 s at 200 s each over 2 places', { overflowEstimate: 600 }, {}, { places: 6, why: 'estimate' }],
    ['the stricter of both decides', { overflowWaiting: 4, overflowEstimate: 600 }, {}, { places: 4, why: 'waiting' }],
    ['nobody ready, nothing to estimate', { overflowEstimate: 600 }, { places: 0 }, null],
    ['nobody signed in', { overflowUnstaffed: true }, { signedIn: false }, { places: 0, why: 'unstaffed' }],
    ['somebody signed in, though busy', { overflowUnstaffed: true }, { places: 0 }, null],
    ['not to where nobody is', { overflowWaiting: 5, overflowUnstaffed: true }, { signedIn: false, otherSignedIn: false }, null],
    ['not without another queue', { overflowQueueId: null, overflowWaiting: 5 }, {}, null],
  ])('%s', (_, rules, now, expected) => expect(mayStay({ ...queue, ...rules }, { ...load, ...now })).toEqual(expected))

  test('whoever may stay by time has an estimate within it, and the next one not', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3600 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 10, max: 900 }),
        (limit, places, mean) => {
          const stay = mayStay({ ...queue, overflowEstimate: limit }, { ...load, places, meanHandlingSeconds: mean })?.places ?? -1
          // Rounded to seconds for people, so within one of the limit.
          if (stay > 0) expect(estimateSeconds(stay, mean, places)).toBeLessThanOrEqual(limit + 1)
          expect(estimateSeconds(stay + 1, mean, places)).toBeGreaterThanOrEqual(limit)
        },
      ),
    ))
})

test('the estimate is what customers of a full queue wait on average', () => {
  // A queue of its own, filled once, handlings exponential: the mean wait of the n-th over many runs.
  let seed = 20260618
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return (seed + 1) / (2 ** 31 + 1)
  }
  const [places, mean, runs] = [6, 240, 4000]
  for (const n of [1, 6, 20]) {
    let sum = 0
    for (let run = 0; run < runs; run++) {
      const free = Array.from({ length: places }, () => -mean * Math.log(random()))
      for (let k = 1; ; k++) {
        const first = free.indexOf(Math.min(...free))
        const at = free[first] ?? 0
        if (k === n) {
          sum += at
          break
        }
        free[first] = at - mean * Math.log(random())
      }
    }
    const told = estimateSeconds(n, mean, places) ?? 0
    expect(Math.abs(sum / runs - told) / told, `place ${n}`).toBeLessThan(0.05)
  }
})

import type { Effect, Verdict } from '#contract/improvement.ts'
import type { DeclaredFigure, Measured } from '#contract/insight.ts'
import type { AttainmentState, StandardPeriod } from '#contract/standards.ts'
import { type Compared, rateRatio, twoProportions, welch, wilson } from '#kernel/statistics.ts'

type Sampled = Pick<Measured, 'value' | 'numerator' | 'n' | 'variance'>
type Definition = Pick<DeclaredFigure, 'better' | 'measure'>

const utc = (day: string) => new Date(`${day}T00:00:00Z`)
const text = (year: number, month: number, date: number) => new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10)
export const addDays = (day: string, n: number): string => new Date(utc(day).getTime() + n * 86_400_000).toISOString().slice(0, 10)
export const daysBetween = (from: string, until: string): number => Math.round((utc(until).getTime() - utc(from).getTime()) / 86_400_000)

/** The first day of the period that holds the day, and the first day after it. Weeks begin on Monday. */
export function periodOf(period: StandardPeriod, day: string): [from: string, until: string] {
  const at = utc(day)
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (period === 'day') return [day, addDays(day, 1)]
  if (period === 'month') return [text(year, month, 1), text(year, month + 1, 1)]
  if (period === 'quarter') return [text(year, month - (month % 3), 1), text(year, month - (month % 3) + 3, 1)]
  if (period === 'year') return [text(year, 0, 1), text(year + 1, 0, 1)]
  const monday = date - ((at.getUTCDay() + 6) % 7)
  return [text(year, month, monday), text(year, month, monday + 7)]
}

/** Whole periods from the first one that begins on or after `from` to the one that holds `today`; none begins on or after `until`. The latest `most` of them. */
export function periodsFrom(
  period: StandardPeriod,
  from: string,
  until: string | null,
  today: string,
  most = 60,
): [from: string, until: string][] {
  const found: [string, string][] = []
  let [begin, end] = periodOf(period, today)
  while (begin >= from && found.length < most) {
    if (until === null || begin < until) found.push([begin, end])
    ;[begin, end] = periodOf(period, addDays(begin, -1))
  }
  return found.reverse()
}

type Target = { target: number; tolerance: number; leastCases: number }
/** Of a closed period. */
export function judged(
  better: 'up' | 'down',
  { target, tolerance, leastCases }: Target,
  { value, n }: Sampled,
): Exclude<AttainmentState, 'running'> {
  if (value === null || n < leastCases) return 'too_few'
  // Sums of floats may miss a target by their last digit.
  const slack = tolerance + 1e-9
  return (better === 'up' ? value >= target - slack : value <= target + slack) ? 'attained' : 'missed'
}

/** Wilson's interval, where the figure is a share. */
export const intervalOf = (measure: DeclaredFigure['measure'], { numerator, n }: Sampled) =>
  measure === 'proportion' && numerator <= n ? wilson(numerator, n) : null

/**
 * Mid-period: whether the target can hardly be reached any more. A third of the time and the least number of cases must be behind us;
 * then the rest, if it comes at the pace so far, would have to be better than any period before was, or than is possible at all.
 */
export function isEndangered(
  definition: Definition,
  { target, tolerance, leastCases }: Target,
  sofar: Sampled,
  gone: number,
  past: readonly number[],
): boolean {
  if (sofar.value === null || sofar.n < leastCases || gone < 1 / 3 || gone >= 1) return false
  const bar = definition.better === 'up' ? target - tolerance : target + tolerance
  const rest = (sofar.n / gone) * (1 - gone)
  const needed = (bar * (sofar.n + rest) - sofar.value * sofar.n) / rest
  if (definition.better === 'up')
    return needed > Math.max(...past, definition.measure === 'proportion' && past.length === 0 ? 1 : -Infinity)
  if (needed < 0) return true
  return past.length > 0 && needed < Math.min(...past)
}

const tests = { proportion: 'z', mean: 'welch', rate: 'ratio' } as const
const testOf = (measure: DeclaredFigure['measure']): Effect['test'] => tests[measure]

type Declared = { expected: number; alpha: number; leastCases: number }
export type Judgement = Omit<Effect, 'id' | 'at' | 'before' | 'after'>

/**
 * The declared test over both windows. Effective: the figure moved the right way and chance is ruled out at the declared level.
 * Not effective: it moved the wrong way beyond chance, or the expected effect lies outside what the windows leave possible.
 * Undecided: neither; a longer window may tell.
 */
export function judgeEffect({ better, measure }: Definition, plan: Declared, before: Sampled, after: Sampled): Judgement {
  const test = testOf(measure)
  const nothing = { test, statistic: null, df: null, p: null, effect: null, low: null, high: null }
  if (Math.min(before.n, after.n) < plan.leastCases || before.value === null || after.value === null)
    return { ...nothing, verdict: 'too_few' }
  const found = compare(measure, plan.alpha, before, after)
  if (!found) return { ...nothing, verdict: 'too_few' }
  const same = measure === 'rate' ? 1 : 0
  const wanted = measure === 'rate' ? (before.value === 0 ? Number.NaN : plan.expected / before.value) : plan.expected - before.value
  const rose = found.effect > same
  const right = better === 'up' ? rose : !rose
  const certain = found.p < plan.alpha
  const outOfReach = better === 'up' ? found.high < wanted : found.low > wanted
  const verdict: Verdict = certain && right ? 'effective' : certain || outOfReach ? 'not_effective' : 'undecided'
  return { test, ...asFound(found), verdict }
}

function compare(measure: DeclaredFigure['measure'], alpha: number, before: Sampled, after: Sampled): Compared | null {
  if (measure === 'proportion') return twoProportions({ hits: before.numerator, n: before.n }, { hits: after.numerator, n: after.n }, alpha)
  if (measure === 'rate')
    return rateRatio({ events: before.numerator, exposure: before.n }, { events: after.numerator, exposure: after.n }, alpha)
  if (before.variance === null || after.variance === null || before.value === null || after.value === null) return null
  return welch(
    { n: before.n, mean: before.value, variance: before.variance },
    { n: after.n, mean: after.value, variance: after.variance },
    alpha,
  )
}

const bound = (x: number | null) => (x !== null && Number.isFinite(x) ? x : null)
const asFound = ({ statistic, df, p, effect, low, high }: Compared) => ({
  statistic: bound(statistic),
  df: bound(df),
  p,
  effect: bound(effect),
  low: bound(low),
  high: bound(high),
})

/** Whether the value after has come as far as was expected; said beside the verdict, which asks for less. */
export const reached = (better: 'up' | 'down', expected: number, value: number | null): boolean =>
  value !== null && (better === 'up' ? value >= expected : value <= expected)

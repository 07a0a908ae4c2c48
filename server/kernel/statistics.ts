// Arithmetic of samples. What is said about two windows is decided by these and by nothing else.

export type Interval = { low: number; high: number }

const standard = 1.959964

/** Wilson's score interval, at 95 % when nothing else is said: honest for small n, never below 0 or above 1. */
export function wilson(successes: number, n: number, z = standard): Interval | null {
  if (n === 0) return null
  const p = successes / n
  const middle = p + (z * z) / (2 * n)
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

export type Compared = {
  /** z, t or null where the test is exact. */
  statistic: number | null
  df: number | null
  /** Two-sided: how likely a difference at least as large is when nothing has changed. */
  p: number
  /** After minus before; of rates after ÷ before. */
  effect: number
} & Interval

/** Shares: pooled z, and Newcombe's interval of the difference, which unlike Wald's keeps its promise for small samples. */
export function twoProportions(before: { hits: number; n: number }, after: { hits: number; n: number }, alpha: number): Compared {
  const [p1, p2] = [before.hits / before.n, after.hits / after.n]
  const pooled = (before.hits + after.hits) / (before.n + after.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / after.n))
  const z = error === 0 ? 0 : (p2 - p1) / error
  const q = normalQuantile(1 - alpha / 2)
  const [w1, w2] = [wilson(before.hits, before.n, q), wilson(after.hits, after.n, q)]
  const effect = p2 - p1
  if (!w1 || !w2) throw new Error('a share of nothing')
  return {
    statistic: z,
    df: null,
    p: 2 * normalCdf(-Math.abs(z)),
    effect,
    low: effect - Math.hypot(p2 - w2.low, w1.high - p1),
    high: effect + Math.hypot(w2.high - p2, p1 - w1.low),
  }
}

export type Sample = { n: number; mean: number; variance: number }
/** Means: Welch's t, for samples of unequal size and spread. */
export function welch(before: Sample, after: Sample, alpha: number): Compared {
  const [a, b] = [before.variance / before.n, after.variance / after.n]
  const error = Math.sqrt(a + b)
  const effect = after.mean - before.mean
  if (error === 0) return { statistic: null, df: null, p: effect === 0 ? 1 : 0, effect, low: effect, high: effect }
  const t = effect / error
  const df = (a + b) ** 2 / (a ** 2 / (before.n - 1) + b ** 2 / (after.n - 1))
  const spread = tQuantile(1 - alpha / 2, df) * error
  return { statistic: t, df, p: 2 * tCdf(-Math.abs(t), df), effect, low: effect - spread, high: effect + spread }
}

/** Rates: given how many there were in all, how they fall on the two exposures is binomial. Exact, the smaller tail doubled; the interval is Clopper and Pearson's. */
export function rateRatio(
  before: { events: number; exposure: number },
  after: { events: number; exposure: number },
  alpha: number,
): Compared {
  const [x, n] = [after.events, before.events + after.events]
  const share = after.exposure / (before.exposure + after.exposure)
  const asRatio = (p: number) => (p >= 1 ? Number.POSITIVE_INFINITY : (p / (1 - p)) * (before.exposure / after.exposure))
  const upTo = x === n ? 1 : 1 - incompleteBeta(share, x + 1, n - x)
  const from = x === 0 ? 1 : incompleteBeta(share, x, n - x + 1)
  return {
    statistic: null,
    df: null,
    p: n === 0 ? 1 : Math.min(1, 2 * Math.min(upTo, from)),
    effect: asRatio(n === 0 ? share : x / n),
    low: x === 0 ? 0 : asRatio(solved(p => incompleteBeta(p, x, n - x + 1) - alpha / 2, 0, 1)),
    high: x === n ? Number.POSITIVE_INFINITY : asRatio(solved(p => incompleteBeta(p, x + 1, n - x) - 1 + alpha / 2, 0, 1)),
  }
}

export const normalCdf = (z: number): number => (z < 0 ? 0.5 * upperGamma(z * z * 0.5) : 1 - 0.5 * upperGamma(z * z * 0.5))
export const normalQuantile = (p: number): number => solved(z => normalCdf(z) - p, -12, 12)
export function tCdf(t: number, df: number): number {
  const tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
  return t < 0 ? tail : 1 - tail
}
export const tQuantile = (p: number, df: number): number => {
  let far = 1
  while (tCdf(far, df) < Math.max(p, 1 - p)) far *= 2
  return solved(t => tCdf(t, df) - p, -far, far)
}

/** Where a rising function is nought. */
function solved(rising: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high]
  for (let n = 0; n < 200; n++) {
    const middle = (a + b) / 2
    if (middle === a || middle === b) break
    if (rising(middle) < 0) a = middle
    else b = middle
  }
  return (a + b) / 2
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const t = x + 6.5
  const sum = lanczos.reduce((s, c, i) => (i === 0 ? c : s + c / (x - 1 + i)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const tiny = 1e-300

/** Q(1/2, x), which is erfc(√x): a series near nought, a continued fraction (Lentz) beyond. */
function upperGamma(x: number): number {
  if (x <= 0) return 1
  const scale = Math.exp(-x + 0.5 * Math.log(x) - logGamma(0.5))
  if (x < 1.5) {
    let [term, sum] = [2, 2]
    for (let n = 1; Math.abs(term) > sum * 1e-17; n++) {
      term *= x / (n + 0.5)
      sum += term
    }
    return 1 - sum * scale
  }
  let b = x + 0.5
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < 500; i++) {
    const an = -i * (i - 0.5)
    b += 2
    d = 1 / (an * d + b || tiny)
    c = b + an / c || tiny
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return scale * h
}

/** The regularised incomplete beta function, by its continued fraction (Lentz). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let h = d
  // The fraction settles after about √max(a, b) steps.
  const most = 200 + 20 * Math.ceil(Math.sqrt(Math.max(a, b)))
  for (let m = 1; m < most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return h
}

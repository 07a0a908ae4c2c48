/** Chance that repeats itself: the same seed throws the same dice, so the same day of installation makes the same centre. */
export type Dice = {
  /** 0 ≤ x < 1 */
  roll: () => number
  /** Whole number from `low` to `high`, both possible. */
  int: (low: number, high: number) => number
  chance: (share: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** One of the entries, each as likely as its weight. */
  weigh: <T>(list: readonly (readonly [T, number])[]) => T
  /** Waiting times: many short, few long. */
  around: (mean: number) => number
  /** A UUIDv7 of that instant. */
  id: (at: Date) => string
}

export function throwing(seed: string): Dice {
  let [a, b, c, d] = spread(seed)
  const roll = () => {
    // sfc32: small, fast, and good enough for people who do not exist.
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  for (let n = 0; n < 12; n++) roll()
  const int = (low: number, high: number) => low + Math.floor(roll() * (high - low + 1))
  const word = () =>
    Math.floor(roll() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0')
  return {
    roll,
    int,
    chance: share => roll() < share,
    pick: list => only(list[Math.floor(roll() * list.length)]),
    weigh: list => {
      let left = roll() * list.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [entry, weight] of list) {
        left -= weight
        if (left < 0) return entry
      }
      return only(list.at(-1))[0]
    },
    around: mean => -mean * Math.log(1 - roll()),
    id: at => {
      const time = at.getTime().toString(16).padStart(12, '0')
      const chance = word() + word() + word()
      return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-${'89ab'[int(0, 3)]}${chance.slice(3, 6)}-${chance.slice(6, 18)}`
    },
  }
}

function only<T>(entry: T | undefined): T {
  if (entry === undefined) throw new Error('there is nothing to choose from')
  return entry
}

/** Four words from any text (cyrb128). */
function spread(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762]
  for (let n = 0; n < text.length; n++) {
    const k = text.charCodeAt(n)
    h1 = h2 ^ Math.imul(h1 ^ k, 597_399_067)
    h2 = h3 ^ Math.imul(h2 ^ k, 2_869_860_233)
    h3 = h4 ^ Math.imul(h3 ^ k, 951_274_213)
    h4 = h1 ^ Math.imul(h4 ^ k, 2_716_044_179)
  }
  return [h1, h2, h3, h4]
}

/** What the telephone network carries: 8,000 samples a second. */
export const rate = 8_000

/** A tone in beats of 0.4 s with 0.1 s between them: what never changes, a browser takes for noise and suppresses. */
export function tone(hertz: number, seconds: number, { at = rate, loud = 0.4 } = {}): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(Math.round(seconds * at))
  for (let n = 0; n < samples.length; n++)
    samples[n] = (n / at) % 0.5 < 0.4 ? Math.round(32_767 * loud * Math.sin((2 * Math.PI * hertz * n) / at)) : 0
  return samples
}

/** The share of all energy that lies at this frequency, 0–1 (Goertzel). */
export function share(samples: Int16Array, hertz: number, at = rate): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / at)
  let [one, two, energy] = [0, 0, 0]
  for (const sample of samples) {
    const now = sample + turn * one - two
    two = one
    one = now
    energy += sample * sample
  }
  if (energy === 0) return 0
  return Math.min(1, (2 * (one * one + two * two - turn * one * two)) / (samples.length * energy))
}

const windowSeconds = 0.1
/** Softer than this is silence: about -50 dB of the loudest. */
const silence = 100
/** The tone has its window for itself. Two that are heard together share it. */
const clear = 0.2

/** Part of the time, in windows of 0.1 s, in which this tone is heard, 0–1. */
export function heard(samples: Int16Array, hertz: number, at = rate): number {
  const size = Math.round(at * windowSeconds)
  let [all, found] = [0, 0]
  for (let from = 0; from + size <= samples.length; from += size) {
    all++
    const window = samples.subarray(from, from + size)
    if (loudness(window) > silence && share(window, hertz, at) > clear) found++
  }
  return all === 0 ? 0 : found / all
}
export const loudness = (samples: Int16Array): number =>
  samples.length === 0 ? 0 : Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length)

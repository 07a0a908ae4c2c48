import { NotHeard, type Pcm } from './pcm.ts'

export const keptRate = 16_000
/** Half of full scale is loud; what speaks at a tenth of it, on the average, is heard well on every line. */
const targetRms = 0.09
const mostPeak = 0.89
const mostGain = 30
const quiet = 0.001
const edgeSeconds = 0.1
const fadeSeconds = 0.005

/** One channel at 16 kHz, as loud as every other announcement, without the silence before and after. */
export function prepare(pcm: Pcm): Float32Array {
  const samples = trimmed(resample(mixed(pcm), pcm.rate, keptRate))
  const { rms, peak } = loudness(samples)
  const gain = Math.min(mostGain, targetRms / rms, mostPeak / peak)
  const fade = Math.round(fadeSeconds * keptRate)
  return samples.map((value, n) => value * gain * Math.min(1, (n + 1) / fade, (samples.length - n) / fade))
}

function mixed({ channels }: Pcm): Float32Array {
  const [first] = channels
  if (!first) throw new NotHeard('announcement.broken')
  if (channels.length === 1) return first
  return first.map((_, n) => channels.reduce((sum, c) => sum + (c[n] ?? 0), 0) / channels.length)
}

const frame = keptRate / 50
/** Loudness of each fiftieth of a second. */
function frames(samples: Float32Array): number[] {
  return Array.from({ length: Math.ceil(samples.length / frame) }, (_, f) => {
    let sum = 0
    for (let n = f * frame; n < Math.min(samples.length, (f + 1) * frame); n++) sum += (samples[n] ?? 0) ** 2
    return Math.sqrt(sum / frame)
  })
}

function trimmed(samples: Float32Array): Float32Array {
  const heard = frames(samples).map(rms => rms > quiet)
  const first = heard.indexOf(true)
  if (first < 0) throw new NotHeard('announcement.silent')
  const edge = Math.round(edgeSeconds * keptRate)
  return samples.slice(Math.max(0, first * frame - edge), (heard.lastIndexOf(true) + 1) * frame + edge)
}

/** Pauses between words do not count. */
function loudness(samples: Float32Array): { rms: number; peak: number } {
  const spoken = frames(samples).filter(rms => rms > quiet)
  const rms = Math.sqrt(spoken.reduce((sum, v) => sum + v * v, 0) / spoken.length)
  return { rms, peak: samples.reduce((most, v) => Math.max(most, Math.abs(v)), 0) }
}

const lobes = 12
const fineness = 256

/** Band-limited interpolation: nothing above half the lower rate comes through. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const cutoff = Math.min(1, to / from)
  const reach = Math.ceil(lobes / cutoff)
  const table = Float64Array.from({ length: lobes * fineness + 2 }, (_, n) => {
    const x = n / fineness
    const window = x >= lobes ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / lobes)
    return (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * window
  })
  const weight = (distance: number) => {
    const place = distance * cutoff * fineness
    const at = Math.floor(place)
    const low = table[at] ?? 0
    return low + ((table[at + 1] ?? 0) - low) * (place - at)
  }
  // From a whole multiple every sample lies alike among its neighbours: music of ten minutes is laid out while calls run.
  const alike = from % to === 0 ? Float64Array.from({ length: 2 * reach + 1 }, (_, n) => weight(Math.abs(n - reach))) : null
  return Float32Array.from({ length: Math.max(1, Math.floor((samples.length * to) / from)) }, (_, n) => {
    const middle = (n * from) / to
    const first = Math.max(0, Math.ceil(middle - reach))
    const last = Math.min(samples.length - 1, Math.floor(middle + reach))
    let sum = 0
    if (alike) for (let m = first, k = first - middle + reach; m <= last; m++, k++) sum += (samples[m] ?? 0) * (alike[k] ?? 0)
    else for (let m = first; m <= last; m++) sum += (samples[m] ?? 0) * weight(Math.abs(m - middle))
    return sum * cutoff
  })
}

import { writeWav } from '#domains/voice/index.ts'
import type { Dice } from './dice.ts'

const rate = 8000
/** Where the mouth rings for a, e, i, o and u. */
const vowels = [
  [730, 1090],
  [530, 1840],
  [270, 2290],
  [570, 840],
  [300, 870],
] as const

/** Somebody who seems to speak: syllables of a buzz that rings like vowels, with breaths between. No word is said. */
function babble(side: Int16Array, dice: Dice, pitch: number, from: number, until: number): void {
  for (let at = from; at < until; ) {
    const length = 0.11 + dice.roll() * 0.16
    const [low, high] = dice.pick(vowels)
    const height = pitch * (0.9 + dice.roll() * 0.25)
    const loud = 3500 + dice.roll() * 3500
    const [first, last] = [Math.floor(at * rate), Math.min(side.length, Math.floor((at + length) * rate))]
    for (let n = first; n < last; n++) {
      const seconds = n / rate
      let sum = 0
      for (let harmonic = 1; harmonic * height < 3400; harmonic++) {
        const hz = harmonic * height
        const ring = 1 / (1 + ((hz - low) / 120) ** 2) + 0.5 / (1 + ((hz - high) / 180) ** 2) + 0.02
        sum += ring * Math.sin(2 * Math.PI * hz * seconds)
      }
      side[n] = sum * loud * Math.sin((Math.PI * (n - first)) / (last - first)) ** 0.6 * 0.6
    }
    at += length + (dice.chance(0.18) ? 0.25 + dice.roll() * 0.35 : 0.03)
  }
}

/** A short talk of two, each on their own side, who take turns. */
export function talkOfTwo(dice: Dice, seconds: number): Uint8Array {
  const sides = [new Int16Array(rate * seconds), new Int16Array(rate * seconds)]
  const voices = [190 + dice.int(0, 40), 110 + dice.int(0, 90)]
  let speaker = 1
  for (let at = 0.4; at < seconds - 1; speaker = 1 - speaker) {
    const until = Math.min(seconds - 0.3, at + 1.6 + dice.roll() * 2.4)
    const [side, pitch] = [sides[speaker], voices[speaker]]
    if (side && pitch) babble(side, dice, pitch, at, until)
    at = until + 0.2 + dice.roll() * 0.4
  }
  return writeWav({ rate, sides })
}

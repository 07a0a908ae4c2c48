import { expect, test } from 'vitest'
import { heard, share, tone } from './tones.ts'

const mixed = (one: Int16Array, other: Int16Array) => Int16Array.from(one, (sample, n) => (sample + (other[n] ?? 0)) / 2)
/** The same noise every time. */
function noise(length: number): Int16Array {
  let seed = 7
  return Int16Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (seed % 20_000) - 10_000
  })
}

test('a tone is found where it is and nowhere else', () => {
  const steady = tone(440, 0.4)
  expect(share(steady, 440)).toBeGreaterThan(0.99)
  expect(share(steady, 660)).toBeLessThan(0.01)
  expect(heard(tone(440, 2), 440)).toBeCloseTo(0.8, 1)
  expect(heard(tone(440, 2), 660)).toBe(0)
  expect(heard(tone(440, 2, { at: 48_000 }), 440, 48_000)).toBeCloseTo(0.8, 1)
})

test('two tones together are both heard; silence, noise and what is too soft are none', () => {
  const both = mixed(tone(440, 2), tone(1_000, 2))
  expect(heard(both, 440)).toBeGreaterThan(0.7)
  expect(heard(both, 1_000)).toBeGreaterThan(0.7)
  expect(heard(new Int16Array(16_000), 440)).toBe(0)
  expect(heard(noise(16_000), 440)).toBe(0)
  expect(heard(tone(440, 2, { loud: 0.002 }), 440)).toBe(0)
})

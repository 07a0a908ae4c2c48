const rate = 8000
/** Four chords of four slow beats, twice; the end runs into the beginning. */
const chords = [
  [146.83, 220, 293.66, 369.99, 440],
  [123.47, 185, 246.94, 293.66, 440],
  [98, 196, 246.94, 293.66, 392],
  [110, 164.81, 220, 277.18, 329.63],
] as const
const chordSeconds = 4
const rounds = 2
/** Which note of the chord rises above it, beat by beat. */
const melody = [4, 3, 4, 2, 3, 4, 2, 3] as const
const seconds = chords.length * chordSeconds * rounds

/** A tone that swells and dies softly; its upper partials are few, for a telephone carries no more. */
function tone(into: Float32Array, from: number, length: number, frequency: number, loud: number, soft: number): void {
  const count = Math.round((length + soft) * rate)
  for (let n = 0; n < count; n++) {
    const t = n / rate
    const rise = Math.min(1, t / soft)
    const fall = Math.min(1, (length + soft - t) / soft)
    const shape = Math.sin((Math.PI / 2) * rise) * Math.sin((Math.PI / 2) * fall)
    // Two that are a hair apart beat slowly against each other.
    const voice =
      Math.sin(2 * Math.PI * frequency * t) * 0.5 +
      Math.sin(2 * Math.PI * frequency * 1.0015 * t) * 0.5 +
      Math.sin(4 * Math.PI * frequency * t) * 0.18 +
      Math.sin(6 * Math.PI * frequency * t) * 0.05
    const at = (Math.round(from * rate) + n) % into.length
    into[at] = (into[at] ?? 0) + voice * shape * loud
  }
}

/** What is heard while waiting: half a minute that go round without a seam. */
export function music(): Float32Array {
  const sound = new Float32Array(seconds * rate)
  for (let n = 0; n < chords.length * rounds; n++) {
    const chord = chords[n % chords.length] ?? chords[0]
    for (const [voice, frequency] of chord.entries())
      tone(sound, n * chordSeconds, chordSeconds, frequency, voice === 0 ? 0.05 : 0.035, 1.2)
    for (const beat of [1, 3]) {
      const frequency = chord[melody[(n * 2 + (beat >> 1)) % melody.length] ?? 0]
      tone(sound, n * chordSeconds + (beat * chordSeconds) / 4, 0.7, frequency * 2, 0.03, 0.5)
    }
  }
  return sound
}

function sine(frequency: number, length: number, loud: number): Float32Array {
  const fade = 0.01 * rate
  return Float32Array.from({ length: Math.round(length * rate) }, (_, n) => {
    const edge = Math.min(1, n / fade, (length * rate - n) / fade)
    return Math.sin((2 * Math.PI * frequency * n) / rate) * loud * edge
  })
}
/** What the caller hears while a phone rings: 450 Hz, one second in five (GF 002-9002). */
export function ring(): Float32Array {
  const sound = new Float32Array(5 * rate)
  sound.set(sine(450, 1, 0.1))
  return sound
}
/** Before a message is left. */
export const beep = (): Float32Array => sine(1000, 0.3, 0.2)

import { open } from 'node:fs/promises'
import { describeRecording, readRecording, type Shape } from './wav.ts'

/** A recording that is read piece by piece: four hours of it need not lie in memory. */
export type Recorded = Shape & {
  /** Samples of each side. */
  length: number
  read: (from: number, count: number) => Promise<Int16Array[]>
}

/** What stands before the samples of a recording is short. */
const headBytes = 65_536

/** A WAV as it stands on the disk, as much of it as there is; null: it is something else. */
export async function openRecording(place: string): Promise<(Recorded & { close: () => Promise<void> }) | null> {
  const handle = await open(place, 'r')
  const { size } = await handle.stat()
  const head = await handle.read(Buffer.alloc(Math.min(size, headBytes)), 0, Math.min(size, headBytes), 0)
  const wav = describeRecording(head.buffer.subarray(0, head.bytesRead), size)
  if (!wav) {
    await handle.close()
    return null
  }
  const { rate, sides, length, from } = wav
  return {
    rate,
    sides,
    length,
    read: async (at, count) => {
      const samples = new Int16Array(Math.max(0, Math.min(count, length - at)) * sides)
      await handle.read(samples, 0, samples.byteLength, from + at * sides * 2)
      return apart(samples, sides)
    },
    close: () => handle.close(),
  }
}

/** One that is in memory already. */
export function recordingOf(bytes: Uint8Array): Recorded | null {
  const sound = readRecording(bytes)
  return (
    sound && {
      rate: sound.rate,
      sides: sound.sides.length,
      length: sound.sides[0]?.length ?? 0,
      read: async (at, count) => sound.sides.map(side => side.slice(at, at + count)),
    }
  )
}

const apart = (samples: Int16Array, sides: number): Int16Array[] =>
  Array.from({ length: sides }, (_, side) => {
    const own = new Int16Array(samples.length / sides)
    for (let n = 0, at = side; n < own.length; n++, at += sides) own[n] = samples[at] ?? 0
    return own
  })

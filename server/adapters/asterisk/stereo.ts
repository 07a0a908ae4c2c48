import { open } from 'node:fs/promises'
import { openRecording, type Recorded } from '#domains/voice/audio/recording.ts'
import { wavHead } from '#domains/voice/audio/wav.ts'

/** So many samples of either side are in memory at a time. */
const blockSamples = 32_768

/** Two one-sided recordings of one talk into one wav: the first left, the second right; the shorter one ends in silence. */
export async function stereo(left: string, right: string, into: string): Promise<void> {
  const files: { close: () => Promise<void> }[] = []
  const opened = async <F extends (typeof files)[number]>(file: F | null): Promise<F> => {
    if (!file) throw new Error('no wav')
    files.push(file)
    return file
  }
  try {
    const halves: Recorded[] = [await openRecording(left).then(opened), await openRecording(right).then(opened)]
    const [rate = 0, other] = halves.map(half => half.rate)
    if (rate !== other) throw new Error(`two sides of ${rate} and ${other} samples a second`)
    const length = Math.max(...halves.map(half => half.length))
    const out = await open(into, 'w', 0o600).then(opened)
    await out.writeFile(wavHead(rate, 2, length * 4))
    for (let at = 0; at < length; at += blockSamples) {
      const count = Math.min(blockSamples, length - at)
      const both = new Int16Array(count * 2)
      for (const [offset, half] of halves.entries())
        for (const [n, sample] of (await half.read(at, count))[0]?.entries() ?? []) both[n * 2 + offset] = sample
      await out.writeFile(both)
    }
  } finally {
    for (const file of files) await file.close()
  }
}

import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resample } from '../audio/prepare.ts'
import { openRecording, recordingOf } from '../audio/recording.ts'
import { fromSamples, readRecording, toSamples, wavHead, writeWav } from '../audio/wav.ts'
import { toOgg } from './ogg.ts'
import { blocksOf, pack, packApart } from './packing.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'packing-'))
})
afterAll(() => rm(folder, { recursive: true }))

const tone = (rate: number, seconds: number, hz: number) =>
  Int16Array.from({ length: Math.round(rate * seconds) }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate) * 9000)

async function packed(wav: string, ogg: string) {
  return { told: await packApart({ wav, ogg, pauses: [] }), bytes: await readFile(ogg).catch(() => null) }
}

test('packed from file to file it is what it is when packed whole', async () => {
  // Longer than one block, and ending within one.
  const sound = { rate: 8000, sides: [tone(8000, 9.3, 440), tone(8000, 9.3, 1000)] }
  const [wav, ogg] = [path.join(folder, 'short.wav'), path.join(folder, 'short.ogg')]
  await writeFile(wav, writeWav(sound))
  const { told, bytes } = await packed(wav, ogg)
  expect(bytes?.equals(toOgg(sound))).toBe(true)
  expect(told?.seconds).toBeCloseTo(9.3, 5)
  expect(told?.peaks.customer).toHaveLength(93)
  expect(told).toEqual({ seconds: told?.seconds, peaks: (await pack(writeWav(sound), []))?.peaks })
})

test.each([44_100, 48_000, 11_025])('a sound of %i samples a second is resampled in blocks as if it were whole', async rate => {
  const sound = { rate, sides: [tone(rate, 9.1, 440)] }
  const recording = recordingOf(writeWav(sound))
  if (!recording) throw new Error('no sound')
  const to = rate >= 12_000 ? 16_000 : 8000
  const kept: number[] = []
  for await (const block of blocksOf(recording, to)) kept.push(...(block.kept[0] ?? []))
  const whole = toSamples(resample(fromSamples(sound.sides[0] ?? new Int16Array()), rate, to))
  expect(kept).toHaveLength(whole.length)
  expect(whole.every((v, n) => Math.abs(v - (kept[n] ?? 0)) <= 1)).toBe(true)
})

test('what was cut off is as long as it is, and what is no sound is none', async () => {
  const place = path.join(folder, 'cut.wav')
  const whole = writeWav({ rate: 8000, sides: [tone(8000, 1, 440)] })
  await writeFile(place, whole.subarray(0, 44 + 4000))
  const sound = await openRecording(place)
  expect(sound).toMatchObject({ rate: 8000, sides: 1, length: 2000 })
  expect(await sound?.read(1990, 100)).toEqual([readRecording(whole)?.sides[0]?.slice(1990, 2000)])
  await sound?.close()
  await writeFile(place, 'RIFF, but nothing of a sound')
  expect((await packed(place, path.join(folder, 'cut.ogg'))).told).toBe(null)
})

test('a long talk is never in memory whole', async () => {
  const [wav, ogg] = [path.join(folder, 'long.wav'), path.join(folder, 'long.ogg')]
  const minutes = 16
  const bytes = 16_000 * 2 * 2 * 60 * minutes
  const handle = await open(wav, 'w')
  await handle.writeFile(wavHead(16_000, 2, bytes))
  await handle.truncate(44 + bytes)
  await handle.close()
  const [small, first] = [path.join(folder, 'small.wav'), path.join(folder, 'small.ogg')]
  await writeFile(small, writeWav({ rate: 16_000, sides: [tone(16_000, 5, 440), tone(16_000, 5, 440)] }))
  await packed(small, first)
  const before = process.memoryUsage().rss
  let most = before
  const looks = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const { told } = await packed(wav, ogg)
  clearInterval(looks)
  expect(told?.seconds).toBe(minutes * 60)
  expect((await stat(ogg)).size).toBeGreaterThan(10_000)
  // 61 MB of sound; whole it would be there several times over.
  expect(most - before).toBeLessThan(bytes)
}, 240_000)

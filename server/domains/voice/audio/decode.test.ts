import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { toOgg } from '../recordings/ogg.ts'
import { oggPackets } from './containers.ts'
import { decode } from './decode.ts'
import { fromUlaw, toUlaw } from './g711.ts'
import { hear } from './hearing.ts'
import type { Pcm } from './pcm.ts'
import { keptRate, prepare, resample } from './prepare.ts'
import { readRecording, readWav, toSamples, writeWav } from './wav.ts'

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'tones', name))
const tone = (rate: number, seconds: number, loud = 0.27, frequency = 440) =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / rate) * loud)
const wav = (rate: number, ...sides: Float32Array[]) => writeWav({ rate, sides: sides.map(toSamples) })

/** How much of a tone is in it, between 0 and 1. */
function share(samples: Float32Array, rate: number, frequency: number): number {
  let [re, im] = [0, 0]
  for (const [n, v] of samples.entries()) {
    re += v * Math.cos((2 * Math.PI * frequency * n) / rate)
    im += v * Math.sin((2 * Math.PI * frequency * n) / rate)
  }
  return (2 * Math.hypot(re, im)) / samples.length
}
const first = ({ channels }: Pcm) => channels[0] ?? new Float32Array()

/** Packets as a browser's recorder writes them: the lengths of the segment and the cluster are not known. */
function webm(): Buffer {
  const sound = toOgg({ rate: 16_000, sides: [toSamples(tone(16_000, 0.6))] })
  const [head = new Uint8Array(), , ...packets] = oggPackets(sound)
  const element = (id: string, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(0x10000000 | body.length)
    return Buffer.concat([Buffer.from(id, 'hex'), size, body])
  }
  const endless = (id: string) => Buffer.concat([Buffer.from(id, 'hex'), Buffer.from('01ffffffffffffff', 'hex')])
  const track = element('ae', element('d7', Buffer.from([1])), element('86', Buffer.from('A_OPUS')), element('63a2', head))
  return Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from('webm'))),
    endless('18538067'),
    element('1654ae6b', track),
    endless('1f43b675'),
    element('e7', Buffer.from([0])),
    ...packets.map(p => element('a3', Buffer.from([0x81, 0, 0, 0x80]), p)),
  ])
}

describe('what people bring', () => {
  test.each<[string, Uint8Array]>([
    ['WAV, 44.1 kHz, two channels', wav(44_100, tone(44_100, 0.6), tone(44_100, 0.6))],
    ['MP3', fixture('tone.mp3')],
    ['FLAC', fixture('tone.flac')],
    ['Ogg with Vorbis', fixture('tone.ogg')],
    ['Ogg with Opus', toOgg({ rate: 16_000, sides: [toSamples(tone(16_000, 0.6))] })],
    ['WebM with Opus, as it is recorded', webm()],
  ])('is heard as it was: %s', async (_, bytes) => {
    const pcm = await decode(bytes, 10)
    const length = first(pcm).length / pcm.rate
    expect(length).toBeGreaterThan(0.55)
    expect(length).toBeLessThan(0.75)
    expect(share(first(pcm), pcm.rate, 440) * (length / 0.6)).toBeGreaterThan(0.22)
    expect(share(first(pcm), pcm.rate, 1000)).toBeLessThan(0.02)
  })

  test('a lossless file loses nothing', async () => {
    const kept = first(await decode(fixture('tone.flac'), 10))
    const was = tone(16_000, 0.6, 9000 / 32_768)
    expect(kept.length).toBe(was.length)
    expect(Math.max(...kept.map((v, n) => Math.abs(v - (was[n] ?? 0))))).toBeLessThan(2 / 32_768)
  })

  test('a tag before the sound is passed over', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\x00\x00', 'latin1'), Buffer.from([0, 0, 1, 0]), Buffer.alloc(128, 0xff)])
    expect(first(await decode(Buffer.concat([tag, fixture('tone.mp3')]), 10)).length).toBeGreaterThan(8000)
  })
})

describe('what is no sound', () => {
  const text = Buffer.from('This is a letter that somebody named announcement.mp3. '.repeat(200))
  test.each<[string, Uint8Array, string]>([
    ['a letter', text, 'announcement.not_audio'],
    ['nothing', new Uint8Array(), 'announcement.not_audio'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'announcement.not_audio'],
    ['eleven set bits and then a letter', Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), text]), 'announcement.not_audio'],
    ['a WAV cut off', wav(8000, tone(8000, 1)).subarray(0, 4000), 'announcement.broken'],
    ['a WAV without sound', wav(8000, new Float32Array()), 'announcement.broken'],
    ['a FLAC cut off', fixture('tone.flac').subarray(0, 3000), 'announcement.broken'],
    ['an Ogg cut off in its head', fixture('tone.ogg').subarray(0, 2000), 'announcement.broken'],
    ['an Ogg of something else', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(400)]), 'announcement.broken'],
    ['a WebM without sound', Buffer.from('1a45dfa3804286817f', 'hex'), 'announcement.broken'],
    ['silence', wav(8000, new Float32Array(8000)), 'announcement.silent'],
    ['too much', wav(4000, tone(4000, 601)), 'announcement.too_long'],
  ])('is refused by its content: %s', async (_, bytes, code) => {
    await expect(hear(bytes)).rejects.toMatchObject({ code })
  })

  test('bytes in disorder end in a refusal, never in a crash or in endless work', async () => {
    for (const name of ['tone.mp3', 'tone.ogg', 'tone.flac'])
      for (let seed = 1; seed <= 12; seed++) {
        const bytes = Buffer.from(fixture(name))
        for (let n = 0, at = seed * 7919; n < 20; n++, at = (at * 1_103_515_245 + 12_345) % 2_147_483_648) {
          const place = 8 + (at % (bytes.length - 8))
          bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8))
        }
        const ended = await decode(bytes, 10).then(
          () => 'heard',
          (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : `${name} ${seed}: ${String(error)}`),
        )
        expect(ended).toMatch(/^heard$|^announcement\./)
      }
  })
})

test('every announcement is equally loud, at 16 kHz, without silence around it', async () => {
  const loudness = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length)
  for (const loud of [0.01, 0.9]) {
    const quiet = new Float32Array(48_000)
    const bytes = wav(48_000, Float32Array.from([...quiet, ...tone(48_000, 1, loud), ...quiet]))
    const { wav: kept, seconds } = await hear(bytes)
    const pcm = readWav(kept)
    expect([pcm.rate, pcm.channels.length]).toEqual([keptRate, 1])
    expect(seconds).toBeGreaterThan(1.1)
    expect(seconds).toBeLessThan(1.3)
    expect(loudness(first(pcm).slice(4000, 14_000))).toBeCloseTo(0.09, 2)
  }
})

test('what is above half of the lower rate does not come back as another tone', () => {
  const high = resample(tone(48_000, 1, 0.5, 11_000), 48_000, 16_000)
  expect(share(high, 16_000, 5000)).toBeLessThan(0.01)
  const low = prepare({ rate: 48_000, channels: [tone(48_000, 1, 0.5, 3000)] })
  expect(share(low, 16_000, 3000)).toBeGreaterThan(0.1)
})

test('a figure in µ-law comes back as near as its step', () => {
  for (let byte = 0; byte < 256; byte++) expect(toUlaw(fromUlaw(byte))).toBe(byte === 0x7f ? 0xff : byte)
  expect([0, 1, -1].map(toUlaw)).toEqual([0xff, 0x80, 0x00])
  const carried = tone(8000, 1).map(value => fromUlaw(toUlaw(value)))
  expect(share(carried, 8000, 440)).toBeCloseTo(0.27, 2)
})

test('a recording keeps both sides apart, whatever else stands in it, and as far as it was written', () => {
  const sides = [toSamples(tone(8000, 0.5)), toSamples(tone(8000, 0.5, 0.27, 1000))]
  const written = writeWav({ rate: 8000, sides })
  const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1')
  expect(readRecording(Buffer.concat([written.subarray(0, 36), list, written.subarray(36)]))).toEqual({ rate: 8000, sides })
  expect(readRecording(written.subarray(0, 44 + 4000))).toEqual({ rate: 8000, sides: sides.map(side => side.slice(0, 1000)) })
  expect(readRecording(new Uint8Array(100))).toBe(null)
  expect(readRecording(writeWav({ rate: 8000, sides: [...sides, ...sides] }))).toBe(null)
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { wavHead } from '#domains/voice/audio/wav.ts'
import { readAddress } from './ari.ts'
import { causeOf, reasonOf } from './causes.ts'
import { mosOf, qualityOf, readCounts } from './quality.ts'
import { stereo } from './stereo.ts'

test('how well a leg was heard follows the E-model: G.107 at its defaults is 4.41, and loss and delay cost what they should', () => {
  expect(mosOf({ loss: 0, delayMs: 0 })).toBeCloseTo(4.41, 2)
  // 150 ms one way: R = 89.6.
  expect(mosOf({ loss: 0, delayMs: 150 })).toBeCloseTo(4.33, 1)
  // Beyond 177.3 ms it is felt: R = 78.5.
  expect(mosOf({ loss: 0, delayMs: 300 })).toBeLessThan(4)
  // G.711 with concealment, 5 % lost: Ie,eff = 15.8.
  expect(mosOf({ loss: 0.05, delayMs: 20 })).toBeCloseTo(3.9, 1)
  expect(mosOf({ loss: 1, delayMs: 400 })).toBe(1)
  let last = 5
  for (let loss = 0; loss <= 0.5; loss += 0.05) {
    const mos = mosOf({ loss, delayMs: 50 })
    expect(mos).toBeLessThan(last)
    last = mos
  }
})

test('what RTP counted becomes shares and milliseconds; a leg without sound says nothing', () => {
  const quiet = { txcount: 0, rxcount: 0, txploss: 0, rxploss: 0 }
  expect(qualityOf(quiet)).toBeNull()
  expect(qualityOf({ txcount: 1000, rxcount: 950, txploss: 10, rxploss: 50, rxjitter: 0.004, rtt: 0.08 })).toMatchObject({
    lossIn: 0.05,
    lossOut: 0.01,
    jitterMs: 4,
    rttMs: 80,
  })
  // Only we spoke: nothing was heard that could be judged.
  expect(qualityOf({ ...quiet, txcount: 500 })).toMatchObject({ lossIn: null, lossOut: 0, mos: null })
})

test('what Asterisk leaves at a channel whose other side hung up is read as if it had been asked', () => {
  const left =
    'ssrc=713288186;themssrc=49374;lp=50;rxjitter=0.004000;rxcount=950;txjitter=0.001750;txcount=1000;rlp=10;rtt=0.080000;rxmes=0.0'
  const counts = readCounts(left)
  expect(counts && qualityOf(counts)).toMatchObject({ lossIn: 0.05, lossOut: 0.01, jitterMs: 4, rttMs: 80 })
  expect([readCounts(undefined), readCounts(''), readCounts('ssrc=1;lp=0'), readCounts('nothing of the kind')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('why a leg ended: the SIP answer first, then the cause; a leg that was up ended as calls end', () => {
  expect(causeOf({ up: false, reason: 17, answer: 486 })).toEqual({ cause: 'busy', code: 486 })
  expect(causeOf({ up: false, reason: 0, answer: 404 })).toEqual({ cause: 'wrong_number', code: 404 })
  expect(causeOf({ up: false, reason: 21, answer: 603 })).toEqual({ cause: 'refused', code: 603 })
  expect(causeOf({ up: false, reason: 0, answer: 503 })).toEqual({ cause: 'unreachable', code: 503 })
  expect(causeOf({ up: false, reason: 19, answer: 0 })).toEqual({ cause: 'no_answer', code: null })
  expect(causeOf({ up: false, reason: 16, answer: 200 })).toEqual({ cause: 'normal', code: null })
  expect(causeOf({ up: true, reason: 16, answer: 200 })).toEqual({ cause: 'normal', code: null })
  expect(causeOf({ up: true, reason: 44, answer: 0 })).toEqual({ cause: 'lost', code: null })
  expect([reasonOf('busy'), reasonOf('blocked'), reasonOf('normal'), reasonOf('transferred')]).toEqual([17, 21, 16, 16])
})

test('addresses of nodes: who, with what, where; a path stands before /ari', () => {
  expect(readAddress('http://huiyin:ge%40heim@10.0.0.5:8088')).toEqual({ url: 'http://10.0.0.5:8088', user: 'huiyin', password: 'ge@heim' })
  expect(readAddress('https://u:p@pbx.example.com/asterisk/ari/')).toEqual({
    url: 'https://pbx.example.com/asterisk',
    user: 'u',
    password: 'p',
  })
})

function wav(samples: readonly number[], promised = samples.length * 2): Buffer {
  const bytes = Buffer.concat([wavHead(8000, 1, promised), Buffer.alloc(samples.length * 2)])
  for (const [n, sample] of samples.entries()) bytes.writeInt16LE(sample, 44 + n * 2)
  return bytes
}

test('two sides become one wav of two channels; the shorter ends in silence, a header that promises too much is not believed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sides-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [left, right, into] = [path.join(folder, 'in'), path.join(folder, 'out'), path.join(folder, 'both')]
  const sides = async (a: Buffer, b: Buffer) => {
    await writeFile(left, a)
    await writeFile(right, b)
    await stereo(left, right, into)
    return readFile(into)
  }
  const both = await sides(wav([1, 2, 3]), wav([-1], 4000))
  expect(both.readUInt16LE(22)).toBe(2)
  expect(Array.from({ length: 6 }, (_, n) => both.readInt16LE(44 + n * 2))).toEqual([1, -1, 2, 0, 3, 0])
  await expect(sides(Buffer.from('nothing'), wav([]))).rejects.toThrow('no wav')
  // Longer than what is in memory at a time.
  const long = Array.from({ length: 70_000 }, (_, n) => n % 30_000)
  const whole = await sides(wav(long), wav(long.map(n => -n)))
  expect(whole.length).toBe(44 + long.length * 4)
  expect(Array.from(long, (_, n) => whole.readInt16LE(44 + n * 4))).toEqual(long)
  expect(whole.readInt16LE(44 + 65_000 * 4 + 2)).toBe(-(65_000 % 30_000))
})

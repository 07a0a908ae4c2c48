import { open } from 'node:fs/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { resample } from '../audio/prepare.ts'
import { openRecording, type Recorded, recordingOf } from '../audio/recording.ts'
import { fromSamples, toSamples } from '../audio/wav.ts'
import { beginOgg, keptRateOf } from './ogg.ts'

const Packed = z.object({ seconds: z.number(), peaks: z.object({ customer: z.array(z.int()), agent: z.array(z.int()) }) })
export type Packed = z.output<typeof Packed>
export type Spans = readonly { from: number; until: number | null }[]

/** Steps of the drawn wave: four a second for short ones, never more than a wide screen shows. */
const mostSteps = 1200
const stepsPerSecond = 10
/** So much is in memory at a time, however long the talk was. */
const blockSeconds = 4

/** What the switch brought, as it is kept; null: it is no sound. */
export async function pack(wav: Uint8Array, pauses: Spans): Promise<(Packed & { bytes: Uint8Array }) | null> {
  const pages: Buffer[] = []
  const sound = recordingOf(wav)
  const packed = sound && (await packInto(sound, pauses, async made => void pages.push(...made)))
  return packed && { ...packed, bytes: Buffer.concat(pages) }
}

/** Block by block. What was paused is silent from here on, whatever the switch let through. */
async function packInto(sound: Recorded, pauses: Spans, write: (pages: readonly Buffer[]) => Promise<void>): Promise<Packed | null> {
  const { rate, length, sides } = sound
  if (length === 0) return null
  const seconds = length / rate
  const waves = Array.from({ length: sides }, () => newWave(length, Math.max(1, Math.min(mostSteps, Math.ceil(seconds * stepsPerSecond)))))
  const kept = keptRateOf(rate)
  let pages: Buffer[] = []
  const ogg = beginOgg({ rate: kept, sides, length: keptLength(length, rate, kept) }, made => pages.push(made))
  const silent: Recorded = {
    ...sound,
    read: async (from, count) => {
      const read = await sound.read(from, count)
      for (const side of read) silence(side, from, rate, pauses)
      return read
    },
  }
  try {
    for await (const block of blocksOf(silent, kept)) {
      for (const [side, samples] of block.sides.entries()) waves[side]?.add(block.from, samples)
      ogg.add(block.kept)
      await write(pages)
      pages = []
    }
    ogg.end()
    await write(pages)
  } finally {
    ogg.close()
  }
  const [customer, agent] = waves.map(wave => wave.peaks())
  return { seconds, peaks: { customer: customer ?? [], agent: agent ?? [] } }
}

const keptLength = (length: number, rate: number, kept: number) =>
  rate === kept ? length : Math.max(1, Math.floor((length * kept) / rate))

type Block = { from: number; sides: Int16Array[]; kept: Int16Array[] }
/** Each block as it is, and at the rate that is kept: resampled with its neighbours, as if it were whole. */
export async function* blocksOf(sound: Recorded, kept: number): AsyncGenerator<Block> {
  const { rate, length } = sound
  // Where blocks begin, a sample of one rate stands upon one of the other.
  const unit = rate / common(rate, kept)
  const step = unit * Math.ceil((rate * blockSeconds) / unit)
  const beside = rate === kept ? 0 : unit * Math.ceil(rate / 50 / unit)
  const total = keptLength(length, rate, kept)
  for (let from = 0; from < length; from += step) {
    const first = Math.max(0, from - beside)
    const read = await sound.read(first, from - first + step + beside)
    const sides = read.map(side => side.subarray(from - first, from - first + step))
    const [skip, place] = [((from - first) * kept) / rate, (from * kept) / rate]
    const count = Math.min((step * kept) / rate, total - place)
    const resampled =
      rate === kept ? sides : read.map(side => toSamples(resample(fromSamples(side), rate, kept).subarray(skip, skip + count)))
    yield { from, sides, kept: resampled }
  }
}
const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b))

/** Nothing is heard there any more, whatever was. Seconds. */
function silence(samples: Int16Array, at: number, rate: number, spans: Spans): void {
  const within = (sample: number) => Math.max(0, Math.min(samples.length, sample - at))
  for (const { from, until } of spans)
    samples.fill(0, within(Math.floor(from * rate)), until === null ? samples.length : within(Math.ceil(until * rate)))
}

/** The loudest of each of so many equal steps, 0–255. */
function newWave(length: number, steps: number) {
  const loudest = new Array<number>(steps).fill(0)
  let step = 0
  return {
    add(from: number, samples: Int16Array): void {
      for (let n = 0; n < samples.length; n++) {
        while (step < steps - 1 && from + n >= Math.floor(((step + 1) * length) / steps)) step++
        loudest[step] = Math.max(loudest[step] ?? 0, Math.abs(samples[n] ?? 0))
      }
    },
    peaks: () => loudest.map(value => Math.min(255, Math.round(value / 128.5))),
  }
}

const Work = z.object({ wav: z.string(), ogg: z.string(), pauses: z.array(z.object({ from: z.number(), until: z.number().nullable() })) })
type Work = z.output<typeof Work>

let last: Promise<unknown> = Promise.resolve()
/** From file to file, in a thread of its own, one after the other: encoding takes about half a second for a minute of talk, and calls must not wait for it. */
export function packApart(work: Omit<Work, 'pauses'> & { pauses: Spans }): Promise<Packed | null> {
  const turn = last.then(() => inThread(work))
  last = turn.catch(() => {})
  return turn
}

const inThread = (work: object) =>
  new Promise<Packed | null>((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: work })
    thread.once('message', said => resolve(Packed.nullable().parse(said)))
    thread.once('error', reject)
    thread.once('exit', code => reject(new Error(`the encoder ended with ${code}`)))
  })

async function packFile({ wav, ogg, pauses }: Work): Promise<Packed | null> {
  const sound = await openRecording(wav)
  if (!sound) return null
  const out = await open(ogg, 'w', 0o600)
  try {
    return await packInto(sound, pauses, async pages => {
      for (const page of pages) await out.writeFile(page)
    })
  } finally {
    await out.close()
    await sound.close()
  }
}

const work = Work.safeParse(workerData)
if (parentPort && work.success) parentPort.postMessage(await packFile(work.data))

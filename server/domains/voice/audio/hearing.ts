import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { decode } from './decode.ts'
import { NotHeard } from './pcm.ts'
import { keptRate, prepare } from './prepare.ts'
import { toSamples, writeWav } from './wav.ts'

/** Music may be as long as this; nobody listens longer to a prompt either. */
export const mostSeconds = 600
export const accepted = 'WAV, MP3, FLAC, Ogg (Opus, Vorbis), WebM (Opus)'
const patienceMs = 30_000
const mostMemoryMb = 512

export type Heard = { wav: Uint8Array; seconds: number }
const Told = z.union([z.object({ wav: z.instanceof(Uint8Array), seconds: z.number() }), z.object({ fault: z.string() })])
const Work = z.object({ sound: z.instanceof(Uint8Array) })

let last: Promise<unknown> = Promise.resolve()
/** Any sound as it is kept: WAV, 16 kHz, one channel, evenly loud. In a thread of its own, one after the other, so that calls do not wait for it; what is no sound is refused. */
export function hear(sound: Uint8Array): Promise<Heard> {
  const turn = last.then(() => inThread(sound))
  last = turn.catch(() => {})
  return turn
}

function inThread(sound: Uint8Array): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), {
      workerData: { sound },
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    })
    const refuse = (code: string) => reject(new Refusal('invalid', code, { accepted, most: mostSeconds / 60 }))
    const clock = setTimeout(() => void thread.terminate().then(() => refuse('announcement.broken')), patienceMs)
    thread.once('message', (said: unknown) => {
      const told = Told.parse(said)
      if ('fault' in told) refuse(told.fault)
      else resolve(told)
    })
    // Bytes made to hurt end their thread, and nothing else.
    thread.once('error', () => refuse('announcement.broken'))
    thread.once('exit', () => {
      clearTimeout(clock)
      refuse('announcement.broken')
    })
  })
}

/** The thread's own side. */
async function work(sound: Uint8Array): Promise<z.output<typeof Told>> {
  try {
    const samples = prepare(await decode(sound, mostSeconds))
    return { wav: Uint8Array.from(writeWav({ rate: keptRate, sides: [toSamples(samples)] })), seconds: samples.length / keptRate }
  } catch (error) {
    return { fault: error instanceof NotHeard ? error.code : 'announcement.broken' }
  }
}
const given = Work.safeParse(workerData)
if (!isMainThread && parentPort && given.success) parentPort.postMessage(await work(given.data.sound))

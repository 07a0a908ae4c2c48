import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { writeUlaw } from './g711.ts'
import { resample } from './prepare.ts'
import { readWav } from './wav.ts'

const lineRate = 8000
const Work = z.object({ laid: z.instanceof(Uint8Array) })

/** A sound as it is kept, as a line carries it. In a thread of its own: music of ten minutes is laid out while calls run. */
export const toLine = (wav: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { laid: wav } })
    thread.once('message', (ulaw: unknown) => (ulaw instanceof Uint8Array ? resolve(ulaw) : reject(new Error('no sound was laid out'))))
    thread.once('error', reject)
    thread.once('exit', code => reject(new Error(`the thread that lays out a sound ended with ${code}`)))
  })

function work(wav: Uint8Array): Uint8Array {
  const { rate, channels } = readWav(wav)
  const [samples] = channels
  if (!samples) throw new Error('the sound is empty')
  return Uint8Array.from(writeUlaw(resample(samples, rate, lineRate)))
}
const given = Work.safeParse(workerData)
if (!isMainThread && parentPort && given.success) parentPort.postMessage(work(given.data.laid))

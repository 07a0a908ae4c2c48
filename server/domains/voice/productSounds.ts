import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '#kernel/refusal.ts'
import type { Door } from '#kernel/serve.ts'
import { readUlaw } from './audio/g711.ts'
import { toSamples, writeWav } from './audio/wav.ts'

/** Sounds that come with the product: µ-law, 8 kHz, as tools/sounds makes them. */
const folder = path.resolve(import.meta.dirname, '../../../sounds')
const lineRate = 8000

/** Where a switch on this machine finds one, without its ending. */
export const productSoundPlace = (name: string): string => path.join(folder, name)
/** Where a browser finds one. */
export const productSoundUrl = (name: string): string => `/sounds/${name}.wav`
export const productSound = async (name: string): Promise<Float32Array> => readUlaw(await readFile(`${productSoundPlace(name)}.ulaw`))

/** Anybody may hear what everybody hears who calls. */
export function soundRoutes({ app }: Pick<Door, 'app'>): void {
  app.get<{ Params: { '*': string } }>('/sounds/*', async (request, reply) => {
    const [, name] = /^((?:(?:zh|en|sample)\/)?[a-z0-9_-]{1,60})\.wav$/.exec(request.params['*']) ?? []
    const samples = name === undefined ? null : await productSound(name).catch(() => null)
    if (samples === null) throw new Refusal('not_found', 'input.no_such_address')
    return reply
      .type('audio/wav')
      .header('cache-control', 'public, max-age=86400')
      .send(writeWav({ rate: lineRate, sides: [toSamples(samples)] }))
  })
}

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { gather, type Pcm } from './pcm.ts'

const place = createRequire(import.meta.url).resolve('minimp3-wasm/dist/decoder.opt.wasm')

/** MPEG layers 1 to 3 by minimp3. Its memory is made anew for each sound: nothing of one is left for the next. */
export async function readMp3(bytes: Uint8Array, most: number): Promise<Pcm> {
  const { instance } = await WebAssembly.instantiate(await readFile(place), {})
  const ask = (name: string, ...given: number[]): number => {
    const found = instance.exports[name]
    if (typeof found !== 'function') throw new Error(`minimp3 has no ${name}`)
    return Number(found(...given))
  }
  const { memory } = instance.exports
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('minimp3 has no memory')
  ask('decoder_init')
  ask('decoder_set_mp3_data_size', bytes.length)
  new Uint8Array(memory.buffer, ask('decoder_mp3_data_offset'), bytes.length).set(bytes)
  ask('decoder_seek', 0)
  const sound = gather(most)
  for (;;) {
    ask('decoder_decode', 1)
    const count = ask('decode_results_num_samples')
    const channels = ask('decode_results_num_channels')
    if (count <= 0 || channels <= 0) break
    const samples = new Int16Array(memory.buffer, ask('decoder_pcm_data_offset'), count)
    sound.add(
      ask('decode_results_sampling_rate'),
      Array.from({ length: channels }, (_, c) => {
        const one = new Float32Array(Math.floor(count / channels))
        for (let n = 0; n < one.length; n++) one[n] = (samples[n * channels + c] ?? 0) / 32_768
        return one
      }),
    )
  }
  return sound.whole()
}

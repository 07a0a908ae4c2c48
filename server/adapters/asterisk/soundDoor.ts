import { readFile } from 'node:fs/promises'
import { readUlaw } from '#domains/voice/audio/g711.ts'
import { toSamples, writeWav } from '#domains/voice/audio/wav.ts'
import type { CallAt, Language, Prompt } from '#domains/voice/ports.ts'
import { musicOf, type Sounding, soundPlace, soundsOf } from '#domains/voice/sounding.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import { idBytes, idIn, openSecret, sealedSecret } from '#kernel/sealed.ts'
import type { Door } from '#kernel/serve.ts'

const noun = 'phone sound'
/** An Asterisk fetches a sound once and keeps it. */
const place = '/api/phone-sounds'

const addressOf = (house: House, tenantId: string, sound: Sounding): string => {
  const base = (house.settings.publicUrl ?? '').replace(/\/$/, '')
  return 'product' in sound
    ? `sound:${base}/sounds/${sound.product}.wav`
    : `sound:${base}${place}/${tenantId}/${sealedSecret(house, tenantId, noun, idBytes(sound.fileId))}.wav`
}

/** For an Asterisk on another machine: sounds at addresses of ours. Without PUBLIC_URL it can fetch none, and plays its own music. */
export const soundsByAddress = (house: House) => ({
  prompts: async (at: CallAt, prompts: readonly Prompt[], language: Language): Promise<string[]> => {
    if (!house.settings.publicUrl) return []
    const sounds = await asSystem(house, at.tenantId, ctx => soundsOf(ctx, prompts, language))
    return sounds.map(sound => addressOf(house, at.tenantId, sound))
  },
  music: async (at: CallAt, music: string): Promise<string[] | null> => {
    if (!house.settings.publicUrl) return null
    return [addressOf(house, at.tenantId, await asSystem(house, at.tenantId, ctx => musicOf(ctx, music)))]
  },
})

/** As a line carries it: one voice, 8 kHz. The address itself is the permission; it was made for the switch. */
export function serveSounds({ app, house }: Pick<Door, 'app' | 'house'>): void {
  app.get<{ Params: { tenant: string; name: string } }>(`${place}/:tenant/:name`, async (request, reply) => {
    const { tenant, name } = request.params
    const bytes = openSecret(house, tenant, noun, name.replace(/\.wav$/, ''))
    if (!bytes) throw new Refusal('not_found', 'input.no_such_address')
    const samples = readUlaw(await readFile(`${await soundPlace(house, tenant, { fileId: idIn(bytes) })}.ulaw`))
    return reply
      .type('audio/wav')
      .header('cache-control', 'private, max-age=86400')
      .send(writeWav({ rate: 8000, sides: [toSamples(samples)] }))
  })
}

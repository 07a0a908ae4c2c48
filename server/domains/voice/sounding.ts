import { sql } from 'kysely'
import { system } from '#kernel/access.ts'
import { fileUrl } from '#kernel/files.ts'
import type { House } from '#kernel/house.ts'
import { type Ctx, work } from '#kernel/work.ts'
import type { CallAt, Language, Prompt } from './ports.ts'
import { productSoundPlace, productSoundUrl } from './productSounds.ts'
import { wordsOf } from './rules/sayings.ts'
import { heardIn } from './rules/speech.ts'
import { soundFilePlace } from './soundFiles.ts'
import { spokenFile } from './speech.ts'

/** A sound to play: one of the product, or a file of the organisation. */
export type Sounding = { product: string } | { fileId: string }

/** What these prompts are, one after the other: words, and the sound in which they are heard where there is one. */
async function heardAs(ctx: Ctx, prompts: readonly Prompt[], language: Language): Promise<{ text: string; sound: Sounding | null }[]> {
  const said = []
  for (const heard of heardIn(language, prompts)) {
    if (heard.kind === 'sound') said.push({ text: wordsOf(heard.name), sound: { product: heard.name } })
    else if (heard.kind === 'announcement') said.push(await announced(ctx, heard.id, language))
    else {
      const fileId = await spokenFile(ctx, heard.text, language)
      said.push({ text: heard.text, sound: fileId === null ? null : { fileId } })
    }
  }
  return said
}

/** In this language, else in the other. */
async function announced(ctx: Ctx, id: string, language: Language): Promise<{ text: string; sound: Sounding | null }> {
  const { rows } = await sql<{ zh: string | null; en: string | null; text: string; textEn: string }>`
    select file_id as zh, file_id_en as en, coalesce(nullif(text, ''), name) as text, text_en as "textEn"
    from voice.announcement where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const [row] = rows
  if (!row) return { text: '', sound: null }
  const fileId = language === 'en' ? (row.en ?? row.zh) : (row.zh ?? row.en)
  return { text: language === 'en' ? row.textEn || row.text : row.text, sound: fileId === null ? null : { fileId } }
}

/** What a switch plays. Words that nobody spoke, and announcements without a file, are passed over. */
export const soundsOf = async (ctx: Ctx, prompts: readonly Prompt[], language: Language): Promise<Sounding[]> =>
  (await heardAs(ctx, prompts, language)).flatMap(({ sound }) => (sound === null ? [] : [sound]))

/** Music while waiting, or while another phone rings: an announcement, or the product's own where there is none or it has no sound. */
export async function musicOf(ctx: Ctx, music: string): Promise<Sounding> {
  const own = { product: 'music' }
  if (music === 'ring') return { product: 'ring' }
  return music === 'own' ? own : ((await announced(ctx, music, 'zh')).sound ?? own)
}

/** Where a browser hears it, for 12 to 24 hours. */
export const soundUrl = (ctx: Pick<Ctx, 'house' | 'tenantId' | 'now'>, sound: Sounding): string =>
  'product' in sound ? productSoundUrl(sound.product) : fileUrl(ctx, sound.fileId)

/** Where a switch on this machine finds it, without an ending: `.ulaw` stands there, and `.wav16` (16 kHz) of what the organisation brought. */
export const soundPlace = async (house: House, tenantId: string, sound: Sounding): Promise<string> =>
  'product' in sound ? productSoundPlace(sound.product) : soundFilePlace(house, tenantId, sound.fileId)

/** As the practice line asks for sounds: addresses for a browser, with the words where there is no sound. */
export const soundsForBrowsers = (house: House) => ({
  prompts: (at: CallAt, prompts: readonly Prompt[], language: Language) =>
    work(house, system(at.tenantId), async ctx =>
      (await heardAs(ctx, prompts, language)).map(({ text, sound }) => ({ text, url: sound && soundUrl(ctx, sound) })),
    ),
  music: (at: CallAt, music: string) => work(house, system(at.tenantId), async ctx => soundUrl(ctx, await musicOf(ctx, music))),
})

/** As an Asterisk on this machine asks for them: places on the disk. */
export const soundsForSwitch = (house: House) => ({
  prompts: async (at: CallAt, prompts: readonly Prompt[], language: Language) => {
    const sounds = await work(house, system(at.tenantId), ctx => soundsOf(ctx, prompts, language))
    return Promise.all(sounds.map(async sound => `sound:${await soundPlace(house, at.tenantId, sound)}`))
  },
  music: async (at: CallAt, music: string) => {
    const sound = await work(house, system(at.tenantId), ctx => musicOf(ctx, music))
    return [`sound:${await soundPlace(house, at.tenantId, sound)}`]
  },
})

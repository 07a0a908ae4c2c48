import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type * as z from 'zod'
import type { HeardSound, SpeechSettings, speech as speechContract } from '#contract/sounds.ts'
import type { Actor } from '#kernel/access.ts'
import { system } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { bindFile, keepFile } from '#kernel/files.ts'
import type { House } from '#kernel/house.ts'
import { Refusal } from '#kernel/refusal.ts'
import { seal, unseal } from '#kernel/secrets.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { lend } from './announcements.ts'
import { hear } from './audio/hearing.ts'
import { speechChanged } from './events.ts'
import type { Language, Speech } from './ports.ts'
import { soundBytes } from './soundFiles.ts'

const speakers = new WeakMap<House, Speech>()
/** Lent by the composition root, and by tests. */
export const lendSpeech = (house: House, speech: Speech): void => void speakers.set(house, speech)

const off: SpeechSettings = { enabled: false, url: '', model: '', voice: '', voiceEn: '' }
/** As it is set up, with the sealed key. */
export async function speechOf(ctx: Ctx): Promise<SpeechSettings & { secret: string | null }> {
  const row = await ctx.db.selectFrom('voice.speech').select(['enabled', 'url', 'model', 'voice', 'voiceEn', 'secret']).executeTakeFirst()
  return row ?? { ...off, secret: null }
}

export async function readSpeech(ctx: Ctx) {
  const { secret, ...settings } = await speechOf(ctx)
  return { ...settings, hasKey: secret !== null }
}

export async function changeSpeech(ctx: Ctx, { key, ...given }: z.output<typeof speechContract.change.body>) {
  const { secret, ...before } = await speechOf(ctx)
  if (given.enabled && (given.url === '' || given.voice === '')) throw new Refusal('invalid', 'speech.incomplete')
  // A key is for the address it was given for.
  if (secret !== null && key === undefined && given.url !== before.url && before.url !== '')
    throw new Refusal('invalid', 'speech.key_again')
  const sealed = key === undefined ? secret : key === '' ? null : seal(ctx.house.key, key)
  await sql`insert into voice.speech (tenant_id, enabled, url, model, voice, voice_en, secret)
    values (${ctx.tenantId}, ${given.enabled}, ${given.url}, ${given.model}, ${given.voice}, ${given.voiceEn}, ${sealed})
    on conflict (tenant_id) do update set enabled = excluded.enabled, url = excluded.url, model = excluded.model,
      voice = excluded.voice, voice_en = excluded.voice_en, secret = excluded.secret`.execute(ctx.db)
  await ctx.emit(speechChanged, { id: ctx.tenantId }, { changes: differenceOf(before, given) })
  return readSpeech(ctx)
}

const voiceOf = (settings: SpeechSettings, language: Language) => (language === 'en' && settings.voiceEn) || settings.voice
const digest = (...of: string[]) => createHash('sha256').update(JSON.stringify(of)).digest('hex')
/** Words, voice and who speaks: another of these is another sound. */
export const whatOf = (settings: SpeechSettings, text: string, language: Language): string =>
  digest(settings.url, settings.model, voiceOf(settings, language), language, text)
/** The words alone. */
export const wordsOf = (text: string, language: Language): string => digest(language, text)

/** The file in which these words were spoken: in the voice of now, else in the last one of before; null: nobody spoke them. */
export async function spokenFile(ctx: Ctx, text: string, language: Language): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select file_id as id from voice.spoken
    where tenant_id = ${ctx.tenantId} and words = ${wordsOf(text, language)}
    order by what = ${whatOf(await speechOf(ctx), text, language)} desc, file_id desc limit 1`.execute(ctx.db)
  return rows[0]?.id ?? null
}
async function fileOf(ctx: Ctx, what: string): Promise<string | null> {
  const row = await ctx.db.selectFrom('voice.spoken').select('fileId').where('what', '=', what).executeTakeFirst()
  return row?.fileId ?? null
}

/** Asks the provider, outside of any transaction. */
async function ask(
  house: House,
  settings: SpeechSettings & { secret: string | null },
  text: string,
  language: Language,
): Promise<Uint8Array> {
  const speak = speakers.get(house)
  if (!speak || !settings.enabled) throw new Refusal('conflict', 'speech.off')
  const allowed = house.settings.privateHosts ?? []
  try {
    return await speak(
      {
        url: settings.url,
        model: settings.model,
        key: settings.secret === null ? '' : unseal(house.key, settings.secret),
        privateAllowed: allowed.includes('*') || allowed.includes(new URL(settings.url).hostname),
      },
      { text, voice: voiceOf(settings, language) },
    )
  } catch (error) {
    throw new Refusal('unavailable', 'speech.failed', { detail: error instanceof Error ? error.message.slice(0, 200) : '' })
  }
}

/** The file of these words in this voice: asked for once, and the same ever after. */
export async function spokenOnce(house: House, tenantId: string, text: string, language: Language): Promise<string> {
  const { settings, what, known } = await work(house, system(tenantId), async ctx => {
    const settings = await speechOf(ctx)
    const what = whatOf(settings, text, language)
    return { settings, what, known: await fileOf(ctx, what) }
  })
  if (known !== null) return known
  const { wav } = await hear(await ask(house, settings, text, language))
  const { id } = await keepFile(house, system(tenantId), 'spoken.wav', Buffer.from(wav))
  return work(house, system(tenantId), async ctx => {
    const { rows } = await sql<{ id: string }>`insert into voice.spoken (tenant_id, what, words, file_id)
      values (${ctx.tenantId}, ${what}, ${wordsOf(text, language)}, ${id}) on conflict do nothing returning file_id as id`.execute(ctx.db)
    if (rows.length > 0) await bindFile(ctx, id, 'announcement', id)
    return (await fileOf(ctx, what)) ?? id
  })
}

/** A file of these words for whoever asked, to be heard and then taken into an announcement. */
export async function speakFor(house: House, actor: Actor, text: string, language: Language): Promise<HeardSound> {
  const spoken = await spokenOnce(house, actor.tenantId, text, language)
  return lend(house, actor, await soundBytes(house, actor.tenantId, spoken))
}

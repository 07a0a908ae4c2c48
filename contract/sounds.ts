import * as z from 'zod'
import { get, Id, post, put, Words } from './endpoint.ts'

const Tongue = z.enum(['zh', 'en'])
/** A sound as it is kept, and the address under which a browser plays it for a while. */
export const HeardSound = z.object({ fileId: Id, url: z.string(), seconds: z.number() })
export type HeardSound = z.output<typeof HeardSound>

export const AnnouncementSounds = z.object({
  announcementId: Id,
  zh: HeardSound.nullable(),
  en: HeardSound.nullable(),
  /** Where it is heard: flows, published or in their draft, and the music of queues. */
  uses: z.array(z.object({ kind: z.enum(['flow', 'queue']), id: Id, name: z.string(), nameEn: z.string() })),
})
export type AnnouncementSounds = z.output<typeof AnnouncementSounds>

/** Who speaks words for which there is no file: any service that takes what OpenAI's audio/speech takes. */
export const SpeechSettings = z.object({
  enabled: z.boolean(),
  /** The whole address that is posted to. */
  url: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]),
  model: z.string().trim().max(80),
  voice: z.string().trim().max(80),
  voiceEn: z.string().trim().max(80),
})
export type SpeechSettings = z.output<typeof SpeechSettings>
const Kept = SpeechSettings.extend({ hasKey: z.boolean() })

export const announcementSounds = {
  list: get('/announcement-sounds', {
    reply: z.array(AnnouncementSounds),
    may: 'voice:configure',
    says: 'The sounds of announcements with addresses to hear them at, and where each is used. Files are posted to the same address as multipart.',
  }),
  speak: post('/announcement-sounds/spoken', {
    body: z.object({ text: Words(1000), language: Tongue }),
    reply: HeardSound,
    may: 'voice:configure',
    says: 'Have words spoken by the provider and kept as a file, to be heard and then used. The same words in the same voice are spoken once.',
  }),
}

export const speech = {
  read: get('/speech', { reply: Kept, may: 'voice:configure', says: 'Who speaks words without a file.' }),
  change: put('/speech', {
    body: SpeechSettings.extend({ /** Left out: as it is. */ key: z.string().max(4000).optional() }),
    reply: Kept,
    may: 'voice:configure',
    says: 'Change who speaks. The key is never told again.',
  }),
}

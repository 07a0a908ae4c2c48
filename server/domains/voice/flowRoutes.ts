import { flows } from '#contract/flows.ts'
import { announcementSounds, speech } from '#contract/sounds.ts'
import { announcements, lines, phoneNumbers, trunks } from '#contract/voiceSettings.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { largestFile } from '#kernel/fileCheck.ts'
import { Refusal } from '#kernel/refusal.ts'
import { admitted, type Door, serve, serveOutside } from '#kernel/serve.ts'
import { addAnnouncement, changeAnnouncement, keepSound, listAnnouncements, listSounds, retireAnnouncement } from './announcements.ts'
import { addFlow, keepDraft, listFlows, oneFlow, renameFlow, retireFlow, speakAndPublish } from './flows.ts'
import { addNumber, changeNumber, listNumbers, retireNumber } from './numbers.ts'
import { soundRoutes } from './productSounds.ts'
import { changeSpeech, readSpeech, speakFor } from './speech.ts'
import { addTrunk, changeTrunk, listLines, listTrunks, retireTrunk } from './trunks.ts'
import { tryFlow } from './trying.ts'

/** Around the file in a multipart body. */
const headRoom = 65_536

/** What callers hear and where they are led. */
export function flowRoutes(door: Door): void {
  const { publish, ...within } = flows
  serve(door, within, {
    list: ctx => listFlows(ctx),
    one: (ctx, { id }) => oneFlow(ctx, id),
    add: (ctx, { body }) => addFlow(ctx, body),
    rename: (ctx, { id, body }) => renameFlow(ctx, id, body),
    draft: (ctx, { id, body }) => keepDraft(ctx, id, body),
    retire: (ctx, { id, body }) => retireFlow(ctx, id, body.retired),
    trial: (ctx, { id, body }) => tryFlow(ctx, id, body),
  })
  serveOutside(door, publish, (house, actor, { id, body }) => speakAndPublish(house, actor, id, body.note))
  serve(door, endpointsOf(announcements), {
    list: (ctx, { query }) => listAnnouncements(ctx, query.retired === true),
    add: (ctx, { body }) => addAnnouncement(ctx, body),
    change: (ctx, { id, body }) => changeAnnouncement(ctx, id, body),
    retire: (ctx, { id, body }) => retireAnnouncement(ctx, id, body.retired),
  })
  serve(door, endpointsOf(phoneNumbers), {
    list: (ctx, { query }) => listNumbers(ctx, query.retired === true),
    add: (ctx, { body }) => addNumber(ctx, body),
    change: (ctx, { id, body }) => changeNumber(ctx, id, body),
    retire: (ctx, { id, body }) => retireNumber(ctx, id, body.retired),
  })
  serve(door, endpointsOf(trunks), {
    list: (ctx, { query }) => listTrunks(ctx, query.retired === true),
    add: (ctx, { body }) => addTrunk(ctx, body),
    change: (ctx, { id, body }) => changeTrunk(ctx, id, body),
    retire: (ctx, { id, body }) => retireTrunk(ctx, id, body.retired),
  })
  serve(door, lines, { list: ctx => listLines(ctx) })
  const { list, speak } = announcementSounds
  serve(door, { list }, { list: ctx => listSounds(ctx) })
  serve(door, speech, { read: ctx => readSpeech(ctx), change: (ctx, { body }) => changeSpeech(ctx, body) })

  const { app, house } = door
  // Decoding takes its time: who it is in one short transaction, the rest outside.
  app.post('/api/announcement-sounds', async request => {
    const actor = await admitted(house, request, list.may, async ctx => ctx.actor)
    if (!request.isMultipart()) throw new Refusal('invalid', 'input.media_type')
    // What says itself that it is too much is not read at all.
    if (Number(request.headers['content-length'] ?? 0) > largestFile + headRoom) throw new Refusal('too_large', 'input.too_large')
    const part = await request.file()
    if (!part) throw new Refusal('invalid', 'file.empty')
    const bytes = await part.toBuffer()
    if (bytes.length === 0) throw new Refusal('invalid', 'file.empty')
    return keepSound(house, actor, bytes)
  })
  serveOutside(door, speak, (house, actor, { body }) => speakFor(house, actor, body.text, body.language))
  soundRoutes(door)
}

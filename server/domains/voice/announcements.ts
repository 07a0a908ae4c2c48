import { sql } from 'kysely'
import type { AnnouncementSounds, HeardSound } from '#contract/sounds.ts'
import { type Announcement, announcements } from '#contract/voiceSettings.ts'
import type { Actor } from '#kernel/access.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { bindFile, bytesOf, fileCards, keepFile } from '#kernel/files.ts'
import type { House } from '#kernel/house.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { hear } from './audio/hearing.ts'
import { dropSound } from './soundFiles.ts'

const verbs = catalogVerbs(announcements, 'voice.announcement')
export const listAnnouncements = verbs.list

/** Takes any sound, keeps it as the house keeps sounds, and lends it to who brought it until an announcement takes it. */
export async function keepSound(house: House, actor: Actor, bytes: Uint8Array): Promise<HeardSound> {
  return lend(house, actor, (await hear(bytes)).wav)
}

/** What is prepared already, as a file of whoever asked for it. */
export async function lend(house: House, actor: Actor, wav: Uint8Array): Promise<HeardSound> {
  const { id, url, size } = await keepFile(house, actor, 'announcement.wav', Buffer.from(wav))
  return { fileId: id, url, seconds: secondsOf(size) }
}

const headBytes = 44
const secondsOf = (size: number) => (size - headBytes) / 32_000

/** Only what went through `keepSound`: 16 bits, 16 kHz, one channel, which every switch can play. */
async function take(ctx: Ctx, fileId: string, announcementId: string): Promise<void> {
  const bytes = await bytesOf(ctx, fileId)
  const ours =
    bytes.length > headBytes &&
    bytes.toString('latin1', 0, 4) === 'RIFF' &&
    bytes.readUInt32LE(16) === 16 &&
    bytes.readUInt32LE(20) === 0x10001
  if (!ours || bytes.readUInt32LE(24) !== 16_000 || bytes.readUInt16LE(34) !== 16) throw new Refusal('invalid', 'announcement.not_prepared')
  await bindFile(ctx, fileId, 'announcement', announcementId)
}

export async function addAnnouncement(ctx: Ctx, given: Announcement) {
  const row = await verbs.add(ctx, given)
  for (const fileId of filesOf(given)) await take(ctx, fileId, row.id)
  return row
}

/** One file may be heard in both languages. */
const filesOf = ({ fileId, fileIdEn }: Pick<Announcement, 'fileId' | 'fileIdEn'>) => new Set([fileId, fileIdEn].filter(f => f !== null))

/** A new sound replaces the old one at once, also in flows that are published. */
export async function changeAnnouncement(ctx: Ctx, id: string, change: Partial<Announcement>) {
  const before = await verbs.one(ctx, id)
  const row = await verbs.change(ctx, id, change)
  const [had, has] = [filesOf(before), filesOf(row)]
  for (const fileId of has) if (!had.has(fileId)) await take(ctx, fileId, id)
  for (const fileId of had) if (!has.has(fileId)) await dropSound(ctx, fileId)
  return row
}

export async function retireAnnouncement(ctx: Ctx, id: string, retired: boolean) {
  const { name } = await verbs.one(ctx, id)
  const [use] = retired ? ((await usesOf(ctx)).get(id) ?? []) : []
  if (use) throw new Refusal('conflict', 'announcement.used', { name, where: use.name })
  return verbs.retire(ctx, id, retired)
}

type Use = AnnouncementSounds['uses'][number]
/** By announcement: the flows that name it in their draft or in what is published, and the queues whose music it is. */
async function usesOf(ctx: Ctx): Promise<Map<string, Use[]>> {
  const { rows } = await sql<Use & { announcementId: string }>`
    select distinct (said #>> '{}')::uuid as "announcementId", 'flow' as kind, f.id, f.name, f.name_en as "nameEn"
    from voice.flow f
      left join voice.flow_version v on v.tenant_id = f.tenant_id and v.flow_id = f.id and v.version = f.published
      cross join lateral unnest(array[f.draft, v.body]) as heard(nodes)
      cross join lateral (select jsonb_path_query(heard.nodes, '$.nodes[*].sound.announcementId') union all select jsonb_path_query(heard.nodes, '$.nodes[*].musicId')) as named(said)
    where f.tenant_id = ${ctx.tenantId} and not f.retired and jsonb_typeof(said) = 'string'
    union all
    select q.music_id, 'queue', q.queue_id, r.name, r.name_en
    from voice.queue q join routing.fact_queue r on r.tenant_id = ${ctx.tenantId} and r.id = q.queue_id
    where q.tenant_id = ${ctx.tenantId} and q.music_id is not null`.execute(ctx.db)
  const uses = new Map<string, Use[]>()
  for (const { announcementId, ...use } of rows) uses.set(announcementId, [...(uses.get(announcementId) ?? []), use])
  return uses
}

export async function listSounds(ctx: Ctx): Promise<AnnouncementSounds[]> {
  const rows = await verbs.list(ctx, true)
  const cards = await fileCards(
    ctx,
    rows.flatMap(r => [r.fileId, r.fileIdEn].filter(f => f !== null)),
  )
  const uses = await usesOf(ctx)
  const heard = (fileId: string | null) => {
    const card = fileId === null ? undefined : cards.get(fileId)
    return card ? { fileId: card.id, url: card.url, seconds: secondsOf(card.size) } : null
  }
  return rows.map(({ id, fileId, fileIdEn }) => ({ announcementId: id, zh: heard(fileId), en: heard(fileIdEn), uses: uses.get(id) ?? [] }))
}

import { sql } from 'kysely'
import { ProviderSettings } from '#contract/outgoingSettings.ts'
import type { Outward, Said } from '#kernel/react.ts'
import { unseal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { bouncesDue } from './events.ts'
import { type Bounce, type BounceBox, carrierOf, type Keep, type Place, type Receipt } from './ports.ts'
import { recordReceipts } from './settle.ts'

/** Who reads a mailbox has so long; then another may. */
const readingMs = 10 * 60_000

/** Mail servers whose mails come back to a mailbox: each is looked into. */
export async function lookForBounces(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from messaging.provider
    where tenant_id = ${ctx.tenantId} and kind = 'smtp' and enabled and not retired and jsonb_typeof(settings -> 'bounces') = 'object'`.execute(
    ctx.db,
  )
  for (const { id } of rows) await readSoon(ctx, id)
}

/** Whoever has just set it up need not wait for the clock; how it went stands beside the way out. */
export const readSoon = (ctx: Ctx, id: string): Promise<void> => ctx.at(ctx.now, bouncesDue, { id, clock: 'bounces' }, {})

/** Reads one mailbox. What cannot be reached or signed in to is told beside the way out, and tried again when the clock strikes. */
export async function readMailbox({ work }: Outward, { about: id }: Said): Promise<void> {
  const begun = await work(ctx => beginReading(ctx, id))
  if (!begun) return
  try {
    const keep: Keep = bounces => work(ctx => keepBounces(ctx, id, bounces))
    const place = await begun.read(begun.box, begun.place, keep)
    await work(ctx => endReading(ctx, id, place))
  } catch (error) {
    const words = error instanceof Error ? ('authenticationFailed' in error ? 'sign_in' : error.message) : String(error)
    await work(ctx => failReading(ctx, id, words.slice(0, 300)))
  }
}

async function boxOf(
  ctx: Ctx,
  id: string,
): Promise<{ box: BounceBox | null; read: NonNullable<ReturnType<typeof carrierOf>['readBounces']> | null } | null> {
  const { rows } = await sql<{
    kind: string
    settings: unknown
    secret: string | null
  }>`select kind, settings, bounce_secret as secret from messaging.provider where tenant_id = ${ctx.tenantId} and id = ${id} and enabled and not retired`.execute(
    ctx.db,
  )
  if (!rows[0]) return null
  const { kind, settings, secret } = rows[0]
  const whole = ProviderSettings.parse({ ...Object(settings), kind })
  if (whole.kind !== 'smtp' || whole.bounces === null) return { box: null, read: null }
  const { host, port, security, user, folder } = whole.bounces
  const allowed = ctx.house.settings.privateHosts ?? []
  return {
    box: {
      host,
      port,
      security,
      user,
      folder,
      secret: secret === null ? '' : unseal(ctx.house.key, secret),
      privateAllowed: allowed.includes('*') || allowed.includes(host),
    },
    read: carrierOf(whole.kind).readBounces ?? null,
  }
}

async function beginReading(ctx: Ctx, id: string) {
  const known = await boxOf(ctx, id)
  if (!known?.box || !known.read) return null
  const { rows } = await sql<Place>`insert into messaging.bounce_box as b (tenant_id, provider_id, reading_until)
    values (${ctx.tenantId}, ${id}, ${new Date(ctx.now.getTime() + readingMs)})
    on conflict (tenant_id, provider_id) do update set reading_until = excluded.reading_until where b.reading_until is null or b.reading_until < ${ctx.now}
    returning validity, uid`.execute(ctx.db)
  return rows[0] ? { box: known.box, read: known.read, place: rows[0] } : null
}

async function endReading(ctx: Ctx, id: string, { validity, uid }: Place): Promise<void> {
  await sql`update messaging.bounce_box set validity = ${validity}, uid = ${uid}, reading_until = null, read_at = ${ctx.now}, failed_at = null, failure = ''
    where tenant_id = ${ctx.tenantId} and provider_id = ${id}`.execute(ctx.db)
}
async function failReading(ctx: Ctx, id: string, words: string): Promise<void> {
  await sql`update messaging.bounce_box set reading_until = null, failed_at = ${ctx.now}, failure = ${words}
    where tenant_id = ${ctx.tenantId} and provider_id = ${id}`.execute(ctx.db)
}

type Mail = { id: string; state: string; providerId: string; ref: string }
/** Only mails of this tenant are known here, whichever of its ways they went by: several may let theirs come back to one mailbox. */
export async function keepBounces(ctx: Ctx, boxId: string, bounces: readonly Bounce[]): ReturnType<Keep> {
  const { rows } = await sql<Mail>`select id, state, provider_id, coalesce(provider_ref, '') as ref from messaging.outgoing
    where tenant_id = ${ctx.tenantId} and id = any(${bounces.flatMap(b => b.ids)}::uuid[]) and channel = 'mail' and provider_id is not null`.execute(
    ctx.db,
  )
  const mails = new Map(rows.map(r => [r.id, r]))
  const told = bounces.map(bounce => ({ bounce, mail: bounce.ids.map(id => mails.get(id)).find(mail => mail !== undefined) }))
  const receipts = new Map<string, Receipt[]>()
  for (const { bounce, mail } of told) {
    if (!mail || mail.state === 'sending') continue
    const { state, reason, detail } = bounce
    if (state === 'delayed') await noteDelay(ctx, mail.id, reason, detail)
    else receipts.set(mail.providerId, [...(receipts.get(mail.providerId) ?? []), { ref: mail.ref, state, reason, detail }])
  }
  for (const [providerId, some] of receipts) await recordReceipts(ctx, providerId, some)
  const ours = told.filter(({ mail }) => mail && mail.state !== 'sending').length
  ctx.write`update messaging.bounce_box set found = found + ${ours} where tenant_id = ${ctx.tenantId} and provider_id = ${boxId}`
  return told.map(({ mail }) => (!mail ? 'foreign' : mail.state === 'sending' ? 'later' : 'ours'))
}

/** It is still on its way; that is all that is known. */
async function noteDelay(ctx: Ctx, id: string, reason: string, detail: string): Promise<void> {
  await sql`update messaging.outgoing set reason = ${reason}, detail = ${detail} where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'handed'`.execute(
    ctx.db,
  )
}

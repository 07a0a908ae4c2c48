import { sql } from 'kysely'
import * as z from 'zod'
import type { Suppression, suppressions } from '#contract/outgoingSettings.ts'
import { emailShown, maskEmail, maskPhone, phoneNumber, phoneShown, type Shows, showsOf } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { addressSuppressed, suppressionLifted } from './events.ts'

const columns = sql`id, channel, address, reason, detail, since, by_name as "byName", lifted_at as "liftedAt", lifted_by_name as "liftedByName", lift_reason as "liftReason"`
const shown = (shows: Shows, row: Suppression): Suppression => ({ ...row, address: addressSeen(shows, row.channel, row.address) ?? '' })

/** As the reader's role sees numbers and addresses. */
export const addressSeen = (shows: Shows, channel: 'mail' | 'sms', address: string): string | null =>
  channel === 'sms' ? phoneShown(shows, address) : emailShown(shows, address)

/** Enough to know it again by, not enough to write to. */
export const masked = (channel: 'mail' | 'sms', address: string): string =>
  (channel === 'sms' ? maskPhone(address) : maskEmail(address)) ?? ''

const nameOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? ctx.actor.name : '')

/** From now on nothing is sent there; saying it twice changes nothing. */
export async function suppress(ctx: Ctx, s: Pick<Suppression, 'channel' | 'address' | 'reason' | 'detail'>): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`insert into messaging.suppression (tenant_id, id, channel, address, reason, detail, since, by_name)
    values (${ctx.tenantId}, ${newId()}, ${s.channel}, ${s.address}, ${s.reason}, ${s.detail.slice(0, 300)}, ${ctx.now}, ${nameOf(ctx)})
    on conflict (tenant_id, channel, address) where lifted_at is null do nothing returning id`.execute(ctx.db)
  if (rows[0]) await ctx.emit(addressSuppressed, { id: rows[0].id }, { channel: s.channel, reason: s.reason }, { address: s.address })
}

/** An address as the outbox writes it. */
function addressAs(channel: 'mail' | 'sms', typed: string): string {
  const address = channel === 'sms' ? phoneNumber(typed) : z.email().safeParse(typed.toLowerCase()).data
  if (!address) throw new Refusal('invalid', 'suppression.address_invalid')
  return address
}

export async function addSuppression(ctx: Ctx, body: z.output<typeof suppressions.add.body>): Promise<Suppression> {
  const address = addressAs(body.channel, body.address)
  await suppress(ctx, { channel: body.channel, address, reason: 'manual', detail: body.detail })
  const { rows } =
    await sql<Suppression>`select ${columns} from messaging.suppression where tenant_id = ${ctx.tenantId} and channel = ${body.channel} and address = ${address} and lifted_at is null`.execute(
      ctx.db,
    )
  return shown(await showsOf(ctx), found(rows[0], 'suppression', address))
}

export async function liftSuppression(ctx: Ctx, id: string, reason: string): Promise<Suppression> {
  const { rows } =
    await sql<Suppression>`update messaging.suppression set lifted_at = ${ctx.now}, lifted_by_name = ${nameOf(ctx)}, lift_reason = ${reason}
    where tenant_id = ${ctx.tenantId} and id = ${id} and lifted_at is null returning ${columns}`.execute(ctx.db)
  const row = found(rows[0], 'suppression', id)
  await ctx.emit(suppressionLifted, { id }, { channel: row.channel }, { address: row.address, reason })
  return shown(await showsOf(ctx), row)
}

export async function listSuppressions(
  ctx: Ctx,
  { lifted = false, address, after, size = 50 }: z.output<typeof suppressions.list.query>,
): Promise<Page<Suppression>> {
  const cursor = readCursor(after, z.tuple([z.uuid()]))
  const typed = address?.trim().toLowerCase()
  const exact = typed ? [typed, phoneNumber(typed) ?? typed] : null
  const { rows } =
    await sql<Suppression>`select ${columns} from messaging.suppression where tenant_id = ${ctx.tenantId} and ${lifted ? sql`lifted_at is not null` : sql`lifted_at is null`}
    ${exact ? sql`and address = any(${exact}::text[])` : sql``} ${cursor ? sql`and id < ${cursor[0]}` : sql``} order by id desc limit ${size + 1}`.execute(
      ctx.db,
    )
  const page = pageRows(rows, size, row => [row.id])
  const shows = await showsOf(ctx)
  return { ...page, rows: page.rows.map(row => shown(shows, row)) }
}

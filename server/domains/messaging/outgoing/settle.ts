import { sql } from 'kysely'
import type { Way } from '#contract/outgoing.ts'
import type { ProviderKind } from '#contract/outgoingSettings.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Claimed } from './claim.ts'
import { messageFailed, messageHanded, providerDown } from './events.ts'
import { senderOf } from './policy.ts'
import { carrierOf, type Outcome, type Receipt } from './ports.ts'
import { nextTry, restOf } from './rules.ts'
import { suppress } from './suppressions.ts'
import { oneLine } from './templating.ts'

/** A receipt that has not come by then is asked for. */
const firstAsk = 30 * 60_000

/** Writes down how the messages of a claim fared, all in one statement. A claim that was taken from us meanwhile is no longer ours to write. */
export async function settle(
  ctx: Ctx,
  claimId: string,
  { id: providerId, kind }: { id: string; kind: ProviderKind },
  sent: readonly { row: Claimed; outcome: Outcome }[],
): Promise<void> {
  if (sent.length === 0) return
  const askAt = carrierOf(kind).asks ? new Date(ctx.now.getTime() + firstAsk) : null
  const written = sent.map(({ row, outcome }) => ({ row, outcome, ...standOf(row, outcome, ctx.now) }))
  const { rows: ours } = await sql<{
    id: string
  }>`update messaging.outgoing o set state = c.state, provider_ref = coalesce(c.ref, o.provider_ref), reason = c.reason, detail = c.detail,
      due_at = coalesce(c.due, o.due_at), claim = null, lease_until = null,
      provider_id = case when c.state = 'waiting' and o.purpose <> 'test' then null else o.provider_id end,
      handed_at = case when c.state in ('handed', 'delivered') then ${ctx.now}::timestamptz else o.handed_at end,
      ended_at = case when c.state in ('waiting', 'handed') then null else ${ctx.now}::timestamptz end,
      sealed = case when c.state = 'waiting' then o.sealed end, ask_at = case when c.state = 'handed' then ${askAt}::timestamptz end,
      -- What never left takes no place from what follows.
      counted_on = case when c.state in ('failed', 'bounced') then null else o.counted_on end
    from (select id, coalesce(state, 'handed') as state, ref, reason, detail, due
      from unnest(${written.map(w => w.row.id)}::uuid[], ${sparse(written, w => (w.state === 'handed' ? null : w.state))}::text[], ${sparse(written, w => w.ref)}::text[],
        ${sparse(written, w => w.reason)}::text[], ${sparse(written, w => w.detail)}::text[], ${sparse(written, w => w.due)}::timestamptz[]) u (id, state, ref, reason, detail, due)) c
    where o.tenant_id = ${ctx.tenantId} and o.id = c.id and o.claim = ${claimId} and o.state = 'sending' returning o.id`.execute(ctx.db)
  const mine = new Set(ours.map(r => r.id))
  const done = written.filter(w => mine.has(w.row.id))
  const n = (...states: string[]) => done.filter(w => states.includes(w.state)).length
  const away = written.find(w => 'away' in w.outcome)
  await pace(
    ctx,
    providerId,
    { handed: n('handed', 'delivered'), delivered: n('delivered'), failed: n('failed', 'bounced') },
    away ? away.detail || away.reason || '' : null,
  )
  for (const { row, state, reason, detail } of done) {
    if (state === 'bounced')
      await suppress(ctx, { channel: row.channel, address: row.address, reason: 'bounced', detail: detail ?? reason ?? '' })
    if (row.noticeId || state === 'waiting' || state === 'unknown') continue
    const { id, customerId, channel, purpose, template } = row
    await ctx.emit(
      state === 'handed' || state === 'delivered' ? messageHanded : messageFailed,
      { id, customerId },
      { channel, purpose, template, reason },
    )
  }
  const refs = done.flatMap(w => (w.ref === null ? [] : [w.ref]))
  if (refs.length > 0) await applyReceipts(ctx, providerId, refs)
}

/** Up to the last that says anything; the database fills the rest with nulls. */
function sparse<T, V>(all: readonly T[], pick: (one: T) => V | null): (V | null)[] {
  const values = all.map(pick)
  return values.slice(0, values.findLastIndex(value => value !== null) + 1)
}

type Stand = { state: string; ref: string | null; reason: string | null; detail: string | null; due: Date | null }
function standOf(row: Claimed, outcome: Outcome, now: Date): Stand {
  if ('ref' in outcome) return { state: outcome.state, ref: outcome.ref, reason: null, detail: null, due: null }
  const { reason } = outcome
  const detail = outcome.detail.slice(0, 500)
  if (outcome.state !== 'again') return { state: outcome.state, ref: null, reason, detail, due: null }
  const due = nextTry(row.tries, now, spread(row.id))
  return due ? { state: 'waiting', ref: null, reason, detail, due } : { state: 'failed', ref: null, reason: 'gave_up', detail, due: null }
}
/** From 0 to 1, the same for the same message. */
const spread = (id: string) => Number.parseInt(id.slice(-4), 16) / 0xffff

/** By then it has rested for more than a minute: no short break any more. */
const timesDown = 3
async function tellDown(ctx: Ctx, providerId: string): Promise<void> {
  const { rows } = await sql<{
    name: string
    channel: Way
  }>`select name, channel from messaging.provider where tenant_id = ${ctx.tenantId} and id = ${providerId}`.execute(ctx.db)
  if (rows[0]) await ctx.emit(providerDown, { id: providerId }, rows[0])
}

type Counts = { handed: number; delivered: number; failed: number }
/** Today's counts of the provider, and its rest when it could not be reached. */
async function pace(ctx: Ctx, providerId: string, { handed, delivered, failed }: Counts, away: string | null): Promise<void> {
  const { timezone } = await senderOf(ctx)
  const today = dateIn(timezone, ctx.now)
  const { rows } = await sql<{ rests: number }>`update messaging.pace set day = ${today}::date,
      handed = ${handed} + case when day = ${today}::date then handed else 0 end, delivered = ${delivered} + case when day = ${today}::date then delivered else 0 end,
      failed = ${failed} + case when day = ${today}::date then failed else 0 end,
      last_ok_at = case when ${handed} > 0 then ${ctx.now}::timestamptz else last_ok_at end, rests = case when ${handed} > 0 then 0 when ${away !== null} then rests + 1 else rests end,
      last_error_at = case when ${away !== null} then ${ctx.now}::timestamptz else last_error_at end, last_error = case when ${away !== null} then ${away ?? ''} else last_error end
    where tenant_id = ${ctx.tenantId} and provider_id = ${providerId} returning rests`.execute(ctx.db)
  if (away === null || handed > 0) return
  const { rests = 1 } = rows[0] ?? {}
  if (rests === timesDown) await tellDown(ctx, providerId)
  ctx.write`update messaging.pace set resting_until = ${new Date(ctx.now.getTime() + restOf(rests))} where tenant_id = ${ctx.tenantId} and provider_id = ${providerId}`
}

/** Keeps what a provider tells later, and applies it to messages of its own that are known by that reference. */
export async function recordReceipts(ctx: Ctx, providerId: string, receipts: readonly Receipt[]): Promise<void> {
  if (receipts.length === 0) return
  // What holds signs that no text may hold was never a reference of ours.
  const fit = receipts
    .filter(r => r.ref !== '' && r.ref.length <= 200 && !/\p{Cc}/u.test(r.ref))
    .map(r => ({ ...r, reason: oneLine(r.reason), detail: oneLine(r.detail ?? '') }))
  if (fit.length === 0) return
  await sql`insert into messaging.receipt (tenant_id, provider_id, ref, state, reason, detail, at)
    select ${ctx.tenantId}, ${providerId}, r.ref, r.state, r.reason, r.detail, ${ctx.now} from unnest(${fit.map(r => r.ref)}::text[], ${fit.map(r => r.state)}::text[], ${fit.map(r => r.reason.slice(0, 200))}::text[],
      ${fit.map(r => r.detail.slice(0, 500))}::text[]) r (ref, state, reason, detail)
    order by r.ref, r.state on conflict do nothing`.execute(ctx.db)
  await applyReceipts(
    ctx,
    providerId,
    fit.map(r => r.ref),
  )
}

/** A message that is over stays over, whatever is told afterwards; only what was handed over, or may have been, moves. */
export async function applyReceipts(ctx: Ctx, providerId: string, refs: readonly string[]): Promise<void> {
  const { rows } = await sql<Ended>`update messaging.outgoing o
      set state = r.state, reason = nullif(r.reason, ''), detail = coalesce(nullif(r.detail, ''), o.detail), ended_at = ${ctx.now}, ask_at = null
    from (select distinct on (ref) ref, state, reason, detail from messaging.receipt
      where tenant_id = ${ctx.tenantId} and provider_id = ${providerId} and ref = any(${[...refs]}::text[]) order by ref, at, state) r
    where o.tenant_id = ${ctx.tenantId} and o.provider_id = ${providerId} and o.provider_ref = r.ref and o.state in ('handed', 'unknown')
    returning o.id, o.state, o.channel, o.address, o.reason, o.detail, o.purpose, o.template, o.customer_id, o.notice_id`.execute(ctx.db)
  if (rows.length === 0) return
  for (const { id, state, channel, address, reason, detail, purpose, template, customerId, noticeId } of rows) {
    if (state === 'bounced' && address) await suppress(ctx, { channel, address, reason: 'bounced', detail: detail ?? reason ?? '' })
    // It was announced as handed over; that it did not arrive after all is news.
    if (state !== 'delivered' && noticeId === null)
      await ctx.emit(messageFailed, { id, customerId }, { channel, purpose, template, reason })
  }
  const delivered = rows.filter(r => r.state === 'delivered').length
  await pace(ctx, providerId, { handed: 0, delivered, failed: rows.length - delivered }, null)
}
type Ended = Pick<Claimed, 'id' | 'channel' | 'purpose' | 'template' | 'customerId' | 'noticeId'> & {
  state: string
  address: string | null
  reason: string | null
  detail: string | null
}

/** Receipts nobody waits for any longer, and calls that could not be played again anyway. */
export async function forgetReceipts(ctx: Ctx): Promise<void> {
  await sql`delete from messaging.receipt where tenant_id = ${ctx.tenantId} and at < ${new Date(ctx.now.getTime() - 4 * 86_400_000)}`.execute(
    ctx.db,
  )
  await sql`delete from messaging.receipt_call where tenant_id = ${ctx.tenantId} and at < ${new Date(ctx.now.getTime() - 86_400_000)}`.execute(
    ctx.db,
  )
  await sql`delete from messaging.reach where tenant_id = ${ctx.tenantId} and at < ${new Date(ctx.now.getTime() - 30 * 86_400_000)}`.execute(
    ctx.db,
  )
}

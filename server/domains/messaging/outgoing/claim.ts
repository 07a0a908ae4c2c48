import { sql } from 'kysely'
import type { Purpose, Tongue, Way } from '#contract/outgoing.ts'
import { dateIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { messageFailed, messageRefused } from './events.ts'
import { judge } from './guard.ts'
import { senderOf } from './policy.ts'
import { traits } from './rules.ts'
import { applyReceipts } from './settle.ts'

export type Claimed = {
  id: string
  channel: Way
  purpose: Purpose
  customerId: string | null
  name: string
  address: string
  template: string
  language: Tongue
  subject: string
  text: string
  vendorCode: string
  variables: Record<string, string>
  sealed: string | null
  fileIds: string[]
  tries: number
  noticeId: string | null
}
type Row = Omit<Claimed, 'address'> & { address: string | null; notAfter: Date; counted: boolean; calledOff: boolean }
/** As it stands in the outbox: what it has not of its own is its notice's. */
type Raw = Omit<Row, 'calledOff' | 'subject' | 'text' | 'vendorCode' | 'variables' | 'fileIds'> & {
  subject: string | null
  text: string | null
  vendorCode: string | null
  variables: Record<string, string> | null
  fileIds: string[] | null
}
const counted = Object.entries(traits).flatMap(([purpose, trait]) => (trait.counted ? [purpose] : []))
export type Claim = {
  id: string
  rows: Claimed[] /** How long until there is room again, when there was none. */
  waitMs: number
  looked: number
}

/** Seconds within which whoever took messages must say how they fared. */
export const leaseSeconds = 45

/**
 * Takes up to so many messages that are due, as far as the provider has room: over all processes together no more than its rate. Each is asked past the guard in this
 * same work, so what comes out may go; what may not is refused or held here. `others`: also messages that are bound to no way out.
 */
export async function claim(ctx: Ctx, provider: { id: string; channel: Way; rate: number; others: boolean }, most: number): Promise<Claim> {
  const id = newId()
  const { rows: paces } = await sql<{
    room: number
    at: Date
    resting: boolean
  }>`select room, at, coalesce(resting_until > ${ctx.now}, false) as resting from messaging.pace
    where tenant_id = ${ctx.tenantId} and provider_id = ${provider.id} for update`.execute(ctx.db)
  const pace = paces[0]
  if (!pace || pace.resting) return { id, rows: [], waitMs: 0, looked: 0 }
  const passed = Math.max(0, ctx.now.getTime() - pace.at.getTime()) / 1000
  const room = Math.min(Math.max(1, provider.rate), pace.room + passed * provider.rate)
  if (room < 1) return { id, rows: [], waitMs: Math.ceil(((1 - room) / provider.rate) * 1000), looked: 0 }
  const { rows: found } =
    await sql<Raw>`select o.id, o.channel, o.purpose, o.customer_id, o.name, o.address, o.template, o.language, o.subject, o.text, o.vendor_code,
      nullif(o.variables, '{}') as variables, o.sealed, nullif(o.file_ids, '{}') as file_ids, o.tries, o.notice_id, o.not_after, o.counted_on is not null as counted
    from messaging.outgoing o
    where o.tenant_id = ${ctx.tenantId} and o.state = 'waiting' and o.channel = ${provider.channel} and o.due_at <= ${ctx.now} and ${provider.others ? sql`(o.provider_id is null or o.provider_id = ${provider.id})` : sql`o.provider_id = ${provider.id}`}
    order by o.priority, o.due_at, o.id limit ${Math.min(most, Math.floor(room))} for update of o skip locked`.execute(ctx.db)
  if (found.length === 0) return { id, rows: [], waitMs: 0, looked: 0 }
  const rows = await withNotices(ctx, found)

  const [over, alive] = [rows.filter(r => r.calledOff || r.notAfter <= ctx.now), rows.filter(r => !r.calledOff && r.notAfter > ctx.now)]
  // What was counted at an earlier try is not counted against itself; everything else is asked anew, for much may have been said since.
  const verdicts = await judge(ctx, alive, { taking: true, but: alive.filter(r => r.counted).map(r => r.id) })
  const { timezone } = await senderOf(ctx)
  const today = dateIn(timezone, ctx.now)
  const go: Claimed[] = []
  const held: Held[] = []
  // What was in hand when its notice was called off came back: it does not go either.
  for (const row of over)
    held.push({ row, state: row.calledOff ? 'cancelled' : 'failed', reason: row.calledOff ? null : 'expired', due: null })
  for (const [n, row] of alive.entries()) {
    const verdict = verdicts[n]
    if (verdict?.may && row.address !== null) go.push({ ...row, address: row.address, tries: row.tries + 1 })
    else if (verdict && !verdict.may && verdict.earliest)
      held.push({ row, state: 'waiting', reason: verdict.reason, due: verdict.earliest })
    else held.push({ row, state: 'refused', reason: verdict && !verdict.may ? verdict.reason : 'no_address', due: null })
  }
  if (go.length > 0)
    await sql`update messaging.outgoing set state = 'sending', reason = null, claim = ${id}, lease_until = ${ctx.now}::timestamptz + make_interval(secs => ${leaseSeconds}),
        provider_id = ${provider.id}, provider_ref = null, tries = tries + 1, counted_on = case when customer_id is not null and purpose = any(${counted}::text[]) then ${today}::date end
      where tenant_id = ${ctx.tenantId} and id = any(${go.map(row => row.id)}::uuid[])`.execute(ctx.db)
  await hold(ctx, held)
  ctx.write`update messaging.pace set room = ${room - go.length}, at = ${ctx.now} where tenant_id = ${ctx.tenantId} and provider_id = ${provider.id}`
  return { id, rows: go, waitMs: 0, looked: rows.length }
}

type Words = { id: string; state: string; subject: string; text: string; vendorCode: string; variables: Record<string, string> }
/** What a notice says is said once for all its messages. */
async function withNotices(ctx: Ctx, found: readonly Raw[]): Promise<Row[]> {
  const ids = [...new Set(found.flatMap(r => r.noticeId ?? []))]
  const { rows } =
    ids.length === 0
      ? { rows: [] }
      : await sql<Words>`select id, state, subject, text, vendor_code, variables from messaging.notice where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(
          ctx.db,
        )
  const notices = new Map(rows.map(r => [r.id, r]))
  return found.map(row => {
    const notice = row.noticeId === null ? undefined : notices.get(row.noticeId)
    return {
      ...row,
      subject: row.subject ?? notice?.subject ?? '',
      text: row.text ?? notice?.text ?? '',
      vendorCode: row.vendorCode ?? notice?.vendorCode ?? '',
      variables: row.variables === null ? (notice?.variables ?? {}) : { ...notice?.variables, ...row.variables },
      fileIds: row.fileIds ?? [],
      calledOff: notice?.state === 'cancelled',
    }
  })
}

type Held = { row: Row; state: 'waiting' | 'refused' | 'failed' | 'cancelled'; reason: string | null; due: Date | null }
/** What does not go now, or never. */
async function hold(ctx: Ctx, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return
  await sql`update messaging.outgoing o set state = c.state, reason = c.reason, due_at = coalesce(c.due, o.due_at), counted_on = null, claim = null, lease_until = null,
      sealed = case when c.state = 'waiting' then o.sealed end, ended_at = case when c.state = 'waiting' then null else ${ctx.now}::timestamptz end
    from unnest(${held.map(h => h.row.id)}::uuid[], ${held.map(h => h.state)}::text[], ${held.map(h => h.reason)}::text[], ${held.map(h => h.due)}::timestamptz[]) c (id, state, reason, due)
    where o.tenant_id = ${ctx.tenantId} and o.id = c.id`.execute(ctx.db)
  await tellRefused(ctx, held)
}

async function tellRefused(ctx: Ctx, held: readonly Held[]): Promise<void> {
  for (const { row, state, reason } of held) {
    if (row.noticeId || (state !== 'refused' && state !== 'failed')) continue
    const { id, channel, purpose, template, customerId } = row
    await ctx.emit(state === 'refused' ? messageRefused : messageFailed, { id, customerId }, { channel, purpose, template, reason })
  }
}

/**
 * Messages whose taker said nothing in time: its process is gone. Where the provider knows what it has had before they wait again. Where not, those it had taken are
 * handed over; of the others it is not known whether they went, and they are left at that.
 */
export async function takeBack(ctx: Ctx, repeatable: readonly string[]): Promise<number> {
  const { rows } = await sql<{
    id: string
    providerId: string
    ref: string | null
  }>`update messaging.outgoing o set state = f.state, reason = case when f.state = 'handed' then null else 'cut_off' end, claim = null, lease_until = null,
      sealed = case when f.state = 'waiting' then o.sealed end, ask_at = case when f.state = 'handed' then ${ctx.now}::timestamptz end,
      handed_at = case when f.state = 'handed' then ${ctx.now}::timestamptz end, ended_at = case when f.state = 'unknown' then ${ctx.now}::timestamptz end
    from (select x.id, case when p.kind = any(${[...repeatable]}::text[]) and not p.retired then 'waiting' when x.provider_ref is not null then 'handed' else 'unknown' end as state
      from messaging.outgoing x join messaging.provider p on p.tenant_id = ${ctx.tenantId} and p.id = x.provider_id
      where x.tenant_id = ${ctx.tenantId} and x.state = 'sending' and x.lease_until < ${ctx.now} order by x.lease_until limit 5000 for update of x skip locked) f
    where o.tenant_id = ${ctx.tenantId} and o.id = f.id returning o.id, o.provider_id, case when f.state = 'handed' then o.provider_ref end as ref`.execute(
    ctx.db,
  )
  const refs = new Map<string, string[]>()
  for (const { providerId, ref } of rows) if (ref !== null) refs.set(providerId, [...(refs.get(providerId) ?? []), ref])
  // What was told of them meanwhile waits.
  for (const [providerId, known] of refs) await applyReceipts(ctx, providerId, known)
  return rows.length
}

/** The provider took them: should this process die before it says so, whoever finds them knows. */
export async function noteTaken(ctx: Ctx, claimId: string, taken: readonly { id: string; ref: string }[]): Promise<void> {
  await sql`update messaging.outgoing o set provider_ref = t.ref from unnest(${taken.map(t => t.id)}::uuid[], ${taken.map(t => t.ref)}::text[]) t (id, ref)
    where o.tenant_id = ${ctx.tenantId} and o.id = t.id and o.claim = ${claimId} and o.state = 'sending'`.execute(ctx.db)
}

/** What is bound to a way out that is no more, or that was away for too long: whether it went is not known, unless it was never tried. */
export async function giveUpBound(ctx: Ctx): Promise<void> {
  await sql`update messaging.outgoing o set state = case when o.tries = 0 then 'failed' else 'unknown' end, reason = case when o.tries = 0 then 'expired' else 'cut_off' end,
      sealed = null, ended_at = ${ctx.now}
    from messaging.provider p
    where o.tenant_id = ${ctx.tenantId} and p.tenant_id = ${ctx.tenantId} and p.id = o.provider_id and o.state = 'waiting' and o.provider_id is not null
      and (p.retired or o.not_after <= ${ctx.now})`.execute(ctx.db)
}

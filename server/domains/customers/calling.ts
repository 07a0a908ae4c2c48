import { sql } from 'kysely'
import { asksConsent, type CallReason, type ConsentPurpose } from '#contract/outgoing.ts'
import { keptOf } from '#kernel/family.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { consentOf } from './ownWishes.ts'
import { digestsOf } from './privacy/surviving.ts'
import { visibleCustomers } from './queries.ts'

type Called = { customerId: string | null; phone: string | null; purpose: ConsentPurpose }

const nameOf = async (ctx: Ctx, id: string) =>
  (await ctx.db.selectFrom('customers.customer').select('name').where('id', '=', id).executeTakeFirst())?.name ?? null

/** Why somebody is not to be called for this purpose; null: they may be. The register by number counts for whoever has it. */
export async function whyNotCalled(ctx: Ctx, { customerId, phone, purpose }: Called): Promise<CallReason | null> {
  const id = customerId && (await keptOf(ctx, customerId))
  const name = id && (await nameOf(ctx, id))
  const [said, { rows: alone }, { rows: listed }] = await Promise.all([
    id ? consentOf(ctx, id, purpose, 'phone') : null,
    sql`select 1 from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${id} and (until is null or until > ${ctx.now})`.execute(
      ctx.db,
    ),
    sql<{
      purpose: string
    }>`select purpose from customers.left_alone where tenant_id = ${ctx.tenantId} and digest = any(${phone ? digestsOf(ctx, phone, name) : []}::text[])
      and purpose in ('', ${purpose}) and channel in ('', 'phone') and (until is null or until > ${ctx.now})`.execute(ctx.db),
  ])
  if (alone.length > 0 || listed.some(row => row.purpose === '')) return 'do_not_disturb'
  // Who says yes today has changed their mind about what was declined before they were erased.
  const consent = said ?? (listed.length > 0 ? false : null)
  if (consent === false) return 'consent_declined'
  return asksConsent[purpose] === 'needed' && consent !== true ? 'no_consent' : null
}

export async function mayCall(ctx: Ctx, asked: string, purpose: ConsentPurpose): Promise<{ may: boolean; reason: CallReason | null }> {
  const customerId = await keptOf(ctx, asked)
  const { phone } = found(await visibleCustomers(ctx).select('phone').where('id', '=', customerId).executeTakeFirst(), 'customer', asked)
  const reason = await whyNotCalled(ctx, { customerId, phone, purpose })
  return { may: reason === null, reason }
}

/** Whoever dials of our own initiative is kept from those who do not want it. */
export async function mustBeWelcome(ctx: Ctx, called: Called): Promise<void> {
  const reason = await whyNotCalled(ctx, called)
  if (reason) throw new Refusal('conflict', `call.${reason}`)
}

/** Whoever calls somebody who wants to be left alone says what for: a matter of theirs is no reason to keep silent. */
export async function mustSayWhy(ctx: Ctx, called: Omit<Called, 'purpose'>): Promise<void> {
  if ((await whyNotCalled(ctx, { ...called, purpose: 'notice' })) === 'do_not_disturb') throw new Refusal('conflict', 'call.purpose_asked')
}

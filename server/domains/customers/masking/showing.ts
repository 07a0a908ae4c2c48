import { sql } from 'kysely'
import type * as z from 'zod'
import type { IdentityKind } from '#contract/customers.ts'
import { firstShowing, type Showing } from '#contract/masking.ts'
import type { SensitiveField } from '#contract/sensitive.ts'
import type { Ctx } from '#kernel/work.ts'
import { maskAddress, maskEmail, maskParts, maskPhone, maskText } from '../rules.ts'

/** How the actor sees each sensitive field: whatever leaves the server goes through here. */
export type Shows = (field: SensitiveField) => Showing

const asked = new WeakMap<Ctx, Promise<Shows>>()
/** Asked once per work. */
export function showsOf(ctx: Ctx): Promise<Shows> {
  const known = asked.get(ctx) ?? readShows(ctx)
  asked.set(ctx, known)
  return known
}

async function readShows(ctx: Ctx): Promise<Shows> {
  const { actor } = ctx
  if (actor.kind !== 'user') return firstShowing
  const role = actor.key
    ? sql`'key'`
    : sql`(select p.role_id::text from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = ${actor.id})`
  const { rows } = await sql<{
    field: string
    showing: Showing
  }>`select field, showing from customers.masking where tenant_id = ${ctx.tenantId} and role = ${role}`.execute(ctx.db)
  const decided = new Map(rows.map(row => [row.field, row.showing]))
  return field => decided.get(field) ?? firstShowing(field)
}

/** A number as a name that is written down for everybody: nothing where it is hidden from any role. */
export async function numberAsName(ctx: Ctx, phone: string | null): Promise<string> {
  const { rows } =
    await sql`select 1 from customers.masking where tenant_id = ${ctx.tenantId} and field = 'phone' and showing = 'hidden' limit 1`.execute(
      ctx.db,
    )
  return rows.length > 0 ? '' : (maskPhone(phone) ?? '')
}

const as = <V>(showing: Showing, value: V, mask: (value: V) => V, nothing: V): V =>
  showing === 'shown' ? value : showing === 'masked' ? mask(value) : nothing
export const phoneShown = (shows: Shows, phone: string | null) => as(shows('phone'), phone, maskPhone, null)
export const emailShown = (shows: Shows, email: string | null) => as(shows('email'), email, maskEmail, null)
export const addressShown = (shows: Shows, address: string) => as(shows('address'), address, maskAddress, '')

type Sensitive = { phone?: string | null; email?: string | null; address?: string; postCode?: string }
/** In full only by `reveal`, which leaves a trace, or where the role was given it so. */
export const shownTo = <R extends Sensitive>(shows: Shows, row: R): R => ({
  ...row,
  ...(row.phone === undefined ? {} : { phone: phoneShown(shows, row.phone) }),
  ...(row.email === undefined ? {} : { email: emailShown(shows, row.email) }),
  ...(row.address === undefined ? {} : { address: addressShown(shows, row.address) }),
  ...(row.postCode === undefined || shows('address') !== 'hidden' ? {} : { postCode: '' }),
})

type Way = { kind: z.output<typeof IdentityKind>; value: string }
/** Null: not even that there is one. */
export const wayShown = (shows: Shows, { kind, value }: Way): string | null =>
  kind === 'phone'
    ? phoneShown(shows, value)
    : kind === 'email'
      ? emailShown(shows, value)
      : as<string | null>(kind === 'web' ? maskedAtMost(shows) : shows('wechat'), value, text => maskText(text ?? ''), null)
/** An account of the web site opens nothing for anybody here. */
const maskedAtMost = (shows: Shows): Showing => (shows('wechat') === 'hidden' ? 'hidden' : 'masked')

export const addressesShown = <A extends { street: string; detail: string }>(shows: Shows, addresses: readonly A[]): A[] =>
  shows('address') === 'hidden' ? [] : shows('address') === 'masked' ? addresses.map(maskParts) : [...addresses]

type Written = 'phone' | 'email' | 'address'
const masks = { phone: maskPhone, email: maskEmail, address: (text: string | null) => maskAddress(text ?? '') }
/** Whether somebody only sends back what they were shown: that changes nothing. */
export const sentBack = (shows: Shows, field: Written, sent: string | null, before: string | null): boolean =>
  sent === before ||
  (before !== null && before !== '' && sent === masks[field](before)) ||
  (shows(field) === 'hidden' && (sent === null || sent === ''))

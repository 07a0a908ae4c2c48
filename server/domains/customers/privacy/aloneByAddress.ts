import { sql } from 'kysely'
import type { Listed } from '#contract/outgoing.ts'
import type { Ctx } from '#kernel/work.ts'
import { digestsOf } from './surviving.ts'

type Addressed = { id: string; name: string; phone: string | null; email: string | null }
const ways = [
  { way: 'phone', channels: ['', 'phone'] },
  { way: 'email', channels: ['', 'mail'] },
] as const

/** Whose number or address stands on the register of those left alone, whatever for; as dialling and writing ask it. */
export async function aloneByAddress(ctx: Ctx, customers: readonly Addressed[]): Promise<ReadonlyMap<string, Listed>> {
  const asked = customers.flatMap(customer =>
    ways.flatMap(({ way, channels }) => {
      const value = customer[way]
      return value ? digestsOf(ctx, value, customer.name).map(digest => ({ id: customer.id, way, channels, digest })) : []
    }),
  )
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{
    digest: string
    channel: string
    until: Date | null
  }>`select digest, channel, until from customers.left_alone
    where tenant_id = ${ctx.tenantId} and digest = any(${asked.map(one => one.digest)}::text[]) and purpose = '' and (until is null or until > ${ctx.now})`.execute(
    ctx.db,
  )
  const found = new Map<string, Listed>()
  for (const { id, way, channels, digest } of asked) {
    const entries = rows.filter(row => row.digest === digest && channels.some(channel => channel === row.channel))
    for (const { until } of entries) {
      const had = found.get(id) ?? { phone: null, email: null }
      found.set(id, { ...had, [way]: { until: later(had[way], until) } })
    }
  }
  return found
}

/**
 * Of these whoever asked to be left alone, or whose number is on the register, as dialling asks it: one look into two indexes for a whole page.
 * Which of both is not told: so it is for those, too, from whom numbers are hidden.
 */
export async function leftAloneAmong(ctx: Ctx, customers: readonly Omit<Addressed, 'email'>[]): Promise<ReadonlySet<string>> {
  if (customers.length === 0) return new Set()
  const byNumber = customers.flatMap(({ id, phone, name }) => (phone ? digestsOf(ctx, phone, name).map(sign => ({ id, sign })) : []))
  const { rows } = await sql<{ sign: string }>`select customer_id::text as sign from customers.undisturbed
      where tenant_id = ${ctx.tenantId} and customer_id = any(${customers.map(one => one.id)}::uuid[]) and (until is null or until > ${ctx.now})
    union all select digest from customers.left_alone
      where tenant_id = ${ctx.tenantId} and digest = any(${byNumber.map(one => one.sign)}::text[]) and purpose = '' and channel in ('', 'phone')
        and (until is null or until > ${ctx.now})`.execute(ctx.db)
  const found = new Set(rows.map(row => row.sign))
  const signs = [...customers.map(({ id }) => ({ id, sign: id })), ...byNumber]
  return new Set(signs.filter(({ sign }) => found.has(sign)).map(({ id }) => id))
}

/** Null is for good. */
const later = (had: Listed['phone'], until: Date | null): Date | null =>
  !had ? until : had.until === null || until === null ? null : had.until > until ? had.until : until

import { sql } from 'kysely'
import type * as z from 'zod'
import type { IdentityKind } from '#contract/customers.ts'
import { keptOf } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerIdentified } from './events.ts'
import { lastContact } from './finding/sought.ts'
import { heldFile } from './kept.ts'
import { type CustomerCard, cards, customerCard, keptCard } from './queries.ts'
import { emailAddress, identityValue, phoneNumber } from './rules.ts'

/** What someone says about themselves, the surest first. */
export type Claim = { customerId?: string | null; number?: string | null; phone?: string | null; email?: string | null }

/** Who this is. Where several share a telephone or an address, the one who was in touch last. */
export async function identify(ctx: Ctx, { customerId, number, phone, email }: Claim): Promise<CustomerCard | null> {
  if (customerId) {
    const known = await customerCard(ctx, customerId)
    if (known) return known
  }
  if (number) {
    const known = await keptCard(ctx, await cards(ctx).select('mergedInto').where('number', '=', number.trim()).executeTakeFirst())
    if (known) return known
  }
  return (phone && (await holder(ctx, 'phone', phoneNumber(phone)))) || (email && (await holder(ctx, 'email', emailAddress(email)))) || null
}

async function holder(ctx: Ctx, kind: Kind, value: string | null): Promise<CustomerCard | null> {
  if (value === null) return null
  const row = await ctx.db
    .selectFrom('customers.customerIdentity as i')
    .innerJoin('customers.customer as c', 'c.id', 'i.customerId')
    .select(['c.id', 'c.name', 'c.tier', 'c.number', 'c.district', 'c.care'])
    .where('i.kind', '=', kind)
    .where('i.value', '=', value)
    .where('c.mergedInto', 'is', null)
    .orderBy(lastContact, 'desc')
    .orderBy('c.id', 'desc')
    .executeTakeFirst()
  return row ?? null
}

/** The customer was in touch just now. */
export async function touch(ctx: Ctx, customerId: string): Promise<void> {
  const { rows } =
    await sql`update customers.customer set last_contact_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and merged_into is null
    and id = (select kept_id from customers.fact_family where tenant_id = ${ctx.tenantId} and id = ${customerId}) returning id`.execute(
      ctx.db,
    )
  if (rows.length > 0) return
  // Merged while we waited for its row: the one it became.
  const kept = await keptOf(ctx, customerId)
  if (kept !== customerId) await touch(ctx, kept)
}

type Kind = z.output<typeof IdentityKind>

/** From now on recognised by this, too. False when the value cannot be one of its kind; knowing it already changes nothing. */
export async function rememberIdentity(ctx: Ctx, id: string, kind: Kind, typed: string): Promise<boolean> {
  const value = identityValue(kind, typed)
  if (value === null) return false
  const customerId = await heldFile(ctx, id, null)
  // Who was erased is not filled anew.
  const { rows } = await sql<{ erased: boolean }>`select erased_at is not null as erased from customers.customer
    where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.db)
  if (rows[0]?.erased !== false) return false
  if (!(await keepIdentity(ctx, customerId, kind, value, typed))) return true
  const customer = ctx.db.updateTable('customers.customer').where('id', '=', customerId)
  if (kind === 'phone')
    await customer
      .set({ phone: value, phoneTyped: typed.slice(0, 40) })
      .where('phone', 'is', null)
      .execute()
  if (kind === 'email') await customer.set({ email: value }).where('email', 'is', null).execute()
  await sql`update customers.customer set version = version + 1, changed_xid = pg_current_xact_id() where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(
    ctx.db,
  )
  await ctx.emit(customerIdentified, { id: customerId, customerId }, { kind }, { value })
  return true
}

/** True when it was not known before. */
export async function keepIdentity(ctx: Ctx, customerId: string, kind: Kind, value: string, typed: string): Promise<boolean> {
  const added = await ctx.db
    .insertInto('customers.customerIdentity')
    .values({ id: newId(), customerId, kind, value, typed: typed.slice(0, 200), since: ctx.now })
    .onConflict(conflict => conflict.columns(['kind', 'value', 'customerId']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

export async function forgetIdentity(ctx: Ctx, customerId: string, kind: Kind, value: string): Promise<void> {
  await ctx.db
    .deleteFrom('customers.customerIdentity')
    .where('customerId', '=', customerId)
    .where('kind', '=', kind)
    .where('value', '=', value)
    .execute()
}

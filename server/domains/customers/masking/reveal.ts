import { sql } from 'kysely'
import type * as z from 'zod'
import type { customers } from '#contract/customers.ts'
import type { SensitiveField } from '#contract/sensitive.ts'
import { limitOf } from '#kernel/access.ts'
import { timesDone } from '#kernel/audit.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerRevealed } from '../events.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { addressesOf } from '../profile/addresses.ts'
import { waysOf } from '../profile/reached.ts'
import { visibleCustomers } from '../queries.ts'
import { showsOf } from './showing.ts'

const day = 24 * 3_600_000
const numbers: SensitiveField[] = ['phone', 'email', 'wechat']
/** Looks at a customer's numbers and at a lead's count alike. */
const looks = [customerRevealed.name, 'opportunity.revealed']

/** Which of these the actor may now see in full; refused without a reason where one is asked for, and after too many looks. */
export async function mayLook(ctx: Ctx, reason: string | undefined, fields: readonly SensitiveField[]): Promise<SensitiveField[]> {
  if (reason === undefined && (await asksWhy(ctx))) throw new Refusal('invalid', 'customer.reveal_why')
  const [shows, own] = await Promise.all([showsOf(ctx), ownFieldsSeen(ctx)])
  const open = [...new Set(fields)].filter(field =>
    field.startsWith('own.') ? own.some(({ key }) => field === `own.${key}`) : shows(field) !== 'hidden',
  )
  if (open.length === 0) throw new Refusal('forbidden', 'customer.field_hidden', { field: fields[0] ?? '' })
  const most = limitOf(ctx.actor, 'customer:reveal')
  if (most !== null && (await timesDone(ctx, looks, new Date(ctx.now.getTime() - day))) >= most)
    throw new Refusal('too_many', 'customer.revealed_enough', { most })
  return open
}

/** Shows what is masked, of these fields alone. Who looked, at what of whom and why stays on record. */
export async function reveal(ctx: Ctx, id: string, { reason, fields = numbers }: z.output<typeof customers.reveal.body>) {
  const customer = found(
    await visibleCustomers(ctx, 'customer:reveal')
      .select(['id', 'phone', 'email', 'address', 'district', 'postCode', 'fields'])
      .where('id', '=', id)
      .executeTakeFirst(),
    'customer',
    id,
  )
  const [open, own] = [await mayLook(ctx, reason, fields), await ownFieldsSeen(ctx)]
  const isOpen = (field: SensitiveField) => open.includes(field)
  const ways = await waysOf(ctx, customer)
  await ctx.emit(customerRevealed, { id, customerId: id }, { fields: open }, reason === undefined ? {} : { reason })
  return {
    phone: isOpen('phone') ? customer.phone : null,
    email: isOpen('email') ? customer.email : null,
    reached: ways.filter(({ kind }) => isOpen(kind === 'web' ? 'wechat' : kind)),
    address: isOpen('address') ? customer.address : null,
    addresses: isOpen('address') ? await addressesOf(ctx, customer) : [],
    own: Object.fromEntries(own.flatMap(({ key }) => (isOpen(`own.${key}`) ? [[key, customer.fields[key]]] : []))),
  }
}

export async function asksWhy(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{
    askWhy: boolean
  }>`select ask_why as "askWhy" from customers.reveal_policy where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  return rows[0]?.askWhy ?? true
}

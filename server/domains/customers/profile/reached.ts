import { sql } from 'kysely'
import type * as z from 'zod'
import type { profile, ReachedBy } from '#contract/profile.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { changeTold } from '../changed.ts'
import { customerChanged, customerIdentified } from '../events.ts'
import { keepIdentity } from '../identify.ts'
import { emailAddress, phoneNumber } from '../rules.ts'
import { reachChanged } from './events.ts'
import { fileChanged, type Held, lockFile } from './locking.ts'

type Kind = ReachedBy['kind']
type Known = { id: string; kind: Kind; value: string; typed: string; label: string; main: boolean; since: Date }
const most = 60

/** Which one is the main number or mail says the customer's own row: whoever writes it, by a form, a table or another system, has said so. */
export async function waysOf(ctx: Ctx, customer: { id: string; phone: string | null; email: string | null }): Promise<Known[]> {
  const rows = await ctx.db
    .selectFrom('customers.customerIdentity')
    .select(['id', 'kind', 'value', 'typed', 'label', 'main', 'since'])
    .where('customerId', '=', customer.id)
    .orderBy('id')
    .limit(most)
    .execute()
  const isMain = (row: Known) =>
    row.kind === 'phone' ? row.value === customer.phone : row.kind === 'email' ? row.value === customer.email : row.main
  return rows
    .map(row => ({ ...row, main: isMain(row) }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || Number(b.main) - Number(a.main))
}
const order: readonly Kind[] = ['phone', 'email', 'wechat', 'web']

function wayOf(kind: z.output<typeof profile.addReach.body>['kind'], typed: string): string {
  if (kind === 'phone') {
    const phone = phoneNumber(typed)
    if (phone === null) throw new Refusal('invalid', 'customer.phone_invalid')
    return phone
  }
  if (kind === 'email') {
    const email = emailAddress(typed)
    if (email === null) throw new Refusal('invalid', 'customer.email_invalid')
    return email
  }
  if (!/^[\w-]{2,64}$/.test(typed)) throw new Refusal('invalid', 'customer.wechat_invalid')
  return typed
}

export async function addReach(ctx: Ctx, id: string, { kind, value: typed, label, main }: z.output<typeof profile.addReach.body>) {
  const customer = await lockFile(ctx, id)
  const value = wayOf(kind, typed)
  const known = await waysOf(ctx, customer)
  if (known.length >= most) throw new Refusal('conflict', 'customer.too_many_ways', { most })
  if (!(await keepIdentity(ctx, id, kind, value, typed))) throw new Refusal('conflict', 'customer.way_known')
  const added = found(
    (await waysOf(ctx, customer)).find(way => way.kind === kind && way.value === value),
    'reach',
    value,
  )
  if (label) await ctx.db.updateTable('customers.customerIdentity').set({ label }).where('id', '=', added.id).execute()
  await ctx.emit(customerIdentified, { id, customerId: id }, { kind }, { value, ...(label ? { label } : {}) })
  if (main || !known.some(way => way.kind === kind && way.main)) await makeMain(ctx, customer, kind, added)
  await fileChanged(ctx, id)
}

export async function changeReach(
  ctx: Ctx,
  { id, reachId, body }: { id: string; reachId: string; body: z.output<typeof profile.changeReach.body> },
) {
  const customer = await lockFile(ctx, id, body.version)
  const way = await oneWay(ctx, customer, reachId)
  const label = body.label ?? way.label
  const turns = body.main === true && !way.main
  if (label === way.label && !turns) return
  if (label !== way.label) {
    await ctx.db.updateTable('customers.customerIdentity').set({ label }).where('id', '=', reachId).execute()
    await ctx.emit(reachChanged, { id, customerId: id }, { kind: way.kind, act: 'labelled' }, { value: way.value, label })
  }
  if (turns) await makeMain(ctx, customer, way.kind, way)
  await fileChanged(ctx, id)
}

/** Nobody is recognised by it any more; the next of its kind is the main one. */
export async function removeReach(ctx: Ctx, id: string, reachId: string) {
  const customer = await lockFile(ctx, id)
  const way = await oneWay(ctx, customer, reachId)
  await ctx.db.deleteFrom('customers.customerIdentity').where('id', '=', reachId).where('customerId', '=', id).execute()
  await ctx.emit(reachChanged, { id, customerId: id }, { kind: way.kind, act: 'removed' }, { value: way.value })
  if (way.main) await makeMain(ctx, customer, way.kind, (await waysOf(ctx, customer)).find(other => other.kind === way.kind) ?? null)
  await fileChanged(ctx, id)
}

const oneWay = async (ctx: Ctx, customer: Held, reachId: string) =>
  found(
    (await waysOf(ctx, customer)).find(way => way.id === reachId),
    'reach',
    reachId,
  )

/** The customer's row follows. */
async function makeMain(ctx: Ctx, { id, phone, email }: Held, kind: Kind, way: Pick<Known, 'id' | 'value' | 'typed'> | null) {
  await sql`update customers.customer_identity set main = (id is not distinct from ${way?.id ?? null}::uuid)
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} and kind = ${kind}`.execute(ctx.db)
  const about = { id, customerId: id }
  const told = async (field: 'phone' | 'email', was: string | null) => {
    const is = way?.value ?? null
    if (was === is) return
    const { detail, personal } = changeTold([field], { [field]: was }, { [field]: is })
    await ctx.emit(customerChanged, about, detail, personal)
  }
  if (kind === 'phone') {
    await ctx.db
      .updateTable('customers.customer')
      .set({ phone: way?.value ?? null, phoneTyped: way?.typed.slice(0, 40) ?? null })
      .where('id', '=', id)
      .execute()
    await told('phone', phone)
  } else if (kind === 'email') {
    await ctx.db
      .updateTable('customers.customer')
      .set({ email: way?.value ?? null })
      .where('id', '=', id)
      .execute()
    await told('email', email)
  } else if (way) await ctx.emit(reachChanged, about, { kind, act: 'main' }, { value: way.value })
}

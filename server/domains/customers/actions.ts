import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { CustomerChange, NewCustomer } from '#contract/customers.ts'
import { scopeOf } from '#kernel/access.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { oneAtATime } from './again.ts'
import { changeTold } from './changed.ts'
import { customerAdded, customerChanged } from './events.ts'
import { searchText, searchVersion, withMerged } from './finding/words.ts'
import { forgetIdentity, keepIdentity } from './identify.ts'
import { notMerged } from './kept.ts'
import { sentBack, shownTo, showsOf } from './masking/showing.ts'
import { columns, oneCustomer, visibleCustomers } from './queries.ts'
import { customerNumber, emailAddress, phoneNumber } from './rules.ts'
import { tiersBrought, tiersWritten } from './segments/moves.ts'

export async function addCustomer(ctx: Ctx, { number, phone, email, clientId, ...form }: z.output<typeof NewCustomer>) {
  const before = clientId && (await addedBefore(ctx, clientId))
  if (before) return before
  const row = { id: newId(), ...form, ...typedPhone(phone), ...emailOf(email), ownerId: ownerOfNew(ctx), clientId: clientId ?? null }
  const added = number ? await insertCustomer(ctx, row, number) : await insertNumbered(ctx, row)
  if (!added) throw new Refusal('conflict', 'customer.number_taken', { number })
  if (row.phone) await keepIdentity(ctx, row.id, 'phone', row.phone, row.phoneTyped ?? row.phone)
  if (row.email) await keepIdentity(ctx, row.id, 'email', row.email, row.email)
  await tiersBrought(ctx, 'person', [row])
  await ctx.emit(customerAdded, { id: row.id, customerId: row.id }, {}, { number: added.number, name: added.name })
  return shownTo(await showsOf(ctx), added)
}

/** A retry finds whom the first call added. */
async function addedBefore(ctx: Ctx, clientId: string) {
  await oneAtATime(ctx, clientId)
  const row = await ctx.db.selectFrom('customers.customer').select('id').where('clientId', '=', clientId).executeTakeFirst()
  return row && oneCustomer(ctx, row.id)
}

type NewRow = Omit<z.output<typeof NewCustomer>, 'number' | 'clientId'> & {
  id: string
  phoneTyped: string | null
  ownerId: string | null
  clientId: string | null
}

const insertCustomer = (ctx: Ctx, row: NewRow, number: string) =>
  ctx.db
    .insertInto('customers.customer')
    .values({ ...row, number, since: ctx.now, lastContactAt: null, search: searchOf(row), searchVersion })
    .onConflict(conflict => conflict.columns(['number']).doNothing())
    .returning(columns)
    .executeTakeFirst()

/** The organisation's own books may hold numbers that look like ours: those are stepped over. */
async function insertNumbered(ctx: Ctx, row: NewRow) {
  for (;;) {
    const { rows } = await sql<{ last: number }>`insert into customers.numbering (tenant_id, last) values (${ctx.tenantId}, 1)
      on conflict (tenant_id) do update set last = numbering.last + 1 returning last`.execute(ctx.db)
    const added = await insertCustomer(ctx, row, customerNumber(rows[0]?.last ?? 1))
    if (added) return added
  }
}

/** Whoever does not see every customer looks after those they add. */
export const ownerOfNew = ({ actor }: Ctx) => (actor.kind === 'user' && scopeOf(actor, 'customer:read') !== 'all' ? actor.id : null)

type Searchable = { name: string; address: string; district: string }
const searchOf = (row: Searchable): RawBuilder<unknown> => sql`${searchText(row)}::tsvector`

export async function changeCustomer(ctx: Ctx, id: string, { version, phone, email, ...form }: z.output<typeof CustomerChange>) {
  const row = await visibleCustomers(ctx, 'customer:write')
    .select([...columns, 'phoneTyped'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) await notMerged(ctx, id)
  const before = found(row, 'customer', id)
  if (before.version !== version) throw new Refusal('conflict', 'customer.changed_meanwhile', { version: before.version })

  const shows = await showsOf(ctx)
  const written = (field: 'phone' | 'email' | 'address', sent: string | null | undefined) => {
    if (sent === undefined || sentBack(shows, field, sent, before[field])) return false
    // Who does not see it does not write it.
    if (shows(field) === 'hidden') throw new Refusal('forbidden', 'customer.field_hidden', { field })
    return true
  }
  const after = {
    ...before,
    name: form.name ?? before.name,
    kind: form.kind ?? before.kind,
    tier: form.tier ?? before.tier,
    address: form.address !== undefined && written('address', form.address) ? form.address : before.address,
    district: form.district ?? before.district,
    postCode: shows('address') === 'hidden' ? before.postCode : (form.postCode ?? before.postCode),
    note: form.note ?? before.note,
    tags: form.tags ?? before.tags,
    care: form.care ?? before.care,
    ...(phone !== undefined && written('phone', phone) ? typedPhone(phone) : {}),
    ...(email !== undefined && written('email', email) ? emailOf(email) : {}),
  }
  const fields = editable.filter(key => String(after[key]) !== String(before[key]))
  if (fields.length === 0) return shownTo(shows, before)

  const { id: _, number, since, lastContactAt, ownerId, balanceDue, ...values } = after
  const changed = await ctx.db
    .updateTable('customers.customer')
    .set({
      ...values,
      version: version + 1,
      search: withMerged(ctx, searchOf(after), sql`${id}::uuid`),
      searchVersion,
      changedXid: thisTransaction,
    })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
  if (after.phone !== before.phone) await moveIdentity(ctx, id, 'phone', before.phone, after.phone, after.phoneTyped)
  if (after.email !== before.email) await moveIdentity(ctx, id, 'email', before.email, after.email, after.email)
  if (after.tier !== before.tier) await tiersWritten(ctx, 'person', [{ id, was: before.tier, becomes: after.tier }])
  const { detail, personal } = changeTold(fields, before, after)
  await ctx.emit(customerChanged, { id, customerId: id }, detail, personal)
  return shownTo(shows, changed)
}

export const editable = ['name', 'kind', 'tier', 'phone', 'email', 'address', 'district', 'postCode', 'note', 'tags', 'care'] as const

/** A number somebody gave up belongs to somebody else tomorrow: it must not identify this customer any more. */
async function moveIdentity(
  ctx: Ctx,
  customerId: string,
  kind: 'phone' | 'email',
  before: string | null,
  after: string | null,
  typed: string | null,
) {
  if (before) await forgetIdentity(ctx, customerId, kind, before)
  if (after) await keepIdentity(ctx, customerId, kind, after, typed ?? after)
}

/** A telephone as it is kept, beside what was typed; what cannot be one is refused. */
export function typedPhone(typed: string | null): { phone: string | null; phoneTyped: string | null } {
  if (typed === null || typed === '') return { phone: null, phoneTyped: null }
  const phone = phoneNumber(typed)
  if (phone === null) throw new Refusal('invalid', 'customer.phone_invalid')
  return { phone, phoneTyped: typed }
}

function emailOf(typed: string | null): { email: string | null } {
  // What masks another address than the one that stands.
  if (typed?.includes('***@')) throw new Refusal('invalid', 'customer.email_invalid')
  return { email: typed === null ? null : emailAddress(typed) }
}

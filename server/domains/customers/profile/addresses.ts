import { sql } from 'kysely'
import type * as z from 'zod'
import {
  type AddressOfRow,
  type AddressParts,
  addressLine,
  agrees,
  fitsPostCode,
  isMasked,
  nowhere,
  partsOfRow,
  rowOf,
} from '#contract/addresses.ts'
import type { Address, profile } from '#contract/profile.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { changeTold } from '../changed.ts'
import { customerChanged } from '../events.ts'
import { searchText, withMerged } from '../finding/words.ts'
import { type Shows, showsOf } from '../masking/showing.ts'
import { maskParts } from '../rules.ts'
import { addressChanged } from './events.ts'
import { fileChanged, type Held, lockFile } from './locking.ts'

const parts = ['province', 'city', 'district', 'street', 'detail', 'postCode'] as const
const most = 20
type Kept = Address & { since: Date }

/**
 * The addresses of a customer, the main one first. Where the customer's row tells another than the parts that stand here, somebody wrote its one line since:
 * then the line counts, split into parts. So a form, a table or another system needs to know of the row alone.
 */
export async function addressesOf(ctx: Ctx, customer: AddressOfRow & { id: string }): Promise<Kept[]> {
  const rows = await ctx.db
    .selectFrom('customers.address')
    .select(['id', 'label', 'main', 'since', ...parts])
    .where('customerId', '=', customer.id)
    .orderBy('main', 'desc')
    .orderBy('id')
    .execute()
  const main = rows.find(row => row.main)
  if (main && agrees(main, customer)) return rows
  const read = partsOfRow(customer, main ?? null)
  const others = rows.filter(row => row !== main)
  // What was never written by its parts goes under the customer's own id until it is.
  return read
    ? [{ id: main?.id ?? customer.id, label: main?.label ?? '', main: true, since: main?.since ?? ctx.now, ...read }, ...others]
    : others
}

export async function addAddress(ctx: Ctx, id: string, { label = '', main = false, ...given }: z.output<typeof profile.addAddress.body>) {
  if (isMasked(given)) throw new Refusal('invalid', 'customer.address_masked')
  const customer = await lockFile(ctx, id)
  const before = await addressesOf(ctx, customer)
  // Sent again after a lost answer: it is there.
  if (before.some(a => isThat(a, { ...nowhere, ...given }) && a.label === label && (a.main || !main))) return
  if (before.length >= most) throw new Refusal('conflict', 'customer.too_many_addresses', { most })
  const added: Kept = { id: newId(), label, main: main || before.length === 0, since: ctx.now, ...nowhere, ...given }
  await keep(ctx, customer, before, added.main ? [...before.map(a => ({ ...a, main: false })), added] : [...before, added])
  await ctx.emit(addressChanged, { id, customerId: id }, { act: 'added', main: added.main }, { address: addressLine(added) })
}

const isThat = (a: AddressParts, b: AddressParts) => parts.every(key => a[key] === b[key])

type Changed = { id: string; addressId: string; body: z.output<typeof profile.changeAddress.body> }
export async function changeAddress(ctx: Ctx, { id, addressId, body: { version, ...given } }: Changed) {
  mustSee(await showsOf(ctx))
  const customer = await lockFile(ctx, id, version)
  const before = await addressesOf(ctx, customer)
  const was = found(
    before.find(a => a.id === addressId),
    'address',
    addressId,
  )
  const masked = maskParts(was)
  // There is always a main one: it ceases to be it when another becomes it. What was masked comes back as it was.
  const next = {
    ...was,
    ...given,
    street: given.street === masked.street ? was.street : given.street,
    detail: given.detail === masked.detail ? was.detail : given.detail,
    main: was.main || given.main,
  }
  if (isMasked(next) && !isMasked(was)) throw new Refusal('invalid', 'customer.address_masked')
  await keep(
    ctx,
    customer,
    before,
    before.map(a => (a.id === addressId ? next : next.main ? { ...a, main: false } : a)),
  )
  await ctx.emit(addressChanged, { id, customerId: id }, { act: 'changed', main: next.main }, { address: addressLine(next) })
}

export async function removeAddress(ctx: Ctx, id: string, addressId: string) {
  mustSee(await showsOf(ctx))
  const customer = await lockFile(ctx, id)
  const before = await addressesOf(ctx, customer)
  const gone = found(
    before.find(a => a.id === addressId),
    'address',
    addressId,
  )
  const [heir, ...others] = before.filter(a => a !== gone)
  await keep(ctx, customer, before, heir ? [{ ...heir, main: heir.main || gone.main }, ...others] : [])
  await ctx.emit(addressChanged, { id, customerId: id }, { act: 'removed', main: gone.main }, { address: addressLine(gone) })
}

/** Who does not see them does not write over them. */
function mustSee(shows: Shows): void {
  if (shows('address') === 'hidden') throw new Refusal('forbidden', 'customer.field_hidden', { field: 'address' })
}

/** Writes them as they shall stand; the customer's row follows its main one. */
async function keep(ctx: Ctx, customer: Held, before: readonly Kept[], after: readonly Kept[]) {
  const main = after.find(a => a.main) ?? null
  if (after.some(a => !fitsPostCode(a) && !before.some(b => b.id === a.id && b.postCode === a.postCode)))
    throw new Refusal('invalid', 'customer.post_code_invalid')
  await ctx.db.deleteFrom('customers.address').where('customerId', '=', customer.id).execute()
  if (after.length > 0)
    await ctx.db
      .insertInto('customers.address')
      .values(after.map(a => ({ ...a, customerId: customer.id })))
      .execute()
  const was = before.find(a => a.main) ?? null
  const row = main ? lineIn(main, customer, was) : { address: '', district: customer.district, postCode: '' }
  const fields = (['address', 'district', 'postCode'] as const).filter(key => row[key] !== customer[key])
  if (fields.length > 0) {
    const search = searchText({ name: customer.name, address: row.address, district: row.district })
    await ctx.db
      .updateTable('customers.customer')
      .set({ ...row, search: withMerged(ctx, sql`${search}`, sql`${customer.id}::uuid`) })
      .where('id', '=', customer.id)
      .execute()
    const { detail, personal } = changeTold(fields, customer, row)
    await ctx.emit(customerChanged, { id: customer.id, customerId: customer.id }, detail, personal)
  }
  await fileChanged(ctx, customer.id)
}

/** An address that nobody touched keeps its line as it was written. */
const lineIn = (main: AddressParts, customer: Held, was: AddressParts | null): AddressOfRow =>
  was && isThat(was, main)
    ? { address: customer.address, district: customer.district, postCode: customer.postCode }
    : rowOf(main, customer, was)

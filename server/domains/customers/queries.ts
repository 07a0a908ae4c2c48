import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type * as z from 'zod'
import type { Customer, customers } from '#contract/customers.ts'
import type { Permission } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import { keptOf } from '#kernel/family.ts'
import { pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { byTextIndex, inOrder, lastContact, type Sought, sought } from './finding/sought.ts'
import { shownTo, showsOf } from './masking/showing.ts'
import { leftAloneAmong } from './privacy/aloneByAddress.ts'
import { inSegment, type ReadOn } from './segments/leafing.ts'

export const columns = [
  'id',
  'number',
  'kind',
  'name',
  'tier',
  'phone',
  'email',
  'address',
  'district',
  'postCode',
  'note',
  'tags',
  'care',
  'balanceDue',
  'since',
  'lastContactAt',
  'ownerId',
  'version',
] as const

/** Own: those the actor looks after or takes care of. Team and department: those whom one of the actor's people looks after or takes care of. */
export function visibleCustomers(
  ctx: Ctx,
  permission: Permission = 'customer:read',
  from: 'customers.customer' | 'customers.searchable' = 'customers.customer',
) {
  // Whoever was merged into another is read, listed and found as that one.
  let rows = ctx.db.selectFrom(from).where('mergedInto', 'is', null)
  // Who was erased is not filled anew.
  if (permission === 'customer:write' || permission === 'customer:merge') rows = rows.where(sql<boolean>`erased_at is null`)
  const { actor } = ctx
  const scope = scopeOf(actor, permission)
  if (scope === 'all') return rows
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  if (scope === 'own') return rows.where(mineOf(ctx))
  const among = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  const people = sql`any(array(select ${actor.id}::uuid union all select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${among}))`
  return rows.where(inCareOf(ctx, people))
}

/** Looked after or taken care of by these people. As arrays, each side is found by its own index; a sub-select within an `or` would be asked of every customer there is. */
const inCareOf = (ctx: Ctx, people: RawBuilder<unknown>) =>
  sql<boolean>`(owner_id = ${people}
    or id = any(array(select k.customer_id from customers.carer k where k.tenant_id = ${ctx.tenantId} and k.user_id = ${people})))`

/** Those whom the actor looks after or takes care of, whoever else they may see. */
export const mineOf = (ctx: Ctx) => (ctx.actor.kind === 'user' ? inCareOf(ctx, sql`${ctx.actor.id}`) : sql<boolean>`false`)

const orders: Record<NonNullable<z.output<typeof customers.list.query>['sort']>, Turn> = {
  '-contact': turn('time', lastContact, sql`id`, true),
  contact: turn('time', lastContact, sql`id`),
  name: turn('text', sql`name`, sql`id`),
  '-name': turn('text', sql`name`, sql`id`, true),
  number: turn('code', sql`number`, sql`id`),
  '-number': turn('code', sql`number`, sql`id`, true),
  '-added': turn('id', sql`id`, sql`id`, true),
  added: turn('id', sql`id`, sql`id`),
}

/** As the list shows them, each with whether they are left alone. */
export async function listCustomers(ctx: Ctx, query: z.output<typeof customers.list.query>) {
  const [{ rows, next }, shows] = await Promise.all([pageOfCustomers(ctx, query), showsOf(ctx)])
  const alone = await leftAloneAmong(ctx, rows)
  return { rows: rows.map(row => ({ ...shownTo(shows, row), leftAlone: alone.has(row.id) })), next }
}

/** A page of the list for whoever writes it away. `held`: ids to keep to, in place of asking who is in the segment. */
export async function exportedCustomers(ctx: Ctx, query: z.output<typeof customers.list.query>, held?: RawBuilder<unknown>) {
  const [{ rows, next }, shows] = await Promise.all([pageOfCustomers(ctx, query, held), showsOf(ctx)])
  return { rows: rows.map(row => shownTo(shows, row)), next }
}

/** As they stand, nothing masked. */
async function pageOfCustomers(ctx: Ctx, query: z.output<typeof customers.list.query>, held?: RawBuilder<unknown>) {
  const { q, tier, mine, segment, size = 50 } = query
  const meant = q ? await sought(ctx, q, onlySeen(ctx)) : undefined
  if (meant === null) return { rows: [], next: null }
  const read: ReadOn<Customer & { sortKey: string }> = (from, most, members) => {
    const { key, order, after } = sortedBy(orders[query.sort ?? '-contact'], from)
    let rows = (meant ? ofSought(ctx, meant) : visibleCustomers(ctx)).select(columns).select(key).where(after).orderBy(order).limit(most)
    if (tier) rows = rows.where('tier', '=', tier)
    if (mine) rows = rows.where(mineOf(ctx))
    if (members) rows = rows.where(sql<boolean>`id in (${members})`)
    return rows.execute()
  }
  const straight = () => read(query.after, size + 1, held ?? null)
  // Many hold the words, or such a number: read on until the page is full, but for names, which stand together by what they hold. Who is asked for by something else besides is found by that.
  const foundAlone = meant?.also && !mine && !held && seesAll(ctx)
  const isMet = meant?.isCommon && query.sort !== 'name' && query.sort !== '-name'
  const listed =
    segment !== undefined && held === undefined
      ? inSegment(ctx, segment, query.after, size + 1, read)
      : foundAlone
        ? (isMet ? inOrder : byTextIndex)(ctx, straight)
        : straight()
  const page = pageRows(await listed, size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

const seesAll = (ctx: Ctx) => scopeOf(ctx.actor, 'customer:read') === 'all'
/** Ids of whom the actor sees, for what would otherwise be cut before; null where that is everybody. */
export const onlySeen = (ctx: Ctx) => (seesAll(ctx) ? null : visibleCustomers(ctx).select('id'))

function ofSought(ctx: Ctx, { ids, also }: Sought) {
  const those = sql<SqlBool>`id = any(${ids}::uuid[])`
  if (also === null) return visibleCustomers(ctx).where(those)
  return visibleCustomers(ctx, 'customer:read', 'customers.searchable').where(ids.length === 0 ? also : sql<SqlBool>`(${those} or ${also})`)
}

const mostFound = 200

/** Ids of those found by a name, number, telephone or address: of whom there was contact last, and no more than one looks through. */
export async function customersFound(ctx: Ctx, q: string): Promise<string[]> {
  const meant = await sought(ctx, q, onlySeen(ctx))
  if (meant === null) return []
  const read = () => ofSought(ctx, meant).select('id').orderBy(lastContact, 'desc').orderBy('id', 'desc').limit(mostFound).execute()
  const rows = await (meant.also && seesAll(ctx) ? (meant.isCommon ? inOrder : byTextIndex)(ctx, read) : read())
  return rows.map(row => row.id)
}

export async function oneCustomer(ctx: Ctx, id: string) {
  const one = async (id: string) => visibleCustomers(ctx).select(columns).where('id', '=', id).executeTakeFirst()
  const [shows, row] = await Promise.all([showsOf(ctx), one(id)])
  return shownTo(shows, found(row ?? (await one(await keptOf(ctx, id))), 'customer', id))
}

export type CustomerCard = Pick<Customer, 'id' | 'name' | 'tier' | 'number' | 'district' | 'care'>
const card = ['id', 'name', 'tier', 'number', 'district', 'care'] as const

/** For other domains, which ask on behalf of whoever talks with the customer. */
export async function customerCard(ctx: Ctx, id: string): Promise<CustomerCard | null> {
  return keptCard(ctx, await cards(ctx).select('mergedInto').where('id', '=', id).executeTakeFirst())
}

/** Of the one that is read in its place, where it was merged. */
export async function keptCard(ctx: Ctx, row: (CustomerCard & { mergedInto: string | null }) | undefined): Promise<CustomerCard | null> {
  if (!row) return null
  const { mergedInto, ...own } = row
  return mergedInto === null ? own : ((await cards(ctx).where('id', '=', mergedInto).executeTakeFirst()) ?? null)
}

export const cards = (ctx: Ctx) => ctx.db.selectFrom('customers.customer').select(card)

/** The number on file of a customer whom the actor may see: to be dialled, not to be shown. */
export async function phoneOnFile(ctx: Ctx, id: string): Promise<string | null> {
  const customerId = await keptOf(ctx, id)
  return found(await visibleCustomers(ctx).select('phone').where('id', '=', customerId).executeTakeFirst(), 'customer', id).phone
}

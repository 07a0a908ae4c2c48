import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type * as z from 'zod'
import type { Customer, customers } from '#contract/customers.ts'
import type { Permission } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import { keptOf } from '#kernel/family.ts'
import { pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { ownNumbers } from './finding/exact.ts'
import { findingWords } from './finding/words.ts'
import { maskEmail, maskPhone, readSearch, type Search } from './rules.ts'
import { patiently } from './segments/patience.ts'
import { countSeconds, segmentSql } from './segments/queries.ts'

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

/** Set by every update of a customer, so that whoever reads changes misses none. */
export const thisTransaction = sql<string>`pg_current_xact_id()`

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

// Ids are made in the order in which customers were added: among those never in contact the latest comes first.
export const lastContact = sql<Date>`coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00')`
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

export async function listCustomers(ctx: Ctx, query: z.output<typeof customers.list.query>) {
  const { q, tier, mine, segment, size = 50 } = query
  const search = q ? await matches(ctx, readSearch(q)) : null
  if (search?.nothing) return { rows: [], next: null }
  const { key, order, after } = sortedBy(orders[query.sort ?? '-contact'], query.after)
  let rows = visibleCustomers(ctx, 'customer:read', search ? 'customers.searchable' : 'customers.customer')
    .select(columns)
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (search) rows = rows.where(search.where)
  if (tier) rows = rows.where('tier', '=', tier)
  if (mine) rows = rows.where(mineOf(ctx))
  if (segment) rows = rows.where(sql<boolean>`id in (${await segmentSql(ctx, segment)})`)
  const page = pageRows(await (segment ? patiently(ctx, countSeconds, () => rows.execute()) : rows.execute()), size, sortKeyOf)
  return { rows: page.rows.map(row => masked(unkeyed(row))), next: page.next }
}

const fewMatches = 500
const mostFound = 200

/** Ids of those found by a name, number, telephone or address: of whom there was contact last, and no more than one looks through. */
export async function customersFound(ctx: Ctx, q: string): Promise<string[]> {
  const search = await matches(ctx, readSearch(q))
  if (search.nothing) return []
  const rows = await visibleCustomers(ctx, 'customer:read', 'customers.searchable')
    .select('id')
    .where(search.where)
    .orderBy(lastContact, 'desc')
    .orderBy('id', 'desc')
    .limit(mostFound)
    .execute()
  return rows.map(row => row.id)
}

/** Exact finds (number, telephone, its last four digits, e-mail) are fetched first by their own indexes; words by full text. */
async function matches(ctx: Ctx, search: Search): Promise<{ where: Expression<SqlBool>; nothing: boolean }> {
  const identities = ctx.db.selectFrom('customers.customerIdentity').select('customerId as id').limit(fewMatches)
  const { phone, email, lastFour, number, words } = search
  const finds = await Promise.all([
    phone ? identities.where('kind', '=', 'phone').where('value', '=', phone).execute() : [],
    email ? identities.where('kind', '=', 'email').where('value', '=', email).execute() : [],
    lastFour ? identities.where('lastFour', '=', lastFour).execute() : [],
    number
      ? ctx.db
          .selectFrom('customers.searchable')
          .select(sql<string>`coalesce(merged_into, id)`.as('id'))
          .where('number', 'like', `${number}%`)
          .limit(fewMatches)
          .execute()
      : [],
    ownNumbers(ctx, words),
  ])
  const ids = [...new Set(finds.flat().map(row => row.id))]
  const query = findingWords(words)?.any
  const conditions = [
    ...(ids.length > 0 ? [sql<SqlBool>`id = any(${ids}::uuid[])`] : []),
    // A full telephone number or e-mail is meant as such; its digits are not looked for in texts.
    ...(query && !phone && !email ? [sql<SqlBool>`search @@ ${query}::tsquery`] : []),
  ]
  return { where: sql<SqlBool>`(${sql.join(conditions, sql` or `)})`, nothing: conditions.length === 0 }
}

export async function oneCustomer(ctx: Ctx, id: string) {
  const one = async (id: string) => visibleCustomers(ctx).select(columns).where('id', '=', id).executeTakeFirst()
  return masked(found((await one(id)) ?? (await one(await keptOf(ctx, id))), 'customer', id))
}

/** In full only by `reveal`, which leaves a trace. */
export const masked = <R extends { phone: string | null; email: string | null }>(row: R): R => ({
  ...row,
  phone: maskPhone(row.phone),
  email: maskEmail(row.email),
})

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

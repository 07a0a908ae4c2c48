import { type Expression, type SqlBool, sql } from 'kysely'
import type * as z from 'zod'
import type { Customer, customers, TimelineEntry } from '#contract/customers.ts'
import type { Permission } from '#contract/endpoint.ts'
import { scopeOf } from '#kernel/access.ts'
import { eventsOfCustomer } from '#kernel/events.ts'
import { pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { maskEmail, maskPhone, readSearch, type Search } from './rules.ts'

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

/** Own: those the actor looks after. Team and department: those whom one of the actor's people looks after. */
export function visibleCustomers(
  ctx: Ctx,
  permission: Permission = 'customer:read',
  from: 'customers.customer' | 'customers.searchable' = 'customers.customer',
) {
  let rows = ctx.db.selectFrom(from)
  // Who was erased is not filled anew.
  if (permission === 'customer:write') rows = rows.where(sql<boolean>`erased_at is null`)
  const { actor } = ctx
  const scope = scopeOf(actor, permission)
  if (scope === 'all') return rows
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  if (scope === 'own') return rows.where('ownerId', '=', actor.id)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(owner_id = ${actor.id} or owner_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

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
  const { q, tier, size = 50 } = query
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
  const page = pageRows(await rows.execute(), size, sortKeyOf)
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
    number ? ctx.db.selectFrom('customers.searchable').select('id').where('number', 'like', `${number}%`).limit(fewMatches).execute() : [],
  ])
  const ids = [...new Set(finds.flat().map(row => row.id))]
  const query = bigramQuery(words)
  const conditions = [
    ...(ids.length > 0 ? [sql<SqlBool>`id = any(${ids}::uuid[])`] : []),
    // A full telephone number or e-mail is meant as such; its digits are not looked for in texts.
    ...(query && !phone && !email ? [sql<SqlBool>`search @@ ${query}::tsquery`] : []),
  ]
  return { where: sql<SqlBool>`(${sql.join(conditions, sql` or `)})`, nothing: conditions.length === 0 }
}

export async function oneCustomer(ctx: Ctx, id: string) {
  return masked(found(await visibleCustomers(ctx).select(columns).where('id', '=', id).executeTakeFirst(), 'customer', id))
}

/** In full only by `reveal`, which leaves a trace. */
export const masked = <R extends { phone: string | null; email: string | null }>(row: R): R => ({
  ...row,
  phone: maskPhone(row.phone),
  email: maskEmail(row.email),
})

export async function timelineOf(ctx: Ctx, id: string, paging: z.output<typeof customers.timeline.query>) {
  found(await visibleCustomers(ctx).select('id').where('id', '=', id).executeTakeFirst(), 'customer', id)
  const { rows, next } = await eventsOfCustomer(ctx, id, paging)
  const people = [...new Set(rows.flatMap(row => (row.actorKind === 'user' && row.actorId ? [row.actorId] : [])))]
  const named =
    people.length === 0 ? [] : await ctx.db.selectFrom('identity.factPerson').select(['id', 'name']).where('id', 'in', people).execute()
  const names = new Map(named.map(person => [person.id, person.name]))
  const entries: TimelineEntry[] = rows.map(({ id, name, at, about, interactionId, detail, actorId }) => ({
    id,
    name,
    at,
    about,
    interactionId,
    detail,
    actorName: (actorId && names.get(actorId)) ?? null,
  }))
  return { rows: entries, next }
}

export type CustomerCard = Pick<Customer, 'id' | 'name' | 'tier' | 'number' | 'district' | 'care'>
const card = ['id', 'name', 'tier', 'number', 'district', 'care'] as const

/** For other domains, which ask on behalf of whoever talks with the customer. */
export async function customerCard(ctx: Ctx, id: string): Promise<CustomerCard | null> {
  return (await cards(ctx).where('id', '=', id).executeTakeFirst()) ?? null
}

export const cards = (ctx: Ctx) => ctx.db.selectFrom('customers.customer').select(card)

/** The number on file of a customer whom the actor may see: to be dialled, not to be shown. */
export async function phoneOnFile(ctx: Ctx, id: string): Promise<string | null> {
  return found(await visibleCustomers(ctx).select('phone').where('id', '=', id).executeTakeFirst(), 'customer', id).phone
}

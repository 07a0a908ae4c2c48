import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FoundBy } from '#contract/finding.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Search } from '../rules.ts'

/** Somebody whom a number belongs to. `whole`: the number itself was typed; else its beginning or its end. */
export type Exact = { id: string; by: FoundBy; text: string; typed: string; whole: boolean; kind: readonly [string, string] | null }

const leastOfRecord = 4
/** How many of each kind are enough, and which of them the actor sees, asked before there are so many: null where everybody is seen. */
export type Cut = { most: number; seen: Expression<unknown> | null }
const among = (seen: Cut['seen'], id: RawBuilder<unknown>) => (seen ? sql`and ${id} in (${seen})` : sql``)
/** What may stand in a number of any kind, a figure among it: nothing that LIKE would take for its own. */
const code = /^(?=.*\p{N})[\p{L}\p{N}./-]{3,40}$/u

/** Numbers, telephones, addresses and ids, each by its own index. */
export async function exactly(ctx: Ctx, q: string, { phone, email, lastFour, words }: Search, cut: Cut): Promise<Exact[]> {
  const typed = words.replaceAll(/\s/g, '')
  const isCode = code.test(typed)
  const upper = typed.toUpperCase()
  const whole = q.trim()
  const isOne = whole.length >= 3 && !/\s/.test(whole)
  const found = await Promise.all([
    isCode ? byNumber(ctx, typed, upper, cut) : [],
    phone ? byIdentity(ctx, 'phone', phone, cut) : [],
    email ? byIdentity(ctx, 'email', email, cut) : [],
    isOne && !phone && !email ? byIdentity(ctx, 'wechat', whole, cut) : [],
    lastFour ? byLastFour(ctx, lastFour, cut) : [],
    isOne ? byExtId(ctx, whole) : [],
    isCode && [...typed].length >= leastOfRecord ? byRecord(ctx, typed, upper, cut) : [],
  ])
  return found.flat()
}

/** As typed, or in capitals where those differ: twice the same would read twice as much. */
export const beginsWith = (column: RawBuilder<unknown>, typed: string, upper: string): RawBuilder<SqlBool> =>
  typed === upper ? sql`${column} like ${`${typed}%`}` : sql`(${column} like ${`${typed}%`} or ${column} like ${`${upper}%`})`

async function byNumber(ctx: Ctx, typed: string, upper: string, { most, seen }: Cut): Promise<Exact[]> {
  const { rows } = await sql<{ id: string; number: string }>`select coalesce(merged_into, id) as id, number from customers.searchable
    where tenant_id = ${ctx.tenantId} and ${beginsWith(sql`number`, typed, upper)} ${among(seen, sql`coalesce(merged_into, id)`)} limit ${most}`.execute(
    ctx.db,
  )
  return rows.map(({ id, number }) => ({
    id,
    by: 'number',
    text: number,
    typed,
    whole: number === typed || number === upper,
    kind: null,
  }))
}

export async function byIdentity(ctx: Ctx, by: 'phone' | 'email' | 'wechat', value: string, { most, seen }: Cut): Promise<Exact[]> {
  const { rows } = await sql<{ id: string }>`select coalesce(c.merged_into, c.id) as id from customers.customer_identity i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    where i.tenant_id = ${ctx.tenantId} and i.kind = ${by} and i.value = ${value} ${among(seen, sql`coalesce(c.merged_into, c.id)`)} limit ${most}`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => ({ id, by, text: value, typed: value, whole: true, kind: null }))
}

const mostOfOneEnd = 500

async function byLastFour(ctx: Ctx, lastFour: string, { most, seen }: Cut): Promise<Exact[]> {
  const ends = sql`customers.customer_identity where tenant_id = ${ctx.tenantId} and last_four = ${lastFour}`
  const { rows } = await sql<{ id: string; value: string }>`select coalesce(c.merged_into, c.id) as id, i.value
    from (select customer_id, value from ${ends} ${seen ? sql`` : sql`limit ${Math.max(most, mostOfOneEnd)}`}) i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id ${among(seen, sql`coalesce(c.merged_into, c.id)`)}
    order by coalesce(c.last_contact_at, timestamptz '1970-01-01 00:00:00+00') desc, c.id desc limit ${most}`.execute(ctx.db)
  return rows.map(({ id, value }) => ({ id, by: 'lastFour', text: value, typed: lastFour, whole: false, kind: null }))
}

async function byExtId(ctx: Ctx, extId: string): Promise<Exact[]> {
  const { rows } = await sql<{ id: string }>`select coalesce(merged_into, id) as id from customers.customer
    where tenant_id = ${ctx.tenantId} and ext_id = ${extId}`.execute(ctx.db)
  return rows.map(({ id }) => ({ id, by: 'extId', text: extId, typed: extId, whole: true, kind: null }))
}

type RecordRow = { id: string; number: string; name: string; nameEn: string }

/** Meters, plates, contracts: by the beginning or the end of what is written on them. */
async function byRecord(ctx: Ctx, typed: string, upper: string, { most, seen }: Cut): Promise<Exact[]> {
  const reversed = (text: string) => [...text].reverse().join('')
  const kept = sql`(select coalesce(c.merged_into, c.id) from customers.customer c where c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id)`
  const records = sql`select customer_id, kind_id, number from customers.searchable_record r where tenant_id = ${ctx.tenantId} ${among(seen, kept)}`
  const { rows } = await sql<RecordRow>`select coalesce(c.merged_into, c.id) as id, r.number, k.name, k.name_en from (
      (${records} and ${beginsWith(sql`number`, typed, upper)} limit ${most}) union
      (${records} and ${beginsWith(sql`number_reversed`, reversed(typed), reversed(upper))} limit ${most})) r
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id
    join customers.record_kind k on k.tenant_id = ${ctx.tenantId} and k.id = r.kind_id`.execute(ctx.db)
  return rows.map(({ id, number, name, nameEn }) => ({
    id,
    by: 'record',
    text: number,
    typed,
    whole: number === typed || number === upper,
    kind: [name, nameEn || name],
  }))
}

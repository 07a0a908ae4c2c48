import { type RawBuilder, sql } from 'kysely'
import type { FoundBy } from '#contract/finding.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Search } from '../rules.ts'

/** Somebody whom a number belongs to. `whole`: the number itself was typed; else its beginning or its end. */
export type Exact = { id: string; by: FoundBy; text: string; typed: string; whole: boolean; kind: readonly [string, string] | null }

const most = 50
const leastOfRecord = 4
/** What may stand in a number of any kind, a figure among it: nothing that LIKE would take for its own. */
const code = /^(?=.*\p{N})[\p{L}\p{N}./-]{3,40}$/u

/** Numbers, telephones, addresses and ids, each by its own index. */
export async function exactly(ctx: Ctx, q: string, { phone, email, lastFour, words }: Search): Promise<Exact[]> {
  const typed = words.replaceAll(/\s/g, '')
  const isCode = code.test(typed)
  const upper = typed.toUpperCase()
  const whole = q.trim()
  const isOne = whole.length >= 3 && !/\s/.test(whole)
  const found = await Promise.all([
    isCode ? byNumber(ctx, typed, upper) : [],
    phone ? byIdentity(ctx, 'phone', phone) : [],
    email ? byIdentity(ctx, 'email', email) : [],
    isOne && !phone && !email ? byIdentity(ctx, 'wechat', whole) : [],
    lastFour ? byLastFour(ctx, lastFour) : [],
    isOne ? byExtId(ctx, whole) : [],
    isCode && [...typed].length >= leastOfRecord ? byRecord(ctx, typed, upper) : [],
  ])
  return found.flat()
}

/** As typed, or in capitals where those differ: twice the same would read twice as much. */
const beginsWith = (column: RawBuilder<unknown>, typed: string, upper: string): RawBuilder<unknown> =>
  typed === upper ? sql`${column} like ${`${typed}%`}` : sql`(${column} like ${`${typed}%`} or ${column} like ${`${upper}%`})`

async function byNumber(ctx: Ctx, typed: string, upper: string): Promise<Exact[]> {
  const { rows } = await sql<{ id: string; number: string }>`select coalesce(merged_into, id) as id, number from customers.searchable
    where tenant_id = ${ctx.tenantId} and ${beginsWith(sql`number`, typed, upper)} limit ${most}`.execute(ctx.db)
  return rows.map(({ id, number }) => ({
    id,
    by: 'number',
    text: number,
    typed,
    whole: number === typed || number === upper,
    kind: null,
  }))
}

async function byIdentity(ctx: Ctx, by: 'phone' | 'email' | 'wechat', value: string): Promise<Exact[]> {
  const { rows } = await sql<{ id: string }>`select coalesce(c.merged_into, c.id) as id from customers.customer_identity i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    where i.tenant_id = ${ctx.tenantId} and i.kind = ${by} and i.value = ${value} limit ${most}`.execute(ctx.db)
  return rows.map(({ id }) => ({ id, by, text: value, typed: value, whole: true, kind: null }))
}

const mostOfOneEnd = 500

async function byLastFour(ctx: Ctx, lastFour: string): Promise<Exact[]> {
  const { rows } = await sql<{ id: string; value: string }>`select coalesce(c.merged_into, c.id) as id, i.value from (
      select customer_id, value from customers.customer_identity where tenant_id = ${ctx.tenantId} and last_four = ${lastFour} limit ${mostOfOneEnd}) i
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    order by coalesce(c.last_contact_at, timestamptz '1970-01-01 00:00:00+00') desc, c.id desc limit ${most}`.execute(ctx.db)
  return rows.map(({ id, value }) => ({ id, by: 'lastFour', text: value, typed: lastFour, whole: false, kind: null }))
}

async function byExtId(ctx: Ctx, extId: string): Promise<Exact[]> {
  const { rows } = await sql<{ id: string }>`select coalesce(merged_into, id) as id from customers.customer
    where tenant_id = ${ctx.tenantId} and ext_id = ${extId}`.execute(ctx.db)
  return rows.map(({ id }) => ({ id, by: 'extId', text: extId, typed: extId, whole: true, kind: null }))
}

/** Whoever has a thing or an id in another system of that number. */
export async function ownNumbers(ctx: Ctx, words: string): Promise<{ id: string }[]> {
  const typed = words.replaceAll(/\s/g, '')
  const found = await Promise.all([
    /\s/.test(words) ? [] : byExtId(ctx, words),
    code.test(typed) && [...typed].length >= leastOfRecord ? byRecord(ctx, typed, typed.toUpperCase()) : [],
  ])
  return found.flat()
}

type RecordRow = { id: string; number: string; name: string; nameEn: string }

/** Meters, plates, contracts: by the beginning or the end of what is written on them. */
async function byRecord(ctx: Ctx, typed: string, upper: string): Promise<Exact[]> {
  const reversed = (text: string) => [...text].reverse().join('')
  const records = sql`select customer_id, kind_id, number from customers.searchable_record where tenant_id = ${ctx.tenantId}`
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

import { type RawBuilder, sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { searchVersion } from '../finding/words.ts'
import { customerNumber } from '../rules.ts'
import { hasParts } from './places.ts'
import type { Brought } from './take.ts'

/** Lists of tags travel as one text each: arrays of arrays must be of one width. */
export const tagMark = '\u001f'
/** A column as PostgreSQL reads an array: half of what the driver takes for the same. */
export const each = <R>(rows: readonly R[], value: (row: R) => string | null | undefined): string =>
  `{${rows.map(row => quoted(value(row) ?? null)).join(',')}}`
const quoted = (text: string | null): string =>
  text === null ? 'NULL' : text.includes('"') || text.includes('\\') ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`

export async function insertAll(ctx: Ctx, made: readonly Brought[], zone: string): Promise<void> {
  const owner = ctx.actor.kind === 'user' && ctx.actor.grants.get('customer:read') !== 'all' ? ctx.actor.id : null
  const fresh = await freshNumbers(
    ctx,
    made.filter(one => one.number === '').length,
    made.map(one => one.number),
  )
  await sql`insert into customers.customer (tenant_id, id, number, kind, name, tier, phone, phone_typed, email, address, district, post_code, note, tags, since, owner_id, ext_id, fields, search, search_version)
    select ${ctx.tenantId}, x.id, x.number, x.kind, x.name, x.tier, x.phone, x.phone_typed, x.email, x.address, x.district, x.post_code, x.note,
      string_to_array(x.tags, ${tagMark}), coalesce(x.since::timestamp at time zone ${zone}, ${ctx.now}::timestamptz), coalesce(x.owner_id, ${owner}::uuid), x.ext_id, x.fields::jsonb, x.search::tsvector, ${searchVersion}
    from unnest(${each(made, one => one.id)}::uuid[], ${each(made, one => one.number || fresh.pop())}::text[], ${each(made, one => one.kind || 'person')}::text[],
      ${each(made, one => one.name)}::text[], ${each(made, one => one.tier || 'normal')}::text[], ${each(made, one => one.phone || null)}::text[],
      ${each(made, one => (one.phone ? one.phoneTyped : null))}::text[], ${each(made, one => one.email || null)}::text[], ${each(made, one => one.address)}::text[],
      ${each(made, one => one.district)}::text[], ${each(made, one => one.postCode)}::text[], ${each(made, one => one.note)}::text[],
      ${each(made, one => one.tags.join(tagMark))}::text[], ${each(made, one => one.since || null)}::text[], ${each(made, one => one.ownerId || null)}::uuid[],
      ${each(made, one => one.extId || null)}::text[], ${each(made, one => JSON.stringify(one.fields))}::text[], ${each(made, one => one.search)}::text[])
      as x(id, number, kind, name, tier, phone, phone_typed, email, address, district, post_code, note, tags, since, owner_id, ext_id, fields, search)`.execute(
    ctx.db,
  )
  await keepIdentities(ctx, made, sql``)
  await keepAddresses(ctx, made.filter(hasParts))
}

/** Those that were not known before, where that is asked for. */
export async function keepIdentities(
  ctx: Ctx,
  rows: readonly Pick<Brought, 'id' | 'phone' | 'phoneTyped' | 'phone2' | 'phone2Typed' | 'email'>[],
  whereKnown: RawBuilder<unknown>,
): Promise<{ of: string; kind: string; value: string }[]> {
  const identities = rows.flatMap(({ id, phone, phoneTyped, phone2, phone2Typed, email }) => [
    ...(phone ? [{ id: newId(), of: id, kind: 'phone', value: phone, typed: phoneTyped, main: 't' }] : []),
    ...(phone2 ? [{ id: newId(), of: id, kind: 'phone', value: phone2, typed: phone2Typed, main: 'f' }] : []),
    ...(email ? [{ id: newId(), of: id, kind: 'email', value: email, typed: email, main: 't' }] : []),
  ])
  if (identities.length === 0) return []
  const { rows: kept } = await sql<{ of: string; kind: string; value: string }>`
    insert into customers.customer_identity (tenant_id, id, customer_id, kind, value, typed, main, since)
    select ${ctx.tenantId}, x.id, x.customer_id, x.kind, x.value, x.typed, x.main, ${ctx.now}::timestamptz
    from unnest(${each(identities, one => one.id)}::uuid[], ${each(identities, one => one.of)}::uuid[], ${each(identities, one => one.kind)}::text[],
      ${each(identities, one => one.value)}::text[], ${each(identities, one => one.typed)}::text[], ${each(identities, one => one.main)}::boolean[])
      as x(id, customer_id, kind, value, typed, main) ${whereKnown}`.execute(ctx.db)
  return kept
}

/** The main address in its parts; a line alone has none and stands in the customer's row. */
export async function keepAddresses(
  ctx: Ctx,
  rows: readonly Pick<Brought, 'id' | 'province' | 'city' | 'county' | 'street' | 'detail' | 'postCode'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into customers.address (tenant_id, id, customer_id, main, province, city, district, street, detail, post_code, since)
    select ${ctx.tenantId}, x.id, x.customer_id, true, x.province, x.city, x.district, x.street, x.detail, x.post_code, ${ctx.now}::timestamptz
    from unnest(${each(rows, () => newId())}::uuid[], ${each(rows, one => one.id)}::uuid[], ${each(rows, one => one.province)}::text[], ${each(rows, one => one.city)}::text[],
      ${each(rows, one => one.county)}::text[], ${each(rows, one => one.street)}::text[], ${each(rows, one => one.detail)}::text[], ${each(rows, one => one.postCode)}::text[])
      as x(id, customer_id, province, city, district, street, detail, post_code)
    on conflict (tenant_id, customer_id) where main do update set province = excluded.province, city = excluded.city, district = excluded.district,
      street = excluded.street, detail = excluded.detail, post_code = excluded.post_code`.execute(ctx.db)
}

/** So many numbers of ours at once; those that the organisation's own books hold already are stepped over. */
export async function freshNumbers(ctx: Ctx, count: number, brought: readonly string[] = []): Promise<string[]> {
  const numbers: string[] = []
  while (numbers.length < count) {
    const wanted = count - numbers.length
    const { rows } = await sql<{ last: number }>`insert into customers.numbering (tenant_id, last) values (${ctx.tenantId}, ${wanted})
      on conflict (tenant_id) do update set last = numbering.last + ${wanted} returning last`.execute(ctx.db)
    const last = rows[0]?.last ?? wanted
    const asked = Array.from({ length: wanted }, (_, n) => customerNumber(last - n))
    const taken = await sql<{
      number: string
    }>`select number from customers.customer where tenant_id = ${ctx.tenantId} and number = any(${asked}::text[])`.execute(ctx.db)
    const held = new Set([...brought, ...taken.rows.map(row => row.number)])
    numbers.push(...asked.filter(number => !held.has(number)))
  }
  return numbers
}

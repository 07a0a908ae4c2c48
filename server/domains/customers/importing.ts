import { type RawBuilder, sql } from 'kysely'
import type { Customer } from '#contract/customers.ts'
import type { OnMatch } from '#contract/imports.ts'
import { newId } from '#kernel/ids.ts'
import type { ImportRow, Problem, Taken } from '#kernel/imports.ts'
import type { Ctx } from '#kernel/work.ts'
import { searchText, searchVersion } from './finding/words.ts'
import { visibleCustomers } from './queries.ts'
import { customerNumber } from './rules.ts'

/** A customer as a row of a table tells of them; '' where it tells nothing. */
export type Brought = {
  id: string
  name: string
  number: string
  phone: string
  phoneTyped: string
  email: string
  kind: Customer['kind'] | ''
  tier: Customer['tier'] | ''
  district: string
  address: string
  postCode: string
  note: string
  tags: string[]
  search: string
}
type Match = { id: string; name: string; mine: boolean }
type Known = Map<string, Match[]>

/** Takes a batch in: asks once who is there already, decides row by row, writes each table once. */
export async function takeCustomers(
  ctx: Ctx,
  rows: readonly ImportRow<Brought>[],
  { onMatch, dry }: { onMatch: OnMatch; dry: boolean },
): Promise<Taken> {
  if (!dry) await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.import`}, 0))`.execute(ctx.db)
  const known = await matchesOf(ctx, rows, onMatch)
  const wrong: Problem[] = []
  const made = new Map<string, Brought>()
  const changes = new Map<string, Brought>()
  let changed = 0
  const skipped: Problem[] = []
  const lines = new Map<string, number>()
  for (const { line, twin: above, said } of rows) {
    const match = matchOf(known, said)
    // Nothing is written that a later line could find: the table itself tells who was in it before.
    const twin = dry && above !== null
    const isThere = match !== null || twin
    const before = above ?? (match !== null && match !== 'ambiguous' ? (lines.get(match.id) ?? null) : null)
    // Two rows of one number may be two customers: whoever brought them says which.
    if (before !== null && onMatch === 'skip') wrong.push({ line, code: 'twice', of: before })
    else if (isThere && onMatch === 'skip') skipped.push({ line, code: 'there_already' })
    else if (match === 'ambiguous' && onMatch === 'update') wrong.push({ line, code: 'ambiguous' })
    else if (isThere && onMatch === 'update') {
      if (match === null || match === 'ambiguous') changed++
      else if (!match.mine) wrong.push({ line, code: 'not_yours' })
      else {
        changed++
        const brought = made.get(match.id)
        // A later line may change what an earlier one brings: it is brought changed.
        if (brought) made.set(match.id, merged(brought, said))
        else changes.set(match.id, merged(changes.get(match.id), said))
      }
    } else if (said.number && (known.has(`n${said.number}`) || (twin && onMatch === 'new'))) wrong.push({ line, code: 'number_taken' })
    else {
      made.set(said.id, said)
      lines.set(said.id, line)
      for (const key of keysIn(said)) {
        const match = { id: said.id, name: said.name, mine: true }
        const others = known.get(key)
        if (others) others.push(match)
        else known.set(key, [match])
      }
    }
  }
  if (!dry) {
    if (made.size > 0) await insertAll(ctx, [...made.values()])
    if (changes.size > 0) await changeAll(ctx, changes)
  }
  return { made: made.size, changed, skipped, problems: wrong }
}

const keysIn = ({ number, phone, email }: Brought): string[] => [
  ...(number ? [`n${number}`] : []),
  ...(phone ? [`p${phone}`] : []),
  ...(email ? [`e${email}`] : []),
]

/** Who has the numbers, telephones and addresses of the batch, each kind by its own index. */
async function matchesOf(ctx: Ctx, rows: readonly ImportRow<Brought>[], onMatch: OnMatch): Promise<Known> {
  const those = (key: 'number' | 'phone' | 'email') => rows.flatMap(({ said }) => (said[key] ? [said[key]] : []))
  // A table that was empty a moment ago has no statistics: a plan made then would read all of it for every batch after.
  ctx.write`set local enable_seqscan = off`
  const identity = (kind: 'phone' | 'email', values: string[]) =>
    sql`select ${kind[0]} || i.value as key, c.id, c.name from customers.customer_identity i join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
      where i.tenant_id = ${ctx.tenantId} and i.kind = ${kind} and i.value = any(${values}::text[])`
  const { rows: found } = await sql<{ key: string; id: string; name: string }>`
    select 'n' || number as key, id, name from customers.customer where tenant_id = ${ctx.tenantId} and number = any(${those('number')}::text[])
    union all ${identity('phone', those('phone'))} union all ${identity('email', those('email'))}`.execute(ctx.db)
  const mine = onMatch === 'update' && found.length > 0 ? await reached(ctx, [...new Set(found.map(row => row.id))]) : null
  const known: Known = new Map()
  for (const { key, id, name } of found) {
    const match = { id, name, mine: mine?.has(id) === true }
    const others = known.get(key)
    if (others) others.push(match)
    else known.set(key, [match])
  }
  return known
}

const reached = async (ctx: Ctx, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (await visibleCustomers(ctx, 'customer:write').select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute()).map(row => row.id),
  )

/** A number that several share tells who is meant only together with the name. */
function matchOf(known: Known, { number, phone, email, name }: Brought): Match | 'ambiguous' | null {
  const byNumber = number ? known.get(`n${number}`)?.[0] : undefined
  if (byNumber) return byNumber
  for (const key of [phone && `p${phone}`, email && `e${email}`]) {
    const found = key ? known.get(key) : undefined
    if (!found) continue
    if (found.length === 1) return found[0] ?? null
    const same = found.filter(one => one.name === name)
    return same.length === 1 ? (same[0] ?? null) : 'ambiguous'
  }
  return null
}

/** What a table leaves empty stays as it was. */
function merged(before: Brought | undefined, after: Brought): Brought {
  if (!before) return after
  const next = { ...before }
  for (const key of ['name', 'number', 'phone', 'phoneTyped', 'email', 'district', 'address', 'postCode', 'note'] as const)
    if (after[key] !== '') next[key] = after[key]
  if (after.kind !== '') next.kind = after.kind
  if (after.tier !== '') next.tier = after.tier
  if (after.tags.length > 0) next.tags = after.tags
  return { ...next, search: searchText(next) }
}

/** Lists of tags travel as one text each: arrays of arrays must be of one width. */
const tagMark = '\u001f'
/** A column as PostgreSQL reads an array: half of what the driver takes for the same. */
const each = <R>(rows: readonly R[], value: (row: R) => string | null | undefined): string =>
  `{${rows.map(row => quoted(value(row) ?? null)).join(',')}}`
const quoted = (text: string | null): string =>
  text === null ? 'NULL' : text.includes('"') || text.includes('\\') ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`

async function insertAll(ctx: Ctx, made: readonly Brought[]): Promise<void> {
  const owner = ctx.actor.kind === 'user' && ctx.actor.grants.get('customer:read') !== 'all' ? ctx.actor.id : null
  const fresh = await freshNumbers(ctx, made.filter(one => one.number === '').length)
  await sql`insert into customers.customer (tenant_id, id, number, kind, name, tier, phone, phone_typed, email, address, district, post_code, note, tags, since, owner_id, search, search_version)
    select ${ctx.tenantId}, x.id, x.number, x.kind, x.name, x.tier, x.phone, x.phone_typed, x.email, x.address, x.district, x.post_code, x.note,
      string_to_array(x.tags, ${tagMark}), ${ctx.now}::timestamptz, ${owner}::uuid, x.search::tsvector, ${searchVersion}
    from unnest(${each(made, one => one.id)}::uuid[], ${each(made, one => one.number || fresh.pop())}::text[], ${each(made, one => one.kind || 'person')}::text[],
      ${each(made, one => one.name)}::text[], ${each(made, one => one.tier || 'normal')}::text[], ${each(made, one => one.phone || null)}::text[],
      ${each(made, one => (one.phone ? one.phoneTyped : null))}::text[], ${each(made, one => one.email || null)}::text[], ${each(made, one => one.address)}::text[],
      ${each(made, one => one.district)}::text[], ${each(made, one => one.postCode)}::text[], ${each(made, one => one.note)}::text[],
      ${each(made, one => one.tags.join(tagMark))}::text[], ${each(made, one => one.search)}::text[])
      as x(id, number, kind, name, tier, phone, phone_typed, email, address, district, post_code, note, tags, search)`.execute(ctx.db)
  await keepIdentities(ctx, made, sql``)
}

async function keepIdentities(
  ctx: Ctx,
  rows: readonly Pick<Brought, 'id' | 'phone' | 'phoneTyped' | 'email'>[],
  whereKnown: RawBuilder<unknown>,
): Promise<void> {
  const identities = rows.flatMap(({ id, phone, phoneTyped, email }) => [
    ...(phone ? [{ id: newId(), of: id, kind: 'phone', value: phone, typed: phoneTyped }] : []),
    ...(email ? [{ id: newId(), of: id, kind: 'email', value: email, typed: email }] : []),
  ])
  if (identities.length === 0) return
  await sql`insert into customers.customer_identity (tenant_id, id, customer_id, kind, value, typed, since)
    select ${ctx.tenantId}, x.id, x.customer_id, x.kind, x.value, x.typed, ${ctx.now}::timestamptz
    from unnest(${each(identities, one => one.id)}::uuid[], ${each(identities, one => one.of)}::uuid[], ${each(identities, one => one.kind)}::text[],
      ${each(identities, one => one.value)}::text[], ${each(identities, one => one.typed)}::text[]) as x(id, customer_id, kind, value, typed) ${whereKnown}`.execute(
    ctx.db,
  )
}

/** So many numbers of ours at once; those that the organisation's own books hold already are stepped over. */
async function freshNumbers(ctx: Ctx, count: number): Promise<string[]> {
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
    const held = new Set(taken.rows.map(row => row.number))
    numbers.push(...asked.filter(number => !held.has(number)))
  }
  return numbers
}

async function changeAll(ctx: Ctx, changes: ReadonlyMap<string, Brought>): Promise<void> {
  const before = await sql<{ id: string; address: string; district: string; phone: string | null; email: string | null }>`
    select id, address, district, phone, email from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${[...changes.keys()]}::uuid[])
    order by id for update`.execute(ctx.db)
  const rows = before.rows.flatMap(was => {
    const said = changes.get(was.id)
    if (!said) return []
    const search = searchText({ name: said.name, address: said.address || was.address, district: said.district || was.district })
    return [{ ...said, id: was.id, search, phoneWas: was.phone, emailWas: was.email }]
  })
  const given = rows.flatMap(({ id, phone, phoneWas, email, emailWas }) => [
    ...(phone && phoneWas && phoneWas !== phone ? [{ id, kind: 'phone', value: phoneWas }] : []),
    ...(email && emailWas && emailWas !== email ? [{ id, kind: 'email', value: emailWas }] : []),
  ])
  // A number somebody gave up belongs to somebody else tomorrow.
  if (given.length > 0)
    await sql`delete from customers.customer_identity i
      using unnest(${each(given, one => one.id)}::uuid[], ${each(given, one => one.kind)}::text[], ${each(given, one => one.value)}::text[]) as x(id, kind, value)
      where i.tenant_id = ${ctx.tenantId} and i.customer_id = x.id and i.kind = x.kind and i.value = x.value`.execute(ctx.db)
  await sql`update customers.customer c set name = x.name, phone = coalesce(x.phone, c.phone), phone_typed = coalesce(x.phone_typed, c.phone_typed), email = coalesce(x.email, c.email),
      kind = coalesce(x.kind, c.kind), tier = coalesce(x.tier, c.tier), address = coalesce(x.address, c.address), district = coalesce(x.district, c.district),
      post_code = coalesce(x.post_code, c.post_code), note = coalesce(x.note, c.note), tags = coalesce(string_to_array(x.tags, ${tagMark}), c.tags), search = x.search::tsvector, search_version = ${searchVersion},
      version = c.version + 1
    from unnest(${each(rows, one => one.id)}::uuid[], ${each(rows, one => one.name)}::text[], ${each(rows, one => one.phone || null)}::text[],
      ${each(rows, one => one.phoneTyped || null)}::text[], ${each(rows, one => one.email || null)}::text[], ${each(rows, one => one.kind || null)}::text[],
      ${each(rows, one => one.tier || null)}::text[], ${each(rows, one => one.address || null)}::text[], ${each(rows, one => one.district || null)}::text[],
      ${each(rows, one => one.postCode || null)}::text[], ${each(rows, one => one.note || null)}::text[], ${each(rows, one => one.tags.join(tagMark) || null)}::text[],
      ${each(rows, one => one.search)}::text[]) as x(id, name, phone, phone_typed, email, kind, tier, address, district, post_code, note, tags, search)
    where c.tenant_id = ${ctx.tenantId} and c.id = x.id`.execute(ctx.db)
  await keepIdentities(ctx, rows, sql`on conflict (tenant_id, kind, value, customer_id) do nothing`)
}

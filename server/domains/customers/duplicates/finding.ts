import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { duplicatesFound, lookDue } from './events.ts'
import { type Compared, keysOf, type Likeness, likeness, type MatchKey } from './rules.ts'

/** What more share is common: a switchboard, a Wang Wei. */
export const mostHolders = 50
/** Compared with one file at most, so that no file costs more than another. */
const mostCompared = 300

/** How long whoever finds another looking waits before it tries again. */
export const moment = 2_000

/** Looks at one file: under what it may be met, with whom it may be one. While somebody else looks nobody waits: it is looked at a moment later. */
export async function lookAt(ctx: Ctx, customerId: string): Promise<void> {
  if (await isAlone(ctx)) await lookAtThese(ctx, [customerId])
  else await ctx.at(new Date(ctx.now.getTime() + moment), lookDue, { id: customerId, clock: 'looking' }, {})
}

/** One look after the other, whoever is looked at: of two that look at one another at once, the one that does not see the other's keys yet would take away the pair that the other finds. */
export async function isAlone(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{
    alone: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} duplicates`}, 0)) as alone`.execute(ctx.db)
  return rows[0]?.alone === true
}

/** By whoever is alone. A file of which nothing that is compared has changed since it was looked at stays as it was: whoever changed beside it looks at it. */
export async function lookAtThese(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const facts = await factsOf(ctx, ids)
  const { rows: looks } = await sql<{ id: string; print: string }>`select customer_id as id, print from customers.match_look
    where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  const before = new Map(looks.map(look => [look.id, look.print]))
  const prints = new Map([...facts].map(([id, one]) => [id, printOf([one])]))
  const news = ids.filter(id => !prints.has(id) || prints.get(id) !== before.get(id))
  if (news.length === 0) return
  const keys = news.flatMap(of => keysOf(facts.get(of) ?? nothing).map(key => ({ of, ...key })))
  await keepKeys(ctx, news, keys)
  const met = await meeting(ctx, keys)
  const beside = [...new Set(met.map(one => one.otherId))].filter(id => !facts.has(id))
  const others: typeof facts = new Map()
  for (let n = 0; n < beside.length; n += mostCompared)
    for (const [id, one] of await factsOf(ctx, beside.slice(n, n + mostCompared))) others.set(id, one)
  const pairs = new Map<string, Pair>()
  for (const { of, otherId } of met) {
    const [a, b] = of < otherId ? [of, otherId] : [otherId, of]
    const [left, right] = [facts.get(a) ?? others.get(a), facts.get(b) ?? others.get(b)]
    const alike = left && right && likeness(left, right)
    if (alike) pairs.set(`${a}${b}`, { a, b, ...alike, print: printOf([left, right]) })
  }
  // In one order for everybody, so that two who write the same pairs do not wait for one another.
  await keepPairs(
    ctx,
    news,
    [...pairs].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, pair]) => pair),
  )
  await keepLooks(ctx, news, prints)
}

const nothing: Compared = { kind: 'person', names: [], addresses: [], contacts: [], codes: [] }
type Pair = Likeness & { a: string; b: string; print: string }

async function keepPairs(ctx: Ctx, news: readonly string[], pairs: readonly Pair[]): Promise<void> {
  const each = <T>(of: (pair: Pair) => T) => pairs.map(of)
  const { rows: gone } = await sql<Two>`delete from customers.duplicate d where d.tenant_id = ${ctx.tenantId} and d.state = 'open'
    and (d.a_id = any(${[...news]}::uuid[]) or d.b_id = any(${[...news]}::uuid[]))
    and not exists (select 1 from unnest(${each(p => p.a)}::uuid[], ${each(p => p.b)}::uuid[]) as x(a, b) where x.a = d.a_id and x.b = d.b_id)
    returning d.a_id as a, d.b_id as b`.execute(ctx.db)
  const { rows: opened } = await sql<Two>`insert into customers.duplicate as d (tenant_id, id, a_id, b_id, score, reasons, print, found_at)
    select ${ctx.tenantId}, x.id, x.a, x.b, x.score, string_to_array(x.reasons, ' '), x.print, ${ctx.now}::timestamptz
    from unnest(${each(() => newId())}::uuid[], ${each(p => p.a)}::uuid[], ${each(p => p.b)}::uuid[], ${each(p => p.score)}::int[], ${each(p => p.reasons.join(' '))}::text[],
      ${each(p => p.print)}::text[]) as x(id, a, b, score, reasons, print)
    on conflict (tenant_id, a_id, b_id) do update set score = excluded.score, reasons = excluded.reasons, print = excluded.print,
      state = 'open', found_at = case when d.state = 'open' then d.found_at else excluded.found_at end, decided_at = null, decided_by_id = null
      where d.print <> excluded.print or d.score <> excluded.score returning d.a_id as a, d.b_id as b`.execute(ctx.db)
  for (const id of news) {
    const isTheirs = ({ a, b }: Two) => a === id || b === id
    const open = opened.filter(isTheirs).length
    if (open > 0 || gone.some(isTheirs)) await ctx.emit(duplicatesFound, { id, customerId: null }, { open })
  }
  // Whoever has one of them open sees it; on their time line it has no place.
  const told = new Set([...opened.flatMap(({ a, b }) => [a, b]), ...news.filter(id => gone.some(({ a, b }) => a === id || b === id))])
  for (const id of told) ctx.tell(`customer:${id}`, duplicatesFound.name, { name: duplicatesFound.name, about: id })
}
type Two = { a: string; b: string }

type Key = MatchKey & { of: string }
const unnested = (keys: readonly Key[]) =>
  sql`unnest(${keys.map(one => one.of)}::uuid[], ${keys.map(one => one.kind)}::text[], ${keys.map(one => one.key)}::text[]) as x(id, kind, key)`

async function keepKeys(ctx: Ctx, news: readonly string[], keys: readonly Key[]): Promise<void> {
  await sql`delete from customers.match_key k where k.tenant_id = ${ctx.tenantId} and k.customer_id = any(${[...news]}::uuid[])
    and not exists (select 1 from ${unnested(keys)} where x.id = k.customer_id and x.kind = k.kind and x.key = k.key)`.execute(ctx.db)
  if (keys.length > 0)
    await sql`insert into customers.match_key (tenant_id, customer_id, kind, key) select ${ctx.tenantId}, x.id, x.kind, x.key from ${unnested(keys)} on conflict do nothing`.execute(
      ctx.db,
    )
}

async function keepLooks(ctx: Ctx, news: readonly string[], prints: ReadonlyMap<string, string>): Promise<void> {
  const seen = news.flatMap(id => prints.get(id) ?? [])
  const ids = news.filter(id => prints.has(id))
  if (ids.length > 0)
    await sql`insert into customers.match_look (tenant_id, customer_id, print) select ${ctx.tenantId}, x.id, x.print
      from unnest(${ids}::uuid[], ${seen}::text[]) as x(id, print) on conflict (tenant_id, customer_id) do update set print = excluded.print`.execute(
      ctx.db,
    )
  const over = news.filter(id => !prints.has(id))
  if (over.length > 0)
    await sql`delete from customers.match_look where tenant_id = ${ctx.tenantId} and customer_id = any(${over}::uuid[])`.execute(ctx.db)
}

/** Whoever shares a key that is not common. */
export async function meeting(ctx: Ctx, keys: readonly Key[]): Promise<{ of: string; otherId: string }[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{
    of: string
    otherId: string
  }>`select o.id as of, h.id as other_id from (select distinct x.id from ${unnested(keys)}) o
    cross join lateral (select distinct i.id from ${unnested(keys)}
      cross join lateral (select array(select k.customer_id from customers.match_key k where k.tenant_id = ${ctx.tenantId} and k.kind = x.kind and k.key = x.key
        limit ${mostHolders + 1}) as ids) m cross join lateral unnest(m.ids) i (id)
      where x.id = o.id and cardinality(m.ids) <= ${mostHolders} and i.id <> o.id limit ${mostCompared}) h`.execute(ctx.db)
  return rows
}

/** Files as they are compared; whoever was merged into another is part of that one. */
export async function factsOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Compared>> {
  if (ids.length === 0) return new Map()
  const all = [...ids]
  const [files, contacts, addresses, codes] = await Promise.all([
    sql<{ id: string; kept: string; kind: Compared['kind']; name: string; address: string; number: string; extId: string | null }>`
      select c.id, coalesce(c.merged_into, c.id) as kept, c.kind, c.name, c.address, c.number, c.ext_id as "extId" from customers.customer c
      where c.tenant_id = ${ctx.tenantId} and c.erased_at is null and (c.id = any(${all}::uuid[]) or c.merged_into = any(${all}::uuid[]))`.execute(
      ctx.db,
    ),
    sql<{
      of: string
      kind: Compared['contacts'][number]['kind']
      value: string
    }>`select customer_id as of, kind, value from customers.customer_identity
      where tenant_id = ${ctx.tenantId} and customer_id = any(${all}::uuid[]) order by kind, value`.execute(ctx.db),
    sql<{
      of: string
      text: string
    }>`select customer_id as of, province || city || district || street || detail as text from customers.address
      where tenant_id = ${ctx.tenantId} and customer_id = any(${all}::uuid[]) order by id`.execute(ctx.db),
    sql<{ of: string; code: string }>`select customer_id as of, number as code from customers.record
      where tenant_id = ${ctx.tenantId} and customer_id = any(${all}::uuid[]) order by number limit 20000`.execute(ctx.db),
  ])
  const facts = new Map<string, Compared>()
  for (const id of all) {
    const own = files.rows.find(row => row.id === id && row.kept === id)
    if (!own) continue
    const family = files.rows.filter(row => row.kept === id).sort((x, y) => (x.id < y.id ? -1 : 1))
    const mine = <R extends { of: string }>(rows: readonly R[]) => rows.filter(row => row.of === id)
    facts.set(id, {
      kind: own.kind,
      names: distinct(family.map(row => row.name)),
      addresses: distinct([...family.map(row => row.address), ...mine(addresses.rows).map(row => row.text)]),
      contacts: mine(contacts.rows).map(({ kind, value }) => ({ kind, value })),
      codes: distinct([
        ...family.flatMap(row => [row.number, row.extId ?? '']),
        ...mine(codes.rows)
          .slice(0, 50)
          .map(row => row.code),
      ]),
    })
  }
  return facts
}

const distinct = (texts: readonly string[]) => [...new Set(texts.map(text => text.trim()).filter(text => text !== ''))]
export const printOf = (both: readonly Compared[]) => createHash('sha256').update(JSON.stringify(both)).digest('base64url')

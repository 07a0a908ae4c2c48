import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { duplicatesFound } from './events.ts'
import { type Compared, keysOf, type Likeness, likeness, type MatchKey } from './rules.ts'

/** What more share is common: a switchboard, a Wang Wei. */
const mostHolders = 50
/** Compared with one file at most, so that no file costs more than another. */
const mostCompared = 300

/** Looks at one file: under what it may be met, with whom it may be one. */
export async function lookAt(ctx: Ctx, customerId: string): Promise<void> {
  // One look after the other, whoever is looked at: of two that look at one another at once, the one that does not see the other's keys yet would take away the pair that the other finds.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} duplicates`}, 0))`.execute(ctx.db)
  const facts = (await factsOf(ctx, [customerId])).get(customerId)
  const keys = facts ? keysOf(facts) : []
  await keepKeys(ctx, customerId, keys)
  const found: { otherId: string; likeness: Likeness; print: string }[] = []
  if (facts) {
    const others = await factsOf(ctx, await meeting(ctx, customerId, keys))
    for (const [otherId, other] of others) {
      const alike = likeness(facts, other)
      if (alike) found.push({ otherId, likeness: alike, print: printOf(customerId < otherId ? [facts, other] : [other, facts]) })
    }
  }
  await keepPairs(ctx, customerId, found)
}

type Pair = { otherId: string; likeness: Likeness; print: string }

async function keepPairs(ctx: Ctx, customerId: string, found: Pair[]): Promise<void> {
  // In one order for everybody, so that two who look at the same pairs do not wait for one another.
  const pairs = found
    .map(({ otherId, ...more }) => ({
      ...more,
      a: customerId < otherId ? customerId : otherId,
      b: customerId < otherId ? otherId : customerId,
    }))
    .sort((x, y) => (`${x.a}${x.b}` < `${y.a}${y.b}` ? -1 : 1))
  const gone =
    await sql`delete from customers.duplicate where tenant_id = ${ctx.tenantId} and (a_id = ${customerId} or b_id = ${customerId}) and state = 'open'
    and case when a_id = ${customerId} then b_id else a_id end <> all(${found.map(pair => pair.otherId)}::uuid[]) returning id`.execute(
      ctx.db,
    )
  let opened = 0
  const told = new Set([customerId])
  for (const { a, b, likeness: alike, print } of pairs) {
    const { rows } = await sql<{
      state: string
    }>`insert into customers.duplicate as d (tenant_id, id, a_id, b_id, score, reasons, print, found_at)
      values (${ctx.tenantId}, ${newId()}, ${a}, ${b}, ${alike.score}, ${alike.reasons}, ${print}, ${ctx.now})
      on conflict (tenant_id, a_id, b_id) do update set score = excluded.score, reasons = excluded.reasons, print = excluded.print,
        state = 'open', found_at = case when d.state = 'open' then d.found_at else excluded.found_at end, decided_at = null, decided_by_id = null
        where d.print <> excluded.print or d.score <> excluded.score returning state`.execute(ctx.db)
    opened += rows.length
    if (rows.length > 0) for (const id of [a, b]) told.add(id)
  }
  if (opened === 0 && gone.rows.length === 0) return
  await ctx.emit(duplicatesFound, { id: customerId, customerId: null }, { open: opened })
  // Whoever has one of them open sees it; on their time line it has no place.
  for (const id of told) ctx.tell(`customer:${id}`, duplicatesFound.name, { name: duplicatesFound.name, about: id })
}

async function keepKeys(ctx: Ctx, customerId: string, keys: MatchKey[]): Promise<void> {
  const [kinds, values] = [keys.map(one => one.kind), keys.map(one => one.key)]
  await sql`delete from customers.match_key where tenant_id = ${ctx.tenantId} and customer_id = ${customerId}
    and (kind, key) not in (select * from unnest(${kinds}::text[], ${values}::text[]))`.execute(ctx.db)
  if (keys.length > 0)
    await sql`insert into customers.match_key (tenant_id, customer_id, kind, key)
      select ${ctx.tenantId}, ${customerId}, * from unnest(${kinds}::text[], ${values}::text[]) on conflict do nothing`.execute(ctx.db)
}

/** Whoever shares a key that is not common. */
async function meeting(ctx: Ctx, customerId: string, keys: MatchKey[]): Promise<string[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{
    id: string
  }>`select distinct h.id from unnest(${keys.map(one => one.kind)}::text[], ${keys.map(one => one.key)}::text[]) x (kind, key)
    cross join lateral (select array(select k.customer_id from customers.match_key k where k.tenant_id = ${ctx.tenantId} and k.kind = x.kind and k.key = x.key
      limit ${mostHolders + 1}) as ids) m cross join lateral unnest(m.ids) h (id)
    where cardinality(m.ids) <= ${mostHolders} and h.id <> ${customerId} limit ${mostCompared}`.execute(ctx.db)
  return rows.map(row => row.id)
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

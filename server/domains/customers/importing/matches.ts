import { sql } from 'kysely'
import type { OnMatch } from '#contract/imports.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from '../queries.ts'
import type { Brought } from './take.ts'

export type Match = { id: string; name: string; mine: boolean }
export type Known = Map<string, Match[]>
/** By what customers are matched. */
type Said = Pick<Brought, 'number' | 'extId' | 'phone' | 'email' | 'name' | 'address'>

/** Between name and address, as the index has it. */
const between = '\u001f'
const spoken: Record<string, (said: Said) => string> = {
  number: said => said.number,
  extId: said => said.extId,
  phone: said => said.phone,
  email: said => said.email,
  place: said => said.address && `${said.name}${between}${said.address}`,
}
const keyOf = (key: string, said: Said): string | null => {
  const value = spoken[key]?.(said)
  return value ? `${key} ${value}` : null
}

/** Numbers and external ids are nobody else's, whatever customers are known by. */
const unique = ['number', 'extId']
export const holderOf = (known: Known, key: 'number' | 'extId', said: Brought): Match | undefined => known.get(keyOf(key, said) ?? '')?.[0]

export function learn(known: Known, said: Brought, match: Match, keys: readonly string[]): void {
  for (const key of new Set([...unique, ...keys])) {
    const word = keyOf(key, said)
    if (word) add(known, word, match)
  }
}
function add(known: Known, word: string, match: Match): void {
  const others = known.get(word)
  if (!others) known.set(word, [match])
  else if (!others.some(other => other.id === match.id)) others.push(match)
}

/** Who has what the batch says, each kind by its own index. What is read as part of another's file is that other. */
export async function matchesOf(
  ctx: Ctx,
  rows: readonly { said: Said }[],
  { onMatch, keys }: { onMatch: OnMatch; keys: readonly string[] },
): Promise<Known> {
  const those = (key: string) => rows.map(({ said }) => spoken[key]?.(said) ?? '').filter(value => value !== '')
  // A table that was empty a moment ago has no statistics: a plan made then would read all of it for every batch after.
  ctx.write`set local enable_seqscan = off`
  const self = sql`coalesce(c.merged_into, c.id) as id, c.name`
  const found = await Promise.all(
    [...new Set([...unique, ...keys])].flatMap(key => {
      const values = those(key)
      if (values.length === 0) return []
      const held =
        key === 'phone' || key === 'email'
          ? sql<{ value: string; id: string; name: string }>`select i.value, ${self} from customers.customer_identity i
              join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
              where i.tenant_id = ${ctx.tenantId} and i.kind = ${key} and i.value = any(${values}::text[])`
          : key === 'place'
            ? // Behind row-level security no index is used for what two texts make together.
              sql<{ value: string; id: string; name: string }>`select x.value, ${self} from unnest(${values}::text[]) as x(value)
                join customers.searchable c on c.tenant_id = ${ctx.tenantId} and c.address <> ''
                  and hashtextextended(c.name || chr(31) || c.address, 0) = hashtextextended(x.value, 0) and c.name || chr(31) || c.address = x.value`
            : sql<{
                value: string
                id: string
                name: string
              }>`select ${sql.ref(key === 'number' ? 'c.number' : 'c.ext_id')} as value, ${self}
                from customers.customer c where c.tenant_id = ${ctx.tenantId} and ${sql.ref(key === 'number' ? 'c.number' : 'c.ext_id')} = any(${values}::text[])`
      return [held.execute(ctx.db).then(({ rows }) => rows.map(row => ({ ...row, word: `${key} ${row.value}` })))]
    }),
  ).then(all => all.flat())
  const mine = onMatch === 'update' && found.length > 0 ? await reached(ctx, [...new Set(found.map(row => row.id))]) : null
  const known: Known = new Map()
  for (const { word, id, name } of found) add(known, word, { id, name, mine: mine?.has(id) === true })
  return known
}

const reached = async (ctx: Ctx, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (await visibleCustomers(ctx, 'customer:write').select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute()).map(row => row.id),
  )

/** By the first of the keys under which somebody is found. A number that several share tells who is meant only together with the name. */
export function matchOf(known: Known, said: Brought, keys: readonly string[]): Match | 'ambiguous' | null {
  for (const key of keys) {
    const found = known.get(keyOf(key, said) ?? '')
    if (!found) continue
    if (found.length === 1) return found[0] ?? null
    const same = found.filter(one => one.name === said.name)
    return same.length === 1 ? (same[0] ?? null) : 'ambiguous'
  }
  return null
}

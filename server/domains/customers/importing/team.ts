import { sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { each } from './insert.ts'

type Meant = { id: string } | { wrong: 'unknown' | 'ambiguous' | 'not_you' }
type People = (word: string) => Meant

/** Who is meant by a name or a login. Whoever does not see all customers brings none for others. */
export async function peopleOf(ctx: Ctx, all: readonly string[]): Promise<People> {
  const words = [...new Set(all)].filter(word => word !== '')
  if (words.length === 0) return () => ({ wrong: 'unknown' })
  const { rows: people } = await sql<{ id: string; name: string; login: string }>`select id, name, login from identity.fact_person
    where tenant_id = ${ctx.tenantId} and not retired and (name = any(${words}::text[]) or login = any(${words.map(word => word.toLowerCase())}::text[]))`.execute(
    ctx.db,
  )
  const self = ctx.actor.kind === 'user' && scopeOf(ctx.actor, 'customer:read') !== 'all' ? ctx.actor.id : null
  return word => {
    const named = people.filter(person => person.name === word)
    const found = people.find(person => person.login === word.toLowerCase()) ?? (named.length === 1 ? named[0] : undefined)
    if (!found) return { wrong: named.length > 1 ? 'ambiguous' : 'unknown' }
    return self !== null && found.id !== self ? { wrong: 'not_you' } : { id: found.id }
  }
}

/** Who looks after the customer of a row and who takes care beside them, or which of them nobody is. */
export function teamOf(
  said: { owner: string; carers: readonly string[] },
  people: People,
): { ownerId: string; carerIds: string[] } | { code: string } {
  const owner = said.owner === '' ? { id: '' } : people(said.owner)
  if ('wrong' in owner) return { code: `owner_${owner.wrong}` }
  const carerIds = new Set<string>()
  for (const word of said.carers) {
    const carer = people(word)
    if ('wrong' in carer) return { code: `carer_${carer.wrong}` }
    if (carer.id !== owner.id) carerIds.add(carer.id)
  }
  return { ownerId: owner.id, carerIds: [...carerIds] }
}

type Carer = { id: string; userId: string }

/** Those who took no care of them before. */
export async function keepCarers(ctx: Ctx, carers: readonly Carer[]): Promise<Carer[]> {
  if (carers.length === 0) return []
  const { rows } = await sql<Carer>`insert into customers.carer (tenant_id, customer_id, user_id, since)
    select ${ctx.tenantId}, x.id, x.user_id, ${ctx.now}::timestamptz
    from unnest(${each(carers, one => one.id)}::uuid[], ${each(carers, one => one.userId)}::uuid[]) as x(id, user_id)
    on conflict (tenant_id, customer_id, user_id) do nothing returning customer_id as id, user_id as "userId"`.execute(ctx.db)
  return rows
}

export async function dropCarers(ctx: Ctx, carers: readonly Carer[]): Promise<void> {
  if (carers.length === 0) return
  await sql`delete from customers.carer k using unnest(${each(carers, one => one.id)}::uuid[], ${each(carers, one => one.userId)}::uuid[]) as x(id, user_id)
    where k.tenant_id = ${ctx.tenantId} and k.customer_id = x.id and k.user_id = x.user_id`.execute(ctx.db)
}

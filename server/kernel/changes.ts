import { sql } from 'kysely'
import { openAs, transaction } from './db.ts'
import type { House } from './house.ts'
import type { Ctx } from './work.ts'

// Known in every process, so that an announcement need not ask the database. Of the house, not of the module: tests have several.
const known = new WeakMap<House, ReadonlyMap<string, ReadonlySet<string>>>()

/** Whether the tenant wants to know which things of this noun changed. */
export const isFollowed = (house: House, tenantId: string, noun: string): boolean => known.get(house)?.get(tenantId)?.has(noun) === true

/** So long it may take until every process knows what is followed from now on. */
export const followedEverywhere = 5_000
const learnEvery = 2_000

/** From its commit on in this process, within seconds in all others, what changes of this noun stands in `kernel.changed`. */
export async function follow(ctx: Ctx, noun: string): Promise<void> {
  // An update where it is followed already: whoever is about to end it waits, and looks again.
  ctx.write`insert into kernel.followed as f (tenant_id, noun) values (${ctx.tenantId}, ${noun}) on conflict (tenant_id, noun) do update set noun = f.noun`
  ctx.afterCommit('learn what is followed', learnFollowed)
}

/** Ends it for nouns that nobody wants any more; asked once nobody can begin to want one unseen. */
export async function unfollow(ctx: Ctx, wanted: () => Promise<readonly string[]>): Promise<void> {
  await sql`select noun from kernel.followed where tenant_id = ${ctx.tenantId} order by noun for update`.execute(ctx.db)
  const still = await wanted()
  await sql`delete from kernel.followed where tenant_id = ${ctx.tenantId} and noun <> all(${[...still]}::text[])`.execute(ctx.db)
  ctx.afterCommit('learn what is followed', learnFollowed)
}

export async function learnFollowed(house: House): Promise<void> {
  const { rows } = await transaction(house.control, openAs('relay'), client =>
    client.query<{ tenant_id: string; noun: string }>({ name: 'followed', text: 'select tenant_id, noun from kernel.followed' }),
  )
  known.set(house, new Map([...Map.groupBy(rows, r => r.tenant_id)].map(([tenant, those]) => [tenant, new Set(those.map(r => r.noun))])))
}

/** Tenants of which something changed that is followed. */
export async function tenantsOfChanges(house: House): Promise<string[]> {
  const { rows } = await transaction(house.control, openAs('relay'), client =>
    client.query<{ tenant_id: string }>({ name: 'changed', text: 'select distinct tenant_id from kernel.changed limit 200' }),
  )
  return rows.map(r => r.tenant_id)
}

export type Changed = { name: string; about: string }

/** Takes the oldest of them, in the work that does what follows from them; another work takes others. */
export async function takeChanges(ctx: Ctx, most: number): Promise<Changed[]> {
  const { rows } = await sql<Changed>`delete from kernel.changed where tenant_id = ${ctx.tenantId} and id in (select id from kernel.changed
    where tenant_id = ${ctx.tenantId} order by id limit ${most} for update skip locked) returning name, about`.execute(ctx.db)
  return rows
}

/** Keeps this process in the know. */
export function startFollowing(house: House): { stop: () => Promise<void> } {
  let learning = Promise.resolve()
  const learn = () => {
    learning = learnFollowed(house).catch(error => house.log.warn({ err: error }, 'what is followed could not be read'))
  }
  learn()
  const timer = setInterval(learn, learnEvery)
  return {
    stop: async () => {
      clearInterval(timer)
      await learning
    },
  }
}

import { sql } from 'kysely'
import { mostCounted } from '#contract/views.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Changed, follow, followedEverywhere, takeChanges, tenantsOfChanges, unfollow } from '#kernel/changes.ts'
import type { House } from '#kernel/house.ts'
import type { SavedList } from '#kernel/lists.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { recountDue } from './events.ts'
import { allLists, knownList, readQuery } from './lists.ts'

/** A view that holds more is not kept: nobody reads such a number, and the console says 99+. */
export const mostKept = 10_000
const batch = 1_000

type Counted = Pick<SavedList, 'endpoint'> & { count: NonNullable<SavedList['count']> }
type Sought = { id: string; list: string; query: Record<string, string> }

/** The view's list and query when its count is kept. */
function keptWay({ list: name, query }: Pick<Sought, 'list' | 'query'>): { list: Counted; query: Record<string, unknown> } | null {
  const list = knownList(name)
  if (!list?.count) return null
  const read = readQuery(list, query)
  if (read.wrong !== null || list.count.way(read.query) !== 'kept') return null
  return { list: { endpoint: list.endpoint, count: list.count }, query: read.query }
}

/** After a view was saved, changed or retired: whether it is counted from now on, and what is followed for it. */
export async function settleCounting(ctx: Ctx, view: Sought & { share: string; pinned: boolean; retired: boolean }): Promise<void> {
  const way = !view.retired && (view.pinned || view.share !== 'private') ? keptWay(view) : null
  // Its row first: whoever counts changes into it now is waited for, and leaves nothing behind.
  await sql`select id from views.count where tenant_id = ${ctx.tenantId} and id = ${view.id} for update`.execute(ctx.db)
  await sql`delete from views.member where tenant_id = ${ctx.tenantId} and view_id = ${view.id}`.execute(ctx.db)
  if (way) {
    await sql`insert into views.count (tenant_id, id, list, state) values (${ctx.tenantId}, ${view.id}, ${view.list}, 'counting')
      on conflict (tenant_id, id) do update set state = 'counting', n = 0`.execute(ctx.db)
    await follow(ctx, way.list.count.noun)
    await ctx.at(new Date(ctx.now.getTime() + followedEverywhere), recountDue, { id: view.id, clock: 'count' }, {})
  } else {
    await ctx.db.deleteFrom('views.count').where('id', '=', view.id).execute()
    await ctx.at(null, recountDue, { id: view.id, clock: 'count' }, {})
  }
}

/** The view's rows of the whole organisation, from nothing. Whoever changes a count holds its row, so nobody counts between the reading and the writing. */
export async function recount(ctx: Ctx, id: string): Promise<void> {
  const { rows: held } = await sql`select id from views.count where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.db)
  const view = await ctx.db
    .selectFrom('views.view')
    .select(['id', 'list', 'query'])
    .where('id', '=', id)
    .where('retired', '=', false)
    .executeTakeFirst()
  const way = view && keptWay(view)
  if (held.length === 0 || !way) return
  await sql`delete from views.member where tenant_id = ${ctx.tenantId} and view_id = ${id}`.execute(ctx.db)
  const { numAffectedRows } = await sql`insert into views.member (tenant_id, view_id, row_id)
    select ${ctx.tenantId}::uuid, ${id}::uuid, x.id from ${way.list.count.rows(ctx, way.query)} x limit ${mostKept + 1}`.execute(ctx.db)
  await write(ctx, id, Number(numAffectedRows ?? 0))
}

async function write(ctx: Ctx, id: string, n: number): Promise<void> {
  const vast = n > mostKept
  if (vast) await sql`delete from views.member where tenant_id = ${ctx.tenantId} and view_id = ${id}`.execute(ctx.db)
  await ctx.db
    .updateTable('views.count')
    .set({ state: vast ? 'vast' : 'counted', n: vast ? mostKept : n })
    .where('id', '=', id)
    .execute()
  ctx.tell('view', 'view.counted', { name: 'view.counted', about: id })
}

/** One batch of what changed: each counted view of those lists asks its filter about these rows alone. Returns how many there were. */
export async function countChanges(ctx: Ctx): Promise<number> {
  const changes = await takeChanges(ctx, batch)
  const byNoun = Map.groupBy(changes, ({ name }) => name.slice(0, name.indexOf('.')))
  for (const { name, count } of allLists()) {
    const those = count && byNoun.get(count.noun)
    if (!count || !those) continue
    // All of them, in one order: also one that is being counted now has these changes before it or after it.
    const { rows: held } = await sql<{
      id: string
      state: string
    }>`select id, state from views.count where tenant_id = ${ctx.tenantId} and list = ${name} order by id for update`.execute(ctx.db)
    for (const view of held) if (view.state === 'counted') await countIn(ctx, view.id, those, count.whole)
  }
  return changes.length
}

async function countIn(ctx: Ctx, id: string, changes: readonly Changed[], whole: readonly string[]): Promise<void> {
  const view = await ctx.db.selectFrom('views.view').select(['id', 'list', 'query']).where('id', '=', id).executeTakeFirst()
  const way = view && keptWay(view)
  if (!way) return
  if (changes.some(({ name }) => whole.includes(name))) return recount(ctx, id)
  const ids = [...new Set(changes.map(c => c.about))]
  const { rows } = await sql<{
    id: string
  }>`select x.id from ${way.list.count.rows(ctx, way.query)} x where x.id = any(${ids}::uuid[])`.execute(ctx.db)
  const inside = rows.map(r => r.id)
  const gone =
    await sql`delete from views.member where tenant_id = ${ctx.tenantId} and view_id = ${id} and row_id = any(${ids}::uuid[]) and row_id <> all(${inside}::uuid[])`.execute(
      ctx.db,
    )
  const come =
    await sql`insert into views.member (tenant_id, view_id, row_id) select ${ctx.tenantId}::uuid, ${id}::uuid, i from unnest(${inside}::uuid[]) i on conflict do nothing`.execute(
      ctx.db,
    )
  const by = Number(come.numAffectedRows ?? 0) - Number(gone.numAffectedRows ?? 0)
  if (by === 0) return
  const { rows: now } = await sql<{
    n: number
  }>`select n + ${by}::int as n from views.count where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  await write(ctx, id, now[0]?.n ?? 0)
}

/** How many of a view's rows the actor may see, up to a thousand. Null: not counted, or being counted just now. */
export async function countFor(ctx: Ctx, view: Sought, kept: { state: string; n: number } | undefined): Promise<number | null> {
  const list = knownList(view.list)
  if (!list) return null
  const { query, wrong } = readQuery(list, view.query)
  if (wrong !== null) return null
  if (list.ask) return list.ask(ctx, query)
  if (!list.count) return null
  const way = list.count.way(query)
  if (way === 'none') return null
  if (way === 'asked') return atMost(ctx, sql`select 1 from ${list.count.rows(ctx, query)} x`)
  if (!kept || kept.state === 'counting') return null
  const { may } = list.endpoint
  if (!may.includes(':') || scopeOf(ctx.actor, may as `${string}:${string}`) === 'all') return Math.min(kept.n, mostCounted)
  // Whoever sees less is told of what they see: the kept rows that are theirs.
  return kept.state === 'vast'
    ? atMost(ctx, sql`select 1 from ${list.count.rows(ctx, query)} x`)
    : atMost(
        ctx,
        sql`select 1 from ${list.count.rows(ctx, query)} x where x.id in (select m.row_id from views.member m where m.tenant_id = ${ctx.tenantId} and m.view_id = ${view.id})`,
      )
}

async function atMost(ctx: Ctx, rows: ReturnType<typeof sql>): Promise<number> {
  const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from (${rows} limit ${mostCounted}) c`.execute(ctx.db)
  return counted[0]?.n ?? 0
}

/** Everything that is counted, from nothing: the last net, by night, and after rows came past every verb. What nobody counts any more is not followed. */
export async function recountAll(ctx: Ctx): Promise<void> {
  await unfollow(ctx, async () => {
    const { rows } = await sql<{ list: string }>`select distinct list from views.count where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
    return rows.flatMap(({ list }) => knownList(list)?.count?.noun ?? [])
  })
  const rows = await ctx.db.selectFrom('views.count').select('id').orderBy('id').execute()
  for (const { id } of rows) await ctx.at(ctx.now, recountDue, { id, clock: 'count' }, {})
}

const countEvery = 1_000
/** What changed is counted every second, tenant by tenant, wherever there is work to do. */
export function startCounting(house: House): { stop: () => Promise<void> } {
  let counting = Promise.resolve()
  const timer = setInterval(() => {
    counting = counting
      .then(() => countEverywhere(house))
      .catch(error => house.log.warn({ err: error }, 'views could not be counted and are counted at the next turn'))
  }, countEvery)
  return {
    stop: async () => {
      clearInterval(timer)
      await counting
    },
  }
}

export async function countEverywhere(house: House): Promise<void> {
  for (const tenantId of await tenantsOfChanges(house)) while ((await asSystem(house, tenantId, countChanges)) === batch);
}

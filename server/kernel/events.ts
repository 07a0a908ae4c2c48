import { sql } from 'kysely'
import * as z from 'zod'
import type { Permission, Schema } from '#contract/endpoint.ts'
import { actorId, actorKind } from './access.ts'
import { isFollowed } from './changes.ts'
import { idAt, newId } from './ids.ts'
import { type Page, pageRows, readCursor } from './paging.ts'
import type { Ctx } from './work.ts'

export type EventDef<D> = { name: string; detail: Schema<D>; seenBy: Permission; audit?: true }
export type About = { id: string; customerId?: string | null; interactionId?: string | null }

/** A fact in the past tense, public to every domain. `seenBy`: the permission that lets someone see it on a time line. */
export const event = <D>(name: `${string}.${string}`, detail: Schema<D>, seenBy?: Permission): EventDef<D> => ({
  name,
  detail,
  seenBy: seenBy ?? `${nounOf(name)}:read`,
})

/** A fact that people in charge answer for: it stands in the audit too. */
export const audited = <D>(name: `${string}.${string}`, detail: Schema<D>, seenBy?: Permission): EventDef<D> => ({
  ...event(name, detail, seenBy),
  audit: true,
})

export const nounOf = (name: string): string => name.slice(0, name.indexOf('.'))

type Written = { id: string; topics: string[]; heard: boolean }
/** One of many facts of one name. */
export type Told<D> = { about: About; detail: D; personal?: Record<string, string> }

/** An event before it is written: who hears of it, and who looks on. */
function announced<D>(ctx: Ctx, def: EventDef<D>, about: About, detail: D) {
  const id = newId()
  const customerId = about.customerId ?? null
  const hearers = ctx.house.hearers(def.name, detail, ctx.tenantId)
  return {
    id,
    customerId,
    hearers,
    heard: hearers === null || hearers.length > 0,
    topics: [nounOf(def.name), about.id, ...(customerId ? [`customer:${customerId}`] : [])],
  }
}

export function writeEvent<D>(ctx: Ctx, def: EventDef<D>, about: About, detail: D, personal?: Record<string, string>): Written {
  const { id, customerId, hearers, heard, topics } = announced(ctx, def, about, detail)
  ctx.write`insert into kernel.event (tenant_id, id, name, about, at, actor_kind, actor_id, customer_id, interaction_id, seen_by, detail, audit, cause_id)
    values (${ctx.tenantId}, ${id}, ${def.name}, ${about.id}, ${ctx.now}, ${actorKind(ctx.actor)}, ${actorId(ctx.actor)}, ${customerId}, ${about.interactionId ?? null}, ${def.seenBy}, ${JSON.stringify(z.encode(def.detail, detail))}, ${def.audit === true}, ${ctx.cause})`
  if (heard)
    ctx.write`insert into kernel.undispatched (tenant_id, id, name, reactions) values (${ctx.tenantId}, ${id}, ${def.name}, ${hearers})`
  if (isFollowed(ctx.house, ctx.tenantId, nounOf(def.name)))
    ctx.write`insert into kernel.changed (tenant_id, id, name, about) values (${ctx.tenantId}, ${id}, ${def.name}, ${about.id})`
  for (const [key, value] of Object.entries(personal ?? {}))
    ctx.write`insert into kernel.event_value (tenant_id, event_id, key, value) values (${ctx.tenantId}, ${id}, ${key}, ${value})`
  return { id, heard, topics }
}

/** The same for many at once: each table is written once, however many they are. */
export function writeEvents<D>(ctx: Ctx, def: EventDef<D>, all: readonly Told<D>[]): Written[] {
  if (all.length === 0) return []
  const rows = all.map(({ about, detail, personal = {} }) => ({
    ...announced(ctx, def, about, detail),
    about: about.id,
    interactionId: about.interactionId ?? null,
    detail: z.encode(def.detail, detail),
    personal,
  }))
  const events = rows.map(r => ({ id: r.id, about: r.about, customer_id: r.customerId, interaction_id: r.interactionId, detail: r.detail }))
  ctx.write`insert into kernel.event (tenant_id, id, name, about, at, actor_kind, actor_id, customer_id, interaction_id, seen_by, detail, audit, cause_id)
    select ${ctx.tenantId}::uuid, x.id, ${def.name}::text, x.about, ${ctx.now}::timestamptz, ${actorKind(ctx.actor)}::text, ${actorId(ctx.actor)}::uuid, x.customer_id, x.interaction_id, ${def.seenBy}::text, x.detail, ${def.audit === true}::boolean, ${ctx.cause}::uuid
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as x(id uuid, about uuid, customer_id uuid, interaction_id uuid, detail jsonb)`
  const heard = rows.filter(r => r.heard).map(r => ({ id: r.id, reactions: r.hearers }))
  if (heard.length > 0)
    ctx.write`insert into kernel.undispatched (tenant_id, id, name, reactions) select ${ctx.tenantId}::uuid, x.id, ${def.name}::text, x.reactions
      from jsonb_to_recordset(${JSON.stringify(heard)}::jsonb) as x(id uuid, reactions text[])`
  if (isFollowed(ctx.house, ctx.tenantId, nounOf(def.name)))
    ctx.write`insert into kernel.changed (tenant_id, id, name, about) select ${ctx.tenantId}::uuid, x.id, ${def.name}::text, x.about
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as x(id uuid, about uuid)`
  const values = rows.flatMap(({ id, personal }) => Object.entries(personal).map(([key, value]) => ({ id, key, value })))
  if (values.length > 0)
    ctx.write`insert into kernel.event_value (tenant_id, event_id, key, value) select ${ctx.tenantId}::uuid, x.id, x.key, x.value
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x(id uuid, key text, value text)`
  return rows
}

/** A timer stands in its table until it is due; the key lets a later one replace an earlier one. */
export function writeTimer<D>(ctx: Ctx, when: Date | null, def: EventDef<D>, timer: { id: string; clock: string }, detail: D): void {
  const key = `${nounOf(def.name)}:${timer.id}:${timer.clock}`
  if (when === null) {
    ctx.write`delete from kernel.timer where tenant_id = ${ctx.tenantId} and key = ${key}`
    return
  }
  const said = JSON.stringify({
    about: timer.id,
    detail: z.encode(def.detail, detail),
    ...(ctx.cause === null ? {} : { cause: ctx.cause }),
  })
  ctx.write`insert into kernel.timer (tenant_id, key, id, name, said, run_at) values (${ctx.tenantId}, ${key}, ${newId()}, ${def.name}, ${said}, ${when})
    on conflict (tenant_id, key) do update set id = excluded.id, name = excluded.name, said = excluded.said, run_at = excluded.run_at`
}

export type EventRow = {
  id: string
  name: string
  about: string
  at: Date
  actorKind: string
  actorId: string | null
  customerId: string | null
  interactionId: string | null
  /** The run of a rule at the root of which this happened. */
  causeId: string | null
  detail: Record<string, unknown>
}

const columns = sql`id, name, about, at, actor_kind as "actorKind", actor_id as "actorId", customer_id as "customerId", interaction_id as "interactionId", cause_id as "causeId", detail`

/** Which events of a customer are asked for: by their names or nouns, and by the things and contacts they belong to or by words of theirs. */
export type Wanted = {
  names?: readonly string[]
  nouns?: readonly string[]
  /** Neither of these names nor of these nouns. */
  except?: { names: readonly string[]; nouns: readonly string[] }
  /** `keys`: personal values that are words. Numbers and addresses are not looked for: whether one matches would tell them sign by sign. */
  found?: { about: readonly string[]; interactions: readonly string[]; keys: readonly string[]; pattern: string }
}

const wantedBy = (ctx: Ctx, { names, nouns, except, found }: Wanted) => sql`
  ${names ? sql`and name = any(${names}::text[])` : sql``}
  ${nouns ? sql`and split_part(name, '.', 1) = any(${nouns}::text[])` : sql``}
  ${except ? sql`and name <> all(${except.names}::text[]) and split_part(name, '.', 1) <> all(${except.nouns}::text[])` : sql``}
  ${
    found
      ? sql`and (about = any(${found.about}::uuid[]) or interaction_id = any(${found.interactions}::uuid[])
          or exists (select 1 from kernel.event_value v where v.tenant_id = ${ctx.tenantId} and v.event_id = event.id and v.key = any(${found.keys}::text[]) and v.value ilike ${found.pattern}))`
      : sql``
  }`

/** The time line of a customer, under every id of theirs, newest first, limited to what the actor may see. */
export async function eventsOfCustomer(
  ctx: Ctx,
  customerIds: readonly string[],
  paging: { after?: string | undefined; size?: number | undefined },
  wanted: Wanted = {},
): Promise<Page<EventRow>> {
  const size = paging.size ?? 50
  const after = readCursor(paging.after, z.tuple([z.uuid()]))
  // The newest of each id by its index, and of these the newest: of most customers there is one id.
  const newest = (id: string) => sql`(select ${columns} from kernel.event event where tenant_id = ${ctx.tenantId} and customer_id = ${id}
    ${after ? sql`and id < ${after[0]}` : sql``} ${mayBeSeen(ctx)} ${wantedBy(ctx, wanted)} order by id desc limit ${size + 1})`
  const { rows } =
    await sql<EventRow>`select * from (${sql.join(customerIds.map(newest), sql` union all `)}) e order by id desc limit ${size + 1}`.execute(
      ctx.db,
    )
  return pageRows(rows, size, row => [row.id])
}

const anyOf = (ids: readonly string[]) => (ids.length === 1 ? sql`customer_id = ${ids[0]}` : sql`customer_id = any(${ids}::uuid[])`)
const mostCounted = 2_000

/** What the latest events of a customer are about, to be counted. `whole`: there are no older ones. */
export async function matterKeysOfCustomer(
  ctx: Ctx,
  customerIds: readonly string[],
  wanted: Wanted = {},
): Promise<{ rows: Pick<EventRow, 'id' | 'name' | 'about' | 'interactionId' | 'detail'>[]; whole: boolean }> {
  const { rows } = await sql<Pick<EventRow, 'id' | 'name' | 'about' | 'interactionId' | 'detail'>>`
    select id, name, about, interaction_id as "interactionId", detail from kernel.event
    where tenant_id = ${ctx.tenantId} and ${anyOf(customerIds)} ${mayBeSeen(ctx)} ${wantedBy(ctx, wanted)} order by id desc limit ${mostCounted}`.execute(
    ctx.db,
  )
  return { rows, whole: rows.length < mostCounted }
}

/** The personal values of events, by the id of each that has any left. */
export async function valuesOfEvents(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Record<string, string>>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ eventId: string; values: Record<string, string> }>`select event_id, json_object_agg(key, value) as values
    from kernel.event_value where tenant_id = ${ctx.tenantId} and event_id = any(${ids}::uuid[]) group by event_id`.execute(ctx.db)
  return new Map(rows.map(row => [row.eventId, row.values]))
}

/** What happened to one thing, newest first; only these of it, where some are named. */
export async function eventsAbout(ctx: Ctx, about: string, limit = 200, names?: readonly string[]): Promise<EventRow[]> {
  const { rows } =
    await sql<EventRow>`select ${columns} from kernel.event where tenant_id = ${ctx.tenantId} and about = ${about} ${names ? sql`and name = any(${[...names]}::text[])` : sql``} ${mayBeSeen(ctx)} order by id desc limit ${limit}`.execute(
      ctx.db,
    )
  return rows
}

/** Read over at most so many events of all names: one name has no index of its own. */
const furthest = 50_000

/** Events of one name, the newest first. `whole`: there are no more since then. */
export async function eventsNamed(
  ctx: Ctx,
  name: string,
  { since, most }: { since: Date; most: number },
): Promise<{ rows: EventRow[]; whole: boolean }> {
  const { rows } = await sql<EventRow & { looked: number }>`with recent as materialized (
      select id, name from kernel.event where tenant_id = ${ctx.tenantId} and id >= ${idAt(since)} order by id desc limit ${furthest}),
    named as materialized (select id from recent where name = ${name} order by id desc limit ${most + 1})
    select ${columns}, (select count(*) from recent)::int as looked from kernel.event
    where tenant_id = ${ctx.tenantId} and id = any(array(select id from named)) ${mayBeSeen(ctx)} order by id desc`.execute(ctx.db)
  return { rows: rows.slice(0, most), whole: rows.length <= most && (rows[0]?.looked ?? 0) < furthest }
}

function mayBeSeen({ actor }: Ctx) {
  if (actor.kind === 'system') return sql``
  return sql`and seen_by = any(${actor.kind === 'user' ? [...actor.grants.keys()] : []}::text[])`
}

/** One event with its personal values, for a reaction. */
export async function eventById(ctx: Ctx, id: string): Promise<(EventRow & { personal: Record<string, string> }) | undefined> {
  const { rows } = await sql<EventRow & { personal: Record<string, string> | null }>`select ${columns},
    (select json_object_agg(v.key, v.value) from kernel.event_value v where v.tenant_id = ${ctx.tenantId} and v.event_id = ${id}) as personal
    from kernel.event where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const [row] = rows
  return row && { ...row, personal: row.personal ?? {} }
}

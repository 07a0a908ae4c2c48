import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import { type CallLeg, type CallLine, CallMark, type CallWhole, type calls } from '#contract/voice.ts'
import { phoneShown, type Shows, showsOf } from '#domains/customers/index.ts'
import { oneInteraction } from '#domains/interactions/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { eventsAbout } from '#kernel/events.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { recordingsOfCall } from './recordings/keeping.ts'

/** Which calls the actor may see, over `c`. Calls nobody has answered belong to every team and department. */
export function visible(ctx: Ctx, may: Permission): RawBuilder<unknown> {
  const scope = scopeOf(ctx.actor, may)
  if (scope === 'all') return sql`true`
  if (scope === null || ctx.actor.kind !== 'user') return sql`false`
  const { id, teamId, departmentId } = ctx.actor
  if (scope === 'own') return sql`c.agent_id = ${id}`
  const mine = scope === 'team' ? sql`p.team_id = ${teamId}` : sql`p.department_id = ${departmentId}`
  return sql`(c.agent_id = ${id} or c.agent_id is null or exists (
    select 1 from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = c.agent_id and ${mine}))`
}

/** Whoever talked in a call finds it, whoever ended it. */
const tookPart = (ctx: Ctx): RawBuilder<unknown> =>
  ctx.actor.kind === 'user'
    ? sql`exists (select 1 from voice.leg l where l.tenant_id = ${ctx.tenantId} and l.call_id = c.id and l.agent_id = ${ctx.actor.id} and l.party = 'agent')`
    : sql`false`

/** A message on the machine is everybody's who listens at all, until somebody has taken it. */
const message = (ctx: Ctx): RawBuilder<unknown> =>
  scopeOf(ctx.actor, 'voice:listen') === null
    ? sql`false`
    : sql`c.agent_id is null and exists (select 1 from voice.recording r where r.tenant_id = ${ctx.tenantId} and r.call_id = c.id and r.kind = 'voicemail')`

/** Whoever serves a customer sees all of that customer's calls, as with contacts. */
const servesAll = (ctx: Ctx) => scopeOf(ctx.actor, 'customer:read') === 'all'

const columns = sql`c.id, c.interaction_id as "interactionId", c.direction, c.stage, c.line, c.caller, c.called, coalesce(n.name, '') as "numberName", coalesce(n.name_en, '') as "numberNameEn",
  c.customer_id as "customerId", c.customer_name as "customerName", c.queue_id as "queueId", c.agent_id as "agentId", p.name as "agentName",
  c.started_at as "startedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt", c.cause, c.recorded, c.worst_mos as "worstMos", c.rating`
const from = (ctx: Ctx) => sql`voice.call c
  left join voice.number n on n.tenant_id = ${ctx.tenantId} and n.id = c.number_id
  left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = c.agent_id`

type Query = z.output<typeof calls.list.query>
const orders: Record<NonNullable<Query['sort']>, Turn> = {
  '-time': turn('time', sql`c.started_at`, sql`c.id`, true),
  time: turn('time', sql`c.started_at`, sql`c.id`),
}

export async function listCalls(ctx: Ctx, query: Query): Promise<Page<CallLine>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(orders[query.sort ?? '-time'], query.after)
  const family = query.customerId === undefined ? undefined : await familyOf(ctx, query.customerId)
  const page = (only: RawBuilder<unknown>) => sql<CallLine & { sortKey: string }>`select ${columns}, ${key} from ${from(ctx)}
    where ${sql.join([...matching(ctx, query, family), only, after], sql` and `)} order by ${order} limit ${size + 1}`
  const [over, runs] = [page(sql`c.stage = 'over'`), page(sql`c.stage <> 'over'`)]
  const turned = query.sort === 'time' ? sql`"startedAt", id` : sql`"startedAt" desc, id desc`
  const both = sql<CallLine & { sortKey: string }>`select * from ((${over}) union all (${runs})) c order by ${turned} limit ${size + 1}`
  const { rows } = await (isSifted(query) ? both : page(sql`true`)).execute(ctx.db)
  const { rows: shown, next } = pageRows(rows, size, sortKeyOf)
  const shows = await showsOf(ctx)
  return { rows: shown.map(row => asSeen(shows, unkeyed(row))), next }
}

/** What may be rare is found by an index that only calls which are over stand in; those that run are few, and read beside. */
const isSifted = ({ numberId, line, direction, recorded }: Query): boolean =>
  [numberId, line, direction, recorded].some(value => value !== undefined)

function matching(ctx: Ctx, query: Partial<Query>, family?: readonly string[]): RawBuilder<unknown>[] {
  const { customerId, agentId, queueId, direction, line, numberId, cause, rating, recorded, days, mosBelow, q } = query
  const wheres = [sql`c.tenant_id = ${ctx.tenantId}`, customerId !== undefined && servesAll(ctx) ? sql`true` : visible(ctx, 'voice:read')]
  if (customerId) wheres.push(ofFamily(ctx, sql`c.customer_id`, family ?? customerId))
  if (agentId) wheres.push(sql`c.agent_id = ${agentId}`)
  if (queueId) wheres.push(sql`c.queue_id = ${queueId}`)
  if (direction) wheres.push(sql`c.direction = ${direction}`)
  if (line) wheres.push(sql`c.line = ${line}`)
  if (numberId) wheres.push(sql`c.number_id = ${numberId}`)
  if (cause) wheres.push(sql`c.cause = ${cause}`)
  if (rating) wheres.push(sql`c.rating = ${rating}`)
  if (recorded !== undefined) wheres.push(recorded ? sql`c.recorded` : sql`not c.recorded`)
  if (mosBelow) wheres.push(sql`c.worst_mos < ${mosBelow / 10}`)
  if (days) wheres.push(sql`c.started_at >= ${since(ctx, days)}`)
  if (q) {
    const end = [...q.replaceAll(/[^0-9*#]/g, '')].reverse().join('')
    // What holds no figure is the end of no number. Behind every figure stands `~`.
    wheres.push(end === '' ? sql`false` : sql`c.other_end ~>=~ ${end} and c.other_end ~<~ ${`${end}~`}`)
  }
  return wheres
}

/** The beginning of the day, so many days before tomorrow, where the organisation is. */
const since = (ctx: Ctx, days: number) =>
  sql`(select (date_trunc('day', ${ctx.now}::timestamptz at time zone t.timezone) - make_interval(days => ${days - 1})) at time zone t.timezone
      from identity.fact_tenant t where t.tenant_id = ${ctx.tenantId})`

/** By key or by a link, at once or days later. */
export async function rateCall(ctx: Ctx, interactionId: string, rating: number): Promise<void> {
  await ctx.db.updateTable('voice.call').set({ rating }).where('interactionId', '=', interactionId).execute()
}

/** The ids behind a query, for whoever counts them. */
export const countable = (ctx: Ctx, query: Partial<Query>): RawBuilder<unknown> =>
  sql`(select c.id from voice.call c where ${sql.join(matching(ctx, query), sql` and `)})`

/** The other side's number as in lists of customers; ours stands open. Whole ones are revealed where customers are, and written down there. */
function asSeen<R extends Pick<CallLine, 'direction' | 'caller' | 'called'>>(shows: Shows, row: R): R {
  const side = row.direction === 'in' ? 'caller' : 'called'
  return { ...row, [side]: numberSeen(shows, row[side]) }
}

const numberSeen = (shows: Shows, number: string) => (number === '' ? '' : (phoneShown(shows, number) ?? ''))

/** Somebody nobody knows has no page on which the number could be revealed: whoever may reveal sees it here. */
const mayBeOpen = (ctx: Ctx, shows: Shows, { customerId }: Pick<CallLine, 'customerId'>) =>
  customerId === null && shows('phone') !== 'hidden' && scopeOf(ctx.actor, 'customer:reveal') !== null

export async function oneCall(ctx: Ctx, id: string): Promise<CallWhole> {
  const row = await lineOf(ctx, sql`c.id = ${id}`)
  return wholeOf(ctx, found(row, 'call', id))
}

export async function callOfContact(ctx: Ctx, interactionId: string): Promise<{ call: CallWhole | null }> {
  await oneInteraction(ctx, interactionId)
  const row = await lineOf(ctx, sql`c.interaction_id = ${interactionId}`)
  return { call: row ? await wholeOf(ctx, row) : null }
}

/** With its numbers in full: for what the house does with them, not for eyes. */
export async function lineOf(ctx: Ctx, which: RawBuilder<unknown>): Promise<CallLine | undefined> {
  const known = servesAll(ctx) ? sql`c.customer_id is not null` : sql`false`
  const { rows } = await sql<CallLine>`select ${columns} from ${from(ctx)}
    where c.tenant_id = ${ctx.tenantId} and ${which} and (${visible(ctx, 'voice:read')} or ${known} or ${tookPart(ctx)} or ${message(ctx)})
    order by c.started_at desc limit 1`.execute(ctx.db)
  return rows[0]
}

async function wholeOf(ctx: Ctx, row: CallLine): Promise<CallWhole> {
  const [legs, recordings, path, marks] = await Promise.all([
    legsOf(ctx, row),
    recordingsOfCall(ctx, row.id),
    pathOf(ctx, row.id),
    marksOf(ctx, row.id),
  ])
  const shows = await showsOf(ctx)
  const isOpen = mayBeOpen(ctx, shows, row)
  return { ...(isOpen ? row : asSeen(shows, row)), legs, recordings, path, marks }
}

async function legsOf(ctx: Ctx, row: CallLine): Promise<CallLeg[]> {
  const { rows } =
    await sql<CallLeg>`select l.id, l.party, l.agent_id as "agentId", p.name as "agentName", l.number, l.started_at as "startedAt",
      l.ringing_at as "ringingAt", l.answered_at as "answeredAt", l.ended_at as "endedAt", l.cause, l.code, l.quality
    from voice.leg l left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = l.agent_id
    where l.tenant_id = ${ctx.tenantId} and l.call_id = ${row.id} order by l.started_at, l.party <> 'customer', l.id`.execute(ctx.db)
  const shows = await showsOf(ctx)
  const isOpen = mayBeOpen(ctx, shows, row)
  return rows.map(leg => (isOpen || leg.agentId !== null ? leg : { ...leg, number: numberSeen(shows, leg.number) }))
}

/** The way through the flow as it was then: its nodes by their names. */
async function pathOf(ctx: Ctx, callId: string): Promise<CallWhole['path']> {
  const { rows } = await sql<{ node: string; name: string; nameEn: string; at: string; out: string }>`
    select s.step->>'node' as node, coalesce(f.name, s.step->>'node') as name, coalesce(f."nameEn", '') as "nameEn", s.step->>'at' as at, s.step->>'out' as out
    from voice.call c cross join lateral jsonb_array_elements(coalesce(c.machine->'path', '[]')) with ordinality as s(step, n)
      left join lateral (select k.name, k."nameEn" from voice.flow_version v, jsonb_to_recordset(v.body->'nodes') as k(key text, name text, "nameEn" text)
        where v.tenant_id = ${ctx.tenantId} and v.flow_id = c.flow_id and v.version = c.flow_version and k.key = s.step->>'node' limit 1) f on true
    where c.tenant_id = ${ctx.tenantId} and c.id = ${callId} order by s.n`.execute(ctx.db)
  return rows.map(step => ({ ...step, at: new Date(step.at) }))
}

type What = CallMark['what']
const what = (name: string, detail: Record<string, unknown>): What | null => {
  if (name === 'call.transferred') return 'transferred'
  if (name === 'call.lost') return 'lost'
  if (name === 'call.attended') return 'attended'
  const turned = CallMark.shape.what.safeParse(name === 'call.turned' ? detail.what : null)
  return turned.success ? turned.data : null
}

const modeOf = (mode: unknown): CallMark['mode'] => CallMark.shape.mode.safeParse(mode).data ?? null

/** What was done with it while it ran, in its order; who may not know that leaders listen is not told. */
async function marksOf(ctx: Ctx, callId: string): Promise<CallMark[]> {
  const events = await eventsAbout(ctx, callId)
  const marks = events.flatMap(({ name, at, actorId, detail }) => {
    const done = what(name, detail)
    const by = typeof detail.by === 'string' ? detail.by : typeof detail.fromAgentId === 'string' ? detail.fromAgentId : actorId
    return done === null || (done === 'left_attending' && scopeOf(ctx.actor, 'voice:supervise') === null)
      ? []
      : [{ at, what: done, mode: modeOf(detail.mode), by }]
  })
  const ids = [...new Set(marks.flatMap(m => m.by ?? []))]
  const { rows } =
    ids.length === 0
      ? { rows: [] }
      : await sql<{
          id: string
          name: string
        }>`select id, name from identity.fact_person where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.db)
  const names = new Map(rows.map(p => [p.id, p.name]))
  return marks.reverse().map(m => ({ ...m, byName: m.by === null ? null : (names.get(m.by) ?? null) }))
}

/** Calls that run, as far as whoever leads may attend them. */
export async function callsNow(ctx: Ctx): Promise<CallLine[]> {
  const { rows } = await sql<CallLine>`select ${columns} from ${from(ctx)}
    where c.tenant_id = ${ctx.tenantId} and c.stage <> 'over' and ${visible(ctx, 'voice:supervise')} order by c.started_at, c.id limit 500`.execute(
    ctx.db,
  )
  const shows = await showsOf(ctx)
  return rows.map(row => asSeen(shows, row))
}

export async function lineFigures(
  ctx: Ctx,
  { hours = 24 }: z.output<typeof calls.figures.query>,
): Promise<z.output<typeof calls.figures.reply>> {
  const { rows } = await sql<z.output<typeof calls.figures.reply>[number]>`select c.line, n.trunk_id as "trunkId", count(*)::int as calls,
      (count(*) filter (where c.answered_at is not null))::int as talked,
      (count(*) filter (where c.cause in ('unreachable', 'lost', 'switch_down', 'silence')))::int as failed,
      min(c.worst_mos) as "worstMos", max(c.started_at) as "lastAt"
    from voice.call c left join voice.number n on n.tenant_id = ${ctx.tenantId} and n.id = c.number_id
    where c.tenant_id = ${ctx.tenantId} and c.started_at >= ${new Date(ctx.now.getTime() - hours * 3_600_000)}
    group by c.line, n.trunk_id order by c.line, n.trunk_id`.execute(ctx.db)
  return rows
}

export async function numberFigures(ctx: Ctx): Promise<z.output<typeof calls.numbers.reply>> {
  const { rows } = await sql<z.output<typeof calls.numbers.reply>[number]>`select c.number_id as "numberId", count(*)::int as calls,
      (count(*) filter (where c.answered_at is not null))::int as answered, (count(*) filter (where c.cause = 'abandoned'))::int as abandoned
    from voice.call c where c.tenant_id = ${ctx.tenantId} and c.number_id is not null and c.started_at >= ${since(ctx, 1)}
    group by c.number_id order by c.number_id`.execute(ctx.db)
  return rows
}

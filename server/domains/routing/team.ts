import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Member, routing } from '#contract/routing.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { named, presences, within } from './queries.ts'
import { after, goneSeconds } from './rules.ts'

type Wish = z.output<typeof routing.team.query>

/** One page of the agents in scope, by name, as the leader of the shift sees them. */
export async function team(ctx: Ctx, { q, teamId, state, channel, after: last, size = 50 }: Wish): Promise<Page<Member>> {
  const cursor = readCursor(last, z.tuple([z.string(), z.uuid()]))
  const serves = sql`exists (select 1 from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${channel ?? null} and l.capacity > 0)`
  const { rows } = await sql<{ id: string; name: string }>`select p.id, f.name from identity.fact_person f
    join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = f.id
    where f.tenant_id = ${ctx.tenantId} and ${within(ctx, 'routing:supervise')} and ${named(q)} and ${inState(state)} and ${channel ? serves : sql`true`}
      and ${teamId ? sql`f.team_id = ${teamId}` : sql`true`} and ${cursor ? sql`(f.name, f.id) > (${cursor[0]}, ${cursor[1]}::uuid)` : sql`true`}
    order by f.name, f.id limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, row => [row.name, row.id])
  return { rows: await membersOf(ctx, page.rows.map(row => row.id)), next: page.next } // biome-ignore format: one line reads better
}

function inState(state: Wish['state']): RawBuilder<unknown> {
  if (state === undefined) return sql`true`
  if (state === 'working') return sql`p.state <> 'offline'`
  // As it is shown: whoever is on a call is not ready.
  if (state === 'ready') return isReady
  return state === 'asking' ? sql`(p.hand_raised_at is not null or p.missed or p.unreachable is not null)` : sql`p.state = ${state}`
}

const isReady = sql`exists (select 1 from routing.fact_presence s where s.tenant_id = p.tenant_id and s.agent_id = p.id and s.state = 'ready')`

type Extra = Pick<Member, 'agentId' | 'here' | 'handledToday'> & { inHand: { interactionId: string; since: string; wrapping: boolean }[] }

/** A contact counts for today when it ended today; none lasts longer than two days. */
async function membersOf(ctx: Ctx, ids: string[]): Promise<Member[]> {
  const { timezone } = await tenantCard(ctx)
  const today = startOfDay(timezone, dateIn(timezone, ctx.now))
  const [all, { rows }] = await Promise.all([
    presences(ctx, sql`p.id = any(${ids}::uuid[])`),
    sql<Extra>`select a.id as "agentId", c.agent_id is not null as here, coalesce(d.n, 0)::int as "handledToday", coalesce(h.contacts, '[]') as "inHand"
      from unnest(${ids}::uuid[]) a (id)
      left join routing.console c on c.tenant_id = ${ctx.tenantId} and c.agent_id = a.id and c.seen_at > ${after(ctx.now, -goneSeconds)}
      left join (select i.agent_id, count(*) as n from interactions.fact_interaction i where i.tenant_id = ${ctx.tenantId} and i.agent_id = any(${ids}::uuid[])
        and i.started_at >= ${after(today, -2 * 86_400)} and i.answered_at is not null and i.ended_at >= ${today} group by i.agent_id) d on d.agent_id = a.id
      left join (select h.agent_id, json_agg(json_build_object('interactionId', coalesce(h.part_of, h.id), 'since', h.since, 'wrapping', h.wrap_since is not null) order by h.since) as contacts
        from routing.handling h where h.tenant_id = ${ctx.tenantId} and h.agent_id = any(${ids}::uuid[]) group by h.agent_id) h on h.agent_id = a.id`.execute(
      ctx.db,
    ),
  ])
  const extras = new Map(rows.map(row => [row.agentId, row]))
  return all.flatMap(presence => {
    const more = extras.get(presence.agentId)
    return more ? [{ ...presence, ...more, inHand: more.inHand.map(h => ({ ...h, since: new Date(h.since) })) }] : []
  })
}

type Counts = z.output<typeof routing.shiftNow.reply>

export async function shiftNow(ctx: Ctx, teamId?: string): Promise<Counts> {
  const { rows } =
    await sql<Counts>`select count(*)::int as agents, count(*) filter (where p.state <> 'offline')::int as working, count(*) filter (where ${isReady})::int as ready
    from routing.presence p join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    where p.tenant_id = ${ctx.tenantId} and ${within(ctx, 'routing:supervise')} and ${teamId ? sql`f.team_id = ${teamId}` : sql`true`}`.execute(
      ctx.db,
    )
  return rows[0] ?? { agents: 0, working: 0, ready: 0 }
}

type Hand = z.output<typeof routing.hands.reply>[number]

/** The first raised first. */
export async function raisedHands(ctx: Ctx): Promise<Hand[]> {
  const { rows } = await sql<Hand>`select p.id as "agentId", f.name as "agentName", p.hand_raised_at as "raisedAt", p.hand_words as words
    from routing.presence p join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    where p.tenant_id = ${ctx.tenantId} and p.hand_raised_at is not null and ${within(ctx, 'routing:supervise')} order by p.hand_raised_at limit 200`.execute(
    ctx.db,
  )
  return rows
}

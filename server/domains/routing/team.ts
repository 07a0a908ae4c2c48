import { sql } from 'kysely'
import type * as z from 'zod'
import type { Member, routing } from '#contract/routing.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { presences, within } from './queries.ts'
import { after, goneSeconds } from './rules.ts'

type Extra = Pick<Member, 'agentId' | 'here' | 'handledToday' | 'handInteractionId' | 'handWords'> & {
  inHand: { interactionId: string; since: string; wrapping: boolean }[]
}

/** Every agent in scope, as the leader of the shift sees them. A contact counts for today when it ended today; none lasts longer than two days. */
export async function team(ctx: Ctx): Promise<Member[]> {
  const { timezone } = await tenantCard(ctx)
  const today = startOfDay(timezone, dateIn(timezone, ctx.now))
  const [all, { rows }] = await Promise.all([
    presences(ctx, within(ctx, 'routing:supervise')),
    sql<Extra>`select p.id as "agentId", p.hand_interaction_id as "handInteractionId", p.hand_words as "handWords",
        exists (select 1 from routing.console c where c.tenant_id = ${ctx.tenantId} and c.agent_id = p.id and c.seen_at > ${after(ctx.now, -goneSeconds)}) as here,
        (select count(*)::int from interactions.fact_interaction i where i.tenant_id = ${ctx.tenantId} and i.agent_id = p.id
          and i.started_at >= ${after(today, -2 * 86_400)} and i.answered_at is not null and i.ended_at >= ${today}) as "handledToday",
        (select coalesce(json_agg(json_build_object('interactionId', h.id, 'since', h.since, 'wrapping', h.wrap_since is not null) order by h.since), '[]')
          from routing.handling h where h.tenant_id = ${ctx.tenantId} and h.agent_id = p.id) as "inHand"
      from routing.presence p join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
      where p.tenant_id = ${ctx.tenantId} and ${within(ctx, 'routing:supervise')}`.execute(ctx.db),
  ])
  const extras = new Map(rows.map(row => [row.agentId, row]))
  return all.flatMap(presence => {
    const more = extras.get(presence.agentId)
    return more ? [{ ...presence, ...more, inHand: more.inHand.map(h => ({ ...h, since: new Date(h.since) })) }] : []
  })
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

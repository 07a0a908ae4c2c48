import { sql } from 'kysely'
import * as z from 'zod'
import type { Csat, Rating, RatingPolicy, surveys } from '#contract/surveys.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { csatOf, standardPolicy } from './rules.ts'

/** Own: of contacts I handled. Team and department: of those my people handled. */
export function visibleRatings(ctx: Ctx) {
  const rows = ctx.db.selectFrom('surveys.rating as r')
  const scope = scopeOf(ctx.actor, 'survey:read')
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  if (scope === 'own') return rows.where('r.agentId', '=', actor.id)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(r.agent_id = ${actor.id} or r.agent_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

export async function listRatings(ctx: Ctx, query: z.output<typeof surveys.ratings.query>): Promise<Page<Rating>> {
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  let rows = visibleRatings(ctx)
    .select(['r.id', 'r.interactionId', 'r.customerId', 'r.agentId', 'r.queueId', 'r.score', 'r.words', 'r.ratedAt', 'r.taskId'])
    .select([
      sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id)`.as(
        'customerName',
      ),
      sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = r.agent_id)`.as(
        'agentName',
      ),
    ])
    .orderBy('r.ratedAt', 'desc')
    .orderBy('r.id', 'desc')
    .limit(size + 1)
  if (after) rows = rows.where(sql<boolean>`(r.rated_at, r.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  if (query.agentId) rows = rows.where('r.agentId', '=', query.agentId)
  // A literal, so that the partial index of low scores serves the usual question.
  if (query.maxScore !== undefined) rows = rows.where(sql<boolean>`r.score <= ${sql.lit(Math.min(5, Math.max(0, query.maxScore)))}`)
  return pageRows(await rows.execute(), size, r => [r.ratedAt, r.id])
}

/** Of the last days. Asked: chats that an agent answered and finished in that time. */
export async function csat(ctx: Ctx, days = 30): Promise<z.output<typeof Csat>> {
  const since = new Date(ctx.now.getTime() - Math.min(3660, Math.max(1, days)) * 86_400_000)
  const [scores, asked] = await Promise.all([
    visibleRatings(ctx)
      .select(['r.score', sql<number>`count(*)`.as('n')])
      .where('r.ratedAt', '>', since)
      .groupBy('r.score')
      .execute(),
    sql<{
      n: number
    }>`select count(*) as n from interactions.fact_interaction i where i.tenant_id = ${ctx.tenantId} and i.channel = 'chat' and i.answered_at is not null
      and i.ended_at > ${since} ${askedOfMine(ctx)}`.execute(ctx.db),
  ])
  return csatOf(
    [1, 2, 3, 4, 5].map(score => scores.find(s => s.score === score)?.n ?? 0),
    asked.rows[0]?.n ?? 0,
  )
}

function askedOfMine(ctx: Ctx) {
  const scope = scopeOf(ctx.actor, 'survey:read')
  const { actor } = ctx
  if (scope === 'all' || actor.kind !== 'user') return sql``
  if (scope === 'own') return sql`and i.agent_id = ${actor.id}`
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return sql`and (i.agent_id = ${actor.id} or i.agent_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`
}

export async function policyOf(ctx: Ctx): Promise<z.output<typeof RatingPolicy>> {
  return (
    (await ctx.db.selectFrom('surveys.policy').select(['lowScore', 'dueMinutes', 'ownerId', 'calendarId']).executeTakeFirst()) ??
    standardPolicy
  )
}

import { sql } from 'kysely'
import type * as z from 'zod'
import type { Csat, Rating, RatingPolicy, surveys } from '#contract/surveys.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { csatOf, standardPolicy } from './rules.ts'
import { handledByMine } from './seeing.ts'

export const visibleRatings = (ctx: Ctx) => ctx.db.selectFrom('surveys.rating as r').where(handledByMine(ctx, sql`r.agent_id`))

// Of one score the newest first, the worst first as well as the best.
const orders: Record<NonNullable<z.output<typeof surveys.ratings.query>['sort']>, Turn> = {
  '-time': turn('time', sql`r.rated_at`, sql`r.id`, true),
  time: turn('time', sql`r.rated_at`, sql`r.id`),
  score: turn('int', sql`(- r.score)`, sql`r.id`, true),
  '-score': turn('int', sql`r.score`, sql`r.id`, true),
}

export async function listRatings(ctx: Ctx, query: z.output<typeof surveys.ratings.query>): Promise<Page<Rating>> {
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(orders[query.sort ?? '-time'], query.after)
  let rows = visibleRatings(ctx)
    .select([
      'r.id',
      'r.interactionId',
      'r.ticketId',
      'r.customerId',
      'r.agentId',
      'r.queueId',
      'r.score',
      'r.words',
      'r.ratedAt',
      'r.taskId',
    ])
    .select([
      sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id)`.as(
        'customerName',
      ),
      sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = r.agent_id)`.as(
        'agentName',
      ),
    ])
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (query.agentId) rows = rows.where('r.agentId', '=', query.agentId)
  // A literal, so that the partial index of low scores serves the usual question.
  if (query.maxScore !== undefined) rows = rows.where(sql<boolean>`r.score <= ${sql.lit(Math.min(5, Math.max(0, query.maxScore)))}`)
  const page = pageRows(await rows.execute(), size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

/** Of the last days. Asked: whoever finished a chat with an agent in that time, was asked to rate by key, or was invited to rate something else. */
export async function csat(ctx: Ctx, days = 30): Promise<z.output<typeof Csat>> {
  const since = new Date(ctx.now.getTime() - Math.min(3660, Math.max(1, days)) * 86_400_000)
  const [scores, chats, keyed, invited] = await Promise.all([
    visibleRatings(ctx)
      .select(['r.score', sql<number>`count(*)`.as('n')])
      .where('r.ratedAt', '>', since)
      .groupBy('r.score')
      .execute(),
    sql<{
      n: number
    }>`select count(*) as n from interactions.fact_interaction i where i.tenant_id = ${ctx.tenantId} and i.channel = 'chat' and i.answered_at is not null
      and i.ended_at > ${since} and ${handledByMine(ctx, sql`i.agent_id`)}`.execute(ctx.db),
    sql<{ n: number }>`select count(*) as n from voice.fact_call c where c.tenant_id = ${ctx.tenantId} and c.rating_asked
      and c.ended_at > ${since} and ${handledByMine(ctx, sql`c.agent_id`)}`.execute(ctx.db),
    sql<{ n: number }>`select count(*) as n from surveys.invitation v
      left join interactions.fact_interaction i on i.tenant_id = ${ctx.tenantId} and i.id = v.interaction_id
      where v.tenant_id = ${ctx.tenantId} and v.made_at > ${since} and v.state <> 'refused' and i.channel is distinct from 'chat'
        and ${handledByMine(ctx, sql`v.agent_id`)}`.execute(ctx.db),
  ])
  return csatOf(
    [1, 2, 3, 4, 5].map(score => scores.find(s => s.score === score)?.n ?? 0),
    [chats, keyed, invited].reduce((sum, { rows }) => sum + (rows[0]?.n ?? 0), 0),
  )
}

export async function policyOf(ctx: Ctx): Promise<z.output<typeof RatingPolicy>> {
  return (
    (await ctx.db.selectFrom('surveys.policy').select(['lowScore', 'dueMinutes', 'ownerId', 'calendarId']).executeTakeFirst()) ??
    standardPolicy
  )
}

import { sql } from 'kysely'
import { placeInQueue } from '#domains/routing/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { placesDue } from '../events.ts'
import { nextBeat, placesMs } from '../rules.ts'

/** Those who wait further back move up: they are told on the next beat, however much moves until then. */
export async function placesMoved(ctx: Ctx, queueId: string | null): Promise<void> {
  if (queueId) await ctx.at(nextBeat(ctx.now, placesMs), placesDue, { id: queueId, clock: 'places' }, {})
}

/** These agents have begun or stopped taking contacts: the estimates change, though nobody moved. */
export async function staffMoved(ctx: Ctx, agentIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ queueId: string }>`select distinct m.queue_id as "queueId" from routing.fact_member m
    where m.tenant_id = ${ctx.tenantId} and m.agent_id = any(${[...agentIds]}::uuid[]) and exists (
      select 1 from messaging.conversation c where c.tenant_id = ${ctx.tenantId} and c.queue_id = m.queue_id and c.state = 'waiting')`.execute(
    ctx.db,
  )
  for (const { queueId } of rows) await placesMoved(ctx, queueId)
}

const mostTold = 200

/** Tells the customers of a queue whose place or estimate is another than the one they were told. */
export async function tellPlaces(ctx: Ctx, queueId: string): Promise<void> {
  const waiting = await ctx.db
    .selectFrom('messaging.conversation')
    .select(['id', 'interactionId', 'visitorId', 'placeTold', 'estimateTold'])
    .where('queueId', '=', queueId)
    .where('state', '=', 'waiting')
    .orderBy('startedAt')
    .limit(mostTold)
    .execute()
  // Sent together, they share round trips.
  await Promise.all(
    waiting.map(async c => {
      const place = await placeInQueue(ctx, c.interactionId)
      if (!place || !c.visitorId || (place.position === c.placeTold && place.estimate === c.estimateTold)) return
      ctx.tell(`visitor:${c.visitorId}`, 'place', { conversationId: c.id, position: place.position, estimate: place.estimate })
      await ctx.db
        .updateTable('messaging.conversation')
        .set({ placeTold: place.position, estimateTold: place.estimate })
        .where('id', '=', c.id)
        .execute()
    }),
  )
}

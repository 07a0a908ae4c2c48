import { placeInQueue } from '#domains/routing/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { placesDue } from '../events.ts'
import { nextBeat, placesMs } from '../rules.ts'

/** Those who wait further back move up: they are told on the next beat, however much moves until then. */
export async function placesMoved(ctx: Ctx, queueId: string | null): Promise<void> {
  if (queueId) await ctx.at(nextBeat(ctx.now, placesMs), placesDue, { id: queueId, clock: 'places' }, {})
}

const mostTold = 200

/** Tells the customers of a queue whose place is another than the one they were told. */
export async function tellPlaces(ctx: Ctx, queueId: string): Promise<void> {
  const waiting = await ctx.db
    .selectFrom('messaging.conversation')
    .select(['id', 'interactionId', 'visitorId', 'placeTold'])
    .where('queueId', '=', queueId)
    .where('state', '=', 'waiting')
    .orderBy('startedAt')
    .limit(mostTold)
    .execute()
  // Sent together, they share round trips.
  await Promise.all(
    waiting.map(async c => {
      const place = await placeInQueue(ctx, c.interactionId)
      if (!place || place.position === c.placeTold || !c.visitorId) return
      ctx.tell(`visitor:${c.visitorId}`, 'place', { conversationId: c.id, position: place.position, estimate: place.estimate })
      await ctx.db.updateTable('messaging.conversation').set({ placeTold: place.position }).where('id', '=', c.id).execute()
    }),
  )
}

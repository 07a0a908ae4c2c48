import { type Selectable, sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'
import { type NumberedDemand, needsAfter, nextDue } from './rules.ts'

export type QueueRow = Selectable<Tables['routing.queue']>
/** A queue with its demands in numbers, as the rules want them. */
export type Demanding = QueueRow & { numbered: NumberedDemand[] }

export async function demanding(ctx: Ctx, queue: QueueRow): Promise<Demanding> {
  return { ...queue, numbered: await numberedOf(ctx, queue.demands) }
}

export async function numberedOf(ctx: Ctx, demands: QueueRow['demands']): Promise<NumberedDemand[]> {
  if (demands.length === 0) return []
  const rows = await ctx.db
    .selectFrom('routing.skill')
    .select(['id', 'number'])
    .where(
      'id',
      'in',
      demands.map(d => d.skillId),
    )
    .execute()
  const numbers = new Map(rows.map(r => [r.id, r.number]))
  return demands.flatMap(({ skillId, level, relaxAfter }) => {
    const number = numbers.get(skillId)
    return number === undefined ? [] : [{ number, level, relaxAfter }]
  })
}

export async function queueById(ctx: Ctx, id: string): Promise<Demanding> {
  const queue = await ctx.db.selectFrom('routing.queue').selectAll().where('id', '=', id).executeTakeFirst()
  return demanding(ctx, found(queue, 'queue', id))
}

/** Lanes are made when first needed and never go: there are few, and an empty one costs an agent one probe. */
async function laneOf(ctx: Ctx, queueId: string, needs: number[]): Promise<string> {
  const known = () =>
    sql<{
      id: string
    }>`select id from routing.lane where tenant_id = ${ctx.tenantId} and queue_id = ${queueId} and needs = ${needs}::int[]`.execute(ctx.db)
  const before = (await known()).rows[0]
  if (before) return before.id
  await sql`insert into routing.lane (tenant_id, id, queue_id, needs) values (${ctx.tenantId}, ${newId()}, ${queueId}, ${needs}::int[])
    on conflict do nothing`.execute(ctx.db)
  return found((await known()).rows[0], 'lane', queueId).id
}

type Waits = Parameters<typeof nextDue>[0] & { extra: readonly NumberedDemand[] }

/** Where a contact stands now: the lane of what is still demanded, and when that changes. */
export async function placeOf(ctx: Ctx, queue: Demanding, waits: Waits): Promise<{ laneId: string; dueAt: Date | null }> {
  const waited = (ctx.now.getTime() - waits.enqueuedAt.getTime()) / 1000
  const numbered = [...queue.numbered, ...waits.extra]
  return { laneId: await laneOf(ctx, queue.id, needsAfter(numbered, waited)), dueAt: nextDue(waits, { ...queue, numbered }, ctx.now) }
}

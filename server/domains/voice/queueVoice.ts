import { sql } from 'kysely'
import type * as z from 'zod'
import { QueueVoice, type queueVoice } from '#contract/voiceSettings.ts'
import { nameQueues } from '#domains/routing/index.ts'
import { differenceOf } from '#kernel/difference.ts'
import type { Ctx } from '#kernel/work.ts'
import { queueVoiceChanged } from './events.ts'
import { usualPolicy } from './settings.ts'

/** Every queue of calls; one about which nothing was said is treated as usual. */
export async function listQueueVoice(ctx: Ctx): Promise<QueueVoice[]> {
  const { rows } = await sql<{ queueId: string; recording: QueueVoice['recording'] | null } & Omit<QueueVoice, 'recording' | 'queueId'>>`
    select q.id as "queueId", v.recording, v.keep_days as "keepDays", v.rating, v.music_id as "musicId",
      v.callback_tries as "callbackTries", v.callback_minutes as "callbackMinutes" from routing.fact_queue q
    left join voice.queue v on v.tenant_id = ${ctx.tenantId} and v.queue_id = q.id
    where q.tenant_id = ${ctx.tenantId} and q.channel = 'phone' and not q.retired order by q.position, q.id`.execute(ctx.db)
  return rows.map(row => (row.recording === null ? { ...usualPolicy, queueId: row.queueId } : { ...row, recording: row.recording }))
}

export async function setQueueVoice(ctx: Ctx, queueId: string, policy: z.output<typeof queueVoice.set.body>): Promise<QueueVoice> {
  await nameQueues(ctx, [queueId], ['phone'])
  const before = await ctx.db.selectFrom('voice.queue').selectAll().where('queueId', '=', queueId).forUpdate().executeTakeFirst()
  const next = { ...usualPolicy, ...before, ...policy }
  const { recording, keepDays, rating, musicId, callbackTries, callbackMinutes } = next
  const said = { recording, keepDays, rating, musicId, callbackTries, callbackMinutes }
  await ctx.db
    .insertInto('voice.queue')
    .values({ queueId, ...said })
    .onConflict(c => c.columns(['queueId']).doUpdateSet(said))
    .execute()
  const changes = differenceOf(before ?? usualPolicy, said, Object.keys(QueueVoice.omit({ queueId: true }).shape))
  await ctx.emit(queueVoiceChanged, { id: queueId }, { changes })
  return { queueId, ...said }
}

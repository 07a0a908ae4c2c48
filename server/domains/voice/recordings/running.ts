import { sql } from 'kysely'
import type { RecordingReason } from '#contract/voice.ts'
import type { Ctx } from '#kernel/work.ts'
import { recordingDue, recordingFailed, recordingPaused } from '../events.ts'
import type { CallRow } from '../rows.ts'

type Recorded = Pick<CallRow, 'id' | 'customerId' | 'interactionId'>
/** A switch that never says that a recording ended is asked for it all the same, so long after the call. */
const unheardMs = 60_000

/** The switch is told to record. Said twice, it is one recording. */
export async function beginRecording(
  ctx: Ctx,
  call: Recorded & Pick<CallRow, 'queueId' | 'agentId'>,
  { recording, kind }: { recording: string; kind: 'talk' | 'voicemail' },
): Promise<void> {
  const { id, interactionId, queueId, agentId } = call
  await ctx.db
    .insertInto('voice.recording')
    .values({
      id: recording,
      callId: id,
      interactionId,
      kind,
      state: 'running',
      queueId,
      agentId: kind === 'voicemail' ? null : agentId,
      fileId: null,
      startedAt: ctx.now,
      seconds: null,
      bytes: null,
      pauses: '[]',
      peaks: null,
      keepUntil: null,
    })
    .onConflict(c => c.doNothing())
    .execute()
  await markRecorded(ctx, id)
}

/** What is said meanwhile is kept nowhere. */
export async function pauseRecording(ctx: Ctx, call: Recorded, recording: string, paused: boolean): Promise<void> {
  const row = await ctx.db
    .selectFrom('voice.recording')
    .select(['state', 'startedAt', 'pauses'])
    .where('id', '=', recording)
    .where('state', '=', paused ? 'running' : 'paused')
    .forUpdate()
    .executeTakeFirst()
  if (!row) return
  const at = Math.max(0, (ctx.now.getTime() - row.startedAt.getTime()) / 1000)
  const pauses = paused ? [...row.pauses, { from: at, until: null }] : row.pauses.map(p => (p.until === null ? { ...p, until: at } : p))
  await ctx.db
    .updateTable('voice.recording')
    .set({ state: paused ? 'paused' : 'running', pauses: JSON.stringify(pauses) })
    .where('id', '=', recording)
    .execute()
  await ctx.emit(recordingPaused, aboutRecording(recording, call), { callId: call.id, paused })
}

/** The switch has it whole, or says that there is none. */
export async function recorded(
  ctx: Ctx,
  call: Recorded,
  { recording, seconds, failed }: { recording: string; seconds: number; failed: boolean },
): Promise<void> {
  if (failed) return failRecording(ctx, call, recording, 'not_recorded')
  const row = await ctx.db
    .updateTable('voice.recording')
    .set({ state: 'storing', seconds })
    .where('id', '=', recording)
    .where('state', 'in', ['running', 'paused', 'storing'])
    .returning('id')
    .executeTakeFirst()
  if (row) await fetchAt(ctx, recording, ctx.now, 0)
}

/** The call is over: its recordings end with it, told or not. */
export async function endRecordings(ctx: Ctx, callId: string): Promise<void> {
  const rows = await ctx.db
    .updateTable('voice.recording')
    .set({ state: 'storing' })
    .where('callId', '=', callId)
    .where('state', 'in', ['running', 'paused'])
    .returning('id')
    .execute()
  for (const { id } of rows) await fetchAt(ctx, id, new Date(ctx.now.getTime() + unheardMs), 0)
}

export async function fetchAt(ctx: Ctx, recording: string, when: Date, tries: number): Promise<void> {
  await ctx.at(when, recordingDue, { id: recording, clock: 'fetch' }, { tries })
  if (when <= ctx.now) ctx.afterCommit('fetch a recording', house => house.wakeRelay())
}

/** There is no sound and will be none. */
export async function failRecording(ctx: Ctx, call: Recorded, recording: string, reason: RecordingReason): Promise<void> {
  const row = await ctx.db
    .updateTable('voice.recording')
    .set({ state: 'failed', reason })
    .where('id', '=', recording)
    .where('state', 'in', ['running', 'paused', 'storing'])
    .returning('id')
    .executeTakeFirst()
  if (!row) return
  await markRecorded(ctx, call.id)
  await ctx.emit(recordingFailed, aboutRecording(recording, call), { callId: call.id, reason })
}

export const aboutRecording = (id: string, { customerId, interactionId }: Pick<Recorded, 'customerId' | 'interactionId'>) => ({
  id,
  customerId,
  interactionId,
})

/** Whether there is something to hear, or will be. */
export async function markRecorded(ctx: Ctx, callId: string): Promise<void> {
  await sql`update voice.call set recorded = exists (select 1 from voice.recording r
      where r.tenant_id = ${ctx.tenantId} and r.call_id = ${callId} and r.state not in ('failed', 'removed'))
    where tenant_id = ${ctx.tenantId} and id = ${callId}`.execute(ctx.db)
}

import { sql } from 'kysely'
import type { Permission } from '#contract/endpoint.ts'
import type { Recording } from '#contract/voice.ts'
import { scopeOf } from '#kernel/access.ts'
import { dropFile, fileUrl } from '#kernel/files.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { recordingHeard, recordingKeeping, recordingRemoved, recordingsOver } from '../events.ts'
import { keptUntil } from './fetching.ts'
import { aboutRecording, markRecorded } from './running.ts'

/** Whoever was given an address may listen for so long, twice at most. */
const listeningSeconds = 1800
const perTurn = 1000

type Row = Recording & { interactionId: string | null; customerId: string | null; fileId: string | null }
const columns = sql`r.id, r.call_id as "callId", r.kind, r.state, r.reason, r.started_at as "startedAt", r.seconds, r.bytes, r.pauses, r.peaks,
  r.keep_until as "keepUntil", r.interaction_id as "interactionId", r.file_id as "fileId", c.customer_id as "customerId"`

/** By the agent who was recorded. A message on the machine is everybody's who listens at all, until somebody has taken it. */
function visible(ctx: Ctx, may: Permission) {
  const scope = scopeOf(ctx.actor, may)
  if (scope === 'all') return sql`true`
  if (scope === null || ctx.actor.kind !== 'user') return sql`false`
  const { id, teamId, departmentId } = ctx.actor
  if (scope === 'own') return sql`(r.agent_id = ${id} or r.agent_id is null and r.kind = 'voicemail')`
  const mine = scope === 'team' ? sql`p.team_id = ${teamId}` : sql`p.department_id = ${departmentId}`
  return sql`(r.agent_id is null or r.agent_id = ${id} or exists (
    select 1 from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = r.agent_id and ${mine}))`
}

async function one(ctx: Ctx, id: string, may: Permission): Promise<Row> {
  const { rows } =
    await sql<Row>`select ${columns} from voice.recording r join voice.call c on c.tenant_id = ${ctx.tenantId} and c.id = r.call_id
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id} and ${visible(ctx, may)} for update of r`.execute(ctx.db)
  return found(rows[0], 'recording', id)
}

export async function recordingsOfCall(ctx: Ctx, callId: string): Promise<Recording[]> {
  const { rows } =
    await sql<Row>`select ${columns} from voice.recording r join voice.call c on c.tenant_id = ${ctx.tenantId} and c.id = r.call_id
    where r.tenant_id = ${ctx.tenantId} and r.call_id = ${callId} order by r.started_at, r.id`.execute(ctx.db)
  return rows
}

/** The address of its sound for a while. Who listened, and when, stands in the audit. */
export async function listen(ctx: Ctx, id: string): Promise<{ url: string; recording: Recording }> {
  const row = await one(ctx, id, 'voice:listen')
  if (row.state !== 'kept' || row.fileId === null) throw new Refusal('conflict', 'recording.not_kept', { state: row.state })
  await ctx.emit(recordingHeard, aboutRecording(id, row), { callId: row.callId })
  return { url: fileUrl(ctx, row.fileId, listeningSeconds), recording: row }
}

/** Longer than its queue says; null: as long as the rest. */
export async function keep(ctx: Ctx, id: string, until: Date | null): Promise<Recording> {
  const row = await one(ctx, id, 'voice:configure')
  if (row.state !== 'kept') throw new Refusal('conflict', 'recording.not_kept', { state: row.state })
  if (until !== null && until <= ctx.now) throw new Refusal('invalid', 'recording.keep_past')
  const keepUntil = until ?? (await keptUntil(ctx, id))
  await ctx.db.updateTable('voice.recording').set({ keepUntil }).where('id', '=', id).execute()
  await ctx.emit(recordingKeeping, aboutRecording(id, row), { callId: row.callId, until: until?.toISOString() ?? null })
  return { ...row, keepUntil }
}

/** Those whose time is over go, row by row said; when there are more than one turn takes, the next one follows. */
export async function removeOver(ctx: Ctx): Promise<void> {
  const { rows } =
    await sql<Row>`select ${columns} from voice.recording r join voice.call c on c.tenant_id = ${ctx.tenantId} and c.id = r.call_id
    where r.tenant_id = ${ctx.tenantId} and r.state = 'kept' and r.keep_until is not null and r.keep_until <= ${ctx.now}
    order by r.keep_until, r.id limit ${perTurn} for update of r skip locked`.execute(ctx.db)
  for (const row of rows) {
    if (row.fileId !== null) await dropFile(ctx, row.fileId)
    await ctx.db
      .updateTable('voice.recording')
      .set({ state: 'removed', fileId: null, bytes: null, peaks: null })
      .where('id', '=', row.id)
      .execute()
    await markRecorded(ctx, row.callId)
    await ctx.emit(recordingRemoved, aboutRecording(row.id, row), { callId: row.callId })
  }
  if (rows.length === perTurn) await ctx.at(new Date(ctx.now.getTime() + 1000), recordingsOver, { id: ctx.tenantId, clock: 'over' }, {})
}

import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { RecordingReason } from '#contract/voice.ts'
import { adoptFile, placeOf, recordFile } from '#kernel/files.ts'
import type { Outward, Said } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { recordingKept } from '../events.ts'
import { switchNamed } from '../switches.ts'
import { packApart, type Spans } from './packing.ts'
import { aboutRecording, failRecording, fetchAt } from './running.ts'

const standardDays = 180
const day = 86_400_000
/** Seconds between the tries; a switch may be away for a night. */
const pauses = [5, 15, 60, 300, 900, ...new Array<number>(24).fill(3600)]
/** What the switch says it does not have may only not be written yet. */
const triesWhenMissing = 4

type Row = {
  callId: string
  interactionId: string | null
  customerId: string | null
  line: string
  startedAt: Date
  kind: 'talk' | 'voicemail'
  pauses: Spans
}

/** Brings the sound from the switch, packs it, keeps it whole or not at all, and lets the switch forget it. Told twice, it is kept once. */
export async function fetchRecording({ house, work }: Outward, { about: id, detail: { tries } }: Said<{ tries: number }>): Promise<void> {
  const seen = await work(async ctx => {
    const row = await storing(ctx, id)
    return row && { ...row, tenantId: ctx.tenantId }
  })
  if (!seen) return
  const { tenantId, ...row } = seen
  const at = { tenantId, callId: row.callId }
  const line = switchNamed(house, row.line)
  const forget = () =>
    line?.forget(at, id).catch(error => house.log.warn({ err: error, recording: id }, 'a switch keeps a recording that it need not'))
  /** What is not kept is kept nowhere. */
  const giveUp = async (reason: RecordingReason) => {
    await work(ctx => failRecording(ctx, { ...row, id: row.callId }, id, reason))
    await forget()
  }
  const place = placeOf(house, tenantId, id)
  const [wav, ogg] = [`${place}.wav`, `${place}.ogg`]
  await mkdir(path.dirname(place), { recursive: true })
  const clear = () => Promise.all([wav, ogg].map(half => rm(half, { force: true })))
  const brought = await bring(() => line?.store(at, id, wav))
  if (brought !== null) {
    await clear()
    const wait = pauses[tries]
    const isOver = wait === undefined || (brought === 'not_found' && tries + 1 >= triesWhenMissing)
    house.log.warn(
      { recording: id, call: row.callId, line: row.line, tries, reason: brought },
      'the sound of a recording could not be fetched',
    )
    if (!isOver) return work(ctx => fetchAt(ctx, id, new Date(ctx.now.getTime() + wait * 1000), tries + 1))
    return giveUp(brought)
  }
  const packed = await packApart({ wav, ogg, pauses: row.pauses }).catch(async error => {
    await clear()
    throw error
  })
  if (!packed) {
    await clear()
    return giveUp('unreadable')
  }
  const placed = await adoptFile(house, tenantId, id, ogg)
  await clear()
  await work(async ctx => {
    const still = await storing(ctx, id, true)
    if (!still) return
    await recordFile(ctx, { id, ...placed, name: `${id}.ogg`, type: 'audio/ogg', noun: 'recording', ownerId: null })
    await sql`update voice.recording set state = 'kept', file_id = ${id}, seconds = ${packed.seconds}, bytes = ${placed.size},
        peaks = ${JSON.stringify(packed.peaks)}, keep_until = ${await keptUntil(ctx, id)}
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
    await ctx.emit(recordingKept, aboutRecording(id, row), { callId: row.callId, seconds: Math.round(packed.seconds) })
  })
  await forget()
}

/** Null: it is there. */
async function bring(store: () => Promise<void> | undefined): Promise<Extract<RecordingReason, 'not_found' | 'switch_away'> | null> {
  try {
    const brought = store()
    if (!brought) return 'switch_away'
    await brought
    return null
  } catch (error) {
    return error instanceof Refusal && error.kind === 'not_found' ? 'not_found' : 'switch_away'
  }
}

async function storing(ctx: Ctx, id: string, lock = false): Promise<Row | undefined> {
  const { rows } = await sql<Row>`select r.call_id as "callId", r.interaction_id as "interactionId", c.customer_id as "customerId", c.line,
      r.started_at as "startedAt", r.kind, r.pauses
    from voice.recording r join voice.call c on c.tenant_id = ${ctx.tenantId} and c.id = r.call_id
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id} and r.state = 'storing' ${lock ? sql`for update of r` : sql``}`.execute(ctx.db)
  return rows[0]
}

/** As its queue says, from when it was made. */
export async function keptUntil(ctx: Ctx, id: string): Promise<Date> {
  const { rows } = await sql<{ startedAt: Date; days: number | null }>`select r.started_at as "startedAt", q.keep_days as days
    from voice.recording r left join voice.queue q on q.tenant_id = ${ctx.tenantId} and q.queue_id = r.queue_id
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id}`.execute(ctx.db)
  return new Date((rows[0]?.startedAt ?? ctx.now).getTime() + (rows[0]?.days ?? standardDays) * day)
}

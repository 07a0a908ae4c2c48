import { sql } from 'kysely'
import type { Cause, Quality } from '#contract/voice.ts'
import { packSound } from '#domains/voice/index.ts'
import { placeFile, recordFile } from '#kernel/files.ts'
import type { Ctx } from '#kernel/work.ts'
import { throwing } from './dice.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import { talkOfTwo } from './speech.ts'
import { hotline } from './telephone.ts'

const most = 60
const recorded = 6
const talkSeconds = 14
const keepDays = 180
const [second, day] = [1000, 86_400_000]
/** While the caller said a card number. */
const paused = [{ from: 6, until: 8.5 }]

type Phoned = {
  id: string
  customerId: string | null
  customerName: string | null
  phone: string | null
  queueId: string | null
  agentId: string
  startedAt: Date
  answeredAt: Date
  endedAt: Date
  rating: number | null
}

/** The last calls of the history as the telephone would have kept them: legs, quality, a few recordings; one that nobody answered, one that was hard to hear. */
export async function furnishCalls(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const { rows: phoned } =
    await sql<Phoned>`select i.id, i.customer_id as "customerId", c.name as "customerName", c.phone, i.queue_id as "queueId",
      i.agent_id as "agentId", i.started_at as "startedAt", i.answered_at as "answeredAt", i.ended_at as "endedAt", i.rating
    from interactions.interaction i left join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    where i.tenant_id = ${ctx.tenantId} and i.channel = 'phone' and i.state = 'done' and i.answered_at is not null and i.ended_at is not null
    order by i.started_at desc, i.id limit ${most}`.execute(ctx.db)
  const dice = throwing(`calls ${phoned[0]?.id}`)
  const numberId = ids('number hotline')
  const hotlineQueueId = ids('queue hotline')
  const rows: Record<'calls' | 'legs' | 'recordings' | 'events', Row[]> = { calls: [], legs: [], recordings: [], events: [] }
  for (const [n, i] of phoned.entries()) {
    const callId = dice.id(i.startedAt)
    const poor = n === 2 || dice.chance(0.05)
    const quality = qualityOf(poor, dice.roll())
    const caller = i.phone ?? `+861390000${String(dice.int(0, 9999)).padStart(4, '0')}`
    const hasSound = n < recorded
    rows.calls.push({
      ...callRow(callId, i.id, numberId, caller, i.startedAt, i.endedAt, 'normal'),
      customerId: i.customerId,
      customerName: i.customerName ?? '',
      queueId: i.queueId ?? hotlineQueueId,
      agentId: i.agentId,
      answeredAt: i.answeredAt,
      worstMos: quality.mos,
      rating: i.rating,
      recorded: hasSound,
    })
    rows.legs.push(
      legRow(dice.id(i.startedAt), callId, 'customer', null, caller, i.startedAt, i.startedAt, i.endedAt, 'normal', quality),
      legRow(dice.id(i.answeredAt), callId, 'agent', i.agentId, '', i.startedAt, i.answeredAt, i.endedAt, 'normal', qualityOf(false, dice.roll())),
    ) // biome-ignore format: two rows
    const about = { customerId: i.customerId, interactionId: i.id, actorKind: 'system', actorId: null, seenBy: 'voice:read', audit: false }
    const seconds = Math.round((i.endedAt.getTime() - i.startedAt.getTime()) / second)
    rows.events.push({ id: dice.id(i.endedAt), name: 'call.ended', about: callId, at: i.endedAt, ...about, detail: { agentId: i.agentId, cause: 'normal', seconds } }) // biome-ignore format: one row
    if (hasSound) {
      const recording = await soundOf(ctx, n % 3, n === 0 ? paused : [], dice.id(i.answeredAt))
      rows.recordings.push({
        ...recording,
        callId,
        interactionId: i.id,
        kind: 'talk',
        state: 'kept',
        queueId: i.queueId ?? hotlineQueueId,
        agentId: i.agentId,
        startedAt: i.answeredAt,
        pauses: n === 0 ? paused : [],
        keepUntil: new Date(i.answeredAt.getTime() + keepDays * day),
      })
      rows.events.push({ id: dice.id(i.endedAt), name: 'recording.kept', about: recording.id, at: i.endedAt, ...about, detail: { callId, seconds: talkSeconds } }) // biome-ignore format: one row
    }
  }
  await nobodyAnswered(ctx, rows, say, ids, phoned[1]?.startedAt ?? new Date(ctx.now.getTime() - day))
  await place(ctx, 'voice.call', rows.calls)
  await place(ctx, 'voice.leg', rows.legs)
  await place(ctx, 'voice.recording', rows.recordings)
  await place(ctx, 'kernel.event', rows.events)
}

/** Somebody unknown waited and hung up. */
async function nobodyAnswered(ctx: Ctx, rows: Record<'calls' | 'legs' | 'events', Row[]>, say: Say, ids: Ids, near: Date): Promise<void> {
  const dice = throwing(`gave up ${near.toISOString()}`)
  const startedAt = new Date(near.getTime() + 7 * second)
  const [queuedAt, endedAt] = [new Date(startedAt.getTime() + 21 * second), new Date(startedAt.getTime() + 94 * second)]
  const [id, callId, caller] = [dice.id(startedAt), dice.id(startedAt), '+8613900009527']
  const queueId = ids('queue hotline repairs')
  await place(ctx, 'interactions.interaction', [
    {
      id, channel: 'phone', direction: 'in', state: 'abandoned', customerId: null, queueId, agentId: null, subject: say(['来电', 'Call']), source: 'hotline',
      startedAt, queuedAt, answeredAt: null, endedAt, wrappedAt: null, reasonId: null, outcomeId: null, note: '',
    },
  ]) // biome-ignore format: one row
  rows.calls.push({
    ...callRow(callId, id, ids('number hotline'), caller, startedAt, endedAt, 'abandoned'),
    customerId: null, customerName: '', queueId, agentId: null, answeredAt: null, worstMos: null, rating: null, recorded: false,
  }) // biome-ignore format: one row
  rows.legs.push(
    legRow(dice.id(startedAt), callId, 'customer', null, caller, startedAt, startedAt, endedAt, 'abandoned', qualityOf(false, 0.5)),
  )
  const about = { customerId: null, interactionId: id, actorKind: 'system', actorId: null, audit: false }
  rows.events.push(
    { id: dice.id(startedAt), name: 'interaction.opened', about: id, at: startedAt, ...about, seenBy: 'interaction:read', detail: { channel: 'phone', queueId: null, direction: 'in', source: 'hotline', state: 'active' } },
    { id: dice.id(endedAt), name: 'call.ended', about: callId, at: endedAt, ...about, seenBy: 'voice:read', detail: { agentId: null, cause: 'abandoned', seconds: 94 } },
  ) // biome-ignore format: two rows
}

const callRow = (id: string, interactionId: string, numberId: string, caller: string, startedAt: Date, endedAt: Date, cause: Cause): Row => ({
  id, interactionId, direction: 'in', stage: 'over', line: 'practice', caller, called: hotline, numberId, startedAt, endedAt, cause, machine: { path: [] },
}) // biome-ignore format: one row

const legRow = (
  id: string,
  callId: string,
  party: 'customer' | 'agent',
  agentId: string | null,
  number: string,
  startedAt: Date,
  answeredAt: Date,
  endedAt: Date,
  cause: Cause,
  quality: Quality,
): Row => ({ id, callId, party, agentId, number, startedAt, ringingAt: startedAt, answeredAt, endedAt, cause, quality })

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
const qualityOf = (poor: boolean, chance: number): Quality => ({
  lossIn: rounded(poor ? 0.06 + chance * 0.05 : chance * 0.004, 4),
  lossOut: rounded(poor ? 0.02 + chance * 0.02 : chance * 0.003, 4),
  jitterMs: rounded(poor ? 38 + chance * 20 : 3 + chance * 8, 1),
  rttMs: rounded(poor ? 260 + chance * 80 : 24 + chance * 40, 0),
  mos: rounded(poor ? 2.6 + chance * 0.5 : 4.1 + chance * 0.3, 2),
})

/** A few sounds for all: made here, so that no voice of anybody is needed. */
const made = new Map<string, NonNullable<Awaited<ReturnType<typeof packSound>>>>()
async function soundOf(ctx: Ctx, which: number, pauses: typeof paused, id: string): Promise<Row & { id: string }> {
  const name = `${which} ${pauses.length}`
  const known = made.get(name) ?? (await packSound(talkOfTwo(throwing(`talk ${which}`), talkSeconds), pauses))
  if (!known) throw new Error('a sound that is no sound')
  made.set(name, known)
  const placed = await placeFile(ctx.house, ctx.tenantId, id, known.bytes)
  await recordFile(ctx, { id, ...placed, name: `${id}.ogg`, type: 'audio/ogg', noun: 'recording', ownerId: null })
  return { id, fileId: id, seconds: known.seconds, bytes: placed.size, peaks: known.peaks }
}

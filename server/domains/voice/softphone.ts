import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { MyCall, PhoneLine, softphone } from '#contract/voice.ts'
import { phoneShown, showsOf } from '#domains/customers/index.ts'
import { phoneIsBack, wrapsOf } from '#domains/routing/index.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import type { CallRow } from './rows.ts'
import type { Leg, Setting } from './rules/call.ts'
import { settingOf } from './settings.ts'
import { switchesOf, switchNamed } from './switches.ts'

/** A call that was not wrapped up is shown for so long. */
const wrapHours = 12

/** What my browser connects to, and the calls that are mine: asked again after every reload, so that nothing is lost. */
export async function mine(ctx: Ctx): Promise<z.output<typeof softphone.mine.reply>> {
  const me = asUser(ctx.actor)
  const [rows, lines, numbers] = await Promise.all([
    rowsOf(ctx, me.id),
    linesFor(ctx, me.id),
    ctx.db
      .selectFrom('voice.number')
      .select(['id', 'number', 'name', 'nameEn'])
      .where('outbound', '=', true)
      .where('retired', '=', false)
      .orderBy('number')
      .execute(),
  ])
  return {
    lines,
    iceServers: [...(ctx.house.settings.iceServers ?? [])],
    calls: await Promise.all(rows.map(row => myCall(ctx, row))),
    numbers,
  }
}

/** The browser has just connected: whoever was set aside for want of a phone on this line takes calls again. */
export async function phoneHere(ctx: Ctx, line: string): Promise<{ line: string }> {
  const { name } = found(switchNamed(ctx.house, line), 'line', line)
  await phoneIsBack(ctx, asUser(ctx.actor).id, name)
  return { line: name }
}

async function linesFor(ctx: Ctx, agentId: string): Promise<PhoneLine[]> {
  const lines = await Promise.all(
    switchesOf(ctx.house).map(async (line): Promise<PhoneLine | null> => {
      if (line.kind === 'practice') return { kind: 'practice' }
      const phone = await line.phone({ tenantId: ctx.tenantId, agentId })
      return phone && { kind: 'sip', name: line.name, ...phone }
    }),
  )
  return lines.filter(line => line !== null)
}

/** Those in which I have a leg, those that are mine and run, and what I have not wrapped up. */
async function rowsOf(ctx: Ctx, agentId: string): Promise<CallRow[]> {
  const wraps = [...(await wrapsOf(ctx, agentId))].flatMap(([id, until]) => (until === null ? [] : [id]))
  const since = new Date(ctx.now.getTime() - wrapHours * 3_600_000)
  const { rows } = await sql<CallRow>`select c.* from voice.call c where c.tenant_id = ${ctx.tenantId} and c.id in (
      select l.call_id from voice.leg l where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId} and l.ended_at is null
      union select m.id from voice.call m where m.tenant_id = ${ctx.tenantId} and m.agent_id = ${agentId} and m.started_at > ${since} and ${mineToEnd(ctx, agentId)}
      union select p.id from voice.call p where p.tenant_id = ${ctx.tenantId} and p.interaction_id = any(${wraps}::uuid[]))
    and (c.interaction_id = any(${wraps}::uuid[]) or c.stage <> 'over' or c.agent_id = ${agentId} and c.started_at > ${since} and ${isToWrap(ctx, agentId, sql`c`)})
    order by c.started_at, c.id limit 20`.execute(ctx.db)
  return rows
}
const mineToEnd = (ctx: Ctx, agentId: string): RawBuilder<unknown> => sql`(m.stage <> 'over' or ${isToWrap(ctx, agentId, sql`m`)})`
const isToWrap = (ctx: Ctx, agentId: string, call: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`exists (select 1 from interactions.fact_interaction i where i.tenant_id = ${ctx.tenantId} and i.id = ${call}.interaction_id
    and i.state = 'wrap' and i.agent_id = ${agentId})`

/** My leg in it: the one that lives, or the last I had. */
const legOf = (row: CallRow, agentId: string): Leg | undefined => {
  const legs = row.machine.legs.filter(leg => leg.agentId === agentId)
  return legs.findLast(leg => leg.state !== 'gone') ?? legs.at(-1)
}

export async function myCall(ctx: Ctx, row: CallRow): Promise<MyCall> {
  const me = asUser(ctx.actor)
  const [number, wraps, setting] = await Promise.all([
    row.numberId === null
      ? undefined
      : ctx.db.selectFrom('voice.number').select(['name', 'nameEn']).where('id', '=', row.numberId).executeTakeFirst(),
    wrapsOf(ctx, me.id),
    settingOf(ctx, row),
  ])
  const { id, interactionId, direction, stage, line, customerId, customerName, queueId, agentId, startedAt, answeredAt, endedAt, cause } =
    row
  const leg = legOf(row, me.id)
  const state = leg?.state ?? 'gone'
  return {
    ...{ id, interactionId, direction, stage, line, customerId, customerName, queueId, agentId, startedAt, answeredAt, endedAt, cause },
    ...(await numbersOf(ctx, row)),
    numberName: number?.name ?? '',
    numberNameEn: number?.nameEn ?? '',
    leg: leg?.id ?? id,
    legState: state === 'lost' ? 'gone' : state,
    held: row.machine.legs.some(l => l.party === 'customer' && l.state !== 'gone' && l.held),
    other: otherOf(row),
    recording: recordingOf(row, setting),
    talkingSince: answeredAt,
    heardBy: heardBy(row),
    leading: row.machine.stage.at === 'talking' && row.machine.stage.leader?.by === me.id,
    wrapUntil: interactionId === null ? null : (wraps.get(interactionId) ?? null),
    callBack: row.machine.askedBack ? { since: new Date(row.machine.askedBack), tries: row.machine.calledBack } : null,
  }
}

/**
 * The other side's number as the role sees it; of somebody nobody knows, who has no page on which it could be revealed, in full for whoever may reveal.
 * A short one is a desk's or a service's.
 */
async function numbersOf(ctx: Ctx, { direction, caller, called, customerId }: CallRow): Promise<{ caller: string; called: string }> {
  const shows = await showsOf(ctx)
  if (customerId === null && shows('phone') !== 'hidden' && scopeOf(ctx.actor, 'customer:reveal') !== null) return { caller, called }
  const masked = (number: string) => (number.length < 7 ? number : (phoneShown(shows, number) ?? ''))
  return direction === 'in' ? { caller: masked(caller), called } : { caller, called: masked(called) }
}

function otherOf({ machine }: CallRow): MyCall['other'] {
  const { stage, legs } = machine
  if (stage.at !== 'talking' || stage.other === null) return null
  const { leg, name, together, since } = stage.other
  const state = legs.find(l => l.id === leg)?.state
  return { name, together, since: new Date(since), state: state === 'up' ? 'up' : state === 'ringing' ? 'ringing' : 'dialling' }
}

const recordingOf = ({ machine, queueId }: CallRow, setting: Setting): MyCall['recording'] =>
  machine.recording?.state ?? (setting.queue(queueId).recording === 'off' ? 'never' : 'off')

function heardBy({ machine: { stage } }: CallRow): MyCall['heardBy'] {
  const mode = stage.at === 'talking' ? stage.leader?.mode : undefined
  return mode === 'listen' ? 'listening' : mode === 'whisper' ? 'whispering' : mode === undefined ? 'nobody' : 'barged'
}

/** A call in which the actor has a part, locked. Others cannot find it. */
export async function lockMine(ctx: Ctx, id: string): Promise<CallRow> {
  const { id: me } = asUser(ctx.actor)
  const row = await ctx.db.selectFrom('voice.call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  const isMine = row && (row.agentId === me || row.machine.legs.some(leg => leg.agentId === me))
  return found(isMine ? row : undefined, 'call', id)
}

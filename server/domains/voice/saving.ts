import { isDeepStrictEqual } from 'node:util'
import { markAnswered } from '#domains/interactions/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { callEnded, callTalking } from './events.ts'
import { aboutCall, type CallRow } from './rows.ts'
import type { Call, Input } from './rules/call.ts'

/** When what the switch told has happened there; for anything else, now. */
export const momentOf = (ctx: Ctx, input: Input): Date => (input.from === 'switch' && input.at < ctx.now ? input.at : ctx.now)

export const nextDue = (call: Call): Date | null => {
  const all = Object.values(call.timers).filter(at => at !== undefined)
  return all.length === 0 ? null : new Date(all.reduce((a, b) => (a < b ? a : b)))
}

/** What became true of a call by one input is announced. `before` is the row as it was then; it is written once, by `keep`, when the step is over. */
export async function became(ctx: Ctx, before: CallRow, row: CallRow, call: Call, input: Input): Promise<CallRow> {
  const { stage } = call
  const at = momentOf(ctx, input)
  const isOver = stage.at === 'over'
  const begins = row.answeredAt === null && stage.at === 'talking'
  const ends = isOver && before.stage !== 'over'
  const kept: CallRow = {
    ...row,
    machine: call,
    stage: stage.at,
    queueId: 'queueId' in stage ? (stage.queueId ?? row.queueId) : row.queueId,
    agentId: 'agentId' in stage ? (stage.agentId ?? row.agentId) : row.agentId,
    answeredAt: begins ? at : row.answeredAt,
    endedAt: ends ? at : row.endedAt,
    cause: isOver ? stage.cause : null,
    ratingAsked: row.ratingAsked || stage.at === 'rating',
  }
  // The router marks what it gave; whom we called is answered by them.
  if (begins && row.direction === 'out' && kept.interactionId && kept.agentId) await markAnswered(ctx, kept.interactionId, kept.agentId)
  if (begins) await ctx.emit(callTalking, aboutCall(kept), { agentId: kept.agentId, queueId: kept.queueId })
  if (ends) {
    const seconds = Math.max(0, Math.round((at.getTime() - row.startedAt.getTime()) / 1000))
    await ctx.emit(callEnded, aboutCall(kept), { agentId: kept.agentId, cause: stage.cause, seconds, recorded: kept.recorded })
  }
  return kept
}

/** Whether a step has changed anything but the count of steps. */
export const isChanged = (before: CallRow, after: CallRow): boolean =>
  !isDeepStrictEqual(before, { ...after, machine: { ...after.machine, seq: before.machine.seq } })

/** A call that is not written yet. */
export function addCall(ctx: Ctx, row: CallRow): void {
  ctx.write`insert into voice.call (tenant_id, id, interaction_id, direction, stage, line, number_id, flow_id, flow_version, caller, called, customer_id, customer_name,
      queue_id, agent_id, started_at, ended_at, cause, due_at, client_id, machine)
    values (${ctx.tenantId}, ${row.id}, ${row.interactionId}, ${row.direction}, ${row.stage}, ${row.line}, ${row.numberId}, ${row.flowId}, ${row.flowVersion}, ${row.caller},
      ${row.called}, ${row.customerId}, ${row.customerName}, ${row.queueId}, ${row.agentId}, ${row.startedAt}, ${row.endedAt}, ${row.cause}, ${dueOf(ctx, row, row.machine)},
      ${row.clientId}, ${JSON.stringify(row.machine)})`
}

/** The call as the step leaves it, and the copies of it beside. */
export function keep(ctx: Ctx, before: CallRow, after: CallRow): void {
  const { stage, queueId, agentId, customerId, customerName, answeredAt, endedAt, cause, ratingAsked, worstMos, machine } = after
  ctx.write`update voice.call set stage = ${stage}, queue_id = ${queueId}, agent_id = ${agentId}, customer_id = ${customerId}, customer_name = ${customerName},
    answered_at = ${answeredAt}, ended_at = ${endedAt}, cause = ${cause}, rating_asked = ${ratingAsked}, worst_mos = ${worstMos},
    due_at = ${dueOf(ctx, before, machine)}, machine = ${JSON.stringify(machine)} where tenant_id = ${ctx.tenantId} and id = ${after.id}`
}

/** For the sweep, which finds a call too early without harm: a clock that moves on leaves the mark where it stands, and its index at rest. */
function dueOf(ctx: Ctx, { dueAt }: CallRow, machine: Call): Date | null {
  const due = machine.stage.at === 'over' ? null : nextDue(machine)
  return due !== null && dueAt !== null && dueAt > ctx.now && dueAt <= due ? dueAt : due
}

export const lesser = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))

import type { Ctx } from '#kernel/work.ts'
import { callAttended, callLost, callTransferred, callTurned } from './events.ts'
import { aboutCall, type CallRow } from './rows.ts'
import type { Act, Call } from './rules/call.ts'

type Said = Extract<Act, { act: 'said' }>

/** What was done with a call, as an event. */
export async function announce(ctx: Ctx, row: CallRow, call: Call, { what, by }: Said, acts: readonly Act[]): Promise<void> {
  const about = aboutCall(row)
  const { stage } = call
  if (what === 'attended' || what === 'taken_over') {
    const mode = what === 'taken_over' ? 'takeover' : stage.at === 'talking' && stage.leader ? stage.leader.mode : 'listen'
    const agentId = what === 'taken_over' ? row.agentId : 'agentId' in stage ? stage.agentId : row.agentId
    if (agentId !== null)
      await inNameOf(ctx, by, () => ctx.emit(callAttended, about, { mode: mode === 'takeOver' ? 'takeover' : mode, agentId }))
  } else if (what === 'transferred') {
    const fromAgentId = by ?? row.agentId
    if (fromAgentId !== null) await ctx.emit(callTransferred, about, { fromAgentId, ...toWhom(acts) })
  } else if (what === 'lost') {
    const agentId = by ?? row.agentId
    await ctx.emit(callLost, about, { party: agentId === null ? 'customer' : 'agent', agentId })
  } else await ctx.emit(callTurned, about, { what, by })
}

/** One of us at once or by the queue, whoever of a queue, or somebody outside. */
function toWhom(acts: readonly Act[]): { toAgentId: string | null; toQueueId: string | null } {
  for (const act of acts) {
    if (act.act === 'reassign') return { toAgentId: act.agentId, toQueueId: null }
    if (act.act === 'queue') return { toAgentId: act.agentId, toQueueId: act.agentId === null ? act.queueId : null }
  }
  return { toAgentId: null, toQueueId: null }
}

/** It begins when the leader's phone is up, which the switch tells: the audit names the leader all the same. */
async function inNameOf(ctx: Ctx, id: string | null, fn: () => Promise<unknown>): Promise<void> {
  const before = ctx.actor
  ctx.actor = (id === null ? null : await ctx.house.standIn(ctx, id)) ?? before
  await fn()
  ctx.actor = before
}

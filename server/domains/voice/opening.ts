import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { CallRow } from './rows.ts'
import type { Call } from './rules/call.ts'
import { begin } from './rules/machine.ts'

type Opened = Pick<Call, 'id' | 'direction' | 'language' | 'caller' | 'called' | 'trunkId'> & { line: string }

/** A call before its first step: the customer's leg rings with us, or is not there yet. */
export function newCall(ctx: Ctx, { line, ...opened }: Opened): CallRow {
  const { id, direction, caller, called } = opened
  const machine = begin(direction === 'in' ? { ...opened, direction, leg: newId() } : { ...opened, direction })
  return {
    ...{ id, direction, line, caller, called, machine, stage: 'flow' },
    interactionId: null,
    numberId: null,
    flowId: null,
    flowVersion: null,
    customerId: null,
    customerName: '',
    queueId: null,
    agentId: null,
    startedAt: ctx.now,
    answeredAt: null,
    endedAt: null,
    cause: null,
    worstMos: null,
    recorded: false,
    dueAt: null,
    clientId: null,
    ratingAsked: false,
    rating: null,
  }
}

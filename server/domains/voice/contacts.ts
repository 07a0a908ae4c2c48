import type { Ctx } from '#kernel/work.ts'
import { callOfInteraction } from './rows.ts'
import type { Told } from './rules/call.ts'
import { stepOf } from './stepping.ts'

type Contact = { interactionId: string; agentId: string; queueId: string }

/** What routing decides about a call is one more input of its machine, in the transaction in which it was decided. */
async function tell(ctx: Ctx, interactionId: string, told: Told): Promise<void> {
  const row = await callOfInteraction(ctx, interactionId)
  if (row) await stepOf(ctx, row, [{ from: 'house', ...told }])
}

export const callContacts = {
  channel: 'phone' as const,
  lock: callOfInteraction,
  accepted: (ctx: Ctx, { interactionId, agentId, queueId }: Contact) => tell(ctx, interactionId, { kind: 'accepted', agentId, queueId }),
  expired: (ctx: Ctx, { interactionId }: Contact) => tell(ctx, interactionId, { kind: 'expired' }),
  overflowed: (ctx: Ctx, { interactionId, queueId }: { interactionId: string; queueId: string }) =>
    tell(ctx, interactionId, { kind: 'moved', queueId }),
}

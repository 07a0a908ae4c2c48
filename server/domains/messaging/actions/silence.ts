import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { silenceDue } from '../events.ts'
import { silence } from '../rules.ts'
import { abandon, finish } from './end.ts'
import { type Conversation, lockConversation } from './say.ts'

/** Looks again when the silence could mean something; the row decides then. */
export const watchSilence = (ctx: Ctx, c: Conversation, at: Date | null): Promise<void> =>
  ctx.at(at, silenceDue, { id: c.id, clock: 'silence' }, {})

/** A customer who is gone, or says nothing any more, does not keep an agent's place for ever. */
export async function endIfSilent(ctx: Ctx, id: string): Promise<void> {
  const c = await lockConversation(ctx, id)
  const {
    rows: [signs],
  } = await sql<{ online: boolean; seenAt: Date; customerAt: Date | null; agentAt: Date | null }>`
    select v.online, v.seen_at as "seenAt",
      (select max(sent_at) from messaging.message where tenant_id = ${ctx.tenantId} and conversation_id = ${id} and author = 'customer') as "customerAt",
      (select max(sent_at) from messaging.message where tenant_id = ${ctx.tenantId} and conversation_id = ${id} and author = 'agent' and kind <> 'note') as "agentAt"
    from messaging.visitor v where v.tenant_id = ${ctx.tenantId} and v.id = ${c.visitorId}`.execute(ctx.db)
  if (!signs) return
  const verdict = silence(
    {
      state: c.state,
      online: signs.online,
      seenAt: signs.seenAt,
      answeredAt: c.answeredAt,
      lastCustomerAt: signs.customerAt ?? c.startedAt,
      lastAgentAt: signs.agentAt,
    },
    ctx.now,
  )
  if (verdict === null) return
  if (verdict !== 'over') return watchSilence(ctx, c, verdict)
  if (c.state === 'waiting') return abandon(ctx, c)
  await finish(ctx, c, 'silence')
}

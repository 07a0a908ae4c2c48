import { sql } from 'kysely'
import type { NeedState } from '#contract/needs.ts'
import type { Way } from '#contract/outgoing.ts'
import { canSend, mayReach, sendMessage } from '#domains/messaging/index.ts'
import { keptOf, ofFamily } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'
import { needTellingDue, needTold } from './events.ts'
import { ofNeed } from './queries.ts'

const atOnce = 50

/** Tells the next of those who said it, each once, past the guard; whoever cannot be reached stands there with the reason. Goes on until all are told. */
export async function tellVoices(ctx: Ctx, needId: string): Promise<void> {
  // Whoever answers anew waits until these were told the answer that stands: else they would count as told the new one.
  const need = await ctx.db
    .selectFrom('needs.need')
    .select(['title', 'answer', 'state', 'mergedInto'])
    .where('id', '=', needId)
    .forShare()
    .executeTakeFirst()
  if (!need || need.mergedInto !== null) return
  const { rows } = await sql<{ id: string; customerId: string }>`select v.id, v.customer_id as "customerId" from needs.voice v
    where v.tenant_id = ${ctx.tenantId} and v.customer_id is not null and v.told_at is null and ${ofNeed(ctx, needId)}
    order by v.id limit ${atOnce} for update of v`.execute(ctx.db)
  for (const { id, customerId } of rows) {
    const kept = await keptOf(ctx, customerId)
    // Two files of one customer, or two needs that became one: told once.
    const { rows: already } = await sql<{
      id: string
    }>`select v.id from needs.voice v where v.tenant_id = ${ctx.tenantId} and v.told_at is not null
      and ${ofFamily(ctx, sql`v.customer_id`, kept)} and ${ofNeed(ctx, needId)} limit 1`.execute(ctx.db)
    const outcome = already.length > 0 ? { reason: 'told_already' } : await tellOne(ctx, needId, kept, need)
    const messageId = 'messageId' in outcome ? outcome.messageId : null
    const untold = 'reason' in outcome ? outcome.reason : null
    await ctx.db.updateTable('needs.voice').set({ toldAt: ctx.now, messageId, untold }).where('id', '=', id).execute()
    if (untold !== 'told_already')
      await ctx.emit(needTold, { id: needId, customerId: kept }, { state: need.state, way: messageId === null ? 'none' : 'message' })
  }
  if (rows.length === atOnce) await ctx.at(ctx.now, needTellingDue, { id: needId, clock: 'telling' }, {})
}

async function tellOne(
  ctx: Ctx,
  needId: string,
  customerId: string,
  need: { title: string; answer: string; state: NeedState },
): Promise<{ messageId: string } | { reason: string }> {
  const reasons: string[] = []
  for (const channel of ['sms', 'mail'] satisfies Way[]) {
    if (!(await canSend(ctx, channel))) continue
    const verdict = await mayReach(ctx, { customerId, channel, purpose: 'notice' })
    // Quiet hours only hold: it waits in the outbox.
    if (!verdict.may && verdict.earliest === null) {
      reasons.push(verdict.reason)
      continue
    }
    const { id } = await sendMessage(ctx, {
      channel,
      purpose: 'notice',
      template: 'need_answer',
      variables: { title: need.title, content: need.answer },
      customerId,
      idempotencyKey: `need ${needId} ${customerId} ${need.state} ${ctx.now.getTime()}`,
    })
    return { messageId: id }
  }
  return { reason: reasons.find(reason => reason !== 'no_address' && reason !== 'not_mobile') ?? reasons[0] ?? 'no_way' }
}

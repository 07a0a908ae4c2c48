import { sql } from 'kysely'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { duplicateDismissed } from './events.ts'
import { factsOf, printOf } from './finding.ts'
import { duplicateById } from './queries.ts'
import { likeness } from './rules.ts'

/** Two customers, somebody says: nobody is asked again until what was compared has changed. */
export async function dismissPair(ctx: Ctx, id: string, dismissed: boolean) {
  const pair = await duplicateById(ctx, id, 'customer:merge')
  const row = found(
    await ctx.db.selectFrom('customers.duplicate').select(['aId', 'bId', 'state']).where('id', '=', id).forUpdate().executeTakeFirst(),
    'duplicate',
    id,
  )
  if (row.state === (dismissed ? 'dismissed' : 'open')) return pair
  await settlePair(ctx, row.aId, row.bId, dismissed ? 'dismissed' : 'open')
  await ctx.emit(duplicateDismissed, { id }, { aId: row.aId, bId: row.bId, dismissed })
  return duplicateById(ctx, id, 'customer:merge')
}

/** What a person decided of a pair, and what the files said then. Two that are nothing like one another need no word. */
export async function settlePair(ctx: Ctx, one: string, other: string, state: 'open' | 'dismissed' | 'merged'): Promise<void> {
  const [a, b] = one < other ? [one, other] : [other, one]
  const decided = state === 'open' ? { at: null, by: null } : { at: ctx.now, by: actorId(ctx.actor) }
  if (state === 'merged') {
    await ctx.db
      .updateTable('customers.duplicate')
      .set({ state, decidedAt: decided.at, decidedById: decided.by })
      .where('aId', '=', a)
      .where('bId', '=', b)
      .execute()
    return
  }
  const facts = await factsOf(ctx, [a, b])
  const [left, right] = [facts.get(a), facts.get(b)]
  const alike = left && right && likeness(left, right)
  if (!alike) return
  await sql`insert into customers.duplicate (tenant_id, id, a_id, b_id, score, reasons, print, state, found_at, decided_at, decided_by_id)
    values (${ctx.tenantId}, ${newId()}, ${a}, ${b}, ${alike.score}, ${alike.reasons}, ${printOf([left, right])}, ${state}, ${ctx.now}, ${decided.at}, ${decided.by})
    on conflict (tenant_id, a_id, b_id) do update set score = excluded.score, reasons = excluded.reasons, print = excluded.print, state = excluded.state,
      decided_at = excluded.decided_at, decided_by_id = excluded.decided_by_id`.execute(ctx.db)
}

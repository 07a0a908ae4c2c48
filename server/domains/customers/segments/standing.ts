import { sql } from 'kysely'
import type * as z from 'zod'
import { Tier } from '#contract/customers.ts'
import type { LadderHistory, LadderKind, ladders, PinWay, Standings } from '#contract/segments.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { lockFile } from '../profile/locking.ts'
import { customerReleased } from './events.ts'
import { columnOf } from './ladders.ts'
import { isPersonsWord, tellMoves, writeMoves } from './moves.ts'
import { pinAll } from './pins.ts'
import { readSteps } from './steps.ts'

const mostTold = 50

export async function standingsOf(ctx: Ctx, asked: string): Promise<Standings> {
  const id = await seenFile(ctx, asked)
  const { rows } = await sql<{ tier: string; stage: string }>`select tier, stage from customers.customer
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const { rows: pins } = await sql<{
    kind: LadderKind
    way: PinWay
    reason: string
    byName: string | null
    at: Date
  }>`select l.kind, l.way, l.reason, p.name as "byName", l.at
    from customers.ladder_pin l left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = l.by_id
    where l.tenant_id = ${ctx.tenantId} and l.customer_id = ${id}`.execute(ctx.db)
  const { rows: history } = await sql<
    z.output<typeof LadderHistory>
  >`select s.id, s.kind, s.was, s.becomes, s.at, s.way, p.name as "byName", s.why
    from customers.ladder_step s left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = s.by_id
    where s.tenant_id = ${ctx.tenantId} and s.customer_id in (select f.id from customers.fact_family f where f.tenant_id = ${ctx.tenantId} and f.kept_id = ${id})
    order by s.id desc limit ${mostTold}`.execute(ctx.db)
  const pinned = (kind: LadderKind) => {
    const pin = pins.find(p => p.kind === kind)
    return pin ? { way: pin.way, reason: pin.reason, byName: pin.byName, at: pin.at } : null
  }
  return {
    standings: [
      { kind: 'tier', step: rows[0]?.tier ?? '', pinned: pinned('tier') },
      { kind: 'stage', step: rows[0]?.stage ?? '', pinned: pinned('stage') },
    ],
    history,
  }
}

export async function placeByHand(
  ctx: Ctx,
  id: string,
  kind: LadderKind,
  { step, reason }: z.output<typeof ladders.place.body>,
): Promise<Standings> {
  const known = kind === 'tier' ? Tier.safeParse(step).success : (await readSteps(ctx, kind)).some(s => s.key === step)
  if (!known) throw new Refusal('invalid', 'ladder.step_unknown', { step })
  await lockFile(ctx, id)
  const column = columnOf(kind)
  const { rows } = await sql<{ was: string }>`select ${column} as was from customers.customer
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const was = rows[0]?.was ?? ''
  // Also where they stand there already: a ladder that is asking about them at this moment sees that they are not who they were.
  await sql`update customers.customer set ${column} = ${step}, version = version + 1, changed_xid = ${thisTransaction}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  await pinAll(ctx, kind, 'person', [id], { reason, those: 'all' })
  if (was !== step) {
    const way = isPersonsWord(ctx) ? 'person' : 'rule'
    const moves = [{ id, was, becomes: step, why: reason }]
    await writeMoves(ctx, kind, way, moves)
    await tellMoves(ctx, kind, way, moves, true)
  }
  return standingsOf(ctx, id)
}

export async function release(ctx: Ctx, id: string, kind: LadderKind): Promise<Standings> {
  await lockFile(ctx, id)
  const { numAffectedRows } = await sql`delete from customers.ladder_pin
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} and kind = ${kind}`.execute(ctx.db)
  if (numAffectedRows) await ctx.emit(customerReleased, { id, customerId: id }, { kind })
  return standingsOf(ctx, id)
}

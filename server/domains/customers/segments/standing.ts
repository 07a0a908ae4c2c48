import { sql } from 'kysely'
import type * as z from 'zod'
import { Tier } from '#contract/customers.ts'
import type { LadderHistory, LadderKind, ladders, Standings } from '#contract/segments.ts'
import { actorId, isRule } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { lockFile } from '../profile/locking.ts'
import { customerMoved, customerReleased } from './events.ts'
import { columnOf } from './ladders.ts'
import { readLadder, readSteps } from './steps.ts'

const mostTold = 50

export async function standingsOf(ctx: Ctx, asked: string): Promise<Standings> {
  const id = await seenFile(ctx, asked)
  const { rows } = await sql<{ tier: string; stage: string }>`select tier, stage from customers.customer
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const { rows: pins } = await sql<{
    kind: LadderKind
    reason: string
    byName: string | null
    at: Date
  }>`select l.kind, l.reason, p.name as "byName", l.at
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
    return pin ? { reason: pin.reason, byName: pin.byName, at: pin.at } : null
  }
  return {
    standings: [
      { kind: 'tier', step: rows[0]?.tier ?? '', pinned: pinned('tier') },
      { kind: 'stage', step: rows[0]?.stage ?? '', pinned: pinned('stage') },
    ],
    history,
  }
}

/** Writes down who moved whom; a person's word stays until it is released, where a rule would otherwise take it back. */
async function handSet(ctx: Ctx, id: string, kind: LadderKind, was: string, becomes: string, why: string, pin: boolean): Promise<void> {
  const way = isRule(ctx.actor) || ctx.actor.kind !== 'user' ? 'rule' : 'person'
  if (pin)
    await sql`insert into customers.ladder_pin (tenant_id, customer_id, kind, reason, by_id, at)
      values (${ctx.tenantId}, ${id}, ${kind}, ${why}, ${actorId(ctx.actor)}, ${ctx.now})
      on conflict (tenant_id, customer_id, kind) do update set reason = excluded.reason, by_id = excluded.by_id, at = excluded.at`.execute(
      ctx.db,
    )
  if (was === becomes) return
  await sql`insert into customers.ladder_step (tenant_id, id, customer_id, kind, was, becomes, at, way, by_id, why)
    values (${ctx.tenantId}, ${newId()}, ${id}, ${kind}, ${was}, ${becomes}, ${ctx.now}, ${way}, ${way === 'person' ? actorId(ctx.actor) : null}, ${why})`.execute(
    ctx.db,
  )
  const { name = '', nameEn = '' } = (await readSteps(ctx, kind)).find(s => s.key === becomes) ?? {}
  await ctx.emit(
    customerMoved,
    { id, customerId: id },
    { kind, was, becomes, name, nameEn, way, pinned: pin },
    why === '' ? {} : { reason: why },
  )
}

/** A tier written into the file itself: history like any other move; it stays where the tiers are kept by rule and a person said it. */
export async function tierWritten(ctx: Ctx, id: string, was: string, becomes: string): Promise<void> {
  const byPerson = ctx.actor.kind === 'user' && !isRule(ctx.actor)
  await handSet(ctx, id, 'tier', was, becomes, '', byPerson && (await readLadder(ctx, 'tier')).active)
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
  if (was !== step)
    await sql`update customers.customer set ${column} = ${step}, version = version + 1, changed_xid = pg_current_xact_id()
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  await handSet(ctx, id, kind, was, step, reason, true)
  return standingsOf(ctx, id)
}

export async function release(ctx: Ctx, id: string, kind: LadderKind): Promise<Standings> {
  await lockFile(ctx, id)
  const { numAffectedRows } = await sql`delete from customers.ladder_pin
    where tenant_id = ${ctx.tenantId} and customer_id = ${id} and kind = ${kind}`.execute(ctx.db)
  if (numAffectedRows) await ctx.emit(customerReleased, { id, customerId: id }, { kind })
  return standingsOf(ctx, id)
}

import { sql } from 'kysely'
import type { LadderKind, PinWay } from '#contract/segments.ts'
import { actorId } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'

/** They stay where they stand until they are released. `those`: all of them, or those alone who are pinned already. */
export async function pinAll(
  ctx: Ctx,
  kind: LadderKind,
  way: PinWay,
  ids: readonly string[],
  { reason, those }: { reason: string; those: 'all' | 'pinned' },
): Promise<void> {
  if (ids.length === 0) return
  const by = actorId(ctx.actor)
  if (those === 'pinned')
    await sql`update customers.ladder_pin set reason = ${reason}, by_id = ${by}::uuid, at = ${ctx.now}, way = ${way}
      where tenant_id = ${ctx.tenantId} and kind = ${kind} and customer_id = any(${ids}::uuid[])`.execute(ctx.db)
  else
    await sql`insert into customers.ladder_pin (tenant_id, customer_id, kind, reason, by_id, at, way)
      select ${ctx.tenantId}::uuid, x.id, ${kind}, ${reason}, ${by}::uuid, ${ctx.now}::timestamptz, ${way} from unnest(${ids}::uuid[]) as x(id)
      on conflict (tenant_id, customer_id, kind) do update set reason = excluded.reason, by_id = excluded.by_id, at = excluded.at, way = excluded.way`.execute(
      ctx.db,
    )
}

/** A pin as its row is, without whose it is: to be remembered. */
export type Pin = { reason: string; at: string; [column: string]: unknown }

export async function pinsOf(ctx: Ctx, kind: LadderKind, ids: readonly string[]): Promise<ReadonlyMap<string, Pin>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{
    id: string
    pin: Pin
  }>`select p.customer_id as id, to_jsonb(p) - 'customer_id' as pin from customers.ladder_pin p
    where p.tenant_id = ${ctx.tenantId} and p.customer_id = any(${ids}::uuid[]) and p.kind = ${kind}`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.pin]))
}

/** As each was remembered; null: not pinned. */
export async function putPins(ctx: Ctx, kind: LadderKind, those: readonly { id: string; pin: Pin | null }[]): Promise<void> {
  if (those.length === 0) return
  await sql`delete from customers.ladder_pin where tenant_id = ${ctx.tenantId} and kind = ${kind}
    and customer_id = any(${those.map(one => one.id)}::uuid[])`.execute(ctx.db)
  const pins = those.flatMap(({ id, pin }) => (pin ? [{ way: 'person', ...pin, tenant_id: ctx.tenantId, customer_id: id, kind }] : []))
  if (pins.length > 0)
    await sql`insert into customers.ladder_pin select * from jsonb_populate_recordset(null::customers.ladder_pin, ${JSON.stringify(pins)}::jsonb)`.execute(
      ctx.db,
    )
}

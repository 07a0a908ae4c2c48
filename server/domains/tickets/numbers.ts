import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { numberOf } from './rules.ts'

/** So many may be opened at once under one code; lane r gives r + 1, r + 1 + lanes, and so on without a gap. */
export const lanes = 32

export type Lane = { n: number; code: string; day: string }

/** The smallest number of the kind, today, that nobody is holding; its lane stays locked until this work commits. Others skip it and take the next. */
export async function takeLane(ctx: Ctx, kindId: string): Promise<Lane | null> {
  const { rows } = await sql<Lane>`update tickets.number_rack r set next = r.next + ${sql.lit(lanes)}
    where r.tenant_id = ${ctx.tenantId} and (r.code, r.day, r.lane) = (
      select f.code, f.day, f.lane from tickets.number_rack f where f.tenant_id = ${ctx.tenantId}
        and f.code = (select k.code from tickets.kind k where k.tenant_id = ${ctx.tenantId} and k.id = ${kindId})
        and f.day = (select (${ctx.now}::timestamptz at time zone t.timezone)::date from identity.fact_tenant t where t.tenant_id = ${ctx.tenantId})
      order by f.next limit 1 for update of f skip locked)
    returning r.next - ${sql.lit(lanes)} as n, r.code, r.day`.execute(ctx.db)
  return rows[0] ?? null
}

/** The number of the lane taken; without one the lanes of the day are set up first, or all of them are held. */
export async function takeNumber(ctx: Ctx, code: string, day: string, taken: Lane | null): Promise<string> {
  if (taken && taken.code === code && taken.day === day) return numberOf(code, day, taken.n)
  await setUp(ctx, code, day)
  const n = (await take(ctx, code, day, 'skip')) ?? (await take(ctx, code, day, 'wait'))
  if (n === null) throw new Error(`no rack of numbers for ${code} on ${day}`)
  return numberOf(code, day, n)
}

async function take(ctx: Ctx, code: string, day: string, held: 'skip' | 'wait'): Promise<number | null> {
  const { rows } = await sql<{ n: number }>`update tickets.number_rack r set next = r.next + ${sql.lit(lanes)}
    where r.tenant_id = ${ctx.tenantId} and r.code = ${code} and r.day = ${day} and r.lane = (
      select f.lane from tickets.number_rack f where f.tenant_id = ${ctx.tenantId} and f.code = ${code} and f.day = ${day} order by f.next limit 1 for update ${held === 'skip' ? sql`skip locked` : sql``})
    returning r.next - ${sql.lit(lanes)} as n`.execute(ctx.db)
  return rows[0]?.n ?? null
}

/** The first ticket of a code on a day sets up its lanes, behind whatever was imported for that day. */
async function setUp(ctx: Ctx, code: string, day: string): Promise<void> {
  const prefix = numberOf(code, day, 0).replace(/\d+$/, '')
  const { rows } = await sql<{ last: number | null }>`select max(substring(number from '\\d+$')::int) as last from tickets.ticket
    where tenant_id = ${ctx.tenantId} and number >= ${prefix} and number < ${`${prefix}:`} and opened_on = ${day}`.execute(ctx.db)
  const first = (rows[0]?.last ?? 0) + 1
  const values = Array.from({ length: lanes }, (_, lane) => sql`(${ctx.tenantId}, ${code}, ${day}, ${lane}, ${first + lane})`)
  await sql`insert into tickets.number_rack (tenant_id, code, day, lane, next) values ${sql.join(values)} on conflict do nothing`.execute(
    ctx.db,
  )
}

/** Racks of days gone by are taken down. */
export async function clearRacks(ctx: Ctx): Promise<void> {
  await sql`delete from tickets.number_rack where tenant_id = ${ctx.tenantId} and day < ${ctx.now}::date - 3`.execute(ctx.db)
}

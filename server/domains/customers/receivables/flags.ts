import { sql } from 'kysely'
import type * as z from 'zod'
import type { Flag, NewFlag } from '#contract/flags.ts'
import { ownFlags } from '#contract/receivables.ts'
import { ofFamily } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { heldFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { todayOf } from './counting.ts'
import { flagDropped, flagSet } from './events.ts'

/** A page of customers is marked by this; more marks than these say nothing any more. */
const most = 20

/** Marks on those of these customers whom the actor may see. What two files of one customer bear is read under the file that is kept. */
export async function flagsOf(ctx: Ctx, ids: readonly string[]): Promise<Flag[]> {
  const today = await todayOf(ctx)
  const seen = await visibleCustomers(ctx).select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute()
  const shown = seen.map(row => row.id)
  const { rows } =
    await sql<Flag>`select distinct on (rank, x.customer_id, code) x.customer_id, f.code, f.level, f.name, f.name_en, f.since, f.until, f.source,
      array_position(array['bad', 'warn', 'info'], f.level) as rank
    from (select id, coalesce(merged_into, id) as customer_id from customers.customer where tenant_id = ${ctx.tenantId} and (id = any(${shown}::uuid[]) or merged_into = any(${shown}::uuid[]))) x
    join customers.flag f on f.tenant_id = ${ctx.tenantId} and f.customer_id = x.id
    where f.until is null or f.until >= ${today}::date order by rank, x.customer_id, code, f.since`.execute(ctx.db)
  return rows
}

const mustNotBeOurs = (code: string) => {
  if (!/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(code)) throw new Refusal('invalid', 'flag.code_invalid')
  if (ownFlags.some(own => own === code)) throw new Refusal('conflict', 'flag.our_own', { code })
}
/** Held against a second who says the same of the same customer, by whichever of their ids. */
async function lockCustomer(ctx: Ctx, id: string): Promise<string> {
  const kept = await heldFile(ctx, id, null)
  await ctx.db.selectFrom('customers.customer').select('id').where('id', '=', kept).forNoKeyUpdate().execute()
  return kept
}

export async function setFlag(ctx: Ctx, asked: string, code: string, body: z.output<typeof NewFlag>): Promise<Flag> {
  mustNotBeOurs(code)
  const customerId = await lockCustomer(ctx, asked)
  // As the family bears it: a mark of the file that was merged away is changed where it is.
  const all = await ctx.db
    .selectFrom('customers.flag')
    .selectAll()
    .where(ofFamily(ctx, sql`customer_id`, customerId))
    .execute()
  const same = all.filter(flag => flag.code === code)
  const before = same.find(flag => flag.customerId === customerId) ?? same[0]
  if (!before && new Set(all.map(flag => flag.code)).size >= most) throw new Refusal('conflict', 'flag.too_many', { most })
  const after: Flag = { ...body, customerId, code, since: body.since ?? before?.since ?? (await todayOf(ctx)) }
  const keys = ['level', 'name', 'nameEn', 'since', 'until', 'source'] as const
  if (before && same.length === 1 && keys.every(key => before[key] === after[key])) return after
  const others = same.flatMap(flag => (flag === before ? [] : [flag.id]))
  if (others.length > 0) await ctx.db.deleteFrom('customers.flag').where('id', 'in', others).execute()
  await ctx.db
    .insertInto('customers.flag')
    .values({ ...after, customerId: before?.customerId ?? customerId, id: newId(), setAt: ctx.now })
    .onConflict(
      conflict =>
      conflict.columns(['customerId', 'code']).doUpdateSet({
        level: after.level, name: after.name, nameEn: after.nameEn, since: after.since, until: after.until, source: after.source, setAt: ctx.now,
      }), // biome-ignore format: as a table
    )
    .execute()
  await ctx.emit(flagSet, { id: customerId, customerId }, { code, level: after.level })
  return after
}

export async function dropFlag(ctx: Ctx, asked: string, code: string): Promise<void> {
  mustNotBeOurs(code)
  const customerId = await lockCustomer(ctx, asked)
  const dropped = await ctx.db
    .deleteFrom('customers.flag')
    .where(ofFamily(ctx, sql`customer_id`, customerId))
    .where('code', '=', code)
    .returning('id')
    .execute()
  // Taken away twice is taken away.
  if (dropped.length > 0) await ctx.emit(flagDropped, { id: customerId, customerId }, { code })
}

import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import { type Keeping, KeepingKind, type keeping } from '#contract/privacy.ts'
import { actorId } from '#kernel/access.ts'
import { firstIdOf } from '#kernel/audit.ts'
import { stillSays, wipeAged } from '#kernel/erasing.ts'
import { type Holding, holdings, theirs } from '#kernel/holdings.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { eraseCustomer, erasuresGoingOn } from './erasure.ts'
import { keepingChanged, keepingDue, keptNoLonger } from './events.ts'
import { heldFamilies, silent } from './silent.ts'

const day = 86_400_000
/** Counted no further: a preview answers at once. */
const mostCounted = 100_000
/** Customers who were silent for too long go for so long of a night, each by a whole erasure; the next night goes on behind them. */
const nightMs = 3 * 3_600_000
/** Asked for in one commit, and no more while so many are being carried through. */
const perTurn = 5
const mostGoingOn = 20
/** Customers looked at in one commit. */
const page = 2_000
const soon = 1_000
const later = 10_000

export async function keepings(ctx: Ctx): Promise<Keeping[]> {
  const { rows } = await sql<{
    kind: string
    days: number
  }>`select kind, days from customers.keeping where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  const set = new Map(rows.map(row => [row.kind, row.days]))
  return KeepingKind.options.map(kind => ({ kind, days: set.get(kind) ?? null }))
}

export async function changeKeeping(ctx: Ctx, { kind, days }: z.output<typeof keeping.change.body>): Promise<Keeping[]> {
  if (days === null) await sql`delete from customers.keeping where tenant_id = ${ctx.tenantId} and kind = ${kind}`.execute(ctx.db)
  else
    await sql`insert into customers.keeping (tenant_id, kind, days, changed_at, changed_by_id) values (${ctx.tenantId}, ${kind}, ${days}, ${ctx.now}, ${actorId(ctx.actor)})
      on conflict (tenant_id, kind) do update set days = excluded.days, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
      ctx.db,
    )
  await ctx.emit(keepingChanged, { id: ctx.tenantId }, { kind, days })
  return keepings(ctx)
}

const ofKind = (kind: string): Holding[] => holdings().filter(one => one.kept?.as === kind)

const beforeOf = (ctx: Ctx, days: number) => firstIdOf(new Date(ctx.now.getTime() - days * day))

/** Rows whose matter is over and whose customer nobody holds. */
async function isOver(ctx: Ctx): Promise<(holding: Holding) => RawBuilder<unknown>> {
  const { rows } = await heldFamilies(ctx).execute(ctx.db)
  const held = { ids: rows.map(row => row.id), phones: [], emails: [], shared: [], called: [], numbers: [] }
  return holding => {
    const over = sql.raw(holding.kept?.over ?? 'true')
    return held.ids.length === 0 ? sql`${over}` : sql`${over} and (${theirs(holding, ctx.tenantId, held)}) is not true`
  }
}

export async function previewKeeping(ctx: Ctx, { kind, days }: z.output<typeof keeping.preview.body>) {
  const over = await isOver(ctx)
  const parts =
    kind === 'customers'
      ? [
          sql`select coalesce(c.last_contact_at, c.since) as at from customers.customer c where c.tenant_id = ${ctx.tenantId} and ${silent(ctx, days)}`,
        ]
      : ofKind(kind).map(
          one => sql`select to_timestamp((('x' || substr(replace(t.id::text, '-', ''), 1, 12))::bit(48)::bigint) / 1000.0) as at
            from ${sql.raw(one.table)} t where t.tenant_id = ${ctx.tenantId} and t.id < ${beforeOf(ctx, days)}::uuid and ${over(one)} and ${stillSays(one)}`,
        )
  if (parts.length === 0) return { rows: 0, more: false, oldest: null }
  const { rows } = await sql<{ rows: number; oldest: Date | null }>`select count(*)::int as rows, min(at) as oldest
    from (select at from (${sql.join(parts, sql` union all `)}) every_one limit ${mostCounted + 1}) counted`.execute(ctx.db)
  const { rows: n, oldest } = rows[0] ?? { rows: 0, oldest: null }
  return { rows: Math.min(n, mostCounted), more: n > mostCounted, oldest }
}

/** Every night, for each that has an end. */
export async function beginKeeping(ctx: Ctx): Promise<void> {
  const until = new Date(ctx.now.getTime() + nightMs).toISOString()
  for (const { kind, days } of await keepings(ctx))
    if (days !== null) await ctx.at(ctx.now, keepingDue, { id: ctx.tenantId, clock: kind }, { kind, rows: 0, n: 0, after: null, until })
}

type Night = z.output<typeof keepingDue.detail>
type Part = { rows: number } & ({ over: true } | ({ over: false; inMs: number } & Pick<Night, 'n' | 'after'>))

/** One bounded part of a night's work; the next follows until nothing is left. */
export async function keepNoLonger(ctx: Ctx, night: Night): Promise<void> {
  const { kind } = night
  const days = (await keepings(ctx)).find(one => one.kind === kind)?.days
  if (days === null || days === undefined) return
  const { rows: more, ...part } = kind === 'customers' ? await eraseSilent(ctx, days, night) : await blankOld(ctx, days, night)
  const rows = night.rows + more
  if (!part.over) {
    const { inMs, n, after } = part
    await ctx.at(
      new Date(ctx.now.getTime() + inMs),
      keepingDue,
      { id: ctx.tenantId, clock: kind },
      { kind, rows, n, after, until: night.until },
    )
  } else if (rows > 0) await ctx.emit(keptNoLonger, { id: ctx.tenantId }, { kind, days, rows })
}

/** Holding after holding, oldest first: what is passed over because it is held or not over is passed over once a night. */
async function blankOld(ctx: Ctx, days: number, { kind, n, after }: Night): Promise<Part> {
  const all = ofKind(kind)
  const holding = all[n]
  if (!holding) return { rows: 0, over: true }
  const over = await isOver(ctx)
  const { rows, next } = await wipeAged(ctx, holding, over(holding), { after, before: beforeOf(ctx, days) })
  if (next !== null) return { rows, over: false, inMs: soon, n, after: next }
  return n + 1 < all.length ? { rows, over: false, inMs: soon, n: n + 1, after: null } : { rows, over: true }
}

/** A page of customers after another. Nobody stands in the way of others: the next night goes on behind whom this one looked at last, and begins anew after all. */
async function eraseSilent(ctx: Ctx, days: number, { until }: Night): Promise<Part> {
  if (until === null || ctx.now >= new Date(until)) return { rows: 0, over: true }
  if ((await erasuresGoingOn(ctx)) >= mostGoingOn) return { rows: 0, over: false, inMs: later, n: 0, after: null }
  const { rows: stood } = await sql<{ at: string | null }>`select stood_at as at from customers.keeping
    where tenant_id = ${ctx.tenantId} and kind = 'customers' for update`.execute(ctx.db)
  const at = stood[0]?.at ?? null
  const { rows: looked } = await sql<{ id: string }>`select id from customers.customer where tenant_id = ${ctx.tenantId}
    ${at === null ? sql`` : sql`and id > ${at}`} order by id limit ${page}`.execute(ctx.db)
  const { rows } = await sql<{
    id: string
    number: string
  }>`select c.id, c.number from customers.customer c where c.tenant_id = ${ctx.tenantId}
    and c.id = any(${looked.map(row => row.id)}::uuid[]) and ${silent(ctx, days)} order by c.id limit ${perTurn}`.execute(ctx.db)
  let erased = 0
  for (const { id, number } of rows)
    try {
      await eraseCustomer(ctx, id, { number, reason: `${days}` })
      erased++
    } catch (error) {
      // Something is open: refused before anything was changed.
      if (!(error instanceof Refusal)) throw error
    }
  const isMore = rows.length === perTurn
  const last = isMore ? rows.at(-1)?.id : looked.length === page ? looked.at(-1)?.id : null
  await sql`update customers.keeping set stood_at = ${last ?? null} where tenant_id = ${ctx.tenantId} and kind = 'customers'`.execute(
    ctx.db,
  )
  return last ? { rows: erased, over: false, inMs: soon, n: 0, after: null } : { rows: erased, over: true }
}

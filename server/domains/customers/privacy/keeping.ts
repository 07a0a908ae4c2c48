import { sql } from 'kysely'
import type * as z from 'zod'
import { type Keeping, KeepingKind, type keeping } from '#contract/privacy.ts'
import { actorId } from '#kernel/access.ts'
import { firstIdOf } from '#kernel/audit.ts'
import { pick, wipe } from '#kernel/erasing.ts'
import { type Holding, holdings } from '#kernel/holdings.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { eraseCustomer } from './erasure.ts'
import { keepingChanged, keepingDue, keptNoLonger } from './events.ts'

const day = 86_400_000
/** Counted no further: a preview answers at once. */
const mostCounted = 100_000
/** Customers who were silent for too long go a few a night: each is a whole erasure. */
const mostCustomers = 20
const perTurn = 5_000

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

/** Whoever is held, under every id: what was merged before or after is held with them. */
const heldFamilies = ({ tenantId }: Ctx) => sql`select f.id from customers.hold h
  join customers.fact_family k on k.tenant_id = ${tenantId} and k.id = h.customer_id
  join customers.fact_family f on f.tenant_id = ${tenantId} and f.kept_id = k.kept_id where h.tenant_id = ${tenantId}`

/** Rows older than this whose matter is over and whose customer nobody holds, that still say something. */
function oldOf(ctx: Ctx, { whose, kept, erase, table }: Holding, days: number) {
  if (typeof erase === 'string') throw new Error(`${table} has no words to blank`)
  const before = firstIdOf(new Date(ctx.now.getTime() - days * day))
  const held = heldFamilies(ctx)
  const isHeld = whose('t', ctx.tenantId, customer => sql<boolean>`${customer} in (${held})`)
  return sql`t.id < ${before}::uuid and ${sql.raw(kept?.over ?? 'true')} and (${isHeld}) is not true`
}

const stillSays = ({ erase }: Holding) =>
  typeof erase === 'string'
    ? sql`true`
    : sql.raw(
        `(${Object.entries(erase)
          .map(([name, value]) => `t.${name} is distinct from (${value})`)
          .join(' or ')})`,
      )

/** An old customer: no contact for so long, nobody's hold, not erased yet. */
const silent = (ctx: Ctx, days: number) => {
  const before = new Date(ctx.now.getTime() - days * day)
  return sql`c.tenant_id = ${ctx.tenantId} and c.erased_at is null and c.merged_into is null and coalesce(c.last_contact_at, c.since) < ${before}
    and c.id not in (${heldFamilies(ctx)})`
}

export async function previewKeeping(ctx: Ctx, { kind, days }: z.output<typeof keeping.preview.body>) {
  const parts =
    kind === 'customers'
      ? [sql`select coalesce(c.last_contact_at, c.since) as at from customers.customer c where ${silent(ctx, days)}`]
      : ofKind(kind).map(
          one => sql`select to_timestamp((('x' || substr(replace(t.id::text, '-', ''), 1, 12))::bit(48)::bigint) / 1000.0) as at
            from ${sql.raw(one.table)} t where t.tenant_id = ${ctx.tenantId} and ${oldOf(ctx, one, days)} and ${stillSays(one)}`,
        )
  if (parts.length === 0) return { rows: 0, more: false, oldest: null }
  const { rows } = await sql<{ rows: number; oldest: Date | null }>`select count(*)::int as rows, min(at) as oldest
    from (select at from (${sql.join(parts, sql` union all `)}) every_one limit ${mostCounted + 1}) counted`.execute(ctx.db)
  const { rows: n, oldest } = rows[0] ?? { rows: 0, oldest: null }
  return { rows: Math.min(n, mostCounted), more: n > mostCounted, oldest }
}

/** Every night, for each kind that has an end. */
export async function beginKeeping(ctx: Ctx): Promise<void> {
  for (const { kind, days } of await keepings(ctx))
    if (days !== null) await ctx.at(ctx.now, keepingDue, { id: ctx.tenantId, clock: kind }, { kind, rows: 0 })
}

/** One bounded part of a night's work; the next follows until nothing is left. */
export async function keepNoLonger(ctx: Ctx, { kind, rows: before }: { kind: string; rows: number }): Promise<void> {
  const days = (await keepings(ctx)).find(one => one.kind === kind)?.days
  if (days === null || days === undefined) return
  const done = kind === 'customers' ? await eraseSilent(ctx, days) : await blankOld(ctx, kind, days)
  const rows = before + done.rows
  if (!done.over) await ctx.at(new Date(ctx.now.getTime() + 1000), keepingDue, { id: ctx.tenantId, clock: kind }, { kind, rows })
  else if (rows > 0) await ctx.emit(keptNoLonger, { id: ctx.tenantId }, { kind, days, rows })
}

async function blankOld(ctx: Ctx, kind: string, days: number): Promise<{ rows: number; over: boolean }> {
  let rows = 0
  for (const holding of ofKind(kind)) {
    const some = await pick(ctx, holding, oldOf(ctx, holding, days), perTurn)
    await wipe(ctx, holding, some)
    rows += some.length
    if (some.length === perTurn) return { rows, over: false }
  }
  return { rows, over: true }
}

/** Whoever has something open or owes is passed over and looked at again tomorrow. */
async function eraseSilent(ctx: Ctx, days: number): Promise<{ rows: number; over: boolean }> {
  const { rows } = await sql<{ id: string; number: string }>`select c.id, c.number from customers.customer c where ${silent(ctx, days)}
    and c.balance_due <= 0 order by coalesce(c.last_contact_at, c.since), c.id limit ${mostCustomers}`.execute(ctx.db)
  let erased = 0
  for (const { id, number } of rows)
    try {
      await eraseCustomer(ctx, id, { number, reason: `${days}` })
      erased++
    } catch (error) {
      // Something is open: refused before anything was changed.
      if (!(error instanceof Refusal)) throw error
    }
  return { rows: erased, over: true }
}

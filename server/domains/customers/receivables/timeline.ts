import { sql } from 'kysely'
import type { TimelineEntry } from '#contract/timeline.ts'
import { ofFamily } from '#kernel/family.ts'
import type { Ctx } from '#kernel/work.ts'

type Asked = { before: string | null; size: number; pattern: string | null }
type Row = { id: string; name: 'receivable.billed' | 'receivable.settled'; at: Date; about: string; detail: Record<string, unknown> }

// Ordered among events, whose ids begin with their time, by an id of the same make; bill and payment of one instant differ by the sign of the version.
const key = (at: string, version: 7 | 8) =>
  sql.raw(
    `(lpad(to_hex(greatest(0, (extract(epoch from ${at}) * 1000)::bigint)), 12, '0') || '${version}' || substr(replace(r.id::text, '-', ''), 14))::uuid`,
  )

const matching = (pattern: string | null) =>
  pattern === null ? sql`` : sql`and (r.number ilike ${pattern} or r.kind ilike ${pattern} or r.period ilike ${pattern})`

/** Bills of a customer and when they were paid, newest first, from the books as they stand: a million bills write no event each. */
export async function billsOnTimeline(ctx: Ctx, ids: readonly string[], { before, size, pattern }: Asked): Promise<TimelineEntry[]> {
  const those = sql`customers.receivable r cross join (select timezone from identity.fact_tenant where tenant_id = ${ctx.tenantId}) z
    where r.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`r.customer_id`, ids)}
    ${matching(pattern)}`
  const told = sql`r.id as about, r.number, r.kind, r.period, r.amount, r.open_amount = 0 as paid, r.due_on`
  const issued = 'r.issued_on::timestamp at time zone z.timezone'
  const { rows } = await sql<Row>`select x.id, x.name, x.at, x.about,
      json_build_object('number', x.number, 'kind', x.kind, 'period', x.period, 'amount', x.amount, 'paid', x.paid, 'dueOn', x.due_on) as detail
    from (select ${key(`(${issued})`, 7)} as id, 'receivable.billed' as name, ${sql.raw(issued)} as at, ${told} from ${those}
      union all select ${key('r.settled_at', 8)}, 'receivable.settled', r.settled_at, ${told} from ${those} and r.settled_at is not null) x
    where x.at <= ${ctx.now} ${before === null ? sql`` : sql`and x.id < ${before}`} order by x.id desc limit ${size}`.execute(ctx.db)
  return rows.map(row => ({ ...row, actorName: null, interactionId: null, words: null, changes: [] }))
}

/** How many bills stand on the line. */
export async function billsCounted(ctx: Ctx, ids: readonly string[], pattern: string | null): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from customers.receivable r
    where r.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`r.customer_id`, ids)} and r.issued_on <= ${ctx.now}::timestamptz::date ${matching(pattern)}`.execute(
    ctx.db,
  )
  return rows[0]?.n ?? 0
}

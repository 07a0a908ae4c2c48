import { type RawBuilder, sql } from 'kysely'
import { firstIdOf } from '#kernel/audit.ts'
import type { Ctx } from '#kernel/work.ts'

const day = 86_400_000

/** Whoever is held, under every id: what was merged before or after is held with them. */
export const heldFamilies = ({ tenantId }: Ctx) => sql<{ id: string }>`select f.id from customers.hold h
  join customers.fact_family k on k.tenant_id = ${tenantId} and k.id = h.customer_id
  join customers.fact_family f on f.tenant_id = ${tenantId} and f.kept_id = k.kept_id where h.tenant_id = ${tenantId}`

/**
 * Customers `c` of whom nothing was heard for so long and who are customers no more: nothing runs in their name, nothing was billed, paid, noted, agreed to or changed
 * since, nothing is open, owed or held. Whoever only never rang is not one of them.
 */
export function silent(ctx: Ctx, days: number): RawBuilder<boolean> {
  const { tenantId } = ctx
  const before = new Date(ctx.now.getTime() - days * day)
  const none = (table: string, when: RawBuilder<unknown>) => sql`not exists (select 1 from customers.fact_family f
    join ${sql.raw(table)} t on t.tenant_id = ${tenantId} and t.customer_id = f.id where f.tenant_id = ${tenantId} and f.kept_id = c.id and (${when}))`
  return sql<boolean>`c.id < ${firstIdOf(before)}::uuid and c.erased_at is null and c.merged_into is null and coalesce(c.last_contact_at, c.since) < ${before} and c.balance_due <= 0
    and c.id not in (${heldFamilies(ctx)})
    and ${none('customers.record', sql`t.ended_at is null or t.ended_at >= ${before}`)}
    and ${none('customers.receivable', sql`t.open_amount > 0 or t.issued_on >= ${before}::timestamptz::date or t.settled_at >= ${before}`)}
    and ${none('customers.note', sql`t.written_at >= ${before} or t.changed_at >= ${before}`)}
    and ${none('customers.consent_word', sql`t.at >= ${before}`)}
    and ${none('sales.fact_opportunity', sql`t.state = 'open' or t.changed_at >= ${before}`)}
    and ${none('tickets.fact_ticket', sql`t.status <> 'closed' or t.opened_at >= ${before}`)}
    and ${none('tasks.fact_task', sql`t.done_at is null`)}
    and ${none('kernel.event', sql`t.id >= ${firstIdOf(before)}::uuid and t.name = 'customer.changed' and t.actor_kind not in ('system', 'rule')`)}`
}

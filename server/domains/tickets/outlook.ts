import { sql } from 'kysely'
import { moodDays } from '#contract/outlook.ts'
import { scopeOf } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import type { OutlookGiver } from '#kernel/outlook.ts'
import { visibleTickets } from './queries.ts'
import { isOverdue } from './rules.ts'

const most = 100

/** Open ones, and complaints that lately were. */
export const outlook: OutlookGiver = async (ctx, customerIds) => {
  if (scopeOf(ctx.actor, 'ticket:read') === null) return {}
  const since = new Date(ctx.now.getTime() - moodDays.complaints * 86_400_000)
  const complaint = sql<boolean>`exists (select 1 from tickets.fact_complaint f where f.tenant_id = ${ctx.tenantId} and f.id = t.id)`
  const open = sql<boolean>`t.status not in ('resolved', 'closed')`
  const rows = await visibleTickets(ctx)
    .select(['t.id', 't.number', 't.title', 't.status', 't.dueAt', 't.pausedAt', 't.late', 't.openedAt', complaint.as('complaint')])
    .where(ofFamily(ctx, sql`t.customer_id`, customerIds))
    .where(sql<boolean>`(${open} or (t.opened_at > ${since} and ${complaint}))`)
    .orderBy('t.changedAt', 'desc')
    .orderBy('t.id', 'desc')
    .limit(most)
    .execute()
  return {
    matters: rows.map(row => {
      const open = row.status !== 'resolved' && row.status !== 'closed'
      return {
        id: row.id,
        title: `${row.number} ${row.title}`,
        open,
        late: open && (row.late || isOverdue(row, ctx.now)),
        dueAt: row.dueAt,
        complaint: row.complaint,
        openedAt: row.openedAt,
      }
    }),
  }
}

import { sql } from 'kysely'
import type { Ticket } from '#contract/tickets.ts'
import type { CallLookup, Progress } from '#kernel/callLookups.ts'
import { ofFamily } from '#kernel/family.ts'

const stages: Partial<Record<Ticket['status'], Progress['stage']>> = {
  accepted: 'received',
  dispatched: 'dispatched',
  handling: 'in_work',
  waiting: 'in_work',
  resolved: 'resolved',
}

/** The newest ticket of a caller that is not closed: its number and how it stands, no word of anyone. */
export const callLookups: CallLookup[] = [
  {
    progress: async (ctx, customerId) => {
      const { rows } = await sql<Pick<Ticket, 'number' | 'status'>>`select number, status from tickets.ticket
        where tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`customer_id`, customerId)} and status <> 'closed' order by changed_at desc, id desc limit 1`.execute(
        ctx.db,
      )
      const stage = rows[0] && stages[rows[0].status]
      return rows[0] && stage ? { number: rows[0].number, stage } : null
    },
    whose: async (ctx, digits) => {
      // Month, day and turn; the letters before them are the kinds', of which there are few.
      if (!/^\d{8,12}$/.test(digits)) return null
      const tail = `-${digits.slice(0, 4)}-${digits.slice(4)}`
      const { rows } = await sql<{ customerId: string }>`select t.customer_id as "customerId" from tickets.ticket t
        where t.tenant_id = ${ctx.tenantId} and t.number in (select k.code || ${tail} from tickets.kind k where k.tenant_id = ${ctx.tenantId})
          and t.customer_id is not null order by t.opened_at desc limit 1`.execute(ctx.db)
      return rows[0]?.customerId ?? null
    },
  },
]

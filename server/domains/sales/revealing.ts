import type * as z from 'zod'
import type { opportunities } from '#contract/sales.ts'
import { mayLook } from '#domains/customers/index.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { opportunityRevealed } from './events.ts'
import { visibleOpportunities } from './queries.ts'

/** Shows how a lead is reached, as a customer's numbers are shown: who looked and why stays on record. */
export async function revealLead(ctx: Ctx, id: string, { reason }: z.output<typeof opportunities.reveal.body>) {
  const lead = found(
    await visibleOpportunities(ctx)
      .select(['o.title', 'o.phone', 'o.email', 'o.customerId'])
      .where('o.id', '=', id)
      .where('o.id', 'in', visibleOpportunities(ctx, 'customer:reveal').select('o.id').where('o.id', '=', id))
      .executeTakeFirst(),
    'opportunity',
    id,
  )
  const fields = await mayLook(ctx, reason, ['phone', 'email'])
  await ctx.emit(
    opportunityRevealed,
    { id, customerId: lead.customerId },
    { fields },
    { name: lead.title, ...(reason === undefined ? {} : { reason }) },
  )
  return { phone: fields.includes('phone') ? lead.phone : null, email: fields.includes('email') ? lead.email : null }
}

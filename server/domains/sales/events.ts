import * as z from 'zod'
import { OpportunitySource } from '#contract/sales.ts'
import { audited, event } from '#kernel/events.ts'

const may = 'opportunity:read'
/** Titles may name people: they stand in the personal values. Values are fen. */
export const opportunityOpened = event('opportunity.opened', z.object({ source: OpportunitySource, value: z.int() }), may)
export const opportunityChanged = event('opportunity.changed', z.object({ fields: z.array(z.string()) }), may)
export const opportunityMoved = event(
  'opportunity.moved',
  z.object({ from: z.string(), to: z.string(), state: z.enum(['open', 'won', 'lost']), value: z.int() }),
  may,
)
export const opportunityConverted = event('opportunity.converted', z.object({ newFile: z.boolean() }), may)
/** Somebody looked at the full number and e-mail of a lead; why stands in the personal values. */
export const opportunityRevealed = audited('opportunity.revealed', z.object({ fields: z.array(z.string()) }), may)

import { opportunities, opportunityStages } from '#contract/sales.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { changeOpportunity, convertOpportunity, moveOpportunity, openOpportunity } from './actions.ts'
import { takeOpportunities, upsertOpportunity } from './batch.ts'
import { courseOf, listOpportunities, opportunitiesChanged, opportunityById, sums } from './queries.ts'
import { revealLead } from './revealing.ts'

export function routes(door: Door): void {
  serveCatalog(door, opportunityStages, 'sales.stage')
  serve(door, opportunities, {
    upsert: (ctx, { ext, body }) => upsertOpportunity(ctx, ext, body),
    batch: (ctx, { body }) => takeOpportunities(ctx, body.items),
    changes: (ctx, { query }) => opportunitiesChanged(ctx, query),
    list: (ctx, { query }) => listOpportunities(ctx, query),
    sums: (ctx, { query }) => sums(ctx, query),
    one: (ctx, { id }) => opportunityById(ctx, id),
    course: (ctx, { id }) => courseOf(ctx, id),
    open: (ctx, { body }) => openOpportunity(ctx, body),
    change: (ctx, { id, body }) => changeOpportunity(ctx, id, body),
    move: (ctx, { id, body }) => moveOpportunity(ctx, id, body),
    reveal: (ctx, { id, body }) => revealLead(ctx, id, body),
    convert: (ctx, { id, body }) => convertOpportunity(ctx, id, body),
  })
}

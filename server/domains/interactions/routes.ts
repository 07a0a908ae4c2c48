import { contactOutcomes, contactReasons, interactions } from '#contract/interactions.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { listInteractions, oneInteraction } from './queries.ts'

export function routes(door: Door) {
  serve(door, interactions, {
    list: (ctx, { query }) => listInteractions(ctx, query),
    one: (ctx, { id }) => oneInteraction(ctx, id),
  })
  serveCatalog(door, contactReasons, 'interactions.contact_reason')
  serveCatalog(door, contactOutcomes, 'interactions.contact_outcome')
}

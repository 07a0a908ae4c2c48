import { contactOutcomes, contactReasons, interactions } from '#contract/interactions.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { listInteractions, oneInteraction } from './queries.ts'
import { addOutcome, addReason, changeOutcome, changeReason, listReasons, outcomes, reasons } from './wordsOfWrapUp.ts'

export function routes(door: Door) {
  serve(door, interactions, {
    list: (ctx, { query }) => listInteractions(ctx, query),
    one: (ctx, { id }) => oneInteraction(ctx, id),
  })
  serve(door, endpointsOf(contactReasons), {
    list: (ctx, { query }) => listReasons(ctx, query?.retired === true),
    add: (ctx, { body }) => addReason(ctx, body),
    change: (ctx, { id, body }) => changeReason(ctx, id, body),
    retire: (ctx, { id, body }) => reasons.retire(ctx, id, body.retired),
  })
  serve(door, endpointsOf(contactOutcomes), {
    list: (ctx, { query }) => outcomes.list(ctx, query?.retired === true),
    add: (ctx, { body }) => addOutcome(ctx, body),
    change: (ctx, { id, body }) => changeOutcome(ctx, id, body),
    retire: (ctx, { id, body }) => outcomes.retire(ctx, id, body.retired),
  })
}

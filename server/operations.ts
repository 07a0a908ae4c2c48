import { failedReactions } from '#contract/operations.ts'
import { countFailures, dropFailures, listFailures, retryFailures } from '#kernel/failures.ts'
import { type Door, serve } from '#kernel/serve.ts'

/** How the house itself is run: no domain's business, so it stands beside them. */
export function routes(door: Door): void {
  serve(door, failedReactions, {
    list: (ctx, { query }) => listFailures(ctx, query),
    count: ctx => countFailures(ctx),
    retry: (ctx, { body }) => retryFailures(ctx, body.ids),
    drop: (ctx, { body }) => dropFailures(ctx, body.ids, body.reason),
  })
}

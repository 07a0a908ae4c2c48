import { importPolicy } from '#contract/imports.ts'
import { failedReactions } from '#contract/operations.ts'
import { runs } from '#contract/runs.ts'
import { countFailures, dropFailures, listFailures, retryFailures } from '#kernel/failures.ts'
import { backDaysOf, setBackDays } from '#kernel/importMemory.ts'
import { allRuns, cancelRun, myRuns, oneRun, retryRun, runRoutes } from '#kernel/runDesk.ts'
import { type Door, serve } from '#kernel/serve.ts'

/** How the house itself is run: no domain's business, so it stands beside them. */
export function routes(door: Door): void {
  serve(door, failedReactions, {
    list: (ctx, { query }) => listFailures(ctx, query),
    count: ctx => countFailures(ctx),
    retry: (ctx, { body }) => retryFailures(ctx, body.ids),
    drop: (ctx, { body }) => dropFailures(ctx, body.ids, body.reason),
  })
  serve(door, runs, {
    mine: (ctx, { query }) => myRuns(ctx, query),
    all: (ctx, { query }) => allRuns(ctx, query),
    one: (ctx, { id }) => oneRun(ctx, id),
    cancel: (ctx, { id }) => cancelRun(ctx, id),
    retry: (ctx, { id }) => retryRun(ctx, id),
  })
  serve(door, importPolicy, {
    read: async ctx => ({ backDays: await backDaysOf(ctx) }),
    write: async (ctx, { body }) => {
      await setBackDays(ctx, body.backDays)
      return body
    },
  })
  runRoutes(door)
}

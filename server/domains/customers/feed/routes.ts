import { customerFeed } from '#contract/customerFeed.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { takeBatch, upsert } from './batch.ts'
import { changedSince } from './changes.ts'

export function routes(door: Door) {
  serve(door, customerFeed, {
    upsert: (ctx, { ext, body }) => upsert(ctx, ext, body),
    batch: (ctx, { body }) => takeBatch(ctx, body.items),
    changes: (ctx, { query }) => changedSince(ctx, query),
  })
}

import { insight } from '#contract/insight.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { countedContacts, figures } from './figures.ts'
import { wallboard } from './queries.ts'

export function routes(door: Door) {
  serve(door, insight, {
    wallboard: ctx => wallboard(ctx),
    figures: (ctx, { query }) => figures(ctx, query),
    counted: (ctx, { query }) => countedContacts(ctx, query),
  })
}

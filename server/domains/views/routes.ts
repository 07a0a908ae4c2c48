import { views } from '#contract/views.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { changeView, chooseView, makeView, publishView, retireView } from './actions.ts'
import { listViews } from './queries.ts'

export function routes(door: Door): void {
  serve(door, views, {
    list: (ctx, { query }) => listViews(ctx, query.list),
    make: (ctx, { body }) => makeView(ctx, body),
    change: (ctx, { id, body }) => changeView(ctx, id, body),
    publish: (ctx, { id, body }) => publishView(ctx, id, body.shared),
    retire: (ctx, { id, body }) => retireView(ctx, id, body.retired),
    choose: (ctx, { body }) => chooseView(ctx, body.list, body.viewId),
  })
}

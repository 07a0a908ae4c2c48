import { declaredFigures, insight } from '#contract/insight.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { countedContacts, figures } from './figures.ts'
import { declaredList, measureFor, subjectsOf } from './measuring.ts'
import { wallboard } from './queries.ts'

export function routes(door: Door) {
  serve(door, insight, {
    wallboard: ctx => wallboard(ctx),
    figures: (ctx, { query }) => figures(ctx, query),
    counted: (ctx, { query }) => countedContacts(ctx, query),
  })
  serve(door, declaredFigures, {
    list: async () => declaredList(),
    subjects: (ctx, { query }) => subjectsOf(ctx, query.figure),
    measure: (ctx, { query: { figure, by, key, from, until } }) => measureFor(ctx, figure, { by, key }, from, until),
  })
}

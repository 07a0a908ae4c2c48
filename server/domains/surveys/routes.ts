import { surveys } from '#contract/surveys.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { setPolicy } from './actions.ts'
import { csat, listRatings, policyOf } from './queries.ts'

export function routes(door: Door): void {
  serve(door, surveys, {
    ratings: (ctx, { query }) => listRatings(ctx, query),
    csat: (ctx, { query }) => csat(ctx, query.days),
    policy: ctx => policyOf(ctx),
    setPolicy: (ctx, { body }) => setPolicy(ctx, body),
  })
}

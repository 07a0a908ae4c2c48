import { automation } from '#contract/automation.ts'
import { learnHeeds } from '#kernel/heeds.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addRule, changeRule, orderRules, publishRule, retireRule, setTakes, switchRule } from './actions.ts'
import { offersFor } from './offers.ts'
import { listRules, listRuns, ruleById } from './queries.ts'
import { dryRun, happened, tryRule } from './trying.ts'

export async function routes(door: Door): Promise<void> {
  serve(door, automation, {
    offers: ctx => offersFor(ctx),
    list: ctx => listRules(ctx),
    one: (ctx, { id }) => ruleById(ctx, id),
    add: (ctx, { body }) => addRule(ctx, body),
    change: (ctx, { id, body }) => changeRule(ctx, id, body),
    publish: (ctx, { id, body }) => publishRule(ctx, id, body),
    switch: (ctx, { id, body }) => switchRule(ctx, id, body.active),
    retire: (ctx, { id, body }) => retireRule(ctx, id, body.retired),
    order: (ctx, { body }) => orderRules(ctx, body),
    takes: (ctx, { body }) => setTakes(ctx, body),
    happened: (ctx, { query }) => happened(ctx, query.trigger),
    trial: (ctx, { body }) => tryRule(ctx, body),
    dryRun: (ctx, { body }) => dryRun(ctx, body),
    runs: (ctx, { query }) => listRuns(ctx, query),
  })
  // Before the first request: what was published by another process, or before this start.
  await learnHeeds(door.house)
}

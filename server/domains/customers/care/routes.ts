import { keyAccounts } from '#contract/keyAccounts.ts'
import { receivables } from '#contract/receivables.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { deliver } from '../receivables/bringing.ts'
import { dropFlag, flagsOf, setFlag } from '../receivables/flags.ts'
import { accountOf, deliverBalance, listReceivables } from '../receivables/queries.ts'
import { listKeyAccounts } from './accounts.ts'
import { careOf, planCare, planTier, tierPlans, unplanCare } from './plans.ts'

/** What customers owe, and who takes care of those who matter most. */
export function routes(door: Door) {
  serve(door, receivables, {
    deliver: (ctx, { body }) => deliver(ctx, body),
    list: (ctx, { id, query }) => listReceivables(ctx, id, query),
    account: (ctx, { id }) => accountOf(ctx, id),
    balance: (ctx, { id, body }) => deliverBalance(ctx, id, body),
    flags: (ctx, { query }) => flagsOf(ctx, query.ids),
    setFlag: (ctx, { id, code, body }) => setFlag(ctx, id, code, body),
    dropFlag: (ctx, { id, code }) => dropFlag(ctx, id, code),
  })
  serve(door, keyAccounts, {
    list: (ctx, { query }) => listKeyAccounts(ctx, query),
    care: (ctx, { id }) => careOf(ctx, id),
    plan: (ctx, { id, body }) => planCare(ctx, id, body),
    unplan: (ctx, { id, query }) => unplanCare(ctx, id, query.version),
    tiers: ctx => tierPlans(ctx),
    planTier: (ctx, { tier, body }) => planTier(ctx, tier, body),
  })
}

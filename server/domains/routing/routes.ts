import { presenceReasons, queues, routing, skills, staffing } from '#contract/routing.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { acceptOffer, declineOffer } from './actions/offers.ts'
import { chooseState, forceState } from './actions/presence.ts'
import { addQueue, changeQueue, listQueues, retireQueue } from './actions/queues.ts'
import { staff } from './actions/staffing.ts'
import { colleagues, listStaffing, mine, pulse, teamPresence } from './queries.ts'

export function routes(door: Door) {
  serve(door, routing, {
    mine: ctx => mine(ctx),
    setMine: (ctx, { body }) => chooseState(ctx, body),
    accept: (ctx, { id }) => acceptOffer(ctx, id),
    decline: (ctx, { id }) => declineOffer(ctx, id),
    team: ctx => teamPresence(ctx),
    force: (ctx, { agentId, body }) => forceState(ctx, agentId, body),
    colleagues: ctx => colleagues(ctx),
    pulse: ctx => pulse(ctx),
  })
  serve(door, staffing, {
    list: ctx => listStaffing(ctx),
    set: (ctx, { agentId, body }) => staff(ctx, agentId, body),
  })
  const { list, add, change, retire } = queues
  serve(door, { list, add, change, retire }, {
    list: (ctx, { query }) => listQueues(ctx, query?.retired === true),
    add: (ctx, { body }) => addQueue(ctx, body),
    change: (ctx, { id, body }) => changeQueue(ctx, id, body),
    retire: (ctx, { id, body }) => retireQueue(ctx, id, body.retired),
  }) // biome-ignore format: one line per endpoint
  serveCatalog(door, skills, 'routing.skill')
  serveCatalog(door, presenceReasons, 'routing.presence_reason')
}

import { presenceReasons, queues, routing, skills, staffing, waiting } from '#contract/routing.ts'
import { routingRules, routingTrial } from '#contract/routingRules.ts'
import { endpointsOf, serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { lowerHand, raiseHand, readWord, sayWord } from './actions/hands.ts'
import { acceptOffer, declineOffer } from './actions/offers.ts'
import { changeShift, chooseState, forceState } from './actions/presence.ts'
import { addQueue, changeQueue, listQueues, retireQueue } from './actions/queues.ts'
import { staff } from './actions/staffing.ts'
import { giveContacts, moveContacts, prioritise } from './actions/supervise.ts'
import { outlook } from './estimate.ts'
import { colleagues, mine, pulse } from './queries.ts'
import { addRule, changeRule, listRules, orderRules, retireRule, tryRules } from './ruleBook.ts'
import { fitting, listStaffing, staffedQueues } from './staffed.ts'
import { raisedHands, shiftNow, team } from './team.ts'
import { listWaiting } from './waiting.ts'

export function routes(door: Door) {
  serve(door, routing, {
    mine: ctx => mine(ctx),
    setMine: (ctx, { body }) => chooseState(ctx, body),
    accept: (ctx, { id }) => acceptOffer(ctx, id),
    decline: (ctx, { id }) => declineOffer(ctx, id),
    team: (ctx, { query }) => team(ctx, query),
    shiftNow: (ctx, { query }) => shiftNow(ctx, query?.teamId),
    force: (ctx, { agentId, body }) => forceState(ctx, agentId, body),
    shift: (ctx, { body }) => changeShift(ctx, body),
    raise: (ctx, { body }) => raiseHand(ctx, body),
    lower: (ctx, { agentId }) => lowerHand(ctx, agentId),
    hands: ctx => raisedHands(ctx),
    say: (ctx, { agentId, body }) => sayWord(ctx, agentId, body.text),
    readWord: (ctx, { id }) => readWord(ctx, id),
    colleagues: (ctx, { query }) => colleagues(ctx, query),
    pulse: ctx => pulse(ctx),
  })
  serve(door, waiting, {
    list: (ctx, { query }) => listWaiting(ctx, query),
    outlook: (ctx, { queueId }) => outlook(ctx, queueId),
    move: (ctx, { body }) => moveContacts(ctx, body),
    prioritise: (ctx, { body }) => prioritise(ctx, body),
    give: (ctx, { body }) => giveContacts(ctx, body),
  })
  serve(door, staffing, {
    list: (ctx, { query }) => listStaffing(ctx, query),
    queues: ctx => staffedQueues(ctx),
    fitting: (ctx, { body }) => fitting(ctx, body),
    set: (ctx, { agentId, body }) => staff(ctx, agentId, body),
  })
  const { list, add, change, retire } = queues
  serve(door, { list, add, change, retire }, {
    list: (ctx, { query }) => listQueues(ctx, query?.retired === true),
    add: (ctx, { body }) => addQueue(ctx, body),
    change: (ctx, { id, body }) => changeQueue(ctx, id, body),
    retire: (ctx, { id, body }) => retireQueue(ctx, id, body.retired),
  }) // biome-ignore format: one line per endpoint
  serve(door, endpointsOf(routingRules), {
    list: (ctx, { query }) => listRules(ctx, query?.retired === true),
    add: (ctx, { body }) => addRule(ctx, body),
    change: (ctx, { id, body }) => changeRule(ctx, id, body),
    retire: (ctx, { id, body }) => retireRule(ctx, id, body.retired),
  })
  serve(door, routingTrial, {
    order: (ctx, { body }) => orderRules(ctx, body.ids),
    run: (ctx, { body }) => tryRules(ctx, body),
  })
  serveCatalog(door, skills, 'routing.skill')
  serveCatalog(door, presenceReasons, 'routing.presence_reason')
}

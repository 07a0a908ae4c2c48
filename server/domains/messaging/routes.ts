import { blocks } from '#contract/blocks.ts'
import { cannedAnswers, conversations, widget, widgetSecret, widgets } from '#contract/messaging.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { fileRoutes } from '#kernel/files.ts'
import { newLimit } from '#kernel/limits.ts'
import { type Door, serve } from '#kernel/serve.ts'
import type { Ctx } from '#kernel/work.ts'
import { addNote, answer, identifyConversation, markRead, snooze, take } from './actions/answer.ts'
import { endConversation, wrapUp } from './actions/end.ts'
import { takeOver, transfer } from './actions/handOver.ts'
import { startConversation, visitorLeaves, visitorRates, visitorReads, visitorSays } from './actions/start.ts'
import { look, openVisit, stateOf, thisVisitor } from './actions/visit.ts'
import { block, decideBlock, liftBlock, listBlocks, noteAddress, refuseBlocked } from './blocks.ts'
import { addCanned, changeCanned, listCanned, retireCanned } from './canned.ts'
import { boundFrames } from './frames.ts'
import { outgoingRoutes } from './outgoing/routes.ts'
import { conversationOfContact, givenIn, listConversations, messagesOf, oneConversation } from './queries.ts'
import { toldToCustomer } from './rules.ts'
import { addWidget, changeWidget, listWidgets, renewSecret, retireWidget } from './widgets.ts'

export function routes(door: Door) {
  const { app, house } = door
  const visits = newLimit({ burst: 120, perSecond: 4, code: 'widget.too_many_visits' })
  const words = newLimit({ burst: 40, perSecond: 2, code: 'widget.too_many_messages' })
  const visitorId = (ctx: Ctx) => (ctx.actor.kind === 'visitor' ? ctx.actor.id : '')
  const calmly = (ctx: Ctx) => words(ctx.house, visitorId(ctx), ctx.now)
  /** Does it, then shows how the conversation stands. */
  const then = (act: (ctx: Ctx) => Promise<unknown>) => async (ctx: Ctx, id: string) => {
    await act(ctx)
    return oneConversation(ctx, id)
  }

  serve(door, conversations, {
    list: (ctx, { query }) => listConversations(ctx, query),
    one: (ctx, { id }) => oneConversation(ctx, id),
    ofInteraction: (ctx, { id }) => conversationOfContact(ctx, id),
    given: (ctx, { id }) => givenIn(ctx, id),
    messages: async (ctx, { id, query }) => {
      await oneConversation(ctx, id)
      return messagesOf(ctx, id, { ...query, notes: true })
    },
    send: (ctx, { id, body }) => answer(ctx, id, body),
    note: (ctx, { id, body }) => addNote(ctx, id, body),
    read: (ctx, { id, body }) => markRead(ctx, id, body.seq),
    take: (ctx, { id }) => then(c => take(c, id))(ctx, id),
    transfer: (ctx, { id, body }) => then(c => transfer(c, id, body))(ctx, id),
    takeOver: (ctx, { id }) => then(c => takeOver(c, id))(ctx, id),
    end: (ctx, { id }) => then(c => endConversation(c, id))(ctx, id),
    wrapUp: (ctx, { id, body }) => then(c => wrapUp(c, id, body))(ctx, id),
    identify: (ctx, { id, body }) => then(c => identifyConversation(c, id, body.customerId))(ctx, id),
    snooze: (ctx, { id, body }) => then(c => snooze(c, id, body.until))(ctx, id),
  })

  serve(door, widget, {
    look: (ctx, { key }) => look(ctx, key),
    open: async (ctx, { key, body }, io) => {
      await visits(ctx.house, io.ip, ctx.now)
      const visit = await openVisit(ctx, key, body, io.origin)
      await noteAddress(ctx, visit.visitorId, io.ip)
      return visit
    },
    state: async ctx => stateOf(ctx, await thisVisitor(ctx)),
    start: async (ctx, { body }, io) => {
      await visits(ctx.house, io.ip, ctx.now)
      const state = await startConversation(ctx, body)
      // Only now it is known which customer this is.
      await refuseBlocked(ctx, io.ip)
      return state
    },
    messages: async (ctx, { query }) => {
      const { conversationId } = await thisVisitor(ctx)
      return conversationId ? (await messagesOf(ctx, conversationId, { ...query, notes: false })).map(toldToCustomer) : []
    },
    send: async (ctx, { body }, io) => {
      await calmly(ctx)
      await refuseBlocked(ctx, io.ip)
      return toldToCustomer(await visitorSays(ctx, body))
    },
    read: (ctx, { body }) => visitorReads(ctx, body.seq),
    leave: ctx => visitorLeaves(ctx),
    rate: (ctx, { body }) => visitorRates(ctx, body),
  })

  const { caller: _, ...ofVisitors } = blocks
  serve(door, ofVisitors, {
    list: (ctx, { query }) => listBlocks(ctx, query),
    block: (ctx, { id, body }) => block(ctx, id, body),
    decide: (ctx, { id, body }) => decideBlock(ctx, id, body.accept),
    lift: (ctx, { id }) => liftBlock(ctx, id),
  })

  serve(door, endpointsOf(cannedAnswers), {
    list: (ctx, { query }) => listCanned(ctx, query?.retired === true),
    add: (ctx, { body }) => addCanned(ctx, body),
    change: (ctx, { id, body }) => changeCanned(ctx, id, body),
    retire: (ctx, { id, body }) => retireCanned(ctx, id, body.retired),
  })
  serve(door, endpointsOf(widgets), {
    list: (ctx, { query }) => listWidgets(ctx, query.retired === true),
    add: (ctx, { body }) => addWidget(ctx, body),
    change: (ctx, { id, body }) => changeWidget(ctx, id, body),
    retire: (ctx, { id, body }) => retireWidget(ctx, id, body.retired),
  })
  serve(door, widgetSecret, { renew: (ctx, { id }) => renewSecret(ctx, id) })
  fileRoutes({ app, house })
  boundFrames(door)
  outgoingRoutes(door)
}

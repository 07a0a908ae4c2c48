import { ticketCategories, ticketKinds, tickets } from '#contract/tickets.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { openTicket } from './actions/open.ts'
import {
  closeTicket,
  dispatchTicket,
  giveBackTicket,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  takeTicket,
  urgeTicket,
  waitForCustomer,
} from './actions/steps.ts'
import { changeTicket, commentOnTicket } from './actions/write.ts'
import { addCategory, addKind, categories, changeCategory, changeKind, kinds } from './catalogs.ts'
import { progressPath } from './links.ts'
import { progressOf, urgeByLink } from './progress.ts'
import { entriesOf, listTickets, ticketById } from './queries.ts'

export function routes(door: Door): void {
  serve(door, tickets, {
    list: (ctx, { query }) => listTickets(ctx, query),
    one: (ctx, { id }) => ticketById(ctx, id),
    entries: (ctx, { id }) => entriesOf(ctx, id),
    open: (ctx, { body }) => openTicket(ctx, body),
    dispatch: (ctx, { id, body }) => dispatchTicket(ctx, id, body),
    take: (ctx, { id }) => takeTicket(ctx, id),
    wait: (ctx, { id, body }) => waitForCustomer(ctx, id, body),
    resume: (ctx, { id, body }) => resumeTicket(ctx, id, body),
    giveBack: (ctx, { id, body }) => giveBackTicket(ctx, id, body),
    resolve: (ctx, { id, body }) => resolveTicket(ctx, id, body),
    close: (ctx, { id, body }) => closeTicket(ctx, id, body),
    reopen: (ctx, { id, body }) => reopenTicket(ctx, id, body),
    urge: (ctx, { id, body }) => urgeTicket(ctx, id, body),
    comment: (ctx, { id, body }) => commentOnTicket(ctx, id, body),
    change: (ctx, { id, body }) => changeTicket(ctx, id, body),
    link: async (ctx, { id }) => ({ url: `${ctx.house.settings.publicUrl ?? ''}${progressPath(ctx, (await ticketById(ctx, id)).id)}` }),
    progress: ctx => progressOf(ctx),
    urgeByLink: (ctx, { body }) => urgeByLink(ctx, body),
  })
  serve(door, endpointsOf(ticketKinds), {
    list: (ctx, { query }) => kinds.list(ctx, query?.retired === true),
    add: (ctx, { body }) => addKind(ctx, body),
    change: (ctx, { id, body }) => changeKind(ctx, id, body),
    retire: (ctx, { id, body }) => kinds.retire(ctx, id, body.retired),
  })
  serve(door, endpointsOf(ticketCategories), {
    list: (ctx, { query }) => categories.list(ctx, query?.retired === true),
    add: (ctx, { body }) => addCategory(ctx, body),
    change: (ctx, { id, body }) => changeCategory(ctx, id, body),
    retire: (ctx, { id, body }) => categories.retire(ctx, id, body.retired),
  })
}

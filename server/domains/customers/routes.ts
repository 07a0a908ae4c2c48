import { customers } from '#contract/customers.ts'
import { finding } from '#contract/finding.ts'
import { reaching } from '#contract/outgoing.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addCustomer, changeCustomer, reveal } from './actions.ts'
import { findCustomers } from './finding/find.ts'
import { listCustomers, oneCustomer, timelineOf } from './queries.ts'
import { leaveAlone, reachOf, recordConsent } from './reaching.ts'

export function routes(door: Door) {
  serve(door, customers, {
    list: (ctx, { query }) => listCustomers(ctx, query),
    one: (ctx, { id }) => oneCustomer(ctx, id),
    add: (ctx, { body }) => addCustomer(ctx, body),
    change: (ctx, { id, body }) => changeCustomer(ctx, id, body),
    reveal: (ctx, { id, body }) => reveal(ctx, id, body.reason),
    timeline: (ctx, { id, query }) => timelineOf(ctx, id, query),
  })
  serve(door, finding, { find: (ctx, { query }) => findCustomers(ctx, query) })
  serve(door, reaching, {
    read: (ctx, { id }) => reachOf(ctx, id),
    consent: (ctx, { id, body }) => recordConsent(ctx, id, body),
    disturb: (ctx, { id, body }) => leaveAlone(ctx, id, body),
  })
}

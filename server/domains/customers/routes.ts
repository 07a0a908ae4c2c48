import { customers } from '#contract/customers.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addCustomer, changeCustomer, reveal } from './actions.ts'
import { listCustomers, oneCustomer, timelineOf } from './queries.ts'

export function routes(door: Door) {
  serve(door, customers, {
    list: (ctx, { query }) => listCustomers(ctx, query),
    one: (ctx, { id }) => oneCustomer(ctx, id),
    add: (ctx, { body }) => addCustomer(ctx, body),
    change: (ctx, { id, body }) => changeCustomer(ctx, id, body),
    reveal: (ctx, { id, body }) => reveal(ctx, id, body.reason),
    timeline: (ctx, { id, query }) => timelineOf(ctx, id, query),
  })
}

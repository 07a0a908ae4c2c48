import { customers } from '#contract/customers.ts'
import { finding } from '#contract/finding.ts'
import { reaching } from '#contract/outgoing.ts'
import { outlooks } from '#contract/outlook.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addCustomer, changeCustomer } from './actions.ts'
import { mayCall } from './calling.ts'
import { districtsKnown } from './districts.ts'
import { routes as duplicateRoutes } from './duplicates/routes.ts'
import { routes as feedRoutes } from './feed/routes.ts'
import { findCustomers } from './finding/find.ts'
import { reveal } from './masking/reveal.ts'
import { routes as maskingRoutes } from './masking/settings.ts'
import { outlook } from './outlook/queries.ts'
import { routes as ownRoutes } from './own/routes.ts'
import { profileRoutes } from './profile/routes.ts'
import { listCustomers, oneCustomer } from './queries.ts'
import { consentWords, leaveAlone, reachOf, recordConsent } from './reaching.ts'
import { routes as recordRoutes } from './records/routes.ts'
import { timelineCounts, timelineOf } from './timeline.ts'

export function routes(door: Door) {
  feedRoutes(door)
  ownRoutes(door)
  recordRoutes(door)
  duplicateRoutes(door)
  maskingRoutes(door)
  serve(door, customers, {
    list: (ctx, { query }) => listCustomers(ctx, query),
    districts: ctx => districtsKnown(ctx),
    one: (ctx, { id }) => oneCustomer(ctx, id),
    add: (ctx, { body }) => addCustomer(ctx, body),
    change: (ctx, { id, body }) => changeCustomer(ctx, id, body),
    reveal: (ctx, { id, body }) => reveal(ctx, id, body),
    timeline: (ctx, { id, query }) => timelineOf(ctx, id, query),
    timelineCounts: (ctx, { id, query }) => timelineCounts(ctx, id, query),
  })
  profileRoutes(door)
  serve(door, outlooks, { one: (ctx, { id }) => outlook(ctx, id) })
  serve(door, finding, { find: (ctx, { query }) => findCustomers(ctx, query) })
  serve(door, reaching, {
    read: (ctx, { id }) => reachOf(ctx, id),
    consent: (ctx, { id, body }) => recordConsent(ctx, id, body),
    words: (ctx, { id }) => consentWords(ctx, id),
    mayCall: (ctx, { id, query }) => mayCall(ctx, id, query.purpose),
    disturb: (ctx, { id, body }) => leaveAlone(ctx, id, body),
  })
}

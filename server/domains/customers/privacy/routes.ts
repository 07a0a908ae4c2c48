import { keeping, leftAlone, privacy } from '#contract/privacy.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { eraseCustomer, previewErasure } from './erasure.ts'
import { privacyOf, setHold } from './holding.ts'
import { changeKeeping, keepings, previewKeeping } from './keeping.ts'
import { addLeftAlone, countLeftAlone, customersLeftAlone, liftLeftAlone, listLeftAlone } from './leavingAlone.ts'
import { askPackage } from './package.ts'

export function privacyRoutes(door: Door) {
  serve(door, privacy, {
    state: (ctx, { id }) => privacyOf(ctx, id),
    preview: (ctx, { id }) => previewErasure(ctx, id),
    erase: (ctx, { id, body }) => eraseCustomer(ctx, id, body),
    package: (ctx, { id, body }) => askPackage(ctx, id, body),
    hold: (ctx, { id, body }) => setHold(ctx, id, body),
  })
  serve(door, leftAlone, {
    list: (ctx, { query }) => listLeftAlone(ctx, query),
    customers: (ctx, { query }) => customersLeftAlone(ctx, query),
    counts: ctx => countLeftAlone(ctx),
    add: (ctx, { body }) => addLeftAlone(ctx, body),
    remove: (ctx, { id, body }) => liftLeftAlone(ctx, id, body.reason),
  })
  serve(door, keeping, {
    read: ctx => keepings(ctx),
    change: (ctx, { body }) => changeKeeping(ctx, body),
    preview: (ctx, { body }) => previewKeeping(ctx, body),
  })
}

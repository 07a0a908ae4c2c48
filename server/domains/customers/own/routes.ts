import { own, ownFields } from '#contract/ownFields.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addField, changeField, fields, retireField } from './fields.ts'
import { ownFile, writeOwn } from './values.ts'

export function routes(door: Door) {
  serve(door, endpointsOf(ownFields), {
    list: (ctx, { query }) => fields.list(ctx, query.retired === true),
    add: (ctx, { body }) => addField(ctx, body),
    change: (ctx, { id, body }) => changeField(ctx, id, body),
    retire: (ctx, { id, body }) => retireField(ctx, id, body.retired),
  })
  serve(door, own, {
    read: (ctx, { id }) => ownFile(ctx, id),
    write: (ctx, { id, body }) => writeOwn(ctx, id, body),
  })
}

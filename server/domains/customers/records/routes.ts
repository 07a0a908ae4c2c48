import { recordKinds, records } from '#contract/records.ts'
import { endpointsOf } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addRecord, changeRecord, endRecord, moveRecord, reopenRecord } from './actions.ts'
import { takeRecords, upsertRecord } from './batch.ts'
import { addKind, changeKind, kinds } from './kinds.ts'
import { findRecords, recordsChanged, recordsOf } from './queries.ts'

export function routes(door: Door) {
  serve(door, endpointsOf(recordKinds), {
    list: (ctx, { query }) => kinds.list(ctx, query.retired === true),
    add: (ctx, { body }) => addKind(ctx, body),
    change: (ctx, { id, body }) => changeKind(ctx, id, body),
    retire: (ctx, { id, body }) => kinds.retire(ctx, id, body.retired),
  })
  serve(door, records, {
    upsert: (ctx, { ext, body }) => upsertRecord(ctx, ext, body),
    batch: (ctx, { body }) => takeRecords(ctx, body.items),
    changes: (ctx, { query }) => recordsChanged(ctx, query),
    ofCustomer: (ctx, { id, query }) => recordsOf(ctx, id, query),
    find: (ctx, { query }) => findRecords(ctx, query),
    add: (ctx, { id, body }) => addRecord(ctx, id, body),
    change: (ctx, { id, body }) => changeRecord(ctx, id, body),
    move: (ctx, { id, body }) => moveRecord(ctx, id, body),
    end: (ctx, { id, body }) => endRecord(ctx, id, body),
    reopen: (ctx, { id, body }) => reopenRecord(ctx, id, body),
  })
}

import { duplicates } from '#contract/duplicates.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { alikeFiles } from './alike.ts'
import { compare } from './comparing.ts'
import { mergeCustomers, partCustomers } from './merging.ts'
import { dismissPair } from './pairs.ts'
import { duplicatesOf, listDuplicates, mergesOf } from './queries.ts'

export function routes(door: Door) {
  serve(door, duplicates, {
    list: (ctx, { query }) => listDuplicates(ctx, query),
    alike: (ctx, { query }) => alikeFiles(ctx, query),
    ofCustomer: (ctx, { id }) => duplicatesOf(ctx, id),
    dismiss: (ctx, { id, body }) => dismissPair(ctx, id, body.dismissed),
    compare: (ctx, { query }) => compare(ctx, query),
    merge: (ctx, { body }) => mergeCustomers(ctx, body),
    merges: (ctx, { id }) => mergesOf(ctx, id),
    apart: (ctx, { id, body }) => partCustomers(ctx, id, body),
  })
}

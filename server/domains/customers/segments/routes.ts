import { LadderKind, ladders, segments } from '#contract/segments.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { addSegment, changeSegment, retireSegment } from './actions.ts'
import { applyNow } from './applying.ts'
import { offeredFields } from './fields.ts'
import { changeLadder, listLadders, previewLadder } from './ladders.ts'
import { listSegments, oneSegment, segmentsShown, shownCount, tryCondition } from './queries.ts'
import { placeByHand, release, standingsOf } from './standing.ts'

function kindOf(text: string): LadderKind {
  const kind = LadderKind.safeParse(text)
  if (!kind.success) throw new Refusal('not_found', 'ladder.not_found', { id: text })
  return kind.data
}

export function routes(door: Door) {
  serve(door, segments, {
    list: (ctx, { query }) => listSegments(ctx, query.retired === true),
    fields: ctx => offeredFields(ctx),
    one: (ctx, { id }) => oneSegment(ctx, id),
    add: (ctx, { body }) => addSegment(ctx, body),
    change: (ctx, { id, body }) => changeSegment(ctx, id, body),
    retire: (ctx, { id, body }) => retireSegment(ctx, id, body.retired),
    shown: (ctx, { id }) => shownCount(ctx, id),
    count: (ctx, { body }) => tryCondition(ctx, body),
    ofCustomer: (ctx, { id }) => segmentsShown(ctx, id),
  })
  serve(door, ladders, {
    list: ctx => listLadders(ctx),
    change: (ctx, { kind, body }) => changeLadder(ctx, kindOf(kind), body),
    preview: (ctx, { kind, body }) => previewLadder(ctx, kindOf(kind), body.steps),
    apply: (ctx, { kind, body }) => applyNow(ctx, kindOf(kind), body.version),
    ofCustomer: (ctx, { id }) => standingsOf(ctx, id),
    place: (ctx, { id, kind, body }) => placeByHand(ctx, id, kindOf(kind), body),
    release: (ctx, { id, kind }) => release(ctx, id, kindOf(kind)),
  })
}

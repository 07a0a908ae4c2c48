import { needs, needTemplates } from '#contract/needs.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { answerNeed, captureNeed, changeNeed, moveNeed, toldInPerson } from './actions.ts'
import { askersOf, voicesOf } from './askers.ts'
import { takeNeeds, upsertNeed } from './batch.ts'
import { mergeNeeds, partNeed } from './merging.ts'
import { courseOf, listNeeds, needById, needsChanged, partsOf } from './queries.ts'
import { similarNeeds } from './similar.ts'
import { speakFor } from './voices.ts'

export function routes(door: Door): void {
  serveCatalog(door, needTemplates, 'needs.template')
  serve(door, needs, {
    upsert: (ctx, { ext, body }) => upsertNeed(ctx, ext, body),
    batch: (ctx, { body }) => takeNeeds(ctx, body.items),
    changes: (ctx, { query }) => needsChanged(ctx, query),
    list: (ctx, { query }) => listNeeds(ctx, query),
    similar: (ctx, { query }) => similarNeeds(ctx, query),
    one: (ctx, { id }) => needById(ctx, id),
    voices: (ctx, { id, query }) => voicesOf(ctx, id, query),
    askers: (ctx, { id }) => askersOf(ctx, id),
    parts: (ctx, { id }) => partsOf(ctx, id),
    course: (ctx, { id }) => courseOf(ctx, id),
    capture: (ctx, { body }) => captureNeed(ctx, body),
    speak: (ctx, { id, body }) => speakFor(ctx, id, body),
    change: (ctx, { id, body }) => changeNeed(ctx, id, body),
    move: (ctx, { id, body }) => moveNeed(ctx, id, body),
    answer: (ctx, { id, body }) => answerNeed(ctx, id, body),
    told: (ctx, { id }) => toldInPerson(ctx, id),
    merge: (ctx, { id, body }) => mergeNeeds(ctx, id, body),
    apart: (ctx, { id }) => partNeed(ctx, id),
  })
}

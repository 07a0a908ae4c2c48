import type * as z from 'zod'
import type { calls } from '#contract/voice.ts'
import type { Ctx } from '#kernel/work.ts'
import { keep, listen } from './recordings/keeping.ts'
import { callOfContact, callsNow, lineFigures, listCalls, numberFigures, oneCall } from './records.ts'

type Of = { id: string }

/** Records and recordings among the endpoints of calls: `serve(door, calls, { ...recordHandlers, … })`. */
export const recordHandlers = {
  list: (ctx: Ctx, { query }: { query: z.output<typeof calls.list.query> }) => listCalls(ctx, query),
  one: (ctx: Ctx, { id }: Of) => oneCall(ctx, id),
  ofInteraction: (ctx: Ctx, { id }: Of) => callOfContact(ctx, id),
  figures: (ctx: Ctx, { query }: { query: z.output<typeof calls.figures.query> }) => lineFigures(ctx, query),
  numbers: (ctx: Ctx) => numberFigures(ctx),
  now: (ctx: Ctx) => callsNow(ctx),
  play: (ctx: Ctx, { id }: Of) => listen(ctx, id),
  keep: (ctx: Ctx, { id, body }: Of & { body: z.output<typeof calls.keep.body> }) => keep(ctx, id, body.until),
}

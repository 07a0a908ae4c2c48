import { insight } from '#contract/insight.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { wallboard } from './queries.ts'

export function routes(door: Door) {
  serve(door, insight, { wallboard: ctx => wallboard(ctx) })
}

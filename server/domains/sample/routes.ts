import { simulation } from '#contract/insight.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { newSimulation } from './simulation.ts'

export function routes(door: Door) {
  const traffic = newSimulation(door)
  serve(door, simulation, {
    state: async ctx => traffic.state(ctx),
    start: (ctx, { body }) => traffic.start(ctx, body),
    stop: async ctx => traffic.stop(ctx),
  })
}

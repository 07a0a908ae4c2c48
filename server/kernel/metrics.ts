import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof newMetrics>

export function newMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'huiyin_' })
  const seconds = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
  return {
    registry,
    requests: new Histogram({
      name: 'huiyin_http_seconds',
      help: 'Time of a request by route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: seconds,
      registers: [registry],
    }),
    reactions: new Counter({
      name: 'huiyin_reactions_total',
      help: 'Reactions run, by reaction and result.',
      labelNames: ['reaction', 'result'],
      registers: [registry],
    }),
    refusals: new Counter({ name: 'huiyin_refusals_total', help: 'Refusals by code.', labelNames: ['code'], registers: [registry] }),
  }
}

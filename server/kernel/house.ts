import type pg from 'pg'
import type { Logger } from 'pino'
import type { Authenticate, TokenKind } from './access.ts'
import type { Live } from './live.ts'
import type { Metrics } from './metrics.ts'

/** What the whole house shares. Built once by main.ts, or by a test. */
export type House = {
  /** The pool that holds a tenant's rows. One database today; Citus picks by tenant. */
  data: (tenantId: string) => pg.Pool
  /** Worker, LISTEN, advisory locks, directory, migrations. */
  control: pg.Pool
  clock: () => Date
  log: Logger
  live: Live
  metrics: Metrics
  /** 32 bytes that encrypt secrets at rest and sign short-lived addresses. */
  key: Buffer
  settings: { publicUrl: string | null; filesFolder: string; sample: boolean; version: string; openMetrics?: boolean }
  authenticate: Partial<Record<TokenKind, Authenticate>>
  /** Whether any reaction has something to do for an event; what nobody waits for goes into no outbox. */
  cares: (event: string, detail: unknown) => boolean
  /** Told after every commit that left something for the relay. */
  wakeRelay: () => void
  /** Work begun after a commit and not awaited by its cause; `settle` and a clean stop wait for it. */
  background: Set<Promise<void>>
}

/** Begins something nobody waits for; a failure is logged, never lost, and never unhandled. */
export function begin(house: House, what: string, fn: () => Promise<void> | void): void {
  const running = Promise.resolve()
    .then(fn)
    .catch(error => house.log.error({ err: error, what }, 'background work failed'))
    .finally(() => house.background.delete(running))
  house.background.add(running)
}

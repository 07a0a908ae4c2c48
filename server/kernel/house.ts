import type pg from 'pg'
import type { Logger } from 'pino'
import type { Actor, Authenticate, TokenKind } from './access.ts'
import type { Heeds } from './heeds.ts'
import type { Live } from './live.ts'
import type { Metrics } from './metrics.ts'
import type { Redis } from './redis.ts'
import type { RunKind } from './runs.ts'
import type { Ctx } from './work.ts'

/** What the whole house shares. Built once by main.ts, or by a test. */
export type House = {
  /** The pool that holds a tenant's rows. One database today; Citus picks by tenant. */
  data: (tenantId: string) => pg.Pool
  /** Worker, LISTEN, advisory locks, directory, migrations. */
  control: pg.Pool
  clock: () => Date
  log: Logger
  live: Live
  /** What several processes share that is no truth: who hears of what, how often somebody tried. Null: this process is alone. */
  redis: Redis | null
  metrics: Metrics
  /** 32 bytes that encrypt secrets at rest and sign short-lived addresses. */
  key: Buffer
  settings: {
    publicUrl: string | null
    filesFolder: string
    sample: boolean
    version: string
    openMetrics?: boolean
    /** Hosts of private networks that messages may go through; `*`: all. */
    privateHosts?: readonly string[]
    trustedProxies?: string[]
    /** Off: nobody plays a customer here. */
    practiceLine?: boolean
    /** Telephone switches: the one we started (on this machine, with our files), and those of somebody else. */
    telephones?: readonly { name: string; url: string; own: boolean }[]
    /** How browsers of different networks find each other; none are needed within one. */
    iceServers?: readonly { urls: string; username?: string; credential?: string }[]
  }
  authenticate: Partial<Record<TokenKind, Authenticate>>
  /** The reactions that have something to do for an event, null for all that know its name; what none waits for goes into no outbox. */
  hearers: (event: string, detail: unknown, tenantId: string) => readonly string[] | null
  /** Which events a tenant asked to be told of, beside what everyone is. */
  heeds: Heeds
  /** Kinds of long work, by name. */
  runs: ReadonlyMap<string, RunKind>
  /** A person as the actor of work they asked for and do not wait at; null when they left. */
  standIn: (ctx: Ctx, personId: string) => Promise<Actor | null>
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

import type { Schema } from '#contract/endpoint.ts'
import { system } from './access.ts'
import type { EventDef } from './events.ts'
import type { House } from './house.ts'
import { type Ctx, work } from './work.ts'

/** What a reaction is told: the event, or the timer that fell due. */
export type Said<D = unknown> = {
  id: string
  about: string
  detail: D
  at: Date
  customerId: string | null
  interactionId: string | null
  actorId: string | null
  causeId: string | null
  personal: Record<string, string>
}

export type Reaction =
  | {
      kind: 'when'
      id: string
      event: string
      detail: Schema
      only?: (detail: unknown) => boolean
      run: (ctx: Ctx, said: Said) => Promise<unknown>
    }
  | {
      kind: 'outward'
      id: string
      event: string
      detail: Schema
      only?: (detail: unknown) => boolean
      /** Told only to tenants that asked for it: see heeds.ts. */
      heeded?: true
      run: (io: Outward, said: Said) => Promise<unknown>
    }
  | { kind: 'every'; id: string; cron: string; run: (ctx: Ctx) => Promise<unknown> }

/** What an outward reaction may use: it talks to the network, so it holds no transaction and begins its own work. */
export type Outward = { house: House; work: <T>(fn: (ctx: Ctx) => Promise<T>) => Promise<T> }

// The sentence is the id under which a reaction is recorded: it says what becomes true, and stays when code moves.
// The registry holds reactions to many events; each one's detail is parsed by its own schema before it runs.

/** Runs in a transaction of its own after the commit of the event, or when the timer falls due. `only`: facts for which it has nothing to do cost no job. */
export const when = <D>(
  def: EventDef<D>,
  sentence: string,
  run: (ctx: Ctx, said: Said<D>) => Promise<unknown>,
  only?: (detail: D) => boolean,
): Reaction => ({
  kind: 'when',
  id: `${def.name}: ${sentence}`,
  event: def.name,
  detail: def.detail,
  ...(only ? { only: only as (detail: unknown) => boolean } : {}),
  run: run as (ctx: Ctx, said: Said) => Promise<unknown>,
})

/** Talks to the outside world; may be told twice, so what it sends carries the event's id. */
export const outward = <D>(def: EventDef<D>, sentence: string, run: (io: Outward, said: Said<D>) => Promise<unknown>): Reaction => ({
  kind: 'outward',
  id: `${def.name}: ${sentence}`,
  event: def.name,
  detail: def.detail,
  run: run as (io: Outward, said: Said) => Promise<unknown>,
})

/** By the clock (cron, UTC), once per tenant. */
export const every = (cron: string, sentence: string, run: (ctx: Ctx) => Promise<unknown>): Reaction => ({
  kind: 'every',
  id: sentence,
  cron,
  run,
})

export const asSystem = <T>(house: House, tenantId: string, fn: (ctx: Ctx) => Promise<T>): Promise<T> => work(house, system(tenantId), fn)

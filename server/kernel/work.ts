import type { Kysely } from 'kysely'
import type { PoolClient } from 'pg'
import type { Actor } from './access.ts'
import { bound, openAs, send, transaction } from './db.ts'
import { type About, type EventDef, type Told, writeEvent, writeEvents, writeTimer } from './events.ts'
import { begin, type House } from './house.ts'
import type { Tables } from './tables.ts'

export type Ctx = {
  db: Kysely<Tables>
  /**
   * A statement of which nothing is asked back: it leaves at once, in order, and shares the commit's round trip when nothing is asked after it.
   * Should it fail, so does the work. Written with its `tenant_id`, like all raw SQL.
   */
  write: (parts: TemplateStringsArray, ...values: unknown[]) => void
  house: House
  actor: Actor
  tenantId: string
  now: Date
  /** The run of an automation rule that led here; what is announced and what falls due from now on carries it on. */
  cause: string | null
  /** This work began before and met what another had just done: what it looks up now is there. */
  again: boolean
  /** Records what has happened, in this transaction. `personal` holds values that identify a person; `detail` must not. */
  emit: <D>(def: EventDef<D>, about: About, detail: NoInfer<D>, personal?: Record<string, string>) => Promise<string>
  /** Records many of one name, each table written once. */
  emitAll: <D>(def: EventDef<D>, all: readonly Told<NoInfer<D>>[]) => void
  /** Sets the one timer of (noun, id, clock); a later call replaces it, `null` clears it. A timer is a hint: its reaction looks at the row again. */
  at: <D>(when: Date | null, def: EventDef<D>, timer: { id: string; clock: string }, detail: NoInfer<D>) => Promise<void>
  /** Pushes to whoever watches the topic, after the commit. */
  tell: (topic: string, name: string, payload: unknown) => void
  /** Runs after the commit, outside the transaction; nobody waits for it. */
  afterCommit: (what: string, fn: (house: House) => Promise<void> | void) => void
}

/** What a work leaves to be done once it is committed. */
type Aftermath = {
  pushes: { topic: string; name: string; payload: unknown }[]
  later: { what: string; fn: (house: House) => Promise<void> | void }[]
  forRelay: boolean
}

/**
 * One piece of work: one actor, one tenant, one instant, one transaction. Nobody below opens another.
 * Two works that wait for one another's locks are the database's to part; the one it ends begins again, unseen by its caller. So `fn` changes nothing but through `ctx`.
 */
export async function work<T>(house: House, actor: Actor, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const after: Aftermath = { pushes: [], later: [], forRelay: false }
    try {
      const result = await transaction(house.data(actor.tenantId), openAs('app', actor.tenantId), client =>
        fn(ctxOf(house, actor, client, after, tries > 1)),
      )
      finish(house, actor.tenantId, after)
      return result
    } catch (error) {
      if (tries >= 3 || !(isDeadlock(error) || isSaidTwice(error))) throw error
    }
  }
}

/** Unique indexes named `…_once` hold what a client says with an id of its own: the second of two that say the same begins again and finds the first's. */
const isSaidTwice = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error && String(error.constraint).endsWith('_once')
const isDeadlock = (error: unknown) => error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001')

function ctxOf(house: House, actor: Actor, client: PoolClient, after: Aftermath, again: boolean): Ctx {
  const announce = (name: string, about: string, { id, topics, heard }: ReturnType<typeof writeEvent>) => {
    if (heard) after.forRelay = true
    for (const topic of topics) after.pushes.push({ topic, name, payload: { name, about, id } })
  }
  const ctx: Ctx = {
    db: bound(client, actor.tenantId),
    write: (parts, ...values) => send(client, parts, values),
    house,
    actor,
    tenantId: actor.tenantId,
    now: house.clock(),
    again,
    cause: null,
    emit: async (def, about, detail, personal) => {
      const event = writeEvent(ctx, def, about, detail, personal)
      announce(def.name, about.id, event)
      return event.id
    },
    emitAll: (def, all) => {
      for (const [n, event] of writeEvents(ctx, def, all).entries()) announce(def.name, all[n]?.about.id ?? '', event)
    },
    at: async (when, def, timer, detail) => {
      writeTimer(ctx, when, def, timer, detail)
    },
    tell: (topic, name, payload) => {
      after.pushes.push({ topic, name, payload })
    },
    afterCommit: (what, run) => {
      after.later.push({ what, fn: run })
    },
  }
  return ctx
}

function finish(house: House, tenantId: string, { forRelay, pushes, later }: Aftermath): void {
  if (forRelay) house.wakeRelay()
  for (const { topic, name, payload } of pushes) house.live.push(tenantId, topic, name, payload)
  for (const { what, fn } of later) begin(house, what, () => fn(house))
}

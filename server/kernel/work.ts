import type { Kysely } from 'kysely'
import type { Actor } from './access.ts'
import { bound, openAs, transaction } from './db.ts'
import { type About, type EventDef, writeEvent, writeTimer } from './events.ts'
import { begin, type House } from './house.ts'
import type { Tables } from './tables.ts'

export type Ctx = {
  db: Kysely<Tables>
  house: House
  actor: Actor
  tenantId: string
  now: Date
  /** Records what has happened, in this transaction. `personal` holds values that identify a person; `detail` must not. */
  emit: <D>(def: EventDef<D>, about: About, detail: NoInfer<D>, personal?: Record<string, string>) => Promise<string>
  /** Sets the one timer of (noun, id, clock); a later call replaces it, `null` clears it. A timer is a hint: its reaction looks at the row again. */
  at: <D>(when: Date | null, def: EventDef<D>, timer: { id: string; clock: string }, detail: NoInfer<D>) => Promise<void>
  /** Pushes to whoever watches the topic, after the commit. */
  tell: (topic: string, name: string, payload: unknown) => void
  /** Runs after the commit, outside the transaction; nobody waits for it. */
  afterCommit: (what: string, fn: (house: House) => Promise<void> | void) => void
}

/** One piece of work: one actor, one tenant, one instant, one transaction. Nobody below opens another. */
export async function work<T>(house: House, actor: Actor, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { tenantId } = actor
  const now = house.clock()
  const pushes: { topic: string; name: string; payload: unknown }[] = []
  const later: { what: string; fn: (house: House) => Promise<void> | void }[] = []
  let forRelay = false

  const result = await transaction(house.data(tenantId), openAs('app', tenantId), async client => {
    const ctx: Ctx = {
      db: bound(client, tenantId),
      house,
      actor,
      tenantId,
      now,
      emit: async (def, about, detail, personal) => {
        forRelay = true
        const event = await writeEvent(ctx, def, about, detail, personal)
        for (const topic of event.topics) pushes.push({ topic, name: def.name, payload: { name: def.name, about: about.id, id: event.id } })
        return event.id
      },
      at: async (when, def, timer, detail) => {
        forRelay = true
        await writeTimer(ctx, when, def, timer, detail)
      },
      tell: (topic, name, payload) => {
        pushes.push({ topic, name, payload })
      },
      afterCommit: (what, run) => {
        later.push({ what, fn: run })
      },
    }
    return fn(ctx)
  })

  if (forRelay) house.wakeRelay()
  for (const { topic, name, payload } of pushes) house.live.push(tenantId, topic, name, payload)
  for (const { what, fn: run } of later) begin(house, what, () => run(house))
  return result
}

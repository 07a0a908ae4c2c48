import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { type CronItem, Logger, parseCronItems, run, runOnce, type TaskList, type WorkerEvents } from 'graphile-worker'
import { sql } from 'kysely'
import * as z from 'zod'
import { transaction } from './db.ts'
import { allTenants } from './directory.ts'
import { eventById } from './events.ts'
import { collectFailures, failureMended, failureObsolete, startCollecting } from './failures.ts'
import type { House } from './house.ts'
import { newId } from './ids.ts'
import { asSystem, type Reaction, type Said } from './react.ts'
import { addJobs, type JobPayload, relayOnce, startRelay } from './relay.ts'
import type { Ctx } from './work.ts'
import { keepWorkers } from './workerLocks.ts'

export type Reactions = {
  byEvent: ReadonlyMap<string, Reaction[]>
  byId: ReadonlyMap<string, Reaction>
  /** Those with something to do, null for all of the event; `heeded`: whether the tenant asked for it. */
  hearers: (event: string, detail: unknown, heeded: boolean) => readonly string[] | null
}

export function registerReactions(all: readonly Reaction[]): Reactions {
  const byId = new Map<string, Reaction>()
  const byEvent = new Map<string, Reaction[]>()
  for (const reaction of all) {
    if (byId.has(reaction.id)) throw new Error(`two reactions say the same: ${reaction.id}`)
    byId.set(reaction.id, reaction)
    if (reaction.kind !== 'every') byEvent.set(reaction.event, [...(byEvent.get(reaction.event) ?? []), reaction])
  }
  return {
    byEvent,
    byId,
    hearers: (event, detail, heeded) => {
      const all = byEvent.get(event) ?? []
      const some = all.filter(
        r => r.kind !== 'every' && (r.kind !== 'outward' || !r.heeded || heeded) && (r.only === undefined || r.only(detail)),
      )
      return all.length > 0 && some.length === all.length ? null : some.map(r => r.id)
    },
  }
}

/** True for the first run that gets this far. */
async function recorded(ctx: Ctx, job: JobPayload, reaction: string): Promise<boolean> {
  if (job.again) await failureMended(ctx, job)
  const { rows } =
    await sql`insert into kernel.reacted (tenant_id, event_id, reaction, at) values (${ctx.tenantId}, ${job.event}, ${reaction}, ${ctx.now})
    on conflict do nothing returning event_id`.execute(ctx.db)
  return rows.length > 0
}

async function saidOf(ctx: Ctx, job: JobPayload, reaction: Reaction): Promise<Said | null> {
  if (reaction.kind === 'every') return null
  if (job.timer)
    return {
      id: job.event,
      about: job.timer.about,
      detail: z.parse(reaction.detail, job.timer.detail),
      at: ctx.now,
      customerId: null,
      interactionId: null,
      actorId: null,
      causeId: job.timer.cause ?? null,
      personal: {},
    }
  const row = await eventById(ctx, job.event)
  return row ? { ...row, detail: z.parse(reaction.detail, row.detail) } : null
}

/** What follows from a rule's doing is the rule's doing too. */
const causedBy = (ctx: Ctx, { causeId }: Said): Ctx => {
  ctx.cause = causeId
  return ctx
}

/** One job: one reaction to one event. `when` and `every` record themselves in their own transaction; `outward` looks first and records last. */
export async function runReaction(house: House, reactions: Reactions, job: JobPayload): Promise<void> {
  const reaction = reactions.byId.get(job.reaction)
  // A reaction that a newer version no longer has: its events have nobody to tell.
  if (!reaction) {
    if (job.again) await asSystem(house, job.tenant, ctx => failureObsolete(ctx, job))
    return
  }
  if (reaction.kind === 'outward') {
    const said = await asSystem(house, job.tenant, async ctx => {
      const { rows } =
        await sql`select 1 from kernel.reacted where tenant_id = ${ctx.tenantId} and event_id = ${job.event} and reaction = ${reaction.id}`.execute(
          ctx.db,
        )
      return rows.length > 0 ? null : saidOf(ctx, job, reaction)
    })
    if (said) await reaction.run({ house, work: fn => asSystem(house, job.tenant, ctx => fn(causedBy(ctx, said))) }, said)
    await asSystem(house, job.tenant, ctx => recorded(ctx, job, reaction.id))
  } else
    await asSystem(house, job.tenant, async ctx => {
      // Were it lost, the job would be there still: it need not wait for the disk.
      ctx.write`set local synchronous_commit = off`
      if (!(await recorded(ctx, job, reaction.id))) return
      if (reaction.kind === 'every') return reaction.run(ctx)
      const said = await saidOf(ctx, job, reaction)
      if (said && (reaction.only === undefined || reaction.only(said.detail))) await reaction.run(causedBy(ctx, said), said)
    })
  house.metrics.reactions.inc({ reaction: reaction.id, result: 'done' })
}

function tasks(house: House, reactions: Reactions): TaskList {
  return {
    react: async payload => {
      // Written by the relay alone; its shape is JobPayload.
      await runReaction(house, reactions, payload as JobPayload)
    },
    // The clock strikes once for all; each tenant's part is a job of its own, so that one that fails holds up no other.
    every: async payload => {
      const { reaction } = payload as { reaction: string }
      const tenants = await allTenants(house.control)
      await transaction(house.control, 'begin', client =>
        addJobs(
          client,
          tenants.map(t => ({ tenant: t.tenantId, reaction, event: newId() })),
        ),
      )
    },
  }
}

const logger = (house: House) =>
  new Logger(() => (level, message, meta) => {
    if (level === 'error') house.log.error({ job: meta && 'job' in meta ? meta : undefined }, message)
    else if (level === 'warning') house.log.warn(message)
  })

/** Relay, worker and cron of this process. Whatever ends them but `stop` begins them again. */
export async function startWorker(house: House, reactions: Reactions): Promise<{ stop: () => Promise<void> }> {
  const crons: CronItem[] = [...reactions.byId.values()].flatMap(r =>
    r.kind === 'every'
      ? [{ task: 'every', match: r.cron, identifier: r.id, payload: { reaction: r.id }, options: { backfillPeriod: 0 } }]
      : [],
  )
  const keeper = keepWorkers(house, () => {
    house.log.warn('the database was away: the worker begins again')
    void runner.stop().catch(() => {})
  })
  const begin = () => {
    const events: WorkerEvents = new EventEmitter()
    events.on('pool:create', ({ workerPool }) => keeper.hold(workerPool.id))
    return run({
      pgPool: house.control,
      taskList: tasks(house, reactions),
      logger: logger(house),
      noHandleSignals: true,
      parsedCronItems: parseCronItems(crons),
      events,
      preset: {
        // No local queue of graphile's: it doubles the rate, but ends the process when the database goes away while it gives jobs back.
        worker: {
          concurrentJobs: 4,
          pollInterval: 1000,
          completeJobBatchDelay: 5,
          failJobBatchDelay: 5,
          maxPoolSize: 8,
        },
      },
    })
  }
  let stopping = false
  let runner = await begin()
  const watch = async (): Promise<void> => {
    while (!stopping) {
      await runner.promise.catch(error => house.log.error({ err: error }, 'the worker ended and begins again'))
      while (!stopping) {
        await wait(100)
        try {
          if (!stopping) runner = await begin()
          break
        } catch (error) {
          house.log.warn({ err: error }, 'the worker could not begin and tries again')
        }
      }
    }
  }
  const watching = watch()
  const failures = startCollecting(house)
  // Long-lived processes need next month's partition too.
  const partitions = setInterval(() => {
    house.control.query("select kernel.event_partitions(current_date, (now() + interval '4 months')::date)").catch(error => {
      house.log.error({ err: error }, 'the next partitions of the events could not be made')
    })
  }, 6 * 3_600_000)
  const relay = startRelay(house, reactions.byEvent)
  house.wakeRelay = relay.wake
  return {
    stop: async () => {
      stopping = true
      clearInterval(partitions)
      house.wakeRelay = () => {}
      await failures.stop()
      await relay.stop()
      // Already ending when the database was away a moment ago.
      await runner.stop().catch(() => {})
      await watching
      await keeper.stop()
    },
  }
}

/** Relays and runs everything that is due until nothing is left: for tests and for tools that need rest. */
export async function settle(house: House, reactions: Reactions): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await Promise.all(house.background)
    const moved = await relayOnce(house, reactions.byEvent)
    await runOnce({
      pgPool: house.control,
      taskList: tasks(house, reactions),
      logger: logger(house),
      noHandleSignals: true,
      // Only what is gathered is waited for: alone, an outcome may be written after the round.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    })
    await collectFailures(house)
    if (moved === 0 && house.background.size === 0) return
  }
  throw new Error('the house does not come to rest')
}

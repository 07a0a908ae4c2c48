import { type CronItem, Logger, makeWorkerUtils, parseCronItems, run, runOnce, type TaskList, type WorkerUtils } from 'graphile-worker'
import { sql } from 'kysely'
import { allTenants } from './directory.ts'
import { eventById } from './events.ts'
import type { House } from './house.ts'
import { asSystem, type Reaction, type Said } from './react.ts'
import { type JobPayload, relayOnce, startRelay } from './relay.ts'
import { type Ctx, work } from './work.ts'

export type Reactions = {
  byEvent: ReadonlyMap<string, Reaction[]>
  byId: ReadonlyMap<string, Reaction>
  cares: (event: string, detail: unknown) => boolean
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
    cares: (event, detail) => (byEvent.get(event) ?? []).some(r => r.kind !== 'every' && (r.only === undefined || r.only(detail))),
  }
}

const recorded = async (ctx: Ctx, event: string, reaction: string): Promise<boolean> => {
  const { rows } =
    await sql`insert into kernel.reacted (tenant_id, event_id, reaction, at) values (${ctx.tenantId}, ${event}, ${reaction}, ${ctx.now})
    on conflict do nothing returning event_id`.execute(ctx.db)
  return rows.length > 0
}

async function saidOf(ctx: Ctx, job: JobPayload, reaction: Reaction): Promise<Said | null> {
  if (reaction.kind === 'every') return null
  if (job.timer)
    return {
      id: job.event,
      about: job.timer.about,
      detail: reaction.detail.parse(job.timer.detail),
      at: ctx.now,
      customerId: null,
      interactionId: null,
      actorId: null,
      personal: {},
    }
  const row = await eventById(ctx, job.event)
  return row ? { ...row, detail: reaction.detail.parse(row.detail) } : null
}

/** One job: one reaction to one event. `when` records itself in its own transaction; `outward` looks first and records last. */
export async function runReaction(house: House, reactions: Reactions, job: JobPayload): Promise<void> {
  const reaction = reactions.byId.get(job.reaction)
  // A reaction that a newer version no longer has: its events have nobody to tell.
  if (!reaction || reaction.kind === 'every') return
  if (reaction.kind === 'when') {
    await asSystem(house, job.tenant, async ctx => {
      if (!(await recorded(ctx, job.event, reaction.id))) return
      const said = await saidOf(ctx, job, reaction)
      if (said && (reaction.only === undefined || reaction.only(said.detail))) await reaction.run(ctx, said)
    })
  } else {
    const said = await asSystem(house, job.tenant, async ctx => {
      const { rows } =
        await sql`select 1 from kernel.reacted where tenant_id = ${ctx.tenantId} and event_id = ${job.event} and reaction = ${reaction.id}`.execute(
          ctx.db,
        )
      return rows.length > 0 ? null : saidOf(ctx, job, reaction)
    })
    if (said) {
      await reaction.run({ house, work: fn => work(house, { kind: 'system', tenantId: job.tenant }, fn) }, said)
      await asSystem(house, job.tenant, ctx => recorded(ctx, job.event, reaction.id))
    }
  }
  house.metrics.reactions.inc({ reaction: reaction.id, result: 'done' })
}

function tasks(house: House, reactions: Reactions): TaskList {
  return {
    react: async payload => {
      // Written by the relay alone; its shape is JobPayload.
      await runReaction(house, reactions, payload as JobPayload)
    },
    every: async payload => {
      const reaction = reactions.byId.get((payload as { reaction: string }).reaction)
      if (reaction?.kind !== 'every') return
      for (const { tenantId } of await allTenants(house.control)) await asSystem(house, tenantId, ctx => reaction.run(ctx))
    },
  }
}

const logger = (house: House) =>
  new Logger(() => (level, message, meta) => {
    if (level === 'error') house.log.error({ job: meta && 'job' in meta ? meta : undefined }, message)
    else if (level === 'warning') house.log.warn(message)
  })

/** Relay, worker and cron of this process. Jobs that a killed process held are freed as soon as its advisory lock is. */
export async function startWorker(house: House, reactions: Reactions): Promise<{ stop: () => Promise<void> }> {
  const crons: CronItem[] = [...reactions.byId.values()].flatMap(r =>
    r.kind === 'every'
      ? [{ task: 'every', match: r.cron, identifier: r.id, payload: { reaction: r.id }, options: { backfillPeriod: 0 } }]
      : [],
  )
  const keeper = await holdWorkerId(house)
  const runner = await run({
    pgPool: house.control,
    taskList: tasks(house, reactions),
    logger: logger(house),
    noHandleSignals: true,
    parsedCronItems: parseCronItems(crons),
    preset: {
      worker: {
        concurrentJobs: 4,
        pollInterval: 1000,
        localQueue: { size: 200 },
        completeJobBatchDelay: 5,
        failJobBatchDelay: 5,
        maxPoolSize: 8,
      },
    },
  })
  runner.events.on('pool:create', () => {})
  const relay = startRelay(house, reactions.byEvent)
  house.wakeRelay = relay.wake
  return {
    stop: async () => {
      house.wakeRelay = () => {}
      await relay.stop()
      await runner.stop()
      await keeper.release()
    },
  }
}

/**
 * graphile-worker keeps a killed worker's jobs locked for four hours. Every process holds an advisory lock on a connection of its own; when the
 * lock can be had by another at its start, nobody who could hold jobs is alive, and all locked jobs are freed.
 */
async function holdWorkerId(house: House) {
  const lock = 4_107_003
  const client = await house.control.connect()
  const alone = (await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${lock}) as got`)).rows[0]?.got === true
  if (alone) {
    const utils: WorkerUtils = await makeWorkerUtils({ pgPool: house.control, logger: logger(house) })
    const { rows } = await client.query<{ locked_by: string }>(
      'select distinct locked_by from graphile_worker._private_jobs where locked_by is not null',
    )
    if (rows.length > 0) await utils.forceUnlockWorkers(rows.map(r => r.locked_by))
    await utils.release()
    await client.query(`select pg_advisory_unlock(${lock})`)
  }
  await client.query(`select pg_advisory_lock_shared(${lock})`)
  return {
    release: async () => {
      client.release(true)
    },
  }
}

/** Relays and runs everything that is due until nothing is left: for tests and for tools that need rest. */
export async function settle(house: House, reactions: Reactions): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await Promise.all(house.background)
    const moved = await relayOnce(house, reactions.byEvent)
    await runOnce({ pgPool: house.control, taskList: tasks(house, reactions), logger: logger(house), noHandleSignals: true })
    if (moved === 0 && house.background.size === 0) return
  }
  throw new Error('the house does not come to rest')
}

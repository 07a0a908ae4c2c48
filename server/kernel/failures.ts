import { makeWorkerUtils } from 'graphile-worker'
import { sql } from 'kysely'
import * as z from 'zod'
import type { FailedReaction, FailureState, failedReactions } from '#contract/operations.ts'
import { actorId } from './access.ts'
import { event } from './events.ts'
import type { House } from './house.ts'
import { newId } from './ids.ts'
import { type Page, pageRows, readCursor } from './paging.ts'
import { asSystem } from './react.ts'
import type { JobPayload } from './relay.ts'
import type { Ctx } from './work.ts'

export const reactionFailed = event('reaction.failed', z.object({ reaction: z.string() }), 'house:operate')
export const reactionRetried = event('reaction.retried', z.object({ reaction: z.string() }), 'house:operate')
export const reactionDropped = event('reaction.dropped', z.object({ reaction: z.string(), reason: z.string() }), 'house:operate')
export const reactionMended = event('reaction.mended', z.object({ reaction: z.string() }), 'house:operate')

type Failed = { id: string; payload: JobPayload; attempts: number; error: string; at: Date }

/**
 * Takes the jobs that the worker has given up into their tenants' lists. Written first and removed after, under a key of their own: a process that ends
 * between the two leaves the job to the next look.
 */
export async function collectFailures(house: House): Promise<number> {
  const { rows } = await house.control.query<Failed>(
    `select j.id::text as id, j.payload, j.attempts, coalesce(j.last_error, '') as error, j.updated_at as at
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = 'react' and j.attempts >= j.max_attempts and j.locked_at is null order by j.id limit 500`,
  )
  if (rows.length === 0) return 0
  const recorded: string[] = []
  for (const [tenantId, failed] of Map.groupBy(rows, row => row.payload.tenant))
    try {
      await asSystem(house, tenantId, async ctx => {
        for (const job of failed) await record(ctx, job)
      })
      recorded.push(...failed.map(job => job.id))
    } catch (error) {
      // What cannot be written down for one tenant holds up no other; it is tried again at the next look.
      house.log.error({ err: error, tenantId }, 'failed reactions could not be recorded')
    }
  const utils = await makeWorkerUtils({ pgPool: house.control })
  try {
    await utils.completeJobs(recorded)
  } finally {
    await utils.release()
  }
  house.log.error(
    { reactions: rows.length },
    'reactions failed every time they were tried; an administrator can see them and run them again',
  )
  return recorded.length
}

async function record(ctx: Ctx, { payload, attempts, error, at }: Failed): Promise<void> {
  const { rows } = await sql<{
    id: string
  }>`insert into kernel.failed_reaction as f (tenant_id, id, event_id, reaction, event, said, attempts, error, failed_at, state)
    values (${ctx.tenantId}, ${newId()}, ${payload.event}, ${payload.reaction}, ${payload.reaction.split(': ')[0]}, ${payload.timer ? JSON.stringify(payload.timer) : null}, ${attempts}, ${error.slice(0, 4000)}, ${at}, 'open')
    on conflict (tenant_id, event_id, reaction) do update set attempts = f.attempts + excluded.attempts, error = excluded.error, failed_at = excluded.failed_at, state = 'open'
    where f.state <> 'open' returning id`.execute(ctx.db)
  const id = rows[0]?.id
  if (id !== undefined) await ctx.emit(reactionFailed, { id }, { reaction: payload.reaction })
}

/** The failed one has run after all. */
export async function failureMended(ctx: Ctx, job: JobPayload): Promise<void> {
  const { rows } = await sql<{ id: string }>`update kernel.failed_reaction set state = 'done'
    where tenant_id = ${ctx.tenantId} and event_id = ${job.event} and reaction = ${job.reaction} and state = 'retrying' returning id`.execute(
    ctx.db,
  )
  const id = rows[0]?.id
  if (id !== undefined) await ctx.emit(reactionMended, { id }, { reaction: job.reaction })
}

/** Told to run again, but this version has no such reaction any more: there is nobody to do it. */
export async function failureObsolete(ctx: Ctx, job: JobPayload): Promise<void> {
  await sql`update kernel.failed_reaction set state = 'dropped'
    where tenant_id = ${ctx.tenantId} and event_id = ${job.event} and reaction = ${job.reaction} and state = 'retrying'`.execute(ctx.db)
}

/** Looks every few seconds; a failure has been tried for half an hour when it gets here. */
export function startCollecting(house: House): { stop: () => Promise<void> } {
  let running = Promise.resolve()
  const turn = () => {
    running = running.then(async () => {
      try {
        await collectFailures(house)
      } catch (error) {
        house.log.warn({ err: error }, 'failed reactions could not be collected')
      }
    })
  }
  const timer = setInterval(turn, 5_000)
  return {
    stop: () => {
      clearInterval(timer)
      return running
    },
  }
}

export async function listFailures(
  ctx: Ctx,
  { box, after, size = 50 }: z.output<typeof failedReactions.list.query>,
): Promise<Page<FailedReaction>> {
  const last = readCursor(after, z.tuple([z.uuid()]))
  const { rows } = await sql<FailedReaction>`
    select f.id, f.reaction, f.event, coalesce((f.said->>'about')::uuid, e.about) as about, f.attempts, f.error, f.failed_at, f.state, f.settled_by_id, p.name as settled_by_name, f.settled_at, f.reason
    from kernel.failed_reaction f
    left join kernel.event e on e.tenant_id = ${ctx.tenantId} and e.id = f.event_id
    left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = f.settled_by_id
    where f.tenant_id = ${ctx.tenantId} and ${box === 'open' ? sql`f.state = 'open'` : sql`f.state <> 'open'`} ${last ? sql`and f.id < ${last[0]}` : sql``}
    order by f.id desc limit ${size + 1}`.execute(ctx.db)
  return pageRows(rows, size, row => [row.id])
}

export async function countFailures(ctx: Ctx): Promise<{ open: number }> {
  const { rows } = await sql<{ open: number }>`select count(*)::int as open from
    (select 1 from kernel.failed_reaction where tenant_id = ${ctx.tenantId} and state = 'open' limit 100) as few`.execute(ctx.db)
  return { open: rows[0]?.open ?? 0 }
}

/** A retry is a timer that is due now, for the one reaction; pressed twice it is still one. */
export async function retryFailures(ctx: Ctx, ids: readonly string[]): Promise<{ retried: number }> {
  const settled = await settle(ctx, ids, 'retrying', '')
  for (const row of settled) {
    await sql`insert into kernel.timer (tenant_id, key, id, name, reaction, said, run_at)
      values (${ctx.tenantId}, ${`again:${row.id}`}, ${row.eventId}, ${row.event}, ${row.reaction}, ${row.said === null ? null : JSON.stringify(row.said)}, ${ctx.now})
      on conflict (tenant_id, key) do nothing`.execute(ctx.db)
    await ctx.emit(reactionRetried, { id: row.id }, { reaction: row.reaction })
  }
  return { retried: settled.length }
}

export async function dropFailures(ctx: Ctx, ids: readonly string[], reason: string): Promise<{ dropped: number }> {
  const settled = await settle(ctx, ids, 'dropped', reason)
  for (const row of settled) await ctx.emit(reactionDropped, { id: row.id }, { reaction: row.reaction, reason })
  return { dropped: settled.length }
}

async function settle(ctx: Ctx, ids: readonly string[], state: z.output<typeof FailureState>, reason: string) {
  const { rows } = await sql<{ id: string; eventId: string; event: string; reaction: string; said: unknown }>`
    update kernel.failed_reaction set state = ${state}, settled_by_id = ${actorId(ctx.actor)}, settled_at = ${ctx.now}, reason = ${reason}
    where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[]) and state = 'open' returning id, event_id, event, reaction, said`.execute(
    ctx.db,
  )
  return rows
}

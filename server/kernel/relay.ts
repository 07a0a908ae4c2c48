import type { PoolClient } from 'pg'
import { openAs, transaction } from './db.ts'
import { heeds } from './heeds.ts'
import type { House } from './house.ts'
import { startLoop } from './loop.ts'
import type { Reaction } from './react.ts'

/** `cause`: the run of a rule in whose course the timer was set. */
type Told = { about: string; detail: unknown; cause?: string }
/** `reactions`: those that have something to do; null: all that know the event. */
type Announced = { tenant_id: string; id: string; name: string; reactions: string[] | null }
type Due = { tenant_id: string; id: string; name: string; reaction: string | null; said: Told | null }
/** `timer`: what a timer says; without it the job tells the event. `again`: an administrator let a failed reaction run once more. */
export type JobPayload = { tenant: string; reaction: string; event: string; timer?: Told; again?: true }

const batch = 200
const breathMs = 40
/** The worker waits e, e², e³ … seconds between them: half an hour in all before an administrator is asked. */
const attempts = 8

/** Moves one batch of what was announced, and of the timers that are due, to the worker's jobs: one job per reaction that has something to do. Returns how many rows it moved. */
export async function relayOnce(house: House, byEvent: ReadonlyMap<string, Reaction[]>): Promise<number> {
  return transaction(house.control, openAs('relay'), async client => {
    const [announced, due] = await Promise.all([
      client.query<Announced>({
        name: 'relay events',
        text: `delete from kernel.undispatched where (tenant_id, id) in (select tenant_id, id from kernel.undispatched order by id limit ${batch} for update skip locked)
       returning tenant_id, id, name, reactions`,
      }),
      client.query<Due>({
        name: 'relay timers',
        text: `delete from kernel.timer where (tenant_id, key) in (select tenant_id, key from kernel.timer where run_at <= $1 order by run_at limit ${batch} for update skip locked)
       returning tenant_id, id, name, reaction, said`,
        values: [house.clock()],
      }),
    ])
    const all = ({ tenant_id, name }: Announced) =>
      (byEvent.get(name) ?? []).filter(r => r.kind !== 'outward' || !r.heeded || heeds(house, tenant_id, name)).map(r => r.id)
    const jobs: JobPayload[] = []
    for (const row of announced.rows.sort((a, b) => (a.id < b.id ? -1 : 1)))
      for (const reaction of row.reactions ?? all(row)) jobs.push({ tenant: row.tenant_id, reaction, event: row.id })
    for (const row of due.rows)
      for (const reaction of row.reaction === null ? (byEvent.get(row.name) ?? []).map(r => r.id) : [row.reaction])
        jobs.push({
          tenant: row.tenant_id,
          reaction,
          event: row.id,
          ...(row.said ? { timer: row.said } : {}),
          ...(row.reaction === null ? {} : { again: true }),
        })
    await addJobs(client, jobs)
    return announced.rows.length + due.rows.length
  })
}

/** Gives jobs to the worker, in the transaction at hand; the connection goes on as its own role. */
export async function addJobs(client: PoolClient, jobs: readonly JobPayload[]): Promise<void> {
  if (jobs.length === 0) return
  await client.query('reset role')
  await client.query(
    `select count(*) from graphile_worker.add_jobs(array(select row('react', payload, null, now(), ${attempts}, null, null, null)::graphile_worker.job_spec from json_array_elements($1::json) as payload))`,
    [JSON.stringify(jobs)],
  )
}

/** Relays whenever a commit of this process says so, and every quarter second for the commits of others and for timers. Stops when asked, after the batch at hand. */
export const startRelay = (house: House, byEvent: ReadonlyMap<string, Reaction[]>): { wake: () => void; stop: () => Promise<void> } =>
  startLoop(house, 'the relay could not reach the database and tries again', async () => {
    const moved = await relayOnce(house, byEvent)
    // A short breath gathers what follows: one notify per batch instead of one per commit.
    return moved === batch ? 0 : moved > 0 ? breathMs : 250
  })

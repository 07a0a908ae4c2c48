import { openAs, transaction } from './db.ts'
import type { House } from './house.ts'
import type { Reaction } from './react.ts'

type Row = {
  tenant_id: string
  id: string
  name: string
  timer: { about: string; detail: unknown } | null
  run_at: Date | null
  job_key: string | null
}
export type JobPayload = { tenant: string; reaction: string; event: string; timer?: { about: string; detail: unknown } }
type JobSpec = { identifier: string; payload: JobPayload; runAt?: string; jobKey?: string; maxAttempts: number }

const batch = 200
const attempts = 12

/** Moves one batch from the outbox to the worker's jobs, one job per interested reaction. Returns how many rows it moved. */
export async function relayOnce(house: House, byEvent: ReadonlyMap<string, Reaction[]>): Promise<number> {
  return transaction(house.control, openAs('relay'), async client => {
    const { rows } = await client.query<Row>(
      `delete from kernel.undispatched where (tenant_id, id) in (select tenant_id, id from kernel.undispatched order by id limit ${batch} for update skip locked)
       returning tenant_id, id, name, timer, run_at, job_key`,
    )
    if (rows.length === 0) return 0
    rows.sort((a, b) => (a.id < b.id ? -1 : 1))
    const specs = new Map<string, JobSpec>()
    // The worker waits by the database's clock; a test's house runs ahead of it.
    const ahead = house.clock().getTime() - Date.now()
    const cleared: string[] = []
    for (const row of rows) {
      for (const reaction of byEvent.get(row.name) ?? []) {
        const key = row.job_key === null ? `${row.id}:${reaction.id}` : `${row.job_key}:${reaction.id}`
        // A timer set and cleared, or set twice, within one batch: the last word counts.
        specs.delete(key)
        if (row.job_key !== null && row.timer === null) cleared.push(key)
        else
          specs.set(key, {
            identifier: 'react',
            maxAttempts: attempts,
            ...(row.job_key === null ? {} : { jobKey: key }),
            payload: { tenant: row.tenant_id, reaction: reaction.id, event: row.id, ...(row.timer ? { timer: row.timer } : {}) },
            ...(row.run_at && row.run_at.getTime() - ahead > Date.now() ? { runAt: textOf(row.run_at.getTime() - ahead) } : {}),
          })
      }
    }
    await client.query('reset role')
    for (const key of cleared) await client.query('select graphile_worker.remove_job($1)', [key])
    if (specs.size > 0)
      await client.query(
        `select count(*) from graphile_worker.add_jobs(array(select row(s.identifier, s.payload, null, coalesce(s.run_at, now()), s.max_attempts, s.job_key, null, null)::graphile_worker.job_spec
           from json_to_recordset($1::json) as s(identifier text, payload json, run_at timestamptz, max_attempts smallint, job_key text)))`,
        [
          JSON.stringify(
            [...specs.values()].map(s => ({
              identifier: s.identifier,
              payload: s.payload,
              run_at: s.runAt ?? null,
              max_attempts: s.maxAttempts,
              job_key: s.jobKey ?? null,
            })),
          ),
        ],
      )
    return rows.length
  })
}

const lastInstant = Date.parse('9999-12-31T23:59:59.999Z')
/** One timer that PostgreSQL cannot read would keep everything behind it from leaving: nothing is due after the years it shares with ISO 8601. */
const textOf = (instant: number) => new Date(Math.min(instant, lastInstant)).toISOString()

/** Relays whenever a commit of this process says so, and every quarter second for those of others. Stops when asked, after the batch at hand. */
export function startRelay(house: House, byEvent: ReadonlyMap<string, Reaction[]>): { wake: () => void; stop: () => Promise<void> } {
  let stopping = false
  let wake = () => {}
  let awake = false
  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      if (awake) {
        awake = false
        resolve()
        return
      }
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        awake = false
        resolve()
      }
    })
  const loop = (async () => {
    let idle = 0
    while (!stopping) {
      try {
        const moved = await relayOnce(house, byEvent)
        idle = 0
        // A short breath gathers what follows: one notify per batch instead of one per commit.
        if (moved < batch) await pause(moved > 0 ? 10 : 250)
      } catch (error) {
        idle = Math.min(idle + 1, 6)
        house.log.warn({ err: error }, 'the relay could not reach the database and tries again')
        await new Promise(resolve => setTimeout(resolve, 100 * 2 ** idle))
      }
    }
  })()
  return {
    wake: () => {
      awake = true
      wake()
    },
    stop: async () => {
      stopping = true
      awake = true
      wake()
      await loop
    },
  }
}

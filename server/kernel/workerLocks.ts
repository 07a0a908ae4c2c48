import { makeWorkerUtils, type WorkerUtils } from 'graphile-worker'
import type { PoolClient } from 'pg'
import type { House } from './house.ts'

const space = 4_107_003
const every = 1_000
/** graphile-worker names whoever locked a job `pool-…`; the advisory lock is that name's hash. */
const lockOf = `${space}, hashtext($1)`

/**
 * graphile-worker keeps the jobs of a killed process locked for four hours. So each process holds an advisory lock under the name of each of its pools, on one
 * connection, which the database ends with the process; and each looks every second for jobs locked under a name whose lock can be had, and frees them.
 * A database that was away may have given our own pools jobs in an answer that never came, and graphile's workers end with their connections. So when it is
 * back, all jobs of ours are freed (those that run in the meantime run twice, which a reaction notices) and `lost` lets a new pool take the old one's place.
 */
export function keepWorkers(house: House, lost: () => void): { hold: (poolId: string) => void; stop: () => Promise<void> } {
  const mine = new Set<string>()
  let stopping = false
  let client: PoolClient | undefined
  let wasAway = false
  let utils: WorkerUtils | undefined
  /** Given back broken, once, so that the pool may open another. */
  const drop = (broken: PoolClient | undefined) => {
    if (!broken || client !== broken) return
    client = undefined
    broken.release(true)
  }
  const ready = async (): Promise<PoolClient> => {
    if (client) return client
    const fresh = await house.control.connect()
    fresh.on('error', () => {
      wasAway = true
      drop(fresh)
    })
    client = fresh
    try {
      for (const id of mine) await fresh.query(`select pg_advisory_lock(${lockOf})`, [id])
    } catch (error) {
      drop(fresh)
      throw error
    }
    return fresh
  }
  const look = async () => {
    const own = await ready()
    const { rows } = await own.query<{ id: string }>(
      `select distinct locked_by as id from graphile_worker._private_jobs where locked_at is not null and locked_by <> all($1)`,
      [[...mine]],
    )
    const gone: string[] = wasAway ? [...mine] : []
    for (const { id } of rows) {
      const got = await own.query<{ got: boolean }>(`select pg_try_advisory_lock(${lockOf}) as got`, [id])
      if (!got.rows[0]?.got) continue
      gone.push(id)
      await own.query(`select pg_advisory_unlock(${lockOf})`, [id])
    }
    if (gone.length === 0) return
    utils ??= await makeWorkerUtils({ pgPool: house.control })
    await utils.forceUnlockWorkers(gone)
    if (wasAway && !stopping) lost()
    wasAway = false
    house.log.info({ workers: gone.length }, 'jobs that nobody holds any more were freed')
  }
  const turn = async () => {
    try {
      await look()
    } catch (error) {
      // Whatever broke the connection took its locks along: the next look takes them anew.
      drop(client)
      wasAway = true
      house.log.debug({ err: error }, 'the locks of the workers could not be looked at')
    }
  }
  let turning: Promise<void> = turn()
  const timer = setInterval(() => {
    turning = turning.then(() => (stopping ? undefined : turn()))
  }, every)
  return {
    // One worker at a time: what an earlier one of this process still had is nobody's.
    hold: id => {
      mine.clear()
      mine.add(id)
      turning = turning.then(async () => {
        try {
          await (await ready()).query(`select pg_advisory_lock(${lockOf})`, [id])
        } catch (error) {
          house.log.debug({ err: error }, 'a worker waits for its lock')
        }
      })
    },
    stop: async () => {
      stopping = true
      clearInterval(timer)
      await turning
      await utils?.release()
      drop(client)
    },
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { keepWorkers } from './workerLocks.ts'

let house: TestHouse
let keeper: ReturnType<typeof keepWorkers>
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
afterEach(() => keeper.stop())

const ask = async <R extends object>(text: string, values: unknown[] = []) => (await house.house.control.query<R>(text, values)).rows
const keepers = () =>
  ask<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory' and classid = 4107003 and granted
    and database = (select oid from pg_database where datname = current_database())`)
async function until(holds: () => Promise<boolean>) {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 100) throw new Error('it never came true')
    await wait(50)
  }
}
const jobOf = async (pool: string) => {
  await ask(`select graphile_worker.add_job('react', '{}')`)
  await ask('update graphile_worker._private_jobs set locked_by = $1, locked_at = now() where locked_by is null', [pool])
}
const locked = async (pool: string) => (await ask('select 1 from graphile_worker._private_jobs where locked_by = $1', [pool])).length > 0

test('a connection that is lost again and again is replaced, and takes no place in the pool along', async () => {
  keeper = keepWorkers(house.house, () => {})
  keeper.hold('pool-lost')
  for (let time = 0; time < 3; time++) {
    await until(async () => (await keepers()).length === 1)
    // Between two looks, when nobody asks anything of it.
    await wait(200)
    const [lost] = await keepers()
    await ask('select pg_terminate_backend($1)', [lost?.pid])
    await until(async () => (await keepers()).every(({ pid }) => pid !== lost?.pid))
  }
  await until(async () => (await keepers()).length === 1)
  const { control } = house.house
  await until(async () => control.totalCount - control.idleCount === 1)
})

test('jobs of a worker that ended and began again under another name are freed', async () => {
  keeper = keepWorkers(house.house, () => {})
  keeper.hold('pool-first')
  await until(async () => (await keepers()).length === 1)
  await jobOf('pool-first')
  await wait(1_500)
  expect(await locked('pool-first')).toBe(true)
  keeper.hold('pool-second')
  await until(async () => !(await locked('pool-first')))
  await jobOf('pool-second')
  await wait(1_500)
  expect(await locked('pool-second')).toBe(true)
})

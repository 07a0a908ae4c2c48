import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { event } from './events.ts'
import { countFailures, dropFailures, listFailures, retryFailures } from './failures.ts'
import { newId } from './ids.ts'
import { every, outward, when } from './react.ts'
import { registerReactions, settle } from './worker.ts'

const bellRung = event('bell.rung', z.object({ tone: z.string() }))
const bellDue = event('bell.due', z.object({ tone: z.string() }))
let house: TestHouse
let broken = true
const heard: string[] = []
const ring = (tone: string) => {
  if (broken) throw new Error('the bell is cracked')
  heard.push(tone)
}
const reactions = registerReactions([
  when(bellRung, 'ring it', async (_, said) => ring(said.detail.tone)),
  outward(bellRung, 'ring it outside', async (_, said) => ring(`${said.detail.tone} outside`)),
  when(bellDue, 'ring it late', async (_, said) => ring(said.detail.tone)),
  every('0 3 * * *', 'polish the bell', async () => ring('polish')),
])
beforeAll(async () => {
  house = await openHouse()
  house.house.hearers = (event, detail) => reactions.hearers(event, detail, false)
})
afterAll(() => house.close())
beforeEach(() => {
  broken = true
  heard.length = 0
})

/** Until every attempt is used up: one a round, and the pauses between them are shorter than an hour. */
async function exhaust() {
  for (let attempt = 0; attempt < 8; attempt++) {
    await settle(house.house, reactions)
    await house.pass(60)
  }
}
const open = async () => (await house.work(ctx => listFailures(ctx, { box: 'open' }))).rows

test('what failed every time is listed with its reason, runs again when told to, and is done once', async () => {
  await house.work(ctx => ctx.emit(bellRung, { id: newId() }, { tone: 'high' }))
  await house.work(ctx => ctx.at(ctx.now, bellDue, { id: newId(), clock: 'due' }, { tone: 'low' }))
  await exhaust()
  const failed = await open()
  expect(failed.map(f => f.reaction).sort()).toEqual(['bell.due: ring it late', 'bell.rung: ring it', 'bell.rung: ring it outside'])
  expect(failed.every(f => f.error.includes('the bell is cracked') && f.attempts === 8 && f.about !== null)).toBe(true)
  expect(await house.said('reaction.failed')).toHaveLength(3)
  expect(await house.work(countFailures)).toEqual({ open: 3 })

  broken = false
  const ids = failed.map(f => f.id)
  expect(await house.work(ctx => retryFailures(ctx, ids))).toEqual({ retried: 3 })
  expect(await house.work(ctx => retryFailures(ctx, ids))).toEqual({ retried: 0 })
  await settle(house.house, reactions)
  expect(heard.sort()).toEqual(['high', 'high outside', 'low'])
  expect(await open()).toEqual([])
  const settled = await house.work(ctx => listFailures(ctx, { box: 'settled' }))
  expect(settled.rows.map(f => f.state)).toEqual(['done', 'done', 'done'])
})

test('a retry that fails again opens the same entry again', async () => {
  await house.work(ctx => ctx.at(ctx.now, bellDue, { id: newId(), clock: 'due' }, { tone: 'low' }))
  await exhaust()
  const [first] = await open()
  await house.work(ctx => retryFailures(ctx, [first?.id ?? '']))
  await exhaust()
  const again = await open()
  expect(again.map(f => [f.id, f.attempts])).toEqual([[first?.id, 16]])
  await house.work(ctx => dropFailures(ctx, [first?.id ?? ''], '铃已拆除'))
  expect(await open()).toEqual([])
  expect((await house.said('reaction.dropped')).at(-1)).toEqual({ reaction: 'bell.due: ring it late', reason: '铃已拆除' })
  await house.work(ctx => retryFailures(ctx, [first?.id ?? '']))
  await exhaust()
  expect(await open()).toEqual([])
})

test('another tenant neither sees, nor retries, nor drops', async () => {
  await house.work(ctx => ctx.emit(bellRung, { id: newId() }, { tone: 'theirs' }))
  await exhaust()
  const ids = (await open()).map(f => f.id)
  expect(ids).toHaveLength(2)
  const other = house.as({ kind: 'system', tenantId: house.otherTenantId })
  expect((await other.work(ctx => listFailures(ctx, { box: 'open' }))).rows).toEqual([])
  expect(await other.work(ctx => retryFailures(ctx, ids))).toEqual({ retried: 0 })
  expect(await other.work(ctx => dropFailures(ctx, ids, 'x'))).toEqual({ dropped: 0 })
  expect((await open()).map(f => f.id)).toEqual(ids)
})

test('a retry of what this version no longer does is given up, and a broken job holds up nobody', async () => {
  await house.house.control.query(
    `select graphile_worker.add_job('react', $1::json, max_attempts => 1, run_at => now() + interval '1 day')`,
    [JSON.stringify({ tenant: house.tenantId, reaction: 'bell.rung: melt it', event: newId() })],
  )
  await house.house.control.query(
    `select graphile_worker.add_job('react', $1::json, max_attempts => 1, run_at => now() + interval '1 day')`,
    [JSON.stringify({ tenant: house.otherTenantId, reaction: 'bell.rung: ring it', event: 'no id at all' })],
  )
  await house.house.control.query('update graphile_worker._private_jobs set attempts = max_attempts where max_attempts = 1')
  await settle(house.house, reactions)
  const obsolete = (await open()).find(f => f.reaction === 'bell.rung: melt it')
  expect(obsolete).toBeDefined()
  await house.work(ctx => retryFailures(ctx, [obsolete?.id ?? '']))
  await settle(house.house, reactions)
  const settled = (await house.work(ctx => listFailures(ctx, { box: 'settled' }))).rows.find(f => f.id === obsolete?.id)
  expect(settled?.state).toBe('dropped')
  await house.house.control.query('delete from graphile_worker._private_jobs')
})

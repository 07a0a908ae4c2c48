import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { standIn } from '#domains/identity/index.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import type { User } from './access.ts'
import { placeOf } from './files.ts'
import { Refusal } from './refusal.ts'
import { allRuns, cancelRun, forgetOldRuns, myRuns, oneRun, retryRun } from './runDesk.ts'
import { ask, registerRuns, run } from './runs.ts'
import { findLostTurns, partOf } from './runTurns.ts'

const Params = z.object({ steps: z.int() })
let trouble: ((at: number) => Promise<void> | void) | null = null
let assembling: (() => Promise<void>) | null = null
const count = run({
  kind: 'test.count',
  may: 'identity:read',
  params: Params,
  cursor: z.object({ at: z.int() }),
  start: { at: 0 },
  step: async (ctx, { params, cursor: { at }, done }) => {
    const next = at + 1
    await ctx.db
      .updateTable('identity.tenant')
      .set({ name: `step ${next}` })
      .execute()
    await trouble?.(next)
    return { cursor: { at: next }, done: done + 1, total: params.steps, output: Buffer.from(`${next}\n`), finished: next >= params.steps }
  },
  result: () => ({ name: '数数.txt', type: 'text/plain' }),
  finish: async function* (written) {
    await assembling?.()
    yield* written
  },
})
const quiet = run({
  kind: 'test.quiet',
  may: 'identity:read',
  params: z.object({}),
  cursor: z.null(),
  start: null,
  outside: async (_, { done }) => done + 1,
  step: async (_, __, found) => ({ cursor: null, done: found, outcome: { made: found }, finished: found >= 2 }),
})

let house: TestHouse
let asker: User
let other: User
beforeAll(async () => {
  house = await openHouse()
  const desk = openDesk(house)
  ;[asker, other] = [await desk.person('张敏'), await desk.person('李强')]
  const runs = registerRuns([count, quiet])
  house.house.runs = runs
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id, tenantId: ctx.tenantId })
})
afterAll(() => house.close())
beforeEach(() => {
  trouble = null
  assembling = null
})
const asks = (steps: number, user = asker) => house.as(user).work(ctx => ask(ctx, count, { steps }, { noun: 'steps' }, { q: '王' }))
const one = (id: string, user = asker) => house.as(user).work(ctx => oneRun(ctx, id))
const contents = (id: string) => readFileSync(placeOf(house.house, house.tenantId, id), 'utf8')

test('work is done step by step and its result kept for whoever asked', async () => {
  const id = await asks(3)
  await house.settle()
  const done = await one(id)
  expect(done).toMatchObject({ state: 'done', done: 3, total: 3, file: { name: '数数.txt', size: 6 }, askedByName: '张敏' })
  expect(contents(id)).toBe('1\n2\n3\n')
  expect(existsSync(partOf(house.house, house.tenantId, id))).toBe(false)
  expect(await house.said('run.finished')).toEqual([{ kind: 'test.count', facts: { noun: 'steps' }, done: 3, outcome: {} }])
})

test('work without a file tells what came of it', async () => {
  const id = await house.as(asker).work(ctx => ask(ctx, quiet, {}, {}))
  await house.settle()
  expect(await one(id)).toMatchObject({ state: 'done', done: 2, outcome: { made: 2 }, file: null })
})

test('a step that failed is tried again from the last committed one, and what it wrote beyond is cut off', async () => {
  let failures = 0
  trouble = async at => {
    if (at !== 3 || failures++ > 1) return
    await appendFile(partOf(house.house, house.tenantId, id), 'half a st')
    throw new Error('the lights went out')
  }
  const id = await asks(5)
  for (let n = 0; n < 4; n++) {
    await house.settle()
    await house.pass(1)
  }
  expect(failures).toBe(3)
  expect(contents(id)).toBe('1\n2\n3\n4\n5\n')
})

test('what fails for good says why, and goes on where it stood when told to', async () => {
  trouble = at => {
    if (at === 2) throw new Refusal('conflict', 'sheet.empty', { line: 2 })
  }
  const id = await asks(3)
  await house.settle()
  expect(await one(id)).toMatchObject({ state: 'failed', done: 1, code: 'sheet.empty', codeFacts: { line: 2 }, file: null })
  trouble = null
  await house.as(asker).work(ctx => retryRun(ctx, id))
  await house.settle()
  expect(await one(id)).toMatchObject({ state: 'done', done: 3, code: null })
  expect(contents(id)).toBe('1\n2\n3\n')
  await expect(house.as(asker).work(ctx => retryRun(ctx, id))).rejects.toMatchObject({ code: 'run.not_failed' })
})

test('whose result takes long to assemble says that it goes on, and is not begun twice', async () => {
  const beatAt = async () =>
    (await house.house.control.query<{ beat: Date; turn: number }>('select beat_at as beat, turn from kernel.run where id = $1', [id]))
      .rows[0]
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  assembling = async () => {
    await house.house.control.query(`update kernel.run set beat_at = beat_at - interval '11 minutes' where id = $1`, [id])
    const before = await beatAt()
    vi.advanceTimersByTime(60_000)
    for (let n = 0; n < 100 && +((await beatAt())?.beat ?? 0) === +(before?.beat ?? 0); n++) await wait(50)
    await house.work(findLostTurns)
    expect((await beatAt())?.turn).toBe(before?.turn)
  }
  const id = await asks(2)
  await house.settle()
  vi.useRealTimers()
  expect(await one(id)).toMatchObject({ state: 'done' })
  expect(contents(id)).toBe('1\n2\n')
  expect(readdirSync(path.join(house.house.settings.filesFolder, house.tenantId, 'half'))).toEqual([])
})

test('cancelled between two steps it does no more', async () => {
  trouble = async at => {
    if (at === 2) setTimeout(() => void house.as(asker).work(ctx => cancelRun(ctx, id)), 0)
    if (at > 1) await new Promise(resolve => setTimeout(resolve, 60))
  }
  const id = await asks(500)
  await house.settle()
  const cancelled = await one(id)
  expect(cancelled).toMatchObject({ state: 'cancelled', file: null })
  expect(cancelled.done).toBeLessThan(10)
  expect(existsSync(partOf(house.house, house.tenantId, id))).toBe(false)
  await expect(house.as(asker).work(ctx => cancelRun(ctx, id))).rejects.toMatchObject({ code: 'run.is_over' })
})

test('two run at once for a tenant; who has none running goes first', async () => {
  const state = async (id: string, user = asker) => (await one(id, user)).state
  const ids = [await asks(1), await asks(1), await asks(1), await asks(1, other)]
  expect(await Promise.all(ids.map((id, n) => state(id, n === 3 ? other : asker)))).toEqual(['running', 'running', 'waiting', 'waiting'])
  await house.as(asker).work(ctx => cancelRun(ctx, ids[0] ?? ''))
  expect(await state(ids[2] ?? '')).toBe('waiting')
  expect(await state(ids[3] ?? '', other)).toBe('running')
  await house.settle()
  expect(await Promise.all([state(ids[1] ?? ''), state(ids[2] ?? ''), state(ids[3] ?? '', other)])).toEqual(['done', 'done', 'done'])
})

test('nobody finds the work of another; whoever operates the house sees that it is', async () => {
  const id = await asks(1)
  const plain = { ...other, grants: new Map() }
  await expect(one(id, plain)).rejects.toMatchObject({ code: 'run.not_found' })
  await expect(house.as(plain).work(ctx => cancelRun(ctx, id))).rejects.toMatchObject({ code: 'run.not_found' })
  await expect(one(id, house.user({ tenantId: house.otherTenantId }))).rejects.toMatchObject({ code: 'run.not_found' })
  expect((await house.as(plain).work(ctx => myRuns(ctx, {}))).rows.map(r => r.id)).not.toContain(id)
  expect((await house.as(other).work(ctx => allRuns(ctx, { state: 'running' }))).rows.map(r => r.id)).toContain(id)
  await house.settle()
})

test('rights that were taken away end the work', async () => {
  const before = house.house.standIn
  house.house.standIn = async (_, id) => ({ ...house.user({ id }), grants: new Map() })
  const id = await asks(2)
  await house.settle()
  expect(await one(id)).toMatchObject({ state: 'failed', done: 0, code: 'access.denied' })
  house.house.standIn = before
})

test('the result goes after a week, the fact stays', async () => {
  const id = await asks(1)
  await house.settle()
  await house.pass(8 * 24 * 60)
  await house.work(forgetOldRuns)
  await Promise.all(house.house.background)
  expect(await one(id)).toMatchObject({ state: 'done', file: null })
  expect(existsSync(placeOf(house.house, house.tenantId, id))).toBe(false)
})

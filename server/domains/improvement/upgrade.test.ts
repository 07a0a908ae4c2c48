import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standards } from '#contract/standards.ts'
import { keepCounted } from '#domains/insight/counting.ts'
import { figureOver } from '#domains/insight/index.ts'
import { reactions } from '#domains/insight/reactions.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { attainAll } from './attaining.ts'
import { addStandard } from './standards.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const ask = (text: string, values: unknown[] = []) => house.house.control.query(text, values)
const waits = [2, 4, 6, 30]
const spread = (() => {
  const mean = waits.reduce((a, b) => a + b) / waits.length
  return waits.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (waits.length - 1)
})()

test('after the upgrade figures are counted again with their spread by themselves, and until then no test is applied', async () => {
  const queue = newId()
  await ask(`insert into routing.queue (tenant_id, id, name, target_seconds, short_abandon_seconds) values ($1, $2, '报修', 20, 5)`, [
    house.tenantId,
    queue,
  ])
  const day = new Date(house.now().getTime() - 3 * 86_400_000)
  for (const seconds of waits)
    await ask(
      `insert into interactions.interaction (tenant_id, id, channel, direction, state, queue_id, agent_id, started_at, queued_at, answered_at, ended_at, wrapped_at)
       values ($1, $2, 'chat', 'in', 'done', $3, $4, $5, $5, $5::timestamptz + $6 * interval '1 second', $5::timestamptz + interval '5 minutes', $5::timestamptz + interval '6 minutes')`,
      [house.tenantId, newId(), queue, newId(), day, seconds],
    )
  await house.work(keepCounted)
  const from = new Date(day.getTime() - 86_400_000).toISOString().slice(0, 10)
  const until = new Date(day.getTime() + 2 * 86_400_000).toISOString().slice(0, 10)
  const asa = () => house.work(ctx => figureOver(ctx, 'asa', { by: 'centre', key: '' }, from, until))
  const level = () => house.work(ctx => figureOver(ctx, 'service_level', { by: 'centre', key: '' }, from, until))
  const before = await asa()
  expect(before).toMatchObject({ n: 4, value: 10.5 })
  expect(before.variance).toBeCloseTo(spread, 6)

  // Yesterday's shape, and what the upgrade does to it: the very statements.
  await ask('alter table insight.rollup drop column wait_sq, drop column handle_sq, drop column score_sq')
  const migration = readFileSync(new URL('../../../migrations/0026_improvement.sql', import.meta.url), 'utf8')
  const statements = migration.slice(migration.indexOf('alter table insight.rollup'), migration.indexOf('-- Tickets by when'))
  expect(statements).toContain('delete from insight.counted')
  await ask(statements)

  await expect(asa()).rejects.toMatchObject({ code: 'figure.being_counted' })
  expect(await level()).toMatchObject({ n: 4, value: 0.75 })
  const measure = { figure: 'asa', subject: { by: 'centre' }, target: 20, period: 'day', fromDay: from } as const
  const standard = standards.add.body.parse({ name: '平均应答速度', measure })
  await expect(house.work(ctx => addStandard(ctx, standard))).rejects.toMatchObject({
    code: 'figure.being_counted',
  })

  // The clock brings it, within five minutes, without anybody asking.
  const counting = reactions.find(r => r.kind === 'every' && r.id === 'figures are counted whole where they are not')
  expect(counting).toMatchObject({ cron: '*/5 * * * *' })
  if (counting?.kind === 'every') await house.work(counting.run)
  expect(await asa()).toEqual(before)
  await house.work(ctx => addStandard(ctx, standard))
  await house.work(attainAll)
})

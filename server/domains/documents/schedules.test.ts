import { afterAll, beforeAll, expect, test } from 'vitest'
import { standIn } from '#domains/identity/index.ts'
import type { User } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { oneDocument } from './queries.ts'
import { lastDayBefore, nextTurn, periodText } from './rules.ts'
import { addSchedule, changeSchedule, listSchedules, removeSchedule, runSchedule } from './schedules.ts'
import { listTemplates } from './templates.ts'

let house: TestHouse
let min: User
let qiang: User
beforeAll(async () => {
  house = await openHouse()
  const desk = openDesk(house)
  ;[min, qiang] = [await desk.person('张敏'), await desk.person('李强')]
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id, name: '张敏', tenantId: ctx.tenantId })
})
afterAll(() => house.close())

test('a report comes by itself as whoever set it up, of the month that is over; its readers are told and may read it', async () => {
  const templates = await house.as(min).work(ctx => listTemplates(ctx, {}))
  const of = (code: string) => templates.find(t => t.code === code)?.id ?? ''
  const body = {
    title: '服务月报',
    language: 'zh' as const,
    params: {},
    inputs: {},
    every: 'month' as const,
    day: 2,
    hour: 8,
    people: [qiang.id],
    active: true,
  }
  await expect(house.as(min).work(ctx => addSchedule(ctx, { ...body, templateId: of('answer-letter') }))).rejects.toThrow(
    'documentSchedule.about_one',
  )
  const schedule = await house.as(min).work(ctx => addSchedule(ctx, { ...body, templateId: of('service-report') }))
  expect(schedule.nextAt?.getTime()).toBeGreaterThan(house.now().getTime())
  // A timer that comes early is set again.
  const timers = async () =>
    (
      await house.house.control.query<{ runAt: Date }>(`select run_at as "runAt" from kernel.timer where said->>'about' = $1`, [
        schedule.id,
      ])
    ).rows.map(t => t.runAt)
  await house.house.control.query(`delete from kernel.timer where said->>'about' = $1`, [schedule.id])
  await house.work(ctx => runSchedule(ctx, schedule.id))
  expect((await house.as(min).work(listSchedules))[0]).toMatchObject({ documentId: null })
  expect(await timers()).toEqual([schedule.nextAt])
  await house.house.control.query(`update documents.schedule set next_at = $2 where id = $1`, [schedule.id, house.now()])
  await house.work(ctx => runSchedule(ctx, schedule.id))
  await house.work(ctx => runSchedule(ctx, schedule.id))
  await house.settle()
  const [after] = await house.as(min).work(listSchedules)
  const reader = { ...qiang, grants: new Map([['document:read' as const, 'own' as const]]) }
  const made = await house.as(reader).work(ctx => oneDocument(ctx, after?.documentId ?? ''))
  const [year, month] = dateIn('Asia/Shanghai', house.now()).split('-').map(Number)
  const last = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, 0))
  expect(made).toMatchObject({
    state: 'made',
    title: `服务月报 ${last.getUTCFullYear()} 年 ${last.getUTCMonth() + 1} 月`,
    madeById: min.id,
  })
  expect(made.history[0]?.params).toEqual({ period: 'month', on: last.toISOString().slice(0, 10) })
  const { rows } = await house.house.control.query<{ n: number }>(
    `select count(*)::int as n from notifications.notification where tenant_id = $1 and kind = 'document.sent' and person_id = $2`,
    [house.tenantId, qiang.id],
  )
  expect(rows[0]?.n).toBe(1)
  // Whoever has enough under way gets it a little later, of the same month.
  const due = house.now()
  await house.house.control.query(`update documents.schedule set next_at = $2 where id = $1`, [schedule.id, due])
  await house.house.control.query(
    `insert into kernel.run (tenant_id, id, kind, facts, params, state, cursor, asked_by_id, asked_at)
     select $1, gen_random_uuid(), 'none', '{}', '{}', 'waiting', '{}', $2, now() from generate_series(1, 20)`,
    [house.tenantId, min.id],
  )
  await house.work(ctx => runSchedule(ctx, schedule.id))
  const [later] = await house.as(min).work(listSchedules)
  expect(later).toMatchObject({ code: 'run.too_many', documentId: after?.documentId, nextAt: due })
  const [soon] = await timers()
  expect(soon?.getTime()).toBeGreaterThanOrEqual(due.getTime() + 10 * 60_000)
  expect(soon?.getTime()).toBeLessThan(due.getTime() + 60 * 60_000)
  await house.house.control.query(`delete from kernel.run where kind = 'none'`)
  await house.work(ctx => runSchedule(ctx, schedule.id))
  const [again] = await house.as(min).work(listSchedules)
  expect(again).toMatchObject({ code: null, nextAt: after?.nextAt })
  expect(again?.documentId).not.toBe(after?.documentId)
  await house.settle()
  const paused = await house.as(min).work(ctx => changeSchedule(ctx, schedule.id, { version: after?.version ?? 0, active: false }))
  expect(paused).toMatchObject({ active: false, nextAt: null })
  await house.as(min).work(ctx => removeSchedule(ctx, schedule.id))
  expect(await house.as(min).work(listSchedules)).toEqual([])
})

test.each([
  ['month', 2, '2026-01-31T12:00:00Z', '2026-02-02T00:00:00.000Z', '2026-01-31'],
  ['month', 2, '2026-02-02T00:00:00Z', '2026-03-02T00:00:00.000Z', '2026-02-28'],
  ['week', 1, '2026-06-07T10:00:00Z', '2026-06-08T00:00:00.000Z', '2026-06-07'],
  ['week', 7, '2026-06-08T10:00:00Z', '2026-06-14T00:00:00.000Z', '2026-06-07'],
] as const)('a report of the %s on day %i comes after %s at %s, of what ended on %s', (every, day, after, next, ended) => {
  const at = nextTurn({ every, day, hour: 8 }, 'Asia/Shanghai', new Date(after))
  expect(at.toISOString()).toBe(next)
  expect(lastDayBefore(every, 'Asia/Shanghai', at)).toBe(ended)
  expect(periodText('week', '2026-06-07', 'en')).toBe('1 June – 7 June 2026')
})

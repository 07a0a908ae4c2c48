import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { declaredFigures } from '#contract/insight.ts'
import { makeSample } from '#domains/sample/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { declared } from './declared.ts'
import { checkSubject, declaredList, figureOver, measureFor, subjectsOf } from './measuring.ts'

let house: TestHouse
let tenantId: string
const ask = async <R extends object>(text: string, values: unknown[] = []) =>
  (await house.house.control.query<R>(text, [tenantId, ...values])).rows
beforeAll(async () => {
  house = await openHouse()
  tenantId = await makeSample(house.house, house.url, { size: { contacts: 3_000, customers: 300 }, language: 'zh', now: house.now() })
}, 120_000)
afterAll(() => house.close())

const as = <T>(fn: Parameters<typeof house.work<T>>[0]) => house.work(fn, house.user({ tenantId }))
const dayAgo = (n: number) => new Date(Date.now() + 8 * 3_600_000 - n * 86_400_000).toISOString().slice(0, 10)
const [from, until] = [dayAgo(120), dayAgo(10)]
const within = `at >= ($2::date::timestamp at time zone 'Asia/Shanghai') and at < ($3::date::timestamp at time zone 'Asia/Shanghai')`

describe('a declared figure', () => {
  test('of contacts is what a count over the facts gives, spread included', async () => {
    const [facts] = await ask<Record<string, number>>(
      `select count(*) filter (where rated = 1)::int as n, avg(rating)::float8 as mean, var_samp(rating)::float8 as variance,
        avg(wait_ms / 1000.0) filter (where answered = 1)::float8 as wait, var_samp(wait_ms / 1000.0) filter (where answered = 1)::float8 as spread,
        count(*) filter (where answered = 1)::int as answered
       from insight.fact_contact where tenant_id = $1 and ${within}`,
      [from, until],
    )
    const rating = await as(ctx => figureOver(ctx, 'rating', { by: 'centre', key: '' }, from, until))
    expect(rating.n).toBe(facts?.n)
    expect(rating.value).toBeCloseTo(facts?.mean ?? 0, 9)
    expect(rating.variance).toBeCloseTo(facts?.variance ?? 0, 9)
    const asa = await as(ctx => figureOver(ctx, 'asa', { by: 'centre', key: '' }, from, until))
    expect([asa.n, asa.value]).toEqual([facts?.answered, expect.closeTo(facts?.wait ?? 0, 6)])
    expect((asa.variance ?? 0) / (facts?.spread ?? 1)).toBeCloseTo(1, 9)
  })
  test('of the centre is the sum over its queues, and of a month the sum of its days', async () => {
    const queues = (await as(ctx => subjectsOf(ctx, 'service_level'))).filter(s => s.by === 'queue')
    expect(queues.length).toBeGreaterThan(3)
    const whole = await as(ctx => figureOver(ctx, 'service_level', { by: 'centre', key: '' }, from, until))
    const parts = await Promise.all(queues.map(q => as(ctx => figureOver(ctx, 'service_level', q, from, until))))
    expect(parts.reduce((sum, p) => sum + p.n, 0)).toBe(whole.n)
    const first = dayAgo(70).slice(0, 8)
    const month = await as(ctx => figureOver(ctx, 'csat', { by: 'centre', key: '' }, `${first}01`, nextMonth(first)))
    const days = await as(ctx => figureOver(ctx, 'csat', { by: 'centre', key: '' }, `${first}02`, nextMonth(first)))
    const one = await as(ctx => figureOver(ctx, 'csat', { by: 'centre', key: '' }, `${first}01`, `${first}02`))
    expect(month.n).toBe(days.n + one.n)
    expect(month.numerator).toBe(days.numerator + one.numerator)
  })
  test('of tickets is counted from the tickets of those days', async () => {
    const [facts] = await ask<{ due: number; met: number }>(
      `select count(*)::int as due, count(*) filter (where resolved_at <= due_at)::int as met from tickets.ticket
       where tenant_id = $1 and ${within.replaceAll('at >=', 'due_at >=').replaceAll('at <', 'due_at <')}`,
      [from, until],
    )
    const onTime = await as(ctx => figureOver(ctx, 'ticket_on_time', { by: 'centre', key: '' }, from, until))
    expect([onTime.numerator, onTime.n]).toEqual([facts?.met, facts?.due])
    expect(onTime.n).toBeGreaterThan(20)
    const rate = await as(ctx => figureOver(ctx, 'tickets_per_1000', { by: 'centre', key: '' }, from, until))
    expect(rate.value).toBeCloseTo((rate.numerator / rate.n) * 1000, 9)
    const hours = await as(ctx => figureOver(ctx, 'ticket_hours', { by: 'centre', key: '' }, from, until))
    expect(hours.variance).toBeGreaterThan(0)
  })
  test('is said of nothing that it cannot be said of', async () => {
    await expect(as(ctx => checkSubject(ctx, 'service_level', { by: 'agent', key: tenantId }))).rejects.toThrow('figure.not_of_this')
    await expect(as(ctx => checkSubject(ctx, 'csat', { by: 'queue', key: 'no id' }))).rejects.toThrow('figure.no_such_subject')
    await expect(as(ctx => measureFor(ctx, 'csat', { by: 'centre', key: '' }, until, from))).rejects.toThrow('figure.empty_window')
    expect((await as(ctx => figureOver(ctx, 'csat', { by: 'queue', key: tenantId }, from, until))).value).toBeNull()
  })
  test('of people only as far as one may see them', async () => {
    const [person] = await ask<{ id: string; team: string }>(
      `select id, team_id as team from identity.person where tenant_id = $1 and login = 'agent'`,
    )
    const leader = house.user({ tenantId, teamId: person?.team ?? null, grants: new Map([['insight:read', 'team']]) })
    const seen = await house.work(ctx => subjectsOf(ctx, 'csat'), leader)
    const team = await ask<{ id: string }>('select id from identity.person where tenant_id = $1 and team_id = $2', [person?.team])
    const agents = seen.filter(s => s.by === 'agent').map(s => s.key)
    expect(agents.length).toBeGreaterThan(2)
    expect(agents.filter(id => !team.some(t => t.id === id))).toEqual([])
    expect(seen.filter(s => s.by === 'team').map(s => s.key)).toEqual([person?.team])
  })
})

test('every definition says what it is in both languages, and fits its door', () => {
  expect(declaredFigures.list.reply.parse(declaredList())).toHaveLength(Object.keys(declared).length)
  for (const d of declaredList()) expect([d.zh.length > 5, d.en.length > 20, d.subjects.includes('centre')]).toEqual([true, true, true])
})

function nextMonth(first: string): string {
  const [year = 0, month = 0] = first.split('-').map(Number)
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
}

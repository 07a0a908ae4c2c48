import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { improvements } from '#contract/improvement.ts'
import { type Measure, standards } from '#contract/standards.ts'
import { addPerson } from '#domains/identity/people.ts'
import { finishTask } from '#domains/tasks/actions/tasks.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import {
  beginFinding,
  changeFinding,
  closeFinding,
  dropFinding,
  markFindingOverdue,
  openAction,
  openFinding,
  planFinding,
  reopenFinding,
} from './actions.ts'
import { attainAll } from './attaining.ts'
import { beginCheck, courseOf, decideFinding, measureFinding } from './checking.ts'
import { findingById, listFindings } from './queries.ts'
import { addDays } from './rules.ts'
import { addStandard, attainmentsOf, computeStandard, measureStandard, standardById, versionsOf } from './standards.ts'

let house: TestHouse
let owner: User
let judge: User
const ask = async <R extends object>(text: string, values: unknown[] = []) => (await house.house.control.query<R>(text, values)).rows
const as = <T>(fn: (ctx: Ctx) => Promise<T>, actor: User = owner) => house.work(fn, actor)
const today = () => new Date(house.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

beforeAll(async () => {
  house = await openHouse()
  await house.noon()
  const ids = await asSystem(house.house, house.tenantId, async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'supervisor').executeTakeFirstOrThrow()
    const person = (login: string) =>
      addPerson(ctx, { name: login, login, password: 'Deep-Water-7', departmentId: null, teamId: null, roleId: role.id })
    return { owner: (await person('owner')).id, judge: (await person('judge')).id }
  })
  owner = house.user({ id: ids.owner })
  judge = house.user({ id: ids.judge })
})
afterAll(() => house.close())

/** So many ratings on a day, so many of them good: as the sums keep them. */
async function rated(day: string, n: number, good: number) {
  for (const grain of ['day', 'month'])
    await ask(
      `insert into insight.rollup (tenant_id, grain, dimension, at, key, contacts, offered, answered, in_target, abandoned, short_abandoned, undecided, wait_ms, handled, handle_ms, rated, best, score)
       values ($1, $5, 'channel', ((case when $5 = 'month' then date_trunc('month', $2::date) else $2::date end)::timestamp at time zone 'Asia/Shanghai'), 'chat', $3, $3, $3, $3, 0, 0, 0, 0, $3, 0, $3, $4, $4)
       on conflict (tenant_id, grain, dimension, at, key) do update set rated = insight.rollup.rated + excluded.rated, best = insight.rollup.best + excluded.best`,
      [house.tenantId, day, n, good, grain],
    )
}
const measure = (more: Partial<z.output<typeof Measure>> = {}): z.output<typeof Measure> => ({
  ...{ figure: 'csat', subject: { by: 'centre', key: '' }, target: 0.9, tolerance: 0, period: 'day', leastCases: 30, fromDay: today() },
  ...more,
})
const standard = (name: string, given: z.output<typeof Measure> | null) =>
  as(ctx => addStandard(ctx, standards.add.body.parse({ name, ownerId: owner.id, measure: given })))
const finding = (more: object = {}) =>
  as(ctx => openFinding(ctx, improvements.open.body.parse({ title: '满意率偏低', ownerId: owner.id, ...more })))
const plan = (more: object = {}) =>
  improvements.plan.body.parse({
    ...{ cause: '答复太慢', measure: '预设答复', figure: 'csat', subject: { by: 'centre' }, expected: 0.9 },
    ...{ beforeFrom: addDays(today(), -20), beforeUntil: addDays(today(), -10), afterDays: 5, ...more },
  })

describe('a standard', () => {
  test('that is only words is not measured', async () => {
    expect(await standard('先问好，再报姓名', null)).toMatchObject({ version: null, running: null, past: [] })
  })
  test('is judged period by period, alarms its owner once, and keeps what was judged when the target changes', async () => {
    const from = addDays(today(), -3)
    for (const [ago, good] of [
      [3, 95],
      [2, 95],
      [1, 80],
    ] as const)
      await rated(addDays(today(), -ago), 100, good)
    const s = await standard('满意率 90 %', measure({ fromDay: from }))
    expect(s.past.map(a => [a.state, a.value])).toEqual([
      ['attained', 0.95],
      ['attained', 0.95],
      ['missed', 0.8],
    ])
    expect(s.past[2]?.low).toBeLessThan(0.8)
    expect(s.running).toMatchObject({ state: 'running', n: 0, value: null })
    await as(ctx => computeStandard(ctx, s.id))
    await asSystem(house.house, house.tenantId, attainAll)
    await house.settle()
    expect((await house.said('standard.missed')).length).toBe(1)
    expect(await ask(`select kind, owner_id from tasks.task where matter_id = $1`, [s.id])).toEqual([
      { kind: 'standard', owner_id: owner.id },
    ])
    expect(
      await ask(
        `select kind from notifications.notification where tenant_id = $1 and person_id = $2 and kind in ('standard.missed', 'task.given')`,
        [house.tenantId, owner.id],
      ),
      'told once, not again by the task',
    ).toEqual([{ kind: 'standard.missed' }])

    // What came in late rewrites nothing that was judged; a new target judges only what begins under it.
    await rated(addDays(today(), -1), 900, 900)
    await as(ctx => measureStandard(ctx, s.id, measure({ target: 0.99, fromDay: addDays(today(), 1) })))
    expect((await as(ctx => standardById(ctx, s.id))).past.at(-1)).toMatchObject({ value: 0.8, state: 'missed' })
    await rated(today(), 50, 47)
    await rated(addDays(today(), 1), 50, 47)
    await house.pass(2 * 24 * 60 + 120)
    await asSystem(house.house, house.tenantId, attainAll)
    const judged = (await as(ctx => attainmentsOf(ctx, s.id, {}))).rows.filter(a => a.state !== 'running').map(a => a.state)
    expect(judged.slice(0, 2)).toEqual(['missed', 'attained'])
    expect((await as(ctx => versionsOf(ctx, s.id))).map(v => [v.number, v.target])).toEqual([
      [2, 0.99],
      [1, 0.9],
    ])
    await expect(as(ctx => measureStandard(ctx, s.id, measure({ fromDay: addDays(today(), -1) })))).rejects.toThrow(
      'standard.version_in_the_past',
    )
  })
  test('is computed once however many compute', async () => {
    const s = await standard('接通', measure({ fromDay: addDays(today(), -5), figure: 'answer_rate', target: 0.5 }))
    await ask('delete from improvement.attainment where standard_id = $1', [s.id])
    await Promise.all(Array.from({ length: 8 }, () => as(ctx => computeStandard(ctx, s.id))))
    expect(await ask('select from_day from improvement.attainment where standard_id = $1 group by 1 having count(*) > 1', [s.id])).toEqual(
      [],
    )
  })
  test('asks nobody for the impossible', async () => {
    await expect(standard('百分之一百二', measure({ target: 1.2 }))).rejects.toThrow('standard.not_a_share')
    await expect(standard('没有这个队列', measure({ subject: { by: 'queue', key: house.tenantId } }))).rejects.toThrow(
      'figure.no_such_subject',
    )
  })
})

/** Two windows as they are wanted, and the finding brought before its judge. */
async function brought(after: { n: number; good: number }): Promise<string> {
  const base = today()
  await ask('delete from insight.rollup where tenant_id = $1', [house.tenantId])
  for (let d = 20; d > 10; d--) await rated(addDays(base, -d), 40, 30)
  const { id } = await finding()
  await as(ctx => planFinding(ctx, id, plan()))
  await as(ctx => beginFinding(ctx, id))
  const acting = await as(ctx => openAction(ctx, id, { title: '写预设答复', text: '', ownerId: judge.id, dueAt: null }))
  await expect(as(ctx => beginCheck(ctx, id))).rejects.toThrow('finding.actions_open')
  await as(ctx => finishTask(ctx, acting.tasks[0]?.id ?? '', '写好了'))
  await house.settle()
  await as(ctx => beginCheck(ctx, id))
  await expect(as(ctx => measureFinding(ctx, id))).rejects.toThrow('finding.window_open')
  for (let d = 1; d <= 5; d++) await rated(addDays(base, d), after.n, after.good)
  await house.pass(6 * 24 * 60 + 120)
  await house.settle()
  return id
}

describe('an improvement', () => {
  test('proven effective goes round: plan, do, check, act', async () => {
    const id = await brought({ n: 60, good: 57 })
    const checked = await as(ctx => findingById(ctx, id))
    expect(checked).toMatchObject({ stage: 'checked', board: 'check', actions: { done: 1, all: 1 } })
    const [effect] = checked.rounds[0]?.effects ?? []
    expect(effect).toMatchObject({ verdict: 'effective', test: 'z', before: { n: 400, value: 0.75 }, after: { n: 300, value: 0.95 } })
    expect(effect?.p).toBeLessThan(0.001)
    expect(effect?.low).toBeGreaterThan(0.1)
    expect(await house.said('finding.measured')).toEqual(expect.arrayContaining([expect.objectContaining({ verdict: 'effective' })]))
    // What comes in afterwards changes nothing in the check.
    await rated(addDays(today(), -3), 500, 0)
    expect((await as(ctx => findingById(ctx, id))).rounds[0]?.effects[0]?.after).toEqual(effect?.after)
    expect((await as(ctx => courseOf(ctx, id))).length).toBeGreaterThan(3)
    await as(ctx => decideFinding(ctx, id, { verdict: 'effective', reason: '', days: 28 }))
    const rule = await standard('答复及时', null)
    const links = [{ noun: 'standard' as const, id: rule.id, name: '答复及时' }]
    const gone = { noun: 'document' as const, id: newId(), name: '新话术' }
    await expect(as(ctx => closeFinding(ctx, id, { standardised: '写进话术', links: [...links, gone] }))).rejects.toMatchObject({
      code: 'finding.no_such_link',
      facts: { name: '新话术' },
    })
    const closed = await as(ctx => closeFinding(ctx, id, { standardised: '写进话术', links }))
    expect(closed).toMatchObject({
      ...{ stage: 'closed', outcome: 'effective' },
      rounds: [{ standardised: '写进话术', links, overridden: false }],
    })
    expect((await as(ctx => listFindings(ctx, { board: 'closed' }))).rows.map(f => f.id)).toContain(id)
    expect(await as(ctx => reopenFinding(ctx, id, { reason: '又降了' }))).toMatchObject({
      stage: 'found',
      round: 2,
      outcome: '',
      closedAt: null,
    })
  })

  test('not effective begins a new round, and the old one stays', async () => {
    const id = await brought({ n: 60, good: 44 })
    expect((await as(ctx => findingById(ctx, id))).rounds[0]?.effects[0]?.verdict).toBe('not_effective')
    const again = await as(ctx => decideFinding(ctx, id, { verdict: 'not_effective', reason: '', days: 28 }))
    expect(again).toMatchObject({ stage: 'found', board: 'plan', round: 2, figure: null })
    const planned = await as(ctx => planFinding(ctx, id, plan({ beforeFrom: addDays(today(), -7), beforeUntil: today(), expected: 0.95 })))
    expect(planned.rounds.map(r => [r.number, r.verdict])).toEqual([
      [2, null],
      [1, 'not_effective'],
    ])
  })

  test('undecided is watched longer', async () => {
    const id = await brought({ n: 8, good: 7 })
    expect((await as(ctx => findingById(ctx, id))).rounds[0]?.effects[0]?.verdict).toBe('undecided')
    const watched = await as(ctx => decideFinding(ctx, id, { verdict: 'undecided', reason: '', days: 10 }))
    expect(watched).toMatchObject({ stage: 'checking', rounds: [{ afterUntil: addDays(today(), 10) }] })
    for (let d = 1; d < 10; d++) await rated(addDays(today(), d), 60, 57)
    await house.pass(10 * 24 * 60 + 120)
    await house.settle()
    expect((await as(ctx => findingById(ctx, id))).rounds[0]?.effects.map(e => e.verdict)).toEqual(['effective', 'undecided'])
  })

  test('is called effective against the test by nobody alone, and never unseen', async () => {
    const id = await brought({ n: 60, good: 44 })
    const body = { verdict: 'effective', reason: '另一口径已证实', days: 28 } as const
    await expect(as(ctx => decideFinding(ctx, id, body))).rejects.toThrow('finding.own_override')
    await expect(as(ctx => decideFinding(ctx, id, { ...body, reason: '' }), judge)).rejects.toThrow('finding.override_reason')
    const writer = house.user({ id: judge.id }, ['improvement:read', 'improvement:write'])
    await expect(as(ctx => decideFinding(ctx, id, body), writer)).rejects.toThrow('finding.may_not_override')
    // Handing it over frees nobody who declared what was to be expected.
    const { title, text, dueAt } = await as(ctx => findingById(ctx, id))
    await as(ctx => changeFinding(ctx, id, { title, text, dueAt, ownerId: judge.id }))
    await expect(as(ctx => decideFinding(ctx, id, body))).rejects.toThrow('finding.own_override')
    await as(ctx => changeFinding(ctx, id, { title, text, dueAt, ownerId: owner.id }))
    await as(ctx => decideFinding(ctx, id, body), judge)
    expect(await ask(`select audit from kernel.event where about = $1 and name = 'finding.decided'`, [id])).toEqual([{ audit: true }])
    expect(await as(ctx => closeFinding(ctx, id, { standardised: '按口径', links: [] }))).toMatchObject({ outcome: 'overridden' })
  })

  test('declares before it acts, and what it declares can be judged', async () => {
    await ask('delete from insight.rollup where tenant_id = $1', [house.tenantId])
    for (let d = 20; d > 10; d--) await rated(addDays(today(), -d), 2, 1)
    const { id } = await finding()
    await expect(as(ctx => beginFinding(ctx, id))).rejects.toThrow('finding.not_now')
    await expect(as(ctx => planFinding(ctx, id, plan({ expected: 0.3 })))).rejects.toThrow('finding.expects_nothing')
    await expect(as(ctx => planFinding(ctx, id, plan({ beforeUntil: addDays(today(), 1) })))).rejects.toThrow('finding.window_before')
    await as(ctx => planFinding(ctx, id, plan()))
    await expect(as(ctx => beginFinding(ctx, id))).rejects.toThrow('finding.too_few_before')
    await as(ctx => planFinding(ctx, id, plan({ leastCases: 10 })))
    await as(ctx => beginFinding(ctx, id))
    await expect(as(ctx => planFinding(ctx, id, plan({ leastCases: 5 })))).rejects.toThrow('finding.not_now')
    expect(await as(ctx => dropFinding(ctx, id, { reason: '并入另一项' }))).toMatchObject({ outcome: 'dropped', board: 'closed' })
  })

  test('is overdue once', async () => {
    const before = (await house.said('finding.overdue')).length
    const { id } = await finding({ dueAt: new Date(house.now().getTime() + 30 * 60_000).toISOString() })
    await house.pass(31)
    await house.settle()
    await house.pass(30)
    await house.settle()
    expect(await house.said('finding.overdue')).toHaveLength(before + 1)
    expect(await as(ctx => findingById(ctx, id))).toMatchObject({ late: true })
    const later = new Date(house.now().getTime() + 3_600_000)
    expect(await as(ctx => changeFinding(ctx, id, { title: '改名', text: '', ownerId: null, dueAt: later }))).toMatchObject({ late: false })
  })

  test('is seen by its people and comes from something that is there', async () => {
    const stranger = house.user({ grants: new Map([['improvement:read', 'own']]) })
    const { id } = await finding()
    await expect(as(ctx => findingById(ctx, id), stranger)).rejects.toThrow('finding.not_found')
    expect((await as(ctx => listFindings(ctx, {}), stranger)).rows).toEqual([])
    await expect(finding({ source: { noun: 'ticket', id: house.tenantId } })).rejects.toThrow('finding.no_such_source')
    await expect(finding({ source: { noun: 'standard', id: null } })).rejects.toThrow('finding.no_such_source')
  })

  test('the list pages by due time and by the day of closing', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await as(ctx => listFindings(ctx, { size: 2, after }))
      seen.push(...page.rows.map(f => f.id))
      after = page.next ?? undefined
    } while (after)
    const [all] = await ask<{ n: number }>(
      'select count(*)::int as n from improvement.finding where tenant_id = $1 and closed_at is null',
      [house.tenantId],
    )
    expect([new Set(seen).size, seen.length]).toEqual([all?.n, all?.n])
  })
})

test('open ones are found by their stage, and those that missed their time', async () => {
  const [late, soon] = [
    await finding({ title: '超期的', dueAt: new Date(house.now().getTime() + 60_000).toISOString() }),
    await finding({ title: '不急的' }),
  ]
  await house.pass(2)
  await as(ctx => markFindingOverdue(ctx, late.id))
  const ids = async (query: object) =>
    (await as(ctx => listFindings(ctx, improvements.list.query.parse({ size: '200', ...query })))).rows.map(f => f.id)
  expect(await ids({ late: 'true' })).toContain(late.id)
  expect(await ids({ late: 'true' })).not.toContain(soon.id)
  expect(await ids({ stage: 'found', ownerId: owner.id })).toEqual(expect.arrayContaining([late.id, soon.id]))
  expect(await ids({ stage: 'planned' })).not.toContain(soon.id)
})

import { describe, expect, test } from 'vitest'
import { RuleBody } from '#contract/automation.ts'
import { NewTicket } from '#contract/tickets.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { newId } from '#kernel/ids.ts'
import { type Body, openRules, remark, titled } from '#testing/rules.ts'
import { changeRule, publishRule, switchRule } from './actions.ts'
import { listRuns, ruleById } from './queries.ts'
import { dryRun, happened, tryRule } from './trying.ts'

const rules = openRules()

describe('a draft', () => {
  test('runs nowhere until it is published; what runs is the version, not the draft', async () => {
    const rule = await rules.draft('ticket.opened', { condition: titled('版本'), actions: [remark('第一版')] })
    await rules.open('版本零')
    await rules.house.settle()
    expect(await rules.runs({ ruleId: rule.id })).toEqual([])
    const one = await rules.as(ctx => publishRule(ctx, rule.id, { revision: rule.revision, note: '开始' }))
    const changed = await rules.as(ctx =>
      changeRule(ctx, rule.id, {
        revision: one.revision,
        name: '规则',
        trigger: 'ticket.opened',
        body: RuleBody.parse({ condition: titled('版本'), actions: [remark('第二版')] }),
      }),
    )
    expect(changed).toMatchObject({ version: 1, changed: true })
    const t = await rules.open('版本一')
    await rules.house.settle()
    expect((await rules.runs({ subjectId: t.id }))[0]).toMatchObject({ version: 1, outcome: 'done' })
    const two = await rules.as(ctx => publishRule(ctx, rule.id, { revision: changed.revision, note: '' }))
    expect(two).toMatchObject({
      version: 2,
      changed: false,
      versions: [{ number: 2 }, { number: 1, note: '开始', publishedByName: 'boss' }],
    })
    await expect(rules.as(ctx => changeRule(ctx, rule.id, { ...two, revision: 1 }))).rejects.toMatchObject({
      code: 'rule.changed_meanwhile',
    })
    await rules.as(ctx => switchRule(ctx, rule.id, false))
    const off = await rules.open('版本关')
    await rules.house.settle()
    expect(await rules.runs({ subjectId: off.id })).toEqual([])
    await rules.rest(rule.id)
  })

  test.each([
    ['rule.condition_invalid', { condition: { match: 'all', of: [{ field: 'nowhere', op: 'empty' }] }, actions: [remark('x')] }],
    [
      'rule.condition_invalid',
      { condition: { match: 'all', of: [{ field: 'urges', op: 'contains', value: ['x'] }] }, actions: [remark('x')] },
    ],
    ['rule.does_nothing', {}],
    ['rule.action_unknown', { actions: [{ action: 'customer.set_tier', params: { tier: 'gold' } }] }],
    ['rule.action_incomplete', { actions: [{ action: 'ticket.comment', params: { text: ' ' } }] }],
  ] as [string, Body][])('that cannot be meant is not published: %s', async (code, body) => {
    const rule = await rules.draft('ticket.opened', body)
    await expect(rules.as(ctx => publishRule(ctx, rule.id, { revision: 1, note: '' }))).rejects.toMatchObject({ code })
    await rules.rest(rule.id)
  })
})

describe('whoever publishes', () => {
  test('may publish only what they may do', async () => {
    const rule = await rules.draft('ticket.opened', { actions: [{ action: 'ticket.dispatch', params: { departmentId: newId() } }] })
    const weak = rules.house.user({
      id: rules.colleague,
      grants: new Map([
        ['rule:configure', 'all'],
        ['rule:read', 'all'],
      ]),
    })
    await expect(rules.as(ctx => publishRule(ctx, rule.id, { revision: 1, note: '' }), weak)).rejects.toMatchObject({
      code: 'rule.beyond_publisher',
    })
    await rules.rest(rule.id)
  })

  test('and leaves stops the rule, for all to see', async () => {
    const rule = await rules.publish('ticket.opened', { condition: titled('离开'), actions: [remark('不该写')] }, '无主')
    await rules.house.house.control.query('update identity.person set retired = true where id = $1', [rules.admin.id])
    const t = await rules.open('人已离开')
    await rules.house.settle()
    await rules.house.house.control.query('update identity.person set retired = false where id = $1', [rules.admin.id])
    expect(await rules.as(ctx => ruleById(ctx, rule.id))).toMatchObject({ active: false, stopped: 'publisher_left' })
    expect(await rules.runs({ subjectId: t.id })).toEqual([])
    expect(await rules.house.said('rule.stopped')).toEqual([{ name: '无主', reason: 'publisher_left' }])
    await expect(rules.as(ctx => switchRule(ctx, rule.id, true))).rejects.toMatchObject({ code: 'rule.publish_again' })
    await rules.rest(rule.id)
  })
})

describe('before anything is done', () => {
  test('the past shows on what a rule would have acted, and what it cannot know', async () => {
    const t = await rules.open('试运行 停水')
    await rules.open('试运行 别的')
    const body = RuleBody.parse({
      condition: { match: 'all', of: [...titled('停水').of, { field: 'status', op: 'is', value: ['accepted'] }] },
    })
    const before = await rules.runs({ size: 200 })
    const seen = await rules.as(ctx => dryRun(ctx, { trigger: 'ticket.opened', body, days: 7 }))
    expect(seen).toMatchObject({ matched: 1, whole: true, today: ['title'], rows: [{ subjectId: t.id, path: `/tickets/${t.id}` }] })
    expect(seen.looked).toBeGreaterThan(5)
    expect(await rules.runs({ size: 200 })).toEqual(before)
    const latest = await rules.as(ctx => happened(ctx, 'ticket.opened'))
    const event = latest.find(e => e.subjectId === t.id)
    expect(await rules.as(ctx => tryRule(ctx, { trigger: 'ticket.opened', body, eventId: event?.eventId ?? '' }))).toMatchObject({
      holds: true,
      steps: [
        { field: 'title', holds: true },
        { field: 'status', seen: 'accepted', holds: true },
      ],
    })
  })
})

test('who reads what rules did is told nothing of things that are not theirs to see', async () => {
  const rule = await rules.publish('ticket.opened', {
    condition: titled('保密'),
    actions: [{ action: 'ticket.urge', params: { text: '快' } }],
  })
  const t = await rules.open('保密工程')
  await rules.house.settle()
  const reader = rules.house.user({ id: rules.colleague, grants: new Map([['rule:read', 'all'], ['ticket:read', 'own']]) }) // biome-ignore format: grants
  for (const query of [{ ruleId: rule.id }, { subjectId: t.id }]) {
    const { rows } = await rules.as(ctx => listRuns(ctx, query), reader)
    expect(rows).toMatchObject([{ hidden: true, steps: [], outcome: 'done', actions: [{ state: 'refused', code: null, facts: {} }] }])
    expect(JSON.stringify(rows)).not.toContain('保密工程')
  }
  expect(await rules.runs({ subjectId: t.id })).toMatchObject([{ hidden: false, steps: [{ seen: '保密工程' }] }])
  await rules.rest(rule.id)
})

test('another organisation sees no rule, no trace, and its events wake none of ours', async () => {
  const rule = await rules.publish('ticket.opened', { actions: [remark('我们的')] })
  const other = rules.house.user({ tenantId: rules.house.otherTenantId })
  await expect(rules.as(ctx => ruleById(ctx, rule.id), other)).rejects.toMatchObject({ code: 'rule.not_found' })
  expect(await rules.as(async ctx => (await listRuns(ctx, {})).rows, other)).toEqual([])
  const ours = (await rules.runs({ ruleId: rule.id })).length
  await rules.as(async ctx => {
    const kind = newId()
    await ctx.db
      .insertInto('tickets.kind')
      .values({ id: kind, name: '报修', nameEn: '', code: 'BX', fields: '[]', calendarId: null, targetMinutes: 60, position: 0 })
      .execute()
    await openTicket(ctx, NewTicket.parse({ kindId: kind, title: '别家的单' }))
  }, other)
  await rules.house.settle()
  expect(await rules.runs({ ruleId: rule.id })).toHaveLength(ours)
  await rules.rest(rule.id)
})

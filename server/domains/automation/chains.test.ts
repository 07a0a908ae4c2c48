import { describe, expect, test } from 'vitest'
import type { Priority } from '#contract/tickets.ts'
import { openTask } from '#domains/tasks/index.ts'
import { changeTicket, commentOnTicket } from '#domains/tickets/actions/write.ts'
import { ticketById } from '#domains/tickets/queries.ts'
import { newId } from '#kernel/ids.ts'
import { openRules, remark, titled, toHigh } from '#testing/rules.ts'
import { orderRules, publishRule, setTakes } from './actions.ts'

const rules = openRules()

describe('rules of one trigger', () => {
  test('are asked in order; each sees what the one before did; or the first alone acts', async () => {
    const first = await rules.publish('ticket.opened', { condition: titled('顺序'), actions: [toHigh] }, '甲')
    const second = await rules.publish(
      'ticket.opened',
      { condition: { match: 'all', of: [{ field: 'priority', op: 'is', value: ['high'] }] }, actions: [remark('看见了')] },
      '乙',
    )
    const all = await rules.open('顺序一')
    await rules.house.settle()
    expect((await rules.runs({ subjectId: all.id })).map(r => [r.ruleName, r.outcome])).toEqual([
      ['乙', 'done'],
      ['甲', 'done'],
    ])
    await rules.as(ctx => setTakes(ctx, { trigger: 'ticket.opened', takes: 'first' }))
    const one = await rules.open('顺序二')
    await rules.house.settle()
    expect((await rules.runs({ subjectId: one.id })).map(r => r.ruleName)).toEqual(['甲'])
    await rules.as(ctx => orderRules(ctx, { trigger: 'ticket.opened', ids: [second.id, first.id] }))
    const turned = await rules.open('顺序三')
    await rules.house.settle()
    expect((await rules.runs({ subjectId: turned.id })).map(r => [r.ruleName, r.outcome])).toEqual([
      ['甲', 'done'],
      ['乙', 'missed'],
    ])
    await rules.as(ctx => setTakes(ctx, { trigger: 'ticket.opened', takes: 'all' }))
    await rules.rest(first.id, second.id)
  })

  test('that feed one another end, with a trace and an alarm', async () => {
    const to = (priority: (typeof Priority.options)[number], from: string) => ({
      condition: { match: 'all' as const, of: [{ field: 'priority', op: 'changedFrom' as const, value: [from] }] },
      actions: [{ action: 'ticket.set_priority', params: { priority } }],
    })
    const up = await rules.publish('ticket.changed', to('high', 'high'), '上')
    const down = await rules.publish('ticket.changed', to('low', 'low'), '下')
    const t = await rules.open('来回')
    await rules.house.work(async ctx => {
      const { version, title, text, categoryId, place, fields } = await ticketById(ctx, t.id)
      await changeTicket(ctx, t.id, { version, title, text, categoryId, place, fields, priority: 'high' })
    })
    await rules.as(async ctx => {
      const { version, title, text, categoryId, place, fields } = await ticketById(ctx, t.id)
      await changeTicket(ctx, t.id, { version, title, text, categoryId, place, fields, priority: 'low' })
    })
    await rules.house.settle()
    const made = await rules.runs({ subjectId: t.id })
    const stopped = made.filter(r => r.outcome === 'stopped')
    expect(stopped).toMatchObject([{ reason: 'again' }])
    expect(Math.max(...made.map(r => r.depth))).toBeLessThanOrEqual(8)
    expect(await rules.house.said('rule.halted')).toMatchObject([{ reason: 'again', subjectId: t.id }])
    await rules.rest(up.id, down.id)
  })

  test('open no tasks because of tasks that rules opened', async () => {
    const one = { action: 'task.open', params: { title: '又一个', ownerId: null, minutes: 1 } }
    const rule = await rules.publish('task.opened', { actions: [one, one] })
    const task = await rules.house.work(ctx =>
      openTask(ctx, {
        ...{
          kind: 'todo',
          title: '第一个',
          text: '',
          matter: null,
          customerId: null,
          ownerId: null,
          departmentId: null,
          dueAt: null,
          facts: {},
        },
      }),
    )
    await rules.house.settle()
    expect((await rules.runs({ subjectId: task.id }))[0]?.actions.map(a => a.state)).toEqual(['done', 'done'])
    expect(
      (await rules.house.work(ctx => ctx.db.selectFrom('tasks.task').select('id').where('title', '=', '又一个').execute())).length,
    ).toBe(2)
    const refused = (await rules.runs({ ruleId: rule.id })).filter(r => r.subjectId !== task.id).flatMap(r => r.actions.map(a => a.code))
    expect(new Set(refused)).toEqual(new Set(['task.opened_by_rule']))
    await rules.rest(rule.id)
  })

  test('published at the same moment are all told of what they wait for', async () => {
    const triggers = ['ticket.urged', 'ticket.taken', 'ticket.resolved', 'ticket.closed', 'ticket.waiting', 'ticket.resumed']
    const drafts = await Promise.all(triggers.map(trigger => rules.draft(trigger, { actions: [remark('好')] })))
    await Promise.all(drafts.map(({ id, revision }) => rules.as(ctx => publishRule(ctx, id, { revision, note: '' }))))
    const { rows } = await rules.house.house.control.query<{ event: string }>('select event from kernel.heeded where tenant_id = $1', [
      rules.house.tenantId,
    ])
    expect(rows.map(r => r.event)).toEqual(expect.arrayContaining(triggers))
    await rules.rest(...drafts.map(r => r.id))
  })

  test('act on one thing no more than twenty times an hour', async () => {
    const rule = await rules.publish('ticket.commented', {
      condition: {
        match: 'all',
        of: [
          { field: 'public', op: 'no' },
          { field: 'title', op: 'contains', value: ['很多'] },
        ],
      },
      actions: [{ action: 'rule.tell', params: { personId: rules.colleague, text: '又一条' } }],
    })
    const t = await rules.open('很多备注')
    for (let n = 0; n < 23; n++) await rules.house.work(ctx => commentOnTicket(ctx, t.id, { text: `第 ${n} 条`, public: false }))
    await rules.house.settle()
    const made = await rules.runs({ subjectId: t.id, size: 100 })
    expect(made.filter(r => r.outcome === 'done')).toHaveLength(20)
    expect(made.filter(r => r.outcome === 'stopped').every(r => r.reason === 'too_often')).toBe(true)
    await rules.rest(rule.id)
  })
})

describe('what falls due', () => {
  test('after a wait is held to the hourly limit too', async () => {
    const rule = await rules.publish('ticket.opened', {
      condition: titled('等一下'),
      wait: { minutes: 10, working: false, calendarId: null },
      actions: [remark('到时候了')],
    })
    const t = await rules.open('等一下')
    await rules.house.settle()
    // Twenty that acted meanwhile, as another version without a wait would have.
    await rules.house.house.control.query(
      `insert into automation.run (tenant_id, id, rule_id, version, trigger, event_id, subject_noun, subject_id, chain, depth, at, outcome)
       select u.tenant_id, (substr(u.id::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, rule_id, version, trigger, gen_random_uuid(), subject_noun, subject_id, gen_random_uuid(), 0, at, 'done'
       from automation.run u, generate_series(1, 20) n where u.subject_id = $1`,
      [t.id],
    )
    await rules.house.pass(11)
    await rules.house.settle()
    expect((await rules.runs({ subjectId: t.id, size: 100 })).filter(r => r.outcome !== 'done')).toMatchObject([
      { outcome: 'stopped', reason: 'too_often', actions: [] },
    ])
    expect(await rules.house.said('ticket.commented')).not.toContainEqual(expect.objectContaining({ number: t.number }))
    await rules.rest(rule.id)
  })

  test('because of a rule is part of its chain, and what people do begins anew', async () => {
    const crew = newId()
    await rules.house.work(ctx => ctx.db.insertInto('identity.department').values({ id: crew, name: '抢修一队', parentId: null }).execute())
    const send = await rules.publish('ticket.warned', {
      condition: titled('快到期'),
      actions: [{ action: 'ticket.dispatch', params: { departmentId: crew } }],
    })
    const late = await rules.publish('ticket.overdue', { condition: titled('快到期'), actions: [remark('超时了')] })
    const [t, untouched] = [await rules.open('快到期'), await rules.open('没人管')]
    await rules.house.settle()
    await rules.house.pass(49)
    await rules.house.settle()
    expect(await rules.ticket(t.id)).toMatchObject({ status: 'dispatched', departmentId: crew })
    await rules.house.pass(12)
    await rules.house.settle()
    const [second, first] = await rules.runs({ subjectId: t.id })
    expect([first, second]).toMatchObject([
      { ruleId: send.id, trigger: 'ticket.warned', depth: 0, outcome: 'done' },
      { ruleId: late.id, trigger: 'ticket.overdue', depth: 1, outcome: 'done' },
    ])
    expect(second?.chain).toBe(first?.chain)
    const { rows } = await rules.house.house.control.query('select cause_id from kernel.event where name = $1 and about = $2', [
      'ticket.overdue',
      untouched.id,
    ])
    expect(rows).toEqual([{ cause_id: null }])
    await rules.rest(send.id, late.id)
  })
})

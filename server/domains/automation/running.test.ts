import { describe, expect, test } from 'vitest'
import { addPerson } from '#domains/identity/people.ts'
import { runReaction } from '#kernel/worker.ts'
import { openRules, remark, titled, toHigh } from '#testing/rules.ts'

const rules = openRules()

describe('a published rule', () => {
  test('does what it says when it matches, under its own name, and keeps why', async () => {
    const rule = await rules.publish('ticket.opened', { condition: titled('爆管'), actions: [toHigh, remark('注意安全')] }, '爆管优先')
    const [burst, other] = [await rules.open('城东爆管'), await rules.open('水表坏了')]
    await rules.house.settle()
    expect(await rules.ticket(burst.id)).toMatchObject({ priority: 'high' })
    expect(await rules.ticket(other.id)).toMatchObject({ priority: 'normal' })
    expect(await rules.runs({ subjectId: burst.id })).toMatchObject([
      {
        ruleId: rule.id,
        version: 1,
        outcome: 'done',
        depth: 0,
        steps: [{ field: 'title', op: 'contains', seen: '城东爆管', holds: true }],
        actions: [
          { action: 'ticket.set_priority', state: 'done' },
          { action: 'ticket.comment', state: 'done' },
        ],
      },
    ])
    expect(await rules.runs({ subjectId: other.id })).toMatchObject([
      { outcome: 'missed', steps: [{ holds: false, seen: '水表坏了' }], actions: [] },
    ])
    const lines = await rules.house.work(ctx =>
      ctx.db.selectFrom('tickets.entry').select(['kind', 'actorName', 'byRule']).where('ticketId', '=', burst.id).orderBy('id').execute(),
    )
    expect(lines.slice(1)).toEqual([
      { kind: 'changed', actorName: '爆管优先 v1', byRule: true },
      { kind: 'comment', actorName: '爆管优先 v1', byRule: true },
    ])
    await rules.rest(rule.id)
  })

  test('acts once, however often and by however many at once the event is told', async () => {
    const rule = await rules.publish('ticket.opened', { condition: titled('一次'), actions: [remark('只此一条'), remark('第二条')] })
    const t = await rules.open('只做一次')
    await rules.house.settle()
    const { rows } = await rules.house.house.control.query<{ id: string }>(
      "select id from kernel.event where name = 'ticket.opened' and about = $1",
      [t.id],
    )
    const job = { tenant: rules.house.tenantId, reaction: 'ticket.opened: ask the rules', event: rows[0]?.id ?? '' }
    await rules.house.house.control.query('delete from kernel.reacted where event_id = $1', [job.event])
    await rules.house.house.control.query(
      `update automation.run set actions = '[{"action":"ticket.comment","state":"done","code":null,"facts":{}},{"action":"ticket.comment","state":"pending","code":null,"facts":{}}]' where subject_id = $1`,
      [t.id],
    )
    await Promise.all(Array.from({ length: 8 }, () => runReaction(rules.house.house, rules.house.reactions, job)))
    const said = await rules.house.work(ctx =>
      ctx.db.selectFrom('tickets.entry').select('text').where('ticketId', '=', t.id).where('kind', '=', 'comment').execute(),
    )
    // The one that was left was done once more by hand of the test, and once only.
    expect(said.map(line => line.text).sort()).toEqual(['只此一条', '第二条', '第二条'])
    expect(await rules.runs({ subjectId: t.id })).toHaveLength(1)
    await rules.rest(rule.id)
  })

  test('eight at once that hear an event nobody has heard act once', async () => {
    const rule = await rules.publish('ticket.opened', { condition: titled('八个'), actions: [remark('好')] })
    const t = await rules.open('八个工人')
    const { rows } = await rules.house.house.control.query<{ id: string }>(
      "select id from kernel.event where name = 'ticket.opened' and about = $1",
      [t.id],
    )
    const job = { tenant: rules.house.tenantId, reaction: 'ticket.opened: ask the rules', event: rows[0]?.id ?? '' }
    await Promise.all(Array.from({ length: 8 }, () => runReaction(rules.house.house, rules.house.reactions, job)))
    await rules.house.settle()
    const said = await rules.house.work(ctx =>
      ctx.db.selectFrom('tickets.entry').select('text').where('ticketId', '=', t.id).where('kind', '=', 'comment').execute(),
    )
    expect(said).toEqual([{ text: '好' }])
    await rules.rest(rule.id)
  })

  test('goes on after an action that is refused, and says which and why', async () => {
    const rule = await rules.publish('ticket.opened', {
      condition: titled('拒绝'),
      actions: [{ action: 'ticket.urge', params: { text: '快' } }, remark('后面照做')],
    })
    const t = await rules.open('先拒绝后照做')
    await rules.house.settle()
    expect((await rules.runs({ subjectId: t.id }))[0]?.actions).toMatchObject([
      { action: 'ticket.urge', state: 'refused', code: 'ticket.wrong_status' },
      { action: 'ticket.comment', state: 'done' },
    ])
    await rules.rest(rule.id)
  })

  test('opens tasks and tells people about anything', async () => {
    const rule = await rules.publish('ticket.opened', {
      condition: titled('回访'),
      actions: [
        { action: 'task.open', params: { title: '打电话', ownerId: rules.colleague, minutes: 30 } },
        { action: 'rule.tell', params: { personId: rules.colleague, text: '看一下' } },
      ],
    })
    const t = await rules.open('要回访')
    await rules.house.settle()
    const task = await rules.house.work(ctx =>
      ctx.db.selectFrom('tasks.task').selectAll().where('matterId', '=', t.id).executeTakeFirstOrThrow(),
    )
    expect(task).toMatchObject({ title: '打电话', ownerId: rules.colleague, matterNoun: 'ticket', openedById: rule.id })
    expect(await rules.house.said('rule.told')).toMatchObject([{ people: [rules.colleague], subjectId: t.id, link: `/tickets/${t.id}` }])
    await rules.rest(rule.id)
  })

  test('waits in working time and acts only when it is still so', async () => {
    const rule = await rules.publish('ticket.opened', {
      condition: {
        match: 'all',
        of: [
          { field: 'status', op: 'is', value: ['accepted'] },
          { field: 'title', op: 'contains', value: ['等等'] },
        ],
      },
      wait: { minutes: 30, working: false, calendarId: null },
      actions: [remark('还没派单')],
    })
    const [stays, moves] = [await rules.open('等等看'), await rules.open('等等看看')]
    await rules.house.settle()
    expect(await rules.runs({ subjectId: stays.id })).toMatchObject([{ outcome: 'waiting' }])
    await rules.house.work(ctx => ctx.db.updateTable('tickets.ticket').set({ status: 'handling' }).where('id', '=', moves.id).execute())
    await rules.house.pass(29)
    await rules.house.settle()
    expect(await rules.runs({ subjectId: stays.id })).toMatchObject([{ outcome: 'waiting' }])
    await rules.house.pass(2)
    await rules.house.settle()
    expect(await rules.runs({ subjectId: stays.id })).toMatchObject([{ outcome: 'done', actions: [{ state: 'done' }] }])
    expect(await rules.runs({ subjectId: moves.id })).toMatchObject([{ outcome: 'dropped', reason: 'no_longer' }])
    await rules.rest(rule.id)
  })
})

test('an event no rule waits for costs no job', async () => {
  await rules.open('没有规则')
  await rules.house.settle()
  const before = await rules.house.house.control.query<{ n: number }>(
    "select count(*)::int as n from kernel.undispatched where name = 'ticket.opened'",
  )
  await rules.open('还是没有规则')
  const { rows } = await rules.house.house.control.query<{ n: number }>(
    "select count(*)::int as n from kernel.undispatched where name = 'ticket.opened'",
  )
  expect(rows).toEqual(before.rows)
})

test('a task is opened for nobody who has left', async () => {
  const leaver = await rules.house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    const person = { name: '离职', login: 'leaver', password: 'Deep-Water-7', departmentId: null, teamId: null, roleId: role.id }
    return (await addPerson(ctx, person)).id
  })
  const rule = await rules.publish('ticket.opened', {
    condition: titled('交接'),
    actions: [{ action: 'task.open', params: { title: '交接', ownerId: leaver, minutes: null } }],
  })
  await rules.as(ctx => ctx.db.updateTable('identity.person').set({ retired: true }).where('id', '=', leaver).execute())
  const t = await rules.open('交接水表')
  await rules.house.settle()
  expect((await rules.runs({ subjectId: t.id }))[0]?.actions).toMatchObject([{ state: 'refused', code: 'person.not_found' }])
  await rules.rest(rule.id)
})

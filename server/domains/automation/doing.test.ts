import { expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { changeCustomer } from '#domains/customers/actions.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { oneCustomer } from '#domains/customers/queries.ts'
import { openTask } from '#domains/tasks/index.ts'
import { resolveTicket, takeTicket } from '#domains/tickets/actions/steps.ts'
import { newId } from '#kernel/ids.ts'
import { openRules, titled } from '#testing/rules.ts'

const rules = openRules()
const crew = newId()
/** Somebody of a department. */
const worker = async () => {
  await rules.house.work(async ctx => {
    const there = await ctx.db.selectFrom('identity.department').select('id').where('id', '=', crew).executeTakeFirst()
    if (!there) await ctx.db.insertInto('identity.department').values({ id: crew, name: '抢修一队', parentId: null }).execute()
    await ctx.db.updateTable('identity.person').set({ departmentId: crew }).where('id', '=', rules.colleague).execute()
  })
  return rules.house.user({ id: rules.colleague, departmentId: crew })
}
const customer = (name: string, phone: string | null) => rules.as(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone, tags: ['旧'] })))

test('a ticket is given to somebody of any department, its customer told, and closed once resolved', async () => {
  const hand = await worker()
  const given = await rules.publish('ticket.opened', {
    condition: titled('交办'),
    actions: [
      { action: 'ticket.give', params: { personId: rules.colleague } },
      { action: 'ticket.give', params: { personId: rules.admin.id } },
      { action: 'ticket.reply', params: { text: '已安排师傅' } },
    ],
  })
  const closed = await rules.publish('ticket.resolved', { condition: titled('交办'), actions: [{ action: 'ticket.close', params: {} }] })
  const t = await rules.open('交办一张')
  await rules.house.settle()
  expect(await rules.ticket(t.id)).toMatchObject({ status: 'dispatched', departmentId: crew, assigneeId: rules.colleague })
  expect((await rules.runs({ ruleId: given.id }))[0]?.actions).toMatchObject([
    { state: 'done' },
    { state: 'refused', code: 'ticket.assignee_nowhere' },
    { state: 'done' },
  ])
  expect(await rules.house.said('ticket.commented')).toMatchObject([{ number: t.number, public: true }])
  await rules.as(ctx => takeTicket(ctx, t.id), hand)
  await rules.as(ctx => resolveTicket(ctx, t.id, { text: '好了' }), hand)
  await rules.house.settle()
  expect(await rules.ticket(t.id)).toMatchObject({ status: 'closed' })
  await rules.rest(given.id, closed.id)
})

test('the customer of a ticket is sent a template, once, past the guard; without a customer or a way it is refused', async () => {
  await rules.house.house.control.query(
    "insert into messaging.provider (tenant_id, id, name, channel, kind) values ($1, $2, '练习', 'sms', 'practice')",
    [rules.house.tenantId, newId()],
  )
  const rule = await rules.publish('ticket.opened', {
    condition: titled('发短信'),
    actions: [{ action: 'message.send', params: { template: 'ticket_step', way: 'either' } }],
  })
  const [known, silent] = [await customer('王建国', '13800138000'), await customer('没有电话', null)]
  const [told, unreached, nobodys] = [
    await rules.open('发短信', { customerId: known.id }),
    await rules.open('发短信', { customerId: silent.id }),
    await rules.open('发短信'),
  ]
  await rules.house.settle()
  const how = async (id: string) => (await rules.runs({ subjectId: id }))[0]?.actions
  expect(await how(unreached.id)).toMatchObject([{ state: 'refused', code: 'message.no_way' }])
  expect(await how(nobodys.id)).toMatchObject([{ state: 'refused', code: 'message.no_customer' }])
  // Without an address of the house there is no link to send.
  expect(await how(told.id)).toMatchObject([{ state: 'refused', code: 'template.variable_missing', facts: { variable: 'link' } }])
  await rules.rest(rule.id)

  const plain = await rules.publish('ticket.opened', {
    condition: titled('发通知'),
    actions: [{ action: 'message.send', params: { template: 'notice', content: '明天停水' } }],
  })
  const t = await rules.open('发通知', { customerId: known.id })
  await rules.house.settle()
  expect(await how(t.id)).toMatchObject([{ state: 'done' }])
  const { rows } = await rules.house.house.control.query(
    'select channel, purpose, template, customer_id, by_id, variables from messaging.outgoing where tenant_id = $1',
    [rules.house.tenantId],
  )
  expect(rows).toMatchObject([
    { channel: 'sms', purpose: 'notice', template: 'notice', customer_id: known.id, by_id: plain.id, variables: { content: '明天停水' } },
  ])
  await rules.rest(plain.id)
})

test('a customer loses a tag, a department is told, a task is done', async () => {
  await worker()
  const untag = await rules.publish('customer.changed', {
    condition: { match: 'all', of: [{ field: 'tier', op: 'is', value: ['gold'] }] },
    actions: [{ action: 'customer.remove_tag', params: { tag: '旧' } }],
  })
  const c = await customer('许知夏', null)
  await rules.as(async ctx => changeCustomer(ctx, c.id, { version: (await oneCustomer(ctx, c.id)).version, tier: 'gold' }))
  await rules.house.settle()
  expect((await rules.as(ctx => oneCustomer(ctx, c.id))).tags).toEqual([])

  const over = await rules.publish('task.opened', {
    condition: titled('自动'),
    actions: [
      { action: 'rule.tell_department', params: { departmentId: crew, text: '自动办完' } },
      { action: 'task.finish', params: { result: '规则办完' } },
    ],
  })
  const task = await rules.as(ctx =>
    openTask(ctx, {
      ...{ kind: 'todo', title: '自动完成', text: '', matter: null, customerId: null, ownerId: null, departmentId: null },
      ...{ dueAt: null, facts: {} },
    }),
  )
  await rules.house.settle()
  const row = await rules.house.work(ctx =>
    ctx.db.selectFrom('tasks.task').select(['result', 'doneAt']).where('id', '=', task.id).executeTakeFirstOrThrow(),
  )
  expect(row).toMatchObject({ result: '规则办完', doneAt: expect.any(Date) })
  const news = await rules.house.work(ctx =>
    ctx.db.selectFrom('notifications.notification').select(['personId', 'kind']).where('kind', '=', 'rule.told').execute(),
  )
  expect(news).toEqual([{ personId: rules.colleague, kind: 'rule.told' }])
  await rules.rest(untag.id, over.id)
})

import { describe, expect, test } from 'vitest'
import { NewTicket } from '#contract/tickets.ts'
import { decideMasking } from '#domains/customers/masking/settings.ts'
import { openTicket } from '#domains/tickets/index.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openTalks, refused } from '#testing/talks.ts'
import { identifyConversation } from './actions/answer.ts'
import { endConversation, wrapUp } from './actions/end.ts'
import { visitorLeaves } from './actions/start.ts'
import { signCustomer } from './identity.ts'
import { givenIn } from './queries.ts'
import { renewSecret } from './widgets.ts'

const talks = openTalks()
const { one, talk } = talks

/** What an agent may whose role reaches only their own. */
const own = (who: User): User => ({
  ...who,
  grants: new Map([
    ['conversation:read', 'own'],
    ['ticket:open', 'all'],
  ]),
})

test('an identity that was only typed says so until an agent has checked it', async () => {
  const customer = await newCustomer('13912345678')
  const agent = await talks.desk.agent('乙乙')
  const { actor } = await talks.desk.visit()
  const id = await talks.desk.start(actor, '停水了', { phone: '13912345678' })
  await talks.desk.accept(agent)
  expect(await one(id)).toMatchObject({ customerId: customer.id, knownBy: 'given' })
  await talks.desk.as(agent, ctx => identifyConversation(ctx, id, customer.id))
  expect(await one(id)).toMatchObject({ customerId: customer.id, knownBy: 'agent' })
  await talks.desk.as(agent, ctx => endConversation(ctx, id))
  await talks.desk.as(agent, ctx => wrapUp(ctx, id, talks.words))
  await talks.desk.away(agent)
})

test('what a visitor typed is told to whoever has the talk, as they see numbers, until the customer is known', async () => {
  const agent = await talks.desk.agent('戊戊')
  const stranger = await talks.desk.agent('己己', { ready: false, queues: [] })
  const { actor } = await talks.desk.visit()
  const id = await talks.desk.start(actor, '水表坏了', { phone: '13700001234' })
  await talks.desk.accept(agent)
  const asks = (who: User) => talks.desk.as({ ...who, grants: new Map([['conversation:write', 'all']]) }, ctx => givenIn(ctx, id))
  expect(await asks(agent)).toEqual({ phone: '137****1234', email: null })
  const hides = async (showing: 'hidden' | 'shown') => {
    const role = await talks.house.work(ctx =>
      ctx.db.selectFrom('identity.person').select('roleId').where('id', '=', agent.id).executeTakeFirstOrThrow(),
    )
    await talks.house.work(ctx => decideMasking(ctx, { role: role.roleId, field: 'phone', showing }))
  }
  await hides('hidden')
  expect(await asks(agent)).toEqual({ phone: null, email: null })
  await hides('shown')
  expect(await asks(agent)).toEqual({ phone: '13700001234', email: null })
  expect(await asks(stranger)).toEqual({ phone: null, email: null })
  const customer = await newCustomer('13700005678')
  await talks.desk.as(agent, ctx => identifyConversation(ctx, id, customer.id))
  expect(await asks(agent)).toEqual({ phone: null, email: null })
  await talks.desk.as(agent, ctx => endConversation(ctx, id))
  await talks.desk.as(agent, ctx => wrapUp(ctx, id, talks.words))
  await talks.desk.away(agent)
})

test('a ticket comes only from a talk its opener may see', async () => {
  const agent = await talks.desk.agent('丙丙')
  const { id } = await talk(agent)
  const kind = await talks.house.work(async ctx => {
    const kindId = newId()
    await ctx.db
      .insertInto('tickets.kind')
      .values({ id: kindId, name: '咨询', nameEn: '', code: 'ZX', fields: '[]', calendarId: null, targetMinutes: 60, position: 0 })
      .execute()
    return kindId
  })
  const ticket = NewTicket.parse({ kindId: kind, title: '问水价', conversationId: id })
  const stranger = await talks.desk.agent('丁丁', { ready: false, queues: [] })
  await expect(talks.desk.as(own(stranger), ctx => openTicket(ctx, ticket))).rejects.toMatchObject(refused('conversation.not_found'))
  expect(await talks.desk.as(own(agent), ctx => openTicket(ctx, ticket))).toMatchObject({ conversationId: id })
  await talks.desk.as(agent, ctx => endConversation(ctx, id))
  await talks.desk.as(agent, ctx => wrapUp(ctx, id, talks.words))
  await talks.desk.away(agent)
})

describe('who it is', () => {
  test('the site signs its customer; a forged or expired signature is refused and nothing is made', async () => {
    const { secret } = await talks.house.work(ctx => renewSecret(ctx, talks.desk.widget.id))
    const customer = await newCustomer('13911112222')
    const exp = Math.floor(talks.house.now().getTime() / 1000) + 300
    const visit = await talks.desk.visit(talks.desk.key, { identity: signCustomer({ number: customer.number, exp }, secret) })
    const id = await talks.desk.start(visit.actor)
    expect(await one(id)).toMatchObject({ customerId: customer.id, customerName: '陈静' })

    const count = async () => (await talks.house.work(ctx => ctx.db.selectFrom('messaging.visitor').select('id').execute())).length
    const before = await count()
    const forged = [
      signCustomer({ number: customer.number, exp }, 'another secret'),
      `${signCustomer({ number: customer.number, exp }, secret)}x`,
      `${Buffer.from(JSON.stringify({ number: 'C-1', exp })).toString('base64url')}.${signCustomer({ number: customer.number, exp }, secret).split('.')[1]}`,
      'a.b.c',
      '',
      '.',
      '💧',
    ]
    for (const identity of forged)
      await expect(talks.desk.visit(talks.desk.key, { identity })).rejects.toMatchObject(refused('widget.identity_forged'))
    await expect(
      talks.desk.visit(talks.desk.key, { identity: signCustomer({ number: customer.number, exp: exp - 400 }, secret) }),
    ).rejects.toMatchObject(refused('widget.identity_expired'))
    expect(await count()).toBe(before)
    await talks.desk.as(visit.actor, ctx => visitorLeaves(ctx))
  })

  test('another customer at the same browser does not see the talk of the first', async () => {
    const { secret } = await talks.house.work(ctx => renewSecret(ctx, talks.desk.widget.id))
    const exp = Math.floor(talks.house.now().getTime() / 1000) + 300
    const sign = (number: string) => signCustomer({ number, exp }, secret)
    const [a, b] = [await newCustomer('13911113333'), await newCustomer('13911114444')]
    const first = await talks.desk.visit(talks.desk.key, { identity: sign(a.number) })
    await talks.desk.start(first.actor)
    const again = await talks.desk.visit(talks.desk.key, { identity: sign(a.number), token: first.token })
    expect(again.visitorId).toBe(first.visitorId)
    const other = await talks.desk.visit(talks.desk.key, { identity: sign(b.number), token: first.token })
    expect(other.visitorId).not.toBe(first.visitorId)
    expect(other.conversation).toBeNull()
    await talks.desk.as(first.actor, ctx => visitorLeaves(ctx))
  })

  test('the phone given finds the customer; an unknown one is joined later by the agent and remembered', async () => {
    const customer = await newCustomer('13911115555')
    const known = await talks.desk.visit()
    const id = await talks.desk.start(known.actor, '没水', { phone: '139 1111 5555' })
    expect(await one(id)).toMatchObject({ customerId: customer.id })
    await talks.desk.as(known.actor, ctx => visitorLeaves(ctx))

    const agent = await talks.desk.agent('认人')
    const visitor = await talks.desk.visit()
    const unknown = await talks.desk.start(visitor.actor, '没水', { phone: '13911116666', name: '小陈' })
    expect(await one(unknown)).toMatchObject({ customerId: null, customerName: '小陈' })
    await talks.desk.accept(agent)
    await talks.desk.as(agent, ctx => identifyConversation(ctx, unknown, customer.id))
    expect(await one(unknown)).toMatchObject({ customerId: customer.id, customerName: '陈静' })
    await talks.desk.as(visitor.actor, ctx => visitorLeaves(ctx))
    await talks.desk.as(agent, ctx => wrapUp(ctx, unknown, talks.words))
    const next = await talks.desk.visit()
    expect(await one(await talks.desk.start(next.actor, '又没水', { phone: '13911116666' }))).toMatchObject({ customerId: customer.id })
    await talks.desk.as(next.actor, ctx => visitorLeaves(ctx))
    await talks.desk.away(agent)
  })
})

const newCustomer = (phone: string) =>
  talks.house.work(async ctx => {
    const { addCustomer } = await import('#domains/customers/index.ts')
    const { NewCustomer } = await import('#contract/customers.ts')
    return addCustomer(ctx, NewCustomer.parse({ name: '陈静', phone }))
  })

import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '#contract/messaging.ts'
import { NewTicket } from '#contract/tickets.ts'
import { openTicket } from '#domains/tickets/index.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { setTheDesk, type TheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addNote, answer, identifyConversation, markRead, snooze, take } from './actions/answer.ts'
import { endConversation, wrapUp } from './actions/end.ts'
import { takeOver, transfer } from './actions/handOver.ts'
import { startConversation, visitorLeaves, visitorRates, visitorReads, visitorSays } from './actions/start.ts'
import { stateOf, thisVisitor } from './actions/visit.ts'
import { signCustomer } from './identity.ts'
import { visitorSeen } from './live.ts'
import { listConversations, messagesOf, oneConversation } from './queries.ts'
import { renewSecret } from './widgets.ts'

let house: TestHouse
let desk: TheDesk
let words: { reasonId: string; outcomeId: string; note: string }
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
  words = await house.work(async ctx => {
    const [reasonId, outcomeId] = [newId(), newId()]
    await ctx.db.insertInto('interactions.contactReason').values({ id: reasonId, name: '无水', parentId: null }).execute()
    await ctx.db.insertInto('interactions.contactOutcome').values({ id: outcomeId, name: '已解决' }).execute()
    return { reasonId, outcomeId, note: '' }
  })
})
afterAll(() => house.close())

const one = (id: string) => house.work(ctx => oneConversation(ctx, id))
const said = (id: string, notes = true) => house.work(ctx => messagesOf(ctx, id, { afterSeq: 0, notes }))
const lines = (messages: Message[]) => messages.map(m => m.code ?? m.text)
const text = (words: string, clientId = newId()) => ({ text: words, clientId })
const refused = (code: string) => ({ code })
const standing = (actor: Awaited<ReturnType<TheDesk['visit']>>['actor']) =>
  desk.as(actor, async ctx => stateOf(ctx, await thisVisitor(ctx)))

/** A talk between a new visitor and an agent who has accepted it. */
async function talk(agent: User) {
  const visitor = await desk.visit()
  const id = await desk.start(visitor.actor)
  await desk.accept(agent)
  return { id, visitor: visitor.actor }
}

describe('a talk', () => {
  let agent: User
  beforeAll(async () => {
    agent = await desk.agent('许知夏', { capacity: 20 })
  })
  afterAll(() => desk.away(agent))

  test('begins with what the customer says, waits, is accepted, answered, ended, wrapped up and rated', async () => {
    const { actor } = await desk.visit()
    const id = await desk.start(actor, '', { choice: 'repair', name: '陈女士', phone: '13800001111' })
    expect(await one(id)).toMatchObject({
      state: 'waiting',
      subject: '报修',
      customerName: '陈女士',
      preview: '报修',
      lastAuthor: 'customer',
      unread: 1,
      agentId: null,
    })
    expect((await standing(actor)).conversation).toMatchObject({ state: 'waiting', position: 1 })

    await desk.accept(agent)
    expect(await one(id)).toMatchObject({ state: 'active', agentName: '许知夏', answeredAt: expect.any(Date), replyDue: expect.any(Date) })
    await desk.as(agent, ctx => answer(ctx, id, text('您好，正在查')))
    expect(await one(id)).toMatchObject({ unread: 0, replyDue: null, lastAuthor: 'agent', preview: '您好，正在查' })
    await desk.as(actor, ctx => visitorSays(ctx, text('谢谢')))
    await desk.as(agent, ctx => endConversation(ctx, id))
    expect(await standing(actor)).toMatchObject({ conversation: { state: 'wrap', rated: false } })
    await desk.as(agent, ctx => wrapUp(ctx, id, words))
    await desk.as(actor, ctx => visitorRates(ctx, { score: 5, words: '很快' }))

    expect(await one(id)).toMatchObject({ state: 'done', rating: 5, reasonId: words.reasonId })
    expect(lines(await said(id))).toEqual(['报修', 'accepted', '您好，正在查', '谢谢', 'ended', 'rated'])
    expect((await house.said('conversation.rated')).at(-1)).toMatchObject({ score: 5, agentId: agent.id })
    expect(await house.said('interaction.wrapped')).toContainEqual(
      expect.objectContaining(words.reasonId ? { reasonId: words.reasonId } : {}),
    )
    expect(await desk.as(agent, async ctx => (await listConversations(ctx, { box: 'done' })).rows.map(c => c.id))).toContain(id)
  })

  test('sent twice is said once, on both sides and at once', async () => {
    const { id, visitor } = await talk(agent)
    const [mine, theirs] = [text('一次'), text('两次')]
    const sent = await Promise.all([
      ...[1, 2, 3].map(() => desk.as(visitor, ctx => visitorSays(ctx, mine))),
      ...[1, 2, 3].map(() => desk.as(agent, ctx => answer(ctx, id, theirs))),
    ])
    expect(new Set(sent.map(m => m.id)).size).toBe(2)
    expect(lines(await said(id)).sort()).toEqual(['一次', '两次', '家里没水', 'accepted'].sort())
    const clientId = newId()
    const again = await desk.visit()
    const starts = await Promise.all([1, 2, 3].map(() => desk.as(again.actor, ctx => startConversation(ctx, { clientId, text: '又来了' }))))
    expect(new Set(starts.map(s => s.conversation?.id)).size).toBe(1)
    await desk.rest()
    await desk.accept(agent)
  })

  test('keeps one order without gaps, whoever writes at once, and anyone resumes from any seq', async () => {
    const { id, visitor } = await talk(agent)
    const writers = Array.from({ length: 40 }, (_, n) =>
      n % 2 ? desk.as(agent, ctx => answer(ctx, id, text(`a${n}`))) : desk.as(visitor, ctx => visitorSays(ctx, text(`c${n}`))),
    )
    await Promise.all(writers)
    const all = await said(id)
    expect(all.map(m => m.seq)).toEqual(Array.from({ length: 42 }, (_, n) => n + 1))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 42 }), async from => {
        expect((await house.work(ctx => messagesOf(ctx, id, { afterSeq: from, notes: true }))).map(m => m.seq)).toEqual(
          all.slice(from).map(m => m.seq),
        )
      }),
      { numRuns: 10 },
    )
  })

  test('hides internal notes from the customer', async () => {
    const { id, visitor } = await talk(agent)
    await desk.as(agent, ctx => addNote(ctx, id, text('老客户，注意')))
    await desk.as(agent, ctx => answer(ctx, id, text('您好')))
    expect(lines(await said(id, false))).toEqual(['家里没水', 'accepted', '您好'])
    expect((await one(id)).preview).toBe('您好')
    expect((await standing(visitor)).conversation?.lastSeq).toBe(4)
  })

  test('shows each side what the other has read', async () => {
    const { id, visitor } = await talk(agent)
    await desk.as(visitor, ctx => visitorSays(ctx, text('在吗')))
    expect(await one(id)).toMatchObject({ unread: 2, agentRead: 0 })
    await desk.as(agent, ctx => markRead(ctx, id, 1))
    expect(await one(id)).toMatchObject({ unread: 1, agentRead: 1 })
    await desk.as(agent, ctx => markRead(ctx, id, 999))
    expect(await one(id)).toMatchObject({ unread: 0, agentRead: 3 })
    await desk.as(visitor, ctx => visitorReads(ctx, 2))
    expect((await one(id)).customerRead).toBe(3)
    expect((await standing(visitor)).conversation?.agentRead).toBe(3)
  })

  test('set aside comes back with the customer’s next words', async () => {
    const { id, visitor } = await talk(agent)
    await desk.as(agent, ctx => snooze(ctx, id, new Date(ctx.now.getTime() + 3_600_000)))
    expect((await one(id)).snoozedUntil).not.toBeNull()
    await desk.as(visitor, ctx => visitorSays(ctx, text('还在吗')))
    expect((await one(id)).snoozedUntil).toBeNull()
  })

  test('that is over takes no more words, and a new one may begin', async () => {
    const { id, visitor } = await talk(agent)
    await desk.as(visitor, ctx => visitorLeaves(ctx))
    expect(await one(id)).toMatchObject({ state: 'wrap' })
    await desk.as(visitor, ctx => visitorSays(ctx, text('再见')))
    await desk.as(agent, ctx => wrapUp(ctx, id, words))
    await expect(desk.as(visitor, ctx => visitorSays(ctx, text('还有')))).rejects.toMatchObject(refused('conversation.over'))
    await expect(desk.as(agent, ctx => answer(ctx, id, text('还有')))).rejects.toMatchObject(refused('conversation.not_open'))
    expect(await desk.start(visitor, '新的事')).not.toBe(id)
    await expect(desk.as(visitor, ctx => startConversation(ctx, { clientId: newId(), text: '第三件' }))).rejects.toMatchObject(
      refused('conversation.already_open'),
    )
    await desk.as(visitor, ctx => visitorLeaves(ctx))
  })

  test('is answered only by whoever has it in hand', async () => {
    const { id } = await talk(agent)
    const other = await desk.agent('别人', { ready: false })
    await expect(desk.as(other, ctx => answer(ctx, id, text('我来')))).rejects.toMatchObject(refused('conversation.not_yours'))
    await expect(desk.as(other, ctx => endConversation(ctx, id))).rejects.toMatchObject(refused('conversation.not_yours'))
    const stranger = house.user({
      name: '外人',
      grants: new Map([
        ['conversation:read', 'own'],
        ['conversation:write', 'own'],
      ]),
    })
    await expect(desk.as(stranger, ctx => oneConversation(ctx, id))).rejects.toMatchObject(refused('conversation.not_found'))
    await expect(desk.as(stranger, ctx => addNote(ctx, id, text('偷看')))).rejects.toMatchObject(refused('conversation.not_found'))
  })

  test('is rated once, and only when somebody answered', async () => {
    const { id, visitor } = await talk(agent)
    await expect(desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))).rejects.toMatchObject(
      refused('conversation.not_rateable'),
    )
    await desk.as(agent, ctx => endConversation(ctx, id))
    await desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))
    expect((await desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))).conversation?.rated).toBe(true)
    await expect(desk.as(visitor, ctx => visitorRates(ctx, { score: 1, words: '' }))).rejects.toMatchObject(
      refused('conversation.already_rated'),
    )
  })
})

describe('waiting', () => {
  test('customers are told their place when it changes, and may give up', async () => {
    const [a, b] = [await desk.visit(), await desk.visit()]
    const [first, second] = [await desk.start(a.actor), await desk.start(b.actor)]
    expect((await standing(b.actor)).conversation).toMatchObject({ position: 2 })
    await desk.as(a.actor, ctx => visitorLeaves(ctx))
    expect(await one(first)).toMatchObject({ state: 'abandoned' })
    expect((await house.said('interaction.abandoned')).length).toBeGreaterThan(0)
    await house.pass(0.1)
    await desk.settle()
    const told = await house.work(ctx =>
      ctx.db.selectFrom('messaging.conversation').select('placeTold').where('id', '=', second).executeTakeFirstOrThrow(),
    )
    expect(told.placeTold).toBe(1)
    await desk.as(b.actor, ctx => visitorLeaves(ctx))
  })

  test('ends by itself when the customer has gone, and goes on when they come back', async () => {
    const { actor } = await desk.visit()
    const id = await desk.start(actor)
    const see = (online: boolean) => house.work(ctx => visitorSeen(ctx, actor.kind === 'visitor' ? actor.id : '', online))
    await see(true)
    await see(false)
    await house.pass(4)
    await see(true)
    await house.pass(1.5)
    await desk.settle()
    expect((await one(id)).state).toBe('waiting')
    await see(false)
    await house.pass(5.1)
    await desk.settle()
    expect((await one(id)).state).toBe('abandoned')
  })
})

describe('out of hours', () => {
  let agent: User
  beforeEach(async () => {
    agent = await desk.agent('早班', { ready: false })
  })

  test('words are left as a message, which an agent takes and answers', async () => {
    const { actor } = await desk.visit(desk.closedKey)
    const id = await desk.start(actor, '明天能来修吗')
    expect(await one(id)).toMatchObject({ state: 'left', agentId: null })
    expect(await standing(actor)).toMatchObject({ open: false, opensAt: null, conversation: { state: 'left', position: null } })
    expect(await desk.as(agent, async ctx => (await listConversations(ctx, { box: 'queue' })).rows.map(c => c.id))).toContain(id)
    await desk.as(agent, ctx => take(ctx, id))
    expect(await one(id)).toMatchObject({ state: 'active', agentId: agent.id })
    await desk.as(agent, ctx => answer(ctx, id, text('今天就到')))
    expect(lines(await said(id, false))).toEqual(['明天能来修吗', 'left', 'accepted', '今天就到'])
    await expect(desk.as(await desk.agent('晚班', { ready: false }), ctx => take(ctx, id))).rejects.toMatchObject(
      refused('conversation.taken'),
    )
  })

  test('one that is answered hours later does not end under the agent’s hands', async () => {
    const { actor } = await desk.visit(desk.closedKey)
    const id = await desk.start(actor, '水费单看不懂')
    await house.pass(600)
    await desk.as(agent, ctx => take(ctx, id))
    await house.pass(2)
    await desk.settle()
    expect(await one(id)).toMatchObject({ state: 'active' })
    await house.pass(20)
    await desk.settle()
    expect(await one(id)).toMatchObject({ state: 'wrap' })
  })
})

describe('handing over', () => {
  test('to an agent: it stays mine until the other side takes it', async () => {
    const [from, to] = [await desk.agent('甲'), await desk.agent('乙', { queues: [desk.ids.billing] })]
    const { id } = await talk(from)
    await desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '问账单的' }))
    await desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: from.id, handingTo: '乙' })
    await desk.as(from, ctx => answer(ctx, id, text('稍等，我请同事来')))
    await desk.accept(to)
    expect(await one(id)).toMatchObject({ state: 'active', agentId: to.id, handingTo: null })
    expect(lines(await said(id, false))).toEqual(['家里没水', 'accepted', '稍等，我请同事来', 'transferred'])
    expect(await said(id)).toContainEqual(expect.objectContaining({ kind: 'note', code: 'handing', text: '问账单的' }))
    await expect(desk.as(from, ctx => answer(ctx, id, text('还是我')))).rejects.toMatchObject(refused('conversation.not_yours'))
    await desk.away(from)
    await desk.away(to)
  })

  test('that nobody takes fails, and whoever asked is told', async () => {
    const [from, to] = [await desk.agent('丙'), await desk.agent('丁', { ready: false, queues: [desk.ids.billing] })]
    const { id } = await talk(from)
    await desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '' }))
    await desk.rest()
    await house.pass(1.2)
    const { sweep } = await import('#domains/routing/index.ts')
    await sweep(house.house)
    await desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: from.id, handingTo: null })
    expect(lines(await said(id))).toContain('handing_failed')
    await desk.away(from)
  })

  test('to a queue: any agent of it may take it, and the talk moves there', async () => {
    const from = await desk.agent('戊')
    const { id } = await talk(from)
    await desk.as(from, ctx => transfer(ctx, id, { queueId: desk.ids.billing, note: '' }))
    const to = await desk.agent('己', { queues: [desk.ids.billing] })
    await desk.accept(to)
    expect(await one(id)).toMatchObject({ agentId: to.id, queueId: desk.ids.billing })
    await desk.away(from)
    await desk.away(to)
  })

  test('is withdrawn when the talk ends before', async () => {
    const [from, to] = [await desk.agent('庚'), await desk.agent('辛', { queues: [desk.ids.billing] })]
    const { id } = await talk(from)
    await desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '' }))
    await desk.rest()
    expect(await desk.rings(to)).toBe(true)
    await desk.as(from, ctx => endConversation(ctx, id))
    expect(await desk.rings(to)).toBe(false)
    expect(await one(id)).toMatchObject({ state: 'wrap', handingTo: null })
    await desk.away(from)
    await desk.away(to)
  })

  test('a supervisor takes over, and the agent is free again', async () => {
    const agent = await desk.agent('壬', { capacity: 1 })
    const boss = await desk.agent('班长', { ready: false, queues: [] })
    const { id, visitor } = await talk(agent)
    await desk.as(boss, ctx => takeOver(ctx, id))
    await desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: boss.id })
    expect(lines(await said(id, false))).toContain('taken_over')
    const next = await desk.visit()
    await desk.start(next.actor)
    expect(await desk.rings(agent)).toBe(true)
    await desk.as(boss, ctx => answer(ctx, id, text('我是班长')))
    await desk.as(boss, ctx => endConversation(ctx, id))
    await desk.as(boss, ctx => wrapUp(ctx, id, words))
    expect((await standing(visitor)).conversation?.state).toBe('done')
    await desk.as(next.actor, ctx => visitorLeaves(ctx))
    await desk.away(agent)
  })
})

test('what an agent left in wrap-up, a supervisor can finish', async () => {
  const agent = await desk.agent('甲甲')
  const boss = await desk.agent('班长乙', { ready: false, queues: [] })
  const { id, visitor } = await talk(agent)
  await desk.as(agent, ctx => endConversation(ctx, id))
  await expect(desk.as(boss, ctx => wrapUp(ctx, id, words))).rejects.toMatchObject(refused('conversation.not_yours'))
  await desk.as(boss, ctx => takeOver(ctx, id))
  await desk.as(boss, ctx => wrapUp(ctx, id, words))
  expect(await one(id)).toMatchObject({ state: 'done', agentId: boss.id })
  expect((await standing(visitor)).conversation?.state).toBe('done')
  await desk.away(agent)
})

test('an identity that was only typed says so until an agent has checked it', async () => {
  const customer = await newCustomer('13912345678')
  const agent = await desk.agent('乙乙')
  const { actor } = await desk.visit()
  const id = await desk.start(actor, '停水了', { phone: '13912345678' })
  await desk.accept(agent)
  expect(await one(id)).toMatchObject({ customerId: customer.id, knownBy: 'given' })
  await desk.as(agent, ctx => identifyConversation(ctx, id, customer.id))
  expect(await one(id)).toMatchObject({ customerId: customer.id, knownBy: 'agent' })
  await desk.as(agent, ctx => endConversation(ctx, id))
  await desk.as(agent, ctx => wrapUp(ctx, id, words))
  await desk.away(agent)
})

test('a ticket comes only from a talk its opener may see', async () => {
  const agent = await desk.agent('丙丙')
  const { id } = await talk(agent)
  const kind = await house.work(async ctx => {
    const kindId = newId()
    await ctx.db
      .insertInto('tickets.kind')
      .values({ id: kindId, name: '咨询', nameEn: '', code: 'ZX', fields: '[]' as never, calendarId: null, targetMinutes: 60, position: 0 })
      .execute()
    return kindId
  })
  const ticket = NewTicket.parse({ kindId: kind, title: '问水价', conversationId: id })
  const own = (who: User): User => ({
    ...who,
    grants: new Map([
      ['conversation:read', 'own'],
      ['ticket:open', 'all'],
    ]),
  })
  const stranger = await desk.agent('丁丁', { ready: false, queues: [] })
  await expect(desk.as(own(stranger), ctx => openTicket(ctx, ticket))).rejects.toMatchObject(refused('conversation.not_found'))
  expect(await desk.as(own(agent), ctx => openTicket(ctx, ticket))).toMatchObject({ conversationId: id })
  await desk.as(agent, ctx => endConversation(ctx, id))
  await desk.as(agent, ctx => wrapUp(ctx, id, words))
  await desk.away(agent)
})

describe('who it is', () => {
  test('the site signs its customer; a forged or expired signature is refused and nothing is made', async () => {
    const { secret } = await house.work(ctx => renewSecret(ctx, desk.widget.id))
    const customer = await newCustomer('13911112222')
    const exp = Math.floor(house.now().getTime() / 1000) + 300
    const visit = await desk.visit(desk.key, { identity: signCustomer({ number: customer.number, exp }, secret) })
    const id = await desk.start(visit.actor)
    expect(await one(id)).toMatchObject({ customerId: customer.id, customerName: '陈静' })

    const count = async () => (await house.work(ctx => ctx.db.selectFrom('messaging.visitor').select('id').execute())).length
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
    for (const identity of forged) await expect(desk.visit(desk.key, { identity })).rejects.toMatchObject(refused('widget.identity_forged'))
    await expect(
      desk.visit(desk.key, { identity: signCustomer({ number: customer.number, exp: exp - 400 }, secret) }),
    ).rejects.toMatchObject(refused('widget.identity_expired'))
    expect(await count()).toBe(before)
    await desk.as(visit.actor, ctx => visitorLeaves(ctx))
  })

  test('another customer at the same browser does not see the talk of the first', async () => {
    const { secret } = await house.work(ctx => renewSecret(ctx, desk.widget.id))
    const exp = Math.floor(house.now().getTime() / 1000) + 300
    const sign = (number: string) => signCustomer({ number, exp }, secret)
    const [a, b] = [await newCustomer('13911113333'), await newCustomer('13911114444')]
    const first = await desk.visit(desk.key, { identity: sign(a.number) })
    await desk.start(first.actor)
    const again = await desk.visit(desk.key, { identity: sign(a.number), token: first.token })
    expect(again.visitorId).toBe(first.visitorId)
    const other = await desk.visit(desk.key, { identity: sign(b.number), token: first.token })
    expect(other.visitorId).not.toBe(first.visitorId)
    expect(other.conversation).toBeNull()
    await desk.as(first.actor, ctx => visitorLeaves(ctx))
  })

  test('the phone given finds the customer; an unknown one is joined later by the agent and remembered', async () => {
    const customer = await newCustomer('13911115555')
    const known = await desk.visit()
    const id = await desk.start(known.actor, '没水', { phone: '139 1111 5555' })
    expect(await one(id)).toMatchObject({ customerId: customer.id })
    await desk.as(known.actor, ctx => visitorLeaves(ctx))

    const agent = await desk.agent('认人')
    const visitor = await desk.visit()
    const unknown = await desk.start(visitor.actor, '没水', { phone: '13911116666', name: '小陈' })
    expect(await one(unknown)).toMatchObject({ customerId: null, customerName: '小陈' })
    await desk.accept(agent)
    await desk.as(agent, ctx => identifyConversation(ctx, unknown, customer.id))
    expect(await one(unknown)).toMatchObject({ customerId: customer.id, customerName: '陈静' })
    await desk.as(visitor.actor, ctx => visitorLeaves(ctx))
    await desk.as(agent, ctx => wrapUp(ctx, unknown, words))
    const next = await desk.visit()
    expect(await one(await desk.start(next.actor, '又没水', { phone: '13911116666' }))).toMatchObject({ customerId: customer.id })
    await desk.as(next.actor, ctx => visitorLeaves(ctx))
    await desk.away(agent)
  })
})

const newCustomer = (phone: string) =>
  house.work(async ctx => {
    const { addCustomer } = await import('#domains/customers/index.ts')
    const { NewCustomer } = await import('#contract/customers.ts')
    return addCustomer(ctx, NewCustomer.parse({ name: '陈静', phone }))
  })

describe('silence', () => {
  test('a talk ends when its customer has been gone for a quarter of an hour', async () => {
    const agent = await desk.agent('守候')
    const { id, visitor } = await talk(agent)
    const see = (online: boolean) => house.work(ctx => visitorSeen(ctx, visitor.kind === 'visitor' ? visitor.id : '', online))
    await see(true)
    expect((await one(id)).customerOnline).toBe(true)
    await see(false)
    expect((await one(id)).customerOnline).toBe(false)
    await house.pass(10)
    await desk.settle()
    expect((await one(id)).state).toBe('active')
    await house.pass(6)
    await desk.settle()
    expect((await one(id)).state).toBe('wrap')
    expect(await said(id)).toContainEqual(expect.objectContaining({ code: 'ended', facts: { by: 'silence' } }))
    await desk.away(agent)
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { lines, openTalks, refused, text } from '#testing/talks.ts'
import { addNote, answer, markRead, snooze, take } from './actions/answer.ts'
import { endConversation, wrapUp } from './actions/end.ts'
import { startConversation, visitorLeaves, visitorRates, visitorReads, visitorSays } from './actions/start.ts'
import { visitorSeen } from './live.ts'
import { listConversations, messagesOf, oneConversation } from './queries.ts'

const talks = openTalks()
const { one, said, standing, talk } = talks

describe('a talk', () => {
  let agent: User
  beforeAll(async () => {
    agent = await talks.desk.agent('许知夏', { capacity: 20 })
  })
  afterAll(() => talks.desk.away(agent))

  test('begins with what the customer says, waits, is accepted, answered, ended, wrapped up and rated', async () => {
    const { actor } = await talks.desk.visit()
    const id = await talks.desk.start(actor, '', { choice: 'repair', name: '陈女士', phone: '13800001111' })
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

    await talks.desk.accept(agent)
    expect(await one(id)).toMatchObject({ state: 'active', agentName: '许知夏', answeredAt: expect.any(Date), replyDue: expect.any(Date) })
    await talks.desk.as(agent, ctx => answer(ctx, id, text('您好，正在查')))
    expect(await one(id)).toMatchObject({ unread: 0, replyDue: null, lastAuthor: 'agent', preview: '您好，正在查' })
    await talks.desk.as(actor, ctx => visitorSays(ctx, text('谢谢')))
    await talks.desk.as(agent, ctx => endConversation(ctx, id))
    expect(await standing(actor)).toMatchObject({ conversation: { state: 'wrap', rated: false } })
    await talks.desk.as(agent, ctx => wrapUp(ctx, id, talks.words))
    await talks.desk.as(actor, ctx => visitorRates(ctx, { score: 5, words: '很快' }))

    expect(await one(id)).toMatchObject({ state: 'done', rating: 5, reasonId: talks.words.reasonId })
    expect(lines(await said(id))).toEqual(['报修', 'accepted', '您好，正在查', '谢谢', 'ended', 'rated'])
    expect((await talks.house.said('conversation.rated')).at(-1)).toMatchObject({ score: 5, agentId: agent.id })
    expect(await talks.house.said('interaction.wrapped')).toContainEqual(expect.objectContaining({ reasonId: talks.words.reasonId }))
    expect(await talks.desk.as(agent, async ctx => (await listConversations(ctx, { box: 'done' })).rows.map(c => c.id))).toContain(id)
  })

  test('sent twice is said once, on both sides and at once', async () => {
    const { id, visitor } = await talk(agent)
    const [mine, theirs] = [text('一次'), text('两次')]
    const sent = await Promise.all([
      ...[1, 2, 3].map(() => talks.desk.as(visitor, ctx => visitorSays(ctx, mine))),
      ...[1, 2, 3].map(() => talks.desk.as(agent, ctx => answer(ctx, id, theirs))),
    ])
    expect(new Set(sent.map(m => m.id)).size).toBe(2)
    expect(lines(await said(id)).sort()).toEqual(['一次', '两次', '家里没水', 'accepted'].sort())
    const clientId = newId()
    const again = await talks.desk.visit()
    const starts = await Promise.all(
      [1, 2, 3].map(() => talks.desk.as(again.actor, ctx => startConversation(ctx, { clientId, text: '又来了' }))),
    )
    expect(new Set(starts.map(s => s.conversation?.id)).size).toBe(1)
    await talks.desk.rest()
    await talks.desk.accept(agent)
  })

  test('keeps one order without gaps, whoever writes at once, and anyone resumes from any seq', async () => {
    const { id, visitor } = await talk(agent)
    const writers = Array.from({ length: 40 }, (_, n) =>
      n % 2 ? talks.desk.as(agent, ctx => answer(ctx, id, text(`a${n}`))) : talks.desk.as(visitor, ctx => visitorSays(ctx, text(`c${n}`))),
    )
    await Promise.all(writers)
    const all = await said(id)
    expect(all.map(m => m.seq)).toEqual(Array.from({ length: 42 }, (_, n) => n + 1))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 42 }), async from => {
        expect((await talks.house.work(ctx => messagesOf(ctx, id, { afterSeq: from, notes: true }))).map(m => m.seq)).toEqual(
          all.slice(from).map(m => m.seq),
        )
      }),
      { numRuns: 10 },
    )
  })

  test('hides internal notes from the customer', async () => {
    const { id, visitor } = await talk(agent)
    await talks.desk.as(agent, ctx => addNote(ctx, id, text('老客户，注意')))
    await talks.desk.as(agent, ctx => answer(ctx, id, text('您好')))
    expect(lines(await said(id, false))).toEqual(['家里没水', 'accepted', '您好'])
    expect((await one(id)).preview).toBe('您好')
    expect((await standing(visitor)).conversation?.lastSeq).toBe(4)
  })

  test('shows each side what the other has read', async () => {
    const { id, visitor } = await talk(agent)
    await talks.desk.as(visitor, ctx => visitorSays(ctx, text('在吗')))
    expect(await one(id)).toMatchObject({ unread: 2, agentRead: 0 })
    await talks.desk.as(agent, ctx => markRead(ctx, id, 1))
    expect(await one(id)).toMatchObject({ unread: 1, agentRead: 1 })
    await talks.desk.as(agent, ctx => markRead(ctx, id, 999))
    expect(await one(id)).toMatchObject({ unread: 0, agentRead: 3 })
    await talks.desk.as(visitor, ctx => visitorReads(ctx, 2))
    expect((await one(id)).customerRead).toBe(3)
    expect((await standing(visitor)).conversation?.agentRead).toBe(3)
  })

  test('set aside comes back with the customer’s next words', async () => {
    const { id, visitor } = await talk(agent)
    await talks.desk.as(agent, ctx => snooze(ctx, id, new Date(ctx.now.getTime() + 3_600_000)))
    expect((await one(id)).snoozedUntil).not.toBeNull()
    await talks.desk.as(visitor, ctx => visitorSays(ctx, text('还在吗')))
    expect((await one(id)).snoozedUntil).toBeNull()
  })

  test('that is over takes no more words, and a new one may begin', async () => {
    const { id, visitor } = await talk(agent)
    await talks.desk.as(visitor, ctx => visitorLeaves(ctx))
    expect(await one(id)).toMatchObject({ state: 'wrap' })
    await talks.desk.as(visitor, ctx => visitorSays(ctx, text('再见')))
    await talks.desk.as(agent, ctx => wrapUp(ctx, id, talks.words))
    await expect(talks.desk.as(visitor, ctx => visitorSays(ctx, text('还有')))).rejects.toMatchObject(refused('conversation.over'))
    await expect(talks.desk.as(agent, ctx => answer(ctx, id, text('还有')))).rejects.toMatchObject(refused('conversation.not_open'))
    expect(await talks.desk.start(visitor, '新的事')).not.toBe(id)
    await expect(talks.desk.as(visitor, ctx => startConversation(ctx, { clientId: newId(), text: '第三件' }))).rejects.toMatchObject(
      refused('conversation.already_open'),
    )
    await talks.desk.as(visitor, ctx => visitorLeaves(ctx))
  })

  test('is answered only by whoever has it in hand', async () => {
    const { id } = await talk(agent)
    const other = await talks.desk.agent('别人', { ready: false })
    await expect(talks.desk.as(other, ctx => answer(ctx, id, text('我来')))).rejects.toMatchObject(refused('conversation.not_yours'))
    await expect(talks.desk.as(other, ctx => endConversation(ctx, id))).rejects.toMatchObject(refused('conversation.not_yours'))
    const stranger = talks.house.user({
      name: '外人',
      grants: new Map([
        ['conversation:read', 'own'],
        ['conversation:write', 'own'],
      ]),
    })
    await expect(talks.desk.as(stranger, ctx => oneConversation(ctx, id))).rejects.toMatchObject(refused('conversation.not_found'))
    await expect(talks.desk.as(stranger, ctx => addNote(ctx, id, text('偷看')))).rejects.toMatchObject(refused('conversation.not_found'))
  })

  test('is rated once, and only when somebody answered', async () => {
    const { id, visitor } = await talk(agent)
    await expect(talks.desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))).rejects.toMatchObject(
      refused('conversation.not_rateable'),
    )
    await talks.desk.as(agent, ctx => endConversation(ctx, id))
    await talks.desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))
    expect((await talks.desk.as(visitor, ctx => visitorRates(ctx, { score: 4, words: '' }))).conversation?.rated).toBe(true)
    await expect(talks.desk.as(visitor, ctx => visitorRates(ctx, { score: 1, words: '' }))).rejects.toMatchObject(
      refused('conversation.already_rated'),
    )
  })
})

describe('waiting', () => {
  test('customers are told their place when it changes, and may give up', async () => {
    const [a, b] = [await talks.desk.visit(), await talks.desk.visit()]
    const [first, second] = [await talks.desk.start(a.actor), await talks.desk.start(b.actor)]
    expect((await standing(b.actor)).conversation).toMatchObject({ position: 2 })
    await talks.desk.as(a.actor, ctx => visitorLeaves(ctx))
    expect(await one(first)).toMatchObject({ state: 'abandoned' })
    expect((await talks.house.said('interaction.abandoned')).length).toBeGreaterThan(0)
    await talks.house.pass(0.1)
    await talks.desk.settle()
    const told = await talks.house.work(ctx =>
      ctx.db.selectFrom('messaging.conversation').select('placeTold').where('id', '=', second).executeTakeFirstOrThrow(),
    )
    expect(told.placeTold).toBe(1)
    await talks.desk.as(b.actor, ctx => visitorLeaves(ctx))
  })

  test('ends by itself when the customer has gone, and goes on when they come back', async () => {
    const { actor } = await talks.desk.visit()
    const id = await talks.desk.start(actor)
    const see = (online: boolean) => talks.house.work(ctx => visitorSeen(ctx, actor.kind === 'visitor' ? actor.id : '', online))
    await see(true)
    await see(false)
    await talks.house.pass(4)
    await see(true)
    await talks.house.pass(1.5)
    await talks.desk.settle()
    expect((await one(id)).state).toBe('waiting')
    await see(false)
    await talks.house.pass(5.1)
    await talks.desk.settle()
    expect((await one(id)).state).toBe('abandoned')
  })
})

describe('out of hours', () => {
  let agent: User
  beforeEach(async () => {
    agent = await talks.desk.agent('早班', { ready: false })
  })

  test('words are left as a message, which an agent takes and answers', async () => {
    const { actor } = await talks.desk.visit(talks.desk.closedKey)
    const id = await talks.desk.start(actor, '明天能来修吗')
    expect(await one(id)).toMatchObject({ state: 'left', agentId: null })
    expect(await standing(actor)).toMatchObject({ open: false, opensAt: null, conversation: { state: 'left', position: null } })
    expect(await talks.desk.as(agent, async ctx => (await listConversations(ctx, { box: 'queue' })).rows.map(c => c.id))).toContain(id)
    await talks.desk.as(agent, ctx => take(ctx, id))
    expect(await one(id)).toMatchObject({ state: 'active', agentId: agent.id })
    await talks.desk.as(agent, ctx => answer(ctx, id, text('今天就到')))
    expect(lines(await said(id, false))).toEqual(['明天能来修吗', 'left', 'accepted', '今天就到'])
    await expect(talks.desk.as(await talks.desk.agent('晚班', { ready: false }), ctx => take(ctx, id))).rejects.toMatchObject(
      refused('conversation.taken'),
    )
  })

  test('one that is answered hours later does not end under the agent’s hands', async () => {
    const { actor } = await talks.desk.visit(talks.desk.closedKey)
    const id = await talks.desk.start(actor, '水费单看不懂')
    await talks.house.pass(600)
    await talks.desk.as(agent, ctx => take(ctx, id))
    await talks.house.pass(2)
    await talks.desk.settle()
    expect(await one(id)).toMatchObject({ state: 'active' })
    await talks.house.pass(20)
    await talks.desk.settle()
    expect(await one(id)).toMatchObject({ state: 'wrap' })
  })
})

describe('silence', () => {
  test('a talk ends when its customer has been gone for a quarter of an hour', async () => {
    const agent = await talks.desk.agent('守候')
    const { id, visitor } = await talk(agent)
    const see = (online: boolean) => talks.house.work(ctx => visitorSeen(ctx, visitor.kind === 'visitor' ? visitor.id : '', online))
    await see(true)
    expect((await one(id)).customerOnline).toBe(true)
    await see(false)
    expect((await one(id)).customerOnline).toBe(false)
    await talks.house.pass(10)
    await talks.desk.settle()
    expect((await one(id)).state).toBe('active')
    await talks.house.pass(6)
    await talks.desk.settle()
    expect((await one(id)).state).toBe('wrap')
    expect(await said(id)).toContainEqual(expect.objectContaining({ code: 'ended', facts: { by: 'silence' } }))
    await talks.desk.away(agent)
  })
})

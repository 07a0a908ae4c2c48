import { describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { lines, openTalks, refused, text } from '#testing/talks.ts'
import { answer } from './actions/answer.ts'
import { endConversation, wrapUp } from './actions/end.ts'
import { takeOver, transfer } from './actions/handOver.ts'
import { visitorLeaves } from './actions/start.ts'
import { oneConversation } from './queries.ts'

const talks = openTalks()
const { one, said, standing, talk } = talks

/** An agent whose role reaches only their own. */
const own = (who: User): User => ({ ...who, grants: new Map([['conversation:read', 'own']]) })

describe('handing over', () => {
  test('to an agent: it stays mine until the other side takes it', async () => {
    const [from, to] = [await talks.desk.agent('甲'), await talks.desk.agent('乙', { queues: [talks.desk.ids.billing] })]
    const { id } = await talk(from)
    await talks.desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '问账单的' }))
    await talks.desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '问账单的' }))
    await talks.desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: from.id, handingTo: '乙' })
    await talks.desk.as(from, ctx => answer(ctx, id, text('稍等，我请同事来')))
    await talks.desk.accept(to)
    expect(await one(id)).toMatchObject({ state: 'active', agentId: to.id, handingTo: null })
    expect(lines(await said(id, false))).toEqual(['家里没水', 'accepted', '稍等，我请同事来', 'transferred'])
    // Pressed twice, it is asked once.
    expect((await said(id)).filter(m => m.code === 'handing').map(m => m.text)).toEqual(['问账单的'])
    await expect(talks.desk.as(from, ctx => answer(ctx, id, text('还是我')))).rejects.toMatchObject(refused('conversation.not_yours'))
    expect(await talks.desk.as(own(from), ctx => oneConversation(ctx, id))).toMatchObject({ id, agentId: to.id })
    await talks.desk.away(from)
    await talks.desk.away(to)
  })

  test('that nobody takes fails, and whoever asked is told', async () => {
    const [from, to] = [await talks.desk.agent('丙'), await talks.desk.agent('丁', { ready: false, queues: [talks.desk.ids.billing] })]
    const { id } = await talk(from)
    await talks.desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '' }))
    await talks.desk.rest()
    await talks.house.pass(1.2)
    const { sweep } = await import('#domains/routing/index.ts')
    await sweep(talks.house.house)
    await talks.desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: from.id, handingTo: null })
    expect(lines(await said(id))).toContain('handing_failed')
    await talks.desk.away(from)
  })

  test('to a queue: any agent of it may take it, and the talk moves there', async () => {
    const from = await talks.desk.agent('戊')
    const { id } = await talk(from)
    await talks.desk.as(from, ctx => transfer(ctx, id, { queueId: talks.desk.ids.billing, note: '' }))
    const to = await talks.desk.agent('己', { queues: [talks.desk.ids.billing] })
    await talks.desk.accept(to)
    expect(await one(id)).toMatchObject({ agentId: to.id, queueId: talks.desk.ids.billing })
    await talks.desk.away(from)
    await talks.desk.away(to)
  })

  test('is withdrawn when the talk ends before', async () => {
    const [from, to] = [await talks.desk.agent('庚'), await talks.desk.agent('辛', { queues: [talks.desk.ids.billing] })]
    const { id } = await talk(from)
    await talks.desk.as(from, ctx => transfer(ctx, id, { agentId: to.id, note: '' }))
    await talks.desk.rest()
    expect(await talks.desk.rings(to)).toBe(true)
    await talks.desk.as(from, ctx => endConversation(ctx, id))
    expect(await talks.desk.rings(to)).toBe(false)
    expect(await one(id)).toMatchObject({ state: 'wrap', handingTo: null })
    await talks.desk.away(from)
    await talks.desk.away(to)
  })

  test('a supervisor takes over, and the agent is free again', async () => {
    const agent = await talks.desk.agent('壬', { capacity: 1 })
    const boss = await talks.desk.agent('班长', { ready: false, queues: [] })
    const { id, visitor } = await talk(agent)
    await talks.desk.as(boss, ctx => takeOver(ctx, id))
    await talks.desk.rest()
    expect(await one(id)).toMatchObject({ state: 'active', agentId: boss.id })
    expect(lines(await said(id, false))).toContain('taken_over')
    const next = await talks.desk.visit()
    await talks.desk.start(next.actor)
    expect(await talks.desk.rings(agent)).toBe(true)
    await talks.desk.as(boss, ctx => answer(ctx, id, text('我是班长')))
    await talks.desk.as(boss, ctx => endConversation(ctx, id))
    await talks.desk.as(boss, ctx => wrapUp(ctx, id, talks.words))
    expect((await standing(visitor)).conversation?.state).toBe('done')
    await talks.desk.as(next.actor, ctx => visitorLeaves(ctx))
    await talks.desk.away(agent)
  })
})

test('what an agent left in wrap-up, a supervisor can finish', async () => {
  const agent = await talks.desk.agent('甲甲')
  const boss = await talks.desk.agent('班长乙', { ready: false, queues: [] })
  const { id, visitor } = await talk(agent)
  await talks.desk.as(agent, ctx => endConversation(ctx, id))
  await expect(talks.desk.as(boss, ctx => wrapUp(ctx, id, talks.words))).rejects.toMatchObject(refused('conversation.not_yours'))
  await talks.desk.as(boss, ctx => takeOver(ctx, id))
  await talks.desk.as(boss, ctx => wrapUp(ctx, id, talks.words))
  expect(await one(id)).toMatchObject({ state: 'done', agentId: boss.id })
  expect((await standing(visitor)).conversation?.state).toBe('done')
  await talks.desk.away(agent)
})

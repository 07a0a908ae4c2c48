import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calendarOf } from '#domains/identity/index.ts'
import { addPerson } from '#domains/identity/people.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { conversationRated } from '#domains/messaging/events.ts'
import { addWorkingMinutes } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setPolicy } from './actions.ts'
import { csat, listRatings, policyOf } from './queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const contact = () =>
  house.work(
    async ctx =>
      (
        await openInteraction(ctx, {
          channel: 'chat',
          direction: 'in',
          customerId: null,
          queueId: null,
          subject: '无水',
          source: 'widget',
          state: 'waiting',
        })
      ).id,
  )
const rate = async (interactionId: string, score: number, words = '', agentId: string | null = null) => {
  await house.work(ctx =>
    ctx.emit(
      conversationRated,
      { id: newId(), interactionId },
      { interactionId, customerId: null, agentId, queueId: null, score },
      { words },
    ),
  )
  await house.settle()
}
const ratings = (more = {}) => house.work(async ctx => (await listRatings(ctx, { size: 200, ...more })).rows)
const tasks = () => house.work(ctx => ctx.db.selectFrom('tasks.task').selectAll().execute())

describe('a rating', () => {
  test('is kept with its words and shown on the contact', async () => {
    const id = await contact()
    await rate(id, 5, '很快')
    expect(await ratings()).toMatchObject([{ interactionId: id, score: 5, words: '很快', taskId: null }])
    expect(
      await house.work(ctx => ctx.db.selectFrom('interactions.interaction').select('rating').where('id', '=', id).executeTakeFirst()),
    ).toEqual({ rating: 5 })
    expect(JSON.stringify(await house.said('rating.given'))).not.toContain('很快')
    expect(await tasks()).toEqual([])
  })

  test('counts once, whoever says it again', async () => {
    const id = await contact()
    await rate(id, 4)
    await rate(id, 1)
    expect((await ratings()).filter(r => r.interactionId === id).map(r => r.score)).toEqual([4])
    expect(await tasks()).toEqual([])
  })

  test('that is low opens a win-back task due in working time, each knowing the other', async () => {
    const id = await contact()
    await rate(id, 2, '等了太久')
    const [rating] = (await ratings()).filter(r => r.interactionId === id)
    const [task] = (await tasks()).filter(t => t.matterId === id)
    expect(task).toMatchObject({
      kind: 'winback',
      text: '等了太久',
      matterNoun: 'interaction',
      ownerId: null,
      doneAt: null,
      facts: { score: 2, ratingId: rating?.id },
    })
    expect(rating?.taskId).toBe(task?.id)
    const calendar = await house.work(ctx => calendarOf(ctx, null))
    expect(task?.dueAt).toEqual(addWorkingMinutes(task?.openedAt ?? new Date(0), 480, calendar))
  })

  test('one after another, two at once: one task', async () => {
    const id = await contact()
    await Promise.all(
      [1, 1, 1].map(() =>
        house.work(ctx =>
          ctx.emit(conversationRated, { id: newId() }, { interactionId: id, customerId: null, agentId: null, queueId: null, score: 1 }),
        ),
      ),
    )
    await house.settle()
    expect((await tasks()).filter(t => t.matterId === id)).toHaveLength(1)
  })
})

test('a calendar that never opens loses no one who was let down', async () => {
  const never = newId()
  await house.work(async ctx => {
    await ctx.db
      .insertInto('identity.calendar')
      .values({ id: never, name: '不开', timezone: 'Asia/Shanghai', week: {}, days: {} })
      .execute()
    await setPolicy(ctx, { lowScore: 2, dueMinutes: 90, ownerId: null, calendarId: never })
  })
  const id = await contact()
  await rate(id, 1)
  const [task] = (await tasks()).filter(t => t.matterId === id)
  expect(task?.dueAt?.getTime()).toBe((task?.openedAt.getTime() ?? 0) + 90 * 60_000)
  await house.work(ctx => ctx.db.deleteFrom('surveys.policy').execute())
})

test('the policy decides what is low and who owns what follows', async () => {
  expect(await house.work(policyOf)).toEqual({ lowScore: 2, dueMinutes: 480, ownerId: null, calendarId: null })
  const owner = await asSystem(house.house, house.tenantId, async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'lead').executeTakeFirstOrThrow()
    return (
      await addPerson(ctx, { name: '周敏', login: 'lead', password: 'Deep-Water-7', departmentId: null, teamId: null, roleId: role.id })
    ).id
  })
  await expect(
    house.work(ctx => setPolicy(ctx, { lowScore: 3, dueMinutes: 60, ownerId: newId(), calendarId: null })),
  ).rejects.toMatchObject({ code: 'person.not_found' })
  await house.work(ctx => setPolicy(ctx, { lowScore: 2, dueMinutes: 30, ownerId: owner, calendarId: null }))
  await house.work(ctx => setPolicy(ctx, { lowScore: 3, dueMinutes: 60, ownerId: owner, calendarId: null }))
  expect(await house.work(policyOf)).toEqual({ lowScore: 3, dueMinutes: 60, ownerId: owner, calendarId: null })
  const id = await contact()
  await rate(id, 3)
  expect((await tasks()).filter(t => t.matterId === id)).toMatchObject([{ ownerId: owner }])
})

test('CSAT counts the last days and what one may see', async () => {
  const me = house.user({ grants: new Map([['survey:read', 'own']]) })
  await rate(await contact(), 5, '', me.id)
  await rate(await contact(), 1, '', me.id)
  const all = await house.work(ctx => csat(ctx))
  const mine = await house.work(ctx => csat(ctx), me)
  expect(all.n).toBeGreaterThan(mine.n)
  expect(mine).toMatchObject({ n: 2, asked: 2, top2: 0.5, average: 3 })
  expect(await house.work(async ctx => (await listRatings(ctx, {})).rows.length, me)).toBe(2)
  expect((await ratings({ maxScore: 2 })).every(r => r.score <= 2)).toBe(true)
  await house.pass(31 * 24 * 60)
  expect(await house.work(ctx => csat(ctx))).toMatchObject({ n: 0, top2: null })
})

test('another organisation sees none of it', async () => {
  const other = house.user({ tenantId: house.otherTenantId })
  expect(await house.work(async ctx => (await listRatings(ctx, {})).rows, other)).toEqual([])
  expect(await house.work(ctx => csat(ctx), other)).toMatchObject({ n: 0 })
})

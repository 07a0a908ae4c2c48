import { expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { timelineOf } from '#domains/customers/timeline.ts'
import { newId } from '#kernel/ids.ts'
import { openTalks, text } from '#testing/talks.ts'
import { identifyConversation } from './actions/answer.ts'
import { visitorSays } from './actions/start.ts'
import { conversationOfContact, oneConversation } from './queries.ts'

const talks = openTalks()

test('what was said is found with the words around it and read by whoever may read the talk', async () => {
  const { house, desk } = talks
  const agent = await desk.agent('陆遥')
  const { id, visitor } = await talks.talk(agent)
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '谈过的人' })))
  await desk.as(visitor, ctx => visitorSays(ctx, text(`${'前面说了很多。'.repeat(20)}楼道里的阀门锈住了，\n打不开`)))
  await desk.as(agent, ctx => identifyConversation(ctx, id, customer.id))
  const { interactionId } = await talks.one(id)
  const found = async (actor = house.user()) =>
    (await house.work(ctx => timelineOf(ctx, customer.id, { q: '阀门' }), actor)).rows.filter(row => row.words !== null)
  const [hit] = await found()
  expect(hit).toMatchObject({ interactionId, words: expect.stringMatching(/^….{24}阀门锈住了， 打不开$/) })

  const own = house.user({
    id: newId(),
    grants: new Map([
      ['customer:read', 'all'],
      ['interaction:read', 'all'],
      ['conversation:read', 'own'],
    ] as const),
  })
  expect(await found(own)).toEqual([])
  expect(await house.work(ctx => conversationOfContact(ctx, interactionId), own)).toEqual({ conversation: null })
  await expect(house.work(ctx => conversationOfContact(ctx, newId()), house.user())).rejects.toThrow('interaction.not_found')
  expect((await house.work(ctx => conversationOfContact(ctx, interactionId), house.user())).conversation).toEqual(
    await house.work(ctx => oneConversation(ctx, id)),
  )
})

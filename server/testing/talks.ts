import { afterAll, beforeAll } from 'vitest'
import type { Conversation, Message } from '#contract/messaging.ts'
import { stateOf, thisVisitor } from '#domains/messaging/actions/visit.ts'
import { messagesOf, oneConversation } from '#domains/messaging/queries.ts'
import type { Actor, User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { setTheDesk, type TheDesk } from './chat.ts'
import { openHouse, type TestHouse } from './house.ts'

/** A house and its desk for the tests of one file, and what they ask of talks. */
export function openTalks() {
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
  return {
    get house() {
      return house
    },
    get desk() {
      return desk
    },
    /** For wrapping up. */
    get words() {
      return words
    },
    one: (id: string): Promise<Conversation> => house.work(ctx => oneConversation(ctx, id)),
    said: (id: string, notes = true): Promise<Message[]> => house.work(ctx => messagesOf(ctx, id, { afterSeq: 0, notes })),
    standing: (actor: Actor) => desk.as(actor, async ctx => stateOf(ctx, await thisVisitor(ctx))),
    /** A talk between a new visitor and an agent who has accepted it. */
    talk: async (agent: User) => {
      const visitor = await desk.visit()
      const id = await desk.start(visitor.actor)
      await desk.accept(agent)
      return { id, visitor: visitor.actor }
    },
  }
}

export const lines = (messages: Message[]): string[] => messages.map(m => m.code ?? m.text)
export const text = (words: string, clientId = newId()): { text: string; clientId: string } => ({ text: words, clientId })
export const refused = (code: string): { code: string } => ({ code })

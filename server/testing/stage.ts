import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { acceptOffer, declineOffer } from '#domains/routing/actions/offers.ts'
import { chooseState } from '#domains/routing/actions/presence.ts'
import { registerContacts, sweep } from '#domains/routing/index.ts'
import { mine, presenceOf } from '#domains/routing/queries.ts'
import type { User } from '#kernel/access.ts'
import { openDesk } from './desk.ts'
import { openHouse, type TestHouse } from './house.ts'

type State = 'ready' | 'busy' | 'break' | 'offline'

/** One house for a test file on routing: agents who hear what routing tells a channel, and go home after every test. */
export function routingStage() {
  let house: TestHouse
  let desk: ReturnType<typeof openDesk>
  let heard: string[] = []
  let people: User[] = []
  beforeAll(async () => {
    house = await openHouse()
    desk = openDesk(house)
  })
  afterAll(() => house.close())
  const name = (id: string) => people.find(p => p.id === id)?.name ?? 'somebody'
  beforeEach(() => {
    heard = []
    registerContacts({
      channel: 'chat',
      accepted: async (_, { agentId }) => heard.push(`accepted ${name(agentId)}`),
      expired: async (_, { agentId, why }) => heard.push(`expired ${name(agentId)} ${why}`),
      overflowed: async () => heard.push('overflowed'),
    })
  })
  const goes = async (user: User, state: State) => {
    await house.as(user).work(ctx => chooseState(ctx, { state, reasonId: null }))
    await desk.rest()
  }
  // Nobody of one test takes the contacts of the next.
  afterEach(async () => {
    for (const user of people) await goes(user, 'offline')
    people = []
  })
  const rung = async (user: User) => (await house.as(user).work(mine)).offers
  const first = async (user: User) => {
    const [offer] = await rung(user)
    if (!offer) throw new Error(`nothing rings for ${user.name}`)
    return offer
  }
  return {
    get house() {
      return house
    },
    get desk() {
      return desk
    },
    get heard() {
      return heard
    },
    goes,
    rung,
    agent: async (...args: Parameters<typeof desk.agent>): Promise<User> => {
      const user = await desk.agent(...args)
      people.push(user)
      return user
    },
    rings: async (user: User) => (await rung(user)).map(o => o.interactionId),
    seconds: async (n: number) => {
      await house.pass(n / 60)
      await sweep(house.house)
      await desk.rest()
    },
    accepts: async (user: User) => {
      const offer = await first(user)
      const accepted = await house.as(user).work(ctx => acceptOffer(ctx, offer.id))
      await desk.rest()
      return accepted
    },
    declines: async (user: User) => {
      const offer = await first(user)
      await house.as(user).work(ctx => declineOffer(ctx, offer.id))
      await desk.rest()
    },
    does: async <T>(fn: Parameters<typeof house.work<T>>[0]): Promise<T> => {
      const result = await house.work(fn)
      await desk.rest()
      return result
    },
    interaction: (id: string) =>
      house.work(ctx => ctx.db.selectFrom('interactions.interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()),
    load: async (user: User) => (await house.work(ctx => presenceOf(ctx, user.id))).load[0],
  }
}

import type { Staffing } from '#contract/routing.ts'
import { Queue } from '#contract/routing.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { chooseState } from '#domains/routing/actions/presence.ts'
import { addQueue, enqueue, type NewWaiting, staff } from '#domains/routing/index.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { TestHouse } from './house.ts'

/** Agents, queues and skills of a test house, in few words. */
export function openDesk(house: TestHouse) {
  /** Matching runs after the commit; this waits until nothing more follows. */
  const rest = async () => {
    while (house.house.background.size > 0) await Promise.all(house.house.background)
  }
  const person = async (name: string): Promise<User> => {
    const user = house.user({ name })
    await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').limit(1).executeTakeFirstOrThrow()
      await ctx.db
        .insertInto('identity.person')
        .values({
          id: user.id,
          login: user.id,
          name,
          passwordHash: '-',
          roleId: role.id,
          language: 'zh',
          addedAt: ctx.now,
          departmentId: null,
          teamId: null,
        })
        .execute()
    })
    return user
  }
  return {
    rest,
    person,
    skill: (name: string) =>
      house.work(async ctx => {
        const id = newId()
        await ctx.db.insertInto('routing.skill').values({ id, name }).execute()
        return id
      }),
    queue: async (more: Partial<Queue> = {}) =>
      (await house.work(ctx => addQueue(ctx, Queue.parse({ name: '用水咨询', preferSeconds: 0, ...more })))).id,
    /** An agent with places for chats in these queues; ready unless told otherwise. */
    agent: async (
      name: string,
      queueIds: string[],
      more: Partial<Pick<Staffing, 'missesAllowed' | 'channels' | 'skills'>> & { capacity?: number; state?: 'ready' | 'offline' } = {},
    ) => {
      const { capacity = 1, state = 'ready', missesAllowed = 3, skills = [], channels = [{ channel: 'chat', capacity, weight: 0 }] } = more
      const user = await person(name)
      await house.work(ctx => staff(ctx, user.id, { missesAllowed, channels, skills, queueIds }))
      if (state === 'ready') await house.as(user).work(ctx => chooseState(ctx, { state, reasonId: null }))
      await rest()
      return user
    },
    /** A chat that waits. */
    contact: async (queueId: string, more: Partial<NewWaiting> = {}) => {
      const id = await house.work(async (ctx: Ctx) => {
        const { id: interactionId } = await openInteraction(ctx, {
          channel: 'chat', direction: 'in', customerId: null, queueId, subject: '停水', source: 'test', state: 'waiting',
        }) // biome-ignore format: one line reads better
        await enqueue(ctx, {
          interactionId,
          channel: 'chat',
          queueId,
          customerId: null,
          customerName: '访客',
          tier: null,
          subject: '停水',
          ...more,
        })
        return interactionId
      })
      await rest()
      return id
    },
  }
}

import { Queue } from '#contract/routing.ts'
import { startConversation } from '#domains/messaging/actions/start.ts'
import { authenticateVisitor, openVisit } from '#domains/messaging/actions/visit.ts'
import { addWidget } from '#domains/messaging/widgets.ts'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import { chooseState } from '#domains/routing/actions/presence.ts'
import { addQueue, staff } from '#domains/routing/index.ts'
import { type Actor, readToken, type User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { settle } from '#kernel/worker.ts'
import type { TestHouse } from './house.ts'

/** A queue with a widget in front of it that is open day and night, and agents to answer. */
export async function setTheDesk(house: TestHouse) {
  const ids = await house.work(async ctx => {
    const queue = async (name: string) => (await addQueue(ctx, Queue.parse({ name, preferSeconds: 0 }))).id
    const [water, billing] = [await queue('报修'), await queue('账单')]
    const calendar = async (name: string, hours: { from: number; to: number }[]) => {
      const id = newId()
      const week = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(day => [day, hours]))
      await ctx.db.insertInto('identity.calendar').values({ id, name, timezone: 'Asia/Shanghai', week }).execute()
      return id
    }
    return { water, billing, always: await calendar('全天', [{ from: 0, to: 1440 }]), never: await calendar('不开', []) }
  })
  const look = { brand: '#0B7575', greeting: '您好', greetingEn: 'Hello', closedText: '现在下班', closedTextEn: 'Closed', sites: [] }
  const choices = [{ key: 'repair', label: '报修', labelEn: 'Repair', queueId: ids.water, reasonId: null }]
  const key = `test-${house.tenantId.slice(-8)}`
  const widget = await house.work(ctx =>
    addWidget(ctx, { ...look, name: '官网', key, calendarId: ids.always, queueId: ids.water, choices }),
  )
  const closedKey = `${key}-closed`
  await house.work(ctx => addWidget(ctx, { ...look, name: '下班', key: closedKey, calendarId: ids.never, queueId: ids.water, choices: [] }))

  const as = <T>(actor: Actor, fn: (ctx: Ctx) => Promise<T>): Promise<T> => work(house.house, actor, fn)
  const rest = async () => {
    while (house.house.background.size > 0) await Promise.all(house.house.background)
  }
  return {
    ids,
    key,
    closedKey,
    widget,
    as,
    rest,
    settle: () => settle(house.house, house.reactions),
    agent: async (name: string, { capacity = 3, queues = [ids.water], ready = true } = {}): Promise<User> => {
      const user = house.user({ name })
      await house.work(async ctx => {
        const { id: roleId } = await ctx.db.selectFrom('identity.role').select('id').limit(1).executeTakeFirstOrThrow()
        await ctx.db
          .insertInto('identity.person')
          .values({
            id: user.id,
            login: user.id,
            name,
            passwordHash: '-',
            roleId,
            language: 'zh',
            addedAt: ctx.now,
            departmentId: null,
            teamId: null,
          })
          .execute()
        await staff(ctx, user.id, { missesAllowed: 3, channels: [{ channel: 'chat', capacity, weight: 0 }], skills: [], queueIds: queues })
      })
      if (ready) await as(user, ctx => chooseState(ctx, { state: 'ready', reasonId: null }))
      await rest()
      return user
    },
    away: async (user: User) => {
      await as(user, ctx => chooseState(ctx, { state: 'busy', reasonId: null }))
      await rest()
    },
    /** A browser on the site. */
    visit: async (widgetKey = key, more: { identity?: string; language?: 'zh' | 'en'; token?: string } = {}) => {
      const opened = await house.work(ctx => openVisit(ctx, widgetKey, { language: 'zh', page: '', ...more }, ''))
      const token = readToken(opened.token)
      const actor = token && (await house.work(ctx => authenticateVisitor(ctx, token.secret)))
      if (!actor) throw new Error('a visit that was just opened is not known')
      return { ...opened, actor }
    },
    /** Says what it is about and waits; the conversation's id. */
    start: async (actor: Actor, text = '家里没水', more: { choice?: string; phone?: string; name?: string; clientId?: string } = {}) => {
      const state = await as(actor, ctx => startConversation(ctx, { clientId: newId(), text, ...more }))
      await rest()
      if (!state.conversation) throw new Error('no conversation was begun')
      return state.conversation.id
    },
    /** Takes whatever rings at this agent. */
    accept: async (user: User) => {
      const offer = await house.work(ctx =>
        ctx.db.selectFrom('routing.offer').select('id').where('agentId', '=', user.id).where('endedAt', 'is', null).executeTakeFirst(),
      )
      if (!offer) throw new Error(`nothing rings at ${user.name}`)
      await as(user, ctx => acceptOffer(ctx, offer.id))
      await rest()
    },
    rings: async (user: User) =>
      (
        await house.work(ctx =>
          ctx.db.selectFrom('routing.offer').select('id').where('agentId', '=', user.id).where('endedAt', 'is', null).execute(),
        )
      ).length > 0,
  }
}
export type TheDesk = Awaited<ReturnType<typeof setTheDesk>>

import { FlowBody } from '#contract/flows.ts'
import { PhoneNumber } from '#contract/voiceSettings.ts'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import { earsOf } from '#domains/voice/lines.ts'
import type { CallAt, Order, Signal } from '#domains/voice/ports.ts'
import { lendSwitch } from '#domains/voice/switches.ts'
import type { User } from '#kernel/access.ts'
import { enter } from '#kernel/directory.ts'
import { newId } from '#kernel/ids.ts'
import { openDesk } from './desk.ts'
import type { TestHouse } from './house.ts'
import { openSwitch } from './switch.ts'

type Body = Parameters<typeof FlowBody.parse>[0]

/** A desk with a telephone: a number that leads through a flow, a line whose other end is the test. */
export async function openTelephone(house: TestHouse) {
  const desk = openDesk(house)
  const line = openSwitch()
  lendSwitch(house.house, line)
  const loop = await line.start(earsOf(house.house))

  /** Until nothing more follows by itself. */
  const rest = async () => {
    await desk.rest()
    await new Promise(resolve => setImmediate(resolve))
    await desk.rest()
  }
  const told = async (call: CallAt, signal: DistributiveOmit<Signal, 'at'>) => {
    await line.tell(call, { at: house.now(), ...signal })
    await rest()
  }
  const flow = async (body: Body) =>
    house.work(async ctx => {
      const id = newId()
      const text = JSON.stringify(FlowBody.parse(body))
      await ctx.db.insertInto('voice.flow').values({ id, name: '热线', nameEn: '', draft: text, published: 1, changedAt: ctx.now }).execute() // biome-ignore format: one line reads better
      await ctx.db
        .insertInto('voice.flowVersion')
        .values({ flowId: id, version: 1, body: text, note: '', publishedAt: ctx.now, publishedBy: newId() })
        .execute()
      return id
    })
  const number = async (digits: string, flowId: string | null, more: Partial<PhoneNumber> = {}) =>
    house.work(async ctx => {
      const id = newId()
      await enter(ctx, 'number', digits)
      await ctx.db
        .insertInto('voice.number')
        .values({ id, ...PhoneNumber.parse({ number: digits, name: '供水热线', ...more }), flowId })
        .execute()
      return id
    })
  const row = (id: string) => house.work(ctx => ctx.db.selectFrom('voice.call').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
  const offer = (agentId: string) =>
    house.work(ctx =>
      ctx.db.selectFrom('routing.offer').selectAll().where('agentId', '=', agentId).where('endedAt', 'is', null).executeTakeFirst(),
    )
  /** What rings at the agent's console is taken. */
  const takes = async (user: User) => {
    const rings = await offer(user.id)
    if (!rings) throw new Error('nothing rings')
    await house.as(user).work(ctx => acceptOffer(ctx, rings.id))
    await rest()
  }
  const legOf = async (call: CallAt, { id }: User) => {
    const leg = (await row(call.callId)).machine.legs.findLast(l => l.agentId === id && l.state !== 'gone')
    if (!leg) throw new Error('the agent was not rung')
    return leg.id
  }
  const answers = async (call: CallAt, user: User) => told(call, { kind: 'answered', leg: await legOf(call, user) })
  return {
    ...desk,
    rest,
    takes,
    legOf,
    /** The agent's phone is picked up. */
    answers,
    line,
    told,
    flow,
    number,
    close: () => loop.stop(),
    /** Calls; the flow has begun when it comes back. */
    rings: async (caller: string, called: string) => {
      const at = await line.ring(caller, called)
      await rest()
      return at
    },
    /** What the line was told since the last time it was asked. */
    orders: (): Order[] => line.carried.splice(0).map(({ order }) => order),
    row,
    legs: (id: string) =>
      house.work(ctx => ctx.db.selectFrom('voice.leg').selectAll().where('callId', '=', id).orderBy('startedAt').orderBy('id').execute()),
    contact: (id: string | null) =>
      house.work(ctx =>
        ctx.db
          .selectFrom('interactions.interaction')
          .selectAll()
          .where('id', '=', id ?? '')
          .executeTakeFirstOrThrow(),
      ),
    /** What rings at an agent's console. */
    offer,
    handling: (agentId: string) =>
      house.work(ctx => ctx.db.selectFrom('routing.handling').selectAll().where('agentId', '=', agentId).execute()),
  }
}
export type Telephone = Awaited<ReturnType<typeof openTelephone>>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

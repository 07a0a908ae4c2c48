import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { rememberHushed } from './hushed.ts'
import type { CallAt, Order } from './ports.ts'
import { switchNamed } from './switches.ts'

const lanes = new WeakMap<House, Map<string, Promise<void>>>()
/** Houses to which other processes left orders once. */
const shared = new WeakSet<House>()

/** What is done at the switch of one call, one thing after the other; calls do not wait for one another. */
export function inTurn(house: House, { callId }: CallAt, fn: () => Promise<void>): Promise<void> {
  const here = lanes.get(house) ?? new Map<string, Promise<void>>()
  lanes.set(house, here)
  const turn = (here.get(callId) ?? Promise.resolve())
    .then(fn)
    .catch(error => house.log.error({ err: error, callId }, 'orders of a call could not be carried'))
  here.set(callId, turn)
  return turn.finally(() => {
    if (here.get(callId) === turn) here.delete(callId)
  })
}

/** Orders of one call go to its switch in the order of its steps, whichever process took them. `seq`: of theirs. */
export const carryInTurn = (house: House, line: string, call: CallAt, orders: readonly Order[], seq?: number): Promise<void> =>
  inTurn(house, call, async () => {
    if (seq !== undefined && shared.has(house)) await carryLeft(house, line, call, seq)
    await carry(house, line, call, orders)
  })

async function carry(house: House, line: string, call: CallAt, orders: readonly Order[]): Promise<void> {
  const there = switchNamed(house, line)
  if (!there) return house.log.warn({ line, callId: call.callId }, 'orders for a switch that is not here')
  rememberHushed(house, orders)
  try {
    await there.carry(call, orders)
  } catch (error) {
    // A switch tells what failed as a signal; a throw is a fault of its adapter, and the next order goes on.
    house.log.error({ err: error, line, callId: call.callId }, 'a switch broke off carrying orders')
  }
}

/** What was left before is carried no more: whoever was to be rung, or to hear it, has long gone. */
const mostMs = 30_000
export const stillCarried = (house: House): Date => new Date(house.clock().getTime() - mostMs)

/** What other processes left for a call, up to a step. Gone once the switch has it: a process that dies in between has it carried twice, never lost. */
export async function carryLeft(house: House, line: string, call: CallAt, before?: number): Promise<void> {
  shared.add(house)
  const rows = await asSystem(house, call.tenantId, ctx => {
    const all = ctx.db
      .selectFrom('voice.forwarded')
      .select(['id', 'orders'])
      .where('callId', '=', call.callId)
      .where('line', '=', line)
      .where('leftAt', '>=', stillCarried(house))
    return (before === undefined ? all : all.where('seq', '<', before)).orderBy('seq').execute()
  })
  if (rows.length === 0) return
  for (const { orders } of rows) await carry(house, line, call, orders)
  const ids = rows.map(row => row.id)
  await asSystem(house, call.tenantId, ctx => ctx.db.deleteFrom('voice.forwarded').where('id', 'in', ids).execute())
}

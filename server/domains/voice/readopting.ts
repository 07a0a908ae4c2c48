import { allTenants } from '#kernel/directory.ts'
import { begin, type House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { carryInTurn } from './carrying.ts'
import type { CallAt, LiveLeg, Order, Switch } from './ports.ts'
import { type CallRow, lockCall } from './rows.ts'
import { missedBy } from './rules/adopting.ts'
import type { Call, Input } from './rules/call.ts'
import { afterCommit, stepOf } from './stepping.ts'
import { switchesOf } from './switches.ts'

type Open = CallAt & { legs: ReadonlySet<string> }
const whole = ({ tenantId, callId }: CallAt) => `${tenantId}/${callId}`
const openLegs = ({ legs }: Call) => legs.filter(leg => leg.state !== 'gone').map(leg => leg.id)

/** A switch is connected anew: calls whose legs live go on, legs that are gone are told to their calls, legs that nobody knows are hung up. */
export async function back(house: House, line: string, look: () => Promise<readonly LiveLeg[]>): Promise<void> {
  const open: Open[] = []
  for (const { tenantId } of await allTenants(house.control))
    for (const { id, machine } of await asSystem(house, tenantId, openCalls(line)))
      open.push({ tenantId, callId: id, legs: new Set(openLegs(machine)) })
  const live = await look()
  const byCall = Map.groupBy(live, whole)
  const known = new Set<string>()
  for (const call of open)
    for (const leg of await adopt(house, call, byCall.get(whole(call)) ?? [], live.length === 0)) known.add(`${whole(call)}/${leg}`)
  for (const [call, legs] of byCall)
    await endStrangers(
      house,
      line,
      legs.filter(({ leg }) => !known.has(`${call}/${leg}`)),
    )
}

/** Calls of switches that are not set up any more: nobody will ever tell how they ended, and their agents must not wait for it. */
export async function endUnheld(house: House): Promise<void> {
  const here = switchesOf(house).map(line => line.name)
  const unheld = new Set<string>()
  for (const { tenantId } of await allTenants(house.control))
    for (const { line } of await asSystem(house, tenantId, openLines)) if (!here.includes(line)) unheld.add(line)
  for (const line of unheld) {
    house.log.warn({ line }, 'calls of a telephone line that is not set up any more are over')
    await back(house, line, async () => [])
  }
}
const openLines = (ctx: Ctx): Promise<{ line: string }[]> =>
  ctx.db.selectFrom('voice.call').select('line').distinct().where('stage', '<>', 'over').execute()

/** Those who wait first: an agent who gets free must not be offered a call that is about to be found dead. */
export const openCalls =
  (line: string) =>
  (ctx: Ctx): Promise<Pick<CallRow, 'id' | 'machine'>[]> =>
    ctx.db
      .selectFrom('voice.call')
      .select(['id', 'machine'])
      .where('line', '=', line)
      .where('stage', '<>', 'over')
      .orderBy(eb => eb('agentId', 'is', null), 'desc')
      .orderBy('id')
      .execute()

/** Tells the machine what it missed, and has everything said again that a process may have died over. Returns the legs that are the call's. */
async function adopt(house: House, { tenantId, callId, legs }: Open, live: readonly LiveLeg[], switchForgot: boolean): Promise<string[]> {
  try {
    return await asSystem(house, tenantId, async ctx => {
      const row = await lockCall(ctx, callId)
      // What other processes left is part of what is said again.
      ctx.write`delete from voice.forwarded where tenant_id = ${tenantId} and call_id = ${callId}`
      if (!row || row.stage === 'over') return []
      const inputs = missedBy(row.machine, legs, live, switchForgot, ctx.now)
      const adopted: Input[] = switchForgot ? [] : [{ from: 'house', kind: 'adopted' }]
      const left = await leftRunning(ctx, row)
      const after = await stepOf(ctx, row, [...inputs, ...adopted])
      if (!switchForgot) afterCommit.carry(ctx, after, left)
      return openLegs(row.machine)
    })
  } catch (error) {
    house.log.error({ err: error, callId }, 'a call could not be taken up again')
    return live.map(({ leg }) => leg)
  }
}

/** One call to which what was ordered was not carried in time. */
export async function takeUp(house: House, { name, look }: Pick<Switch, 'name' | 'look'>, call: CallAt): Promise<void> {
  const open = await asSystem(house, call.tenantId, ctx =>
    ctx.db.selectFrom('voice.call').select('machine').where('id', '=', call.callId).executeTakeFirst(),
  )
  const legs = new Set(open && openLegs(open.machine))
  const live = (await look()).filter(leg => whole(leg) === whole(call))
  const known = await adopt(house, { ...call, legs }, live, false)
  await endStrangers(
    house,
    name,
    live.filter(({ leg }) => !known.includes(leg)),
  )
}

/** Recordings of earlier parts of the call: that they are over may have been lost with a process. */
async function leftRunning(ctx: Ctx, { id, machine }: CallRow): Promise<Order[]> {
  const rows = await ctx.db
    .selectFrom('voice.recording')
    .select('id')
    .where('callId', '=', id)
    .where('state', 'in', ['running', 'paused'])
    .orderBy('id')
    .execute()
  return rows.filter(row => row.id !== machine.recording?.id).map(row => ({ do: 'keep', recording: row.id }))
}

/** Legs of one call that were not its own, or not any more; one that was dialled a moment ago is. */
async function endStrangers(house: House, line: string, live: readonly LiveLeg[]): Promise<void> {
  const [first] = live
  if (!first) return
  const { tenantId, callId } = first
  try {
    const machine = await asSystem(house, tenantId, async ctx => (await lockCall(ctx, callId))?.machine)
    const known = new Set(machine ? openLegs(machine) : [])
    const orders = live.filter(({ leg }) => !known.has(leg)).map(({ leg }): Order => ({ do: 'hangUp', leg, cause: 'lost' }))
    if (orders.length > 0) begin(house, 'hang up what nobody knows', () => carryInTurn(house, line, { tenantId, callId }, orders))
  } catch (error) {
    house.log.error({ err: error, callId }, 'legs that nobody knows could not be looked for')
  }
}

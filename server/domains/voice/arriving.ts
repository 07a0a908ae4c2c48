import { identify, phoneNumber } from '#domains/customers/index.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { isNumberBlocked } from '#domains/messaging/index.ts'
import { findTenant } from '#kernel/directory.ts'
import { begin, type House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { carryInTurn } from './carrying.ts'
import { callArrived } from './events.ts'
import { newCall } from './opening.ts'
import type { Arrival, CallAt, Order } from './ports.ts'
import { aboutCall, type CallRow, type NumberRow } from './rows.ts'
import { addCall } from './saving.ts'
import { stepOf } from './stepping.ts'

type Arrived = CallAt & { leg: string }

/** Whoever calls may say of themselves what they like; it is shown, compared and kept. */
const mostCaller = 40
const plain = (said: string) => said.replaceAll(/\p{C}/gu, '').trim().slice(0, mostCaller)

/** As the exchange says it, or as it is meant: carriers leave out the plus, the country or the nought before the town. */
function* namesOf(called: string): Generator<string | null> {
  yield called
  yield phoneNumber(called)
  yield phoneNumber(`+${called}`)
}

async function leadsTo(house: House, { called, tenantId }: Arrival): Promise<{ tenantId: string; called: string } | null> {
  if (tenantId !== undefined) return { tenantId, called }
  for (const name of namesOf(called)) {
    const found = name && (await findTenant(house.control, 'number', name))
    if (name && found) return { tenantId: found, called: name }
  }
  return null
}

/** Whose number was called, who calls, and the first step of the flow it leads to. The orders follow once the switch knows what the call is called. */
export async function arrived(house: House, arrival: Arrival): Promise<Arrived | null> {
  const led = await leadsTo(house, arrival)
  if (led === null) return null
  const { tenantId, called } = led
  const admitted = await asSystem(house, tenantId, ctx => admit(ctx, { ...arrival, called, caller: plain(arrival.caller) }))
  if (admitted === null) return null
  const { row, leg, orders } = admitted
  const at = { tenantId, callId: row.id }
  begin(house, 'carry the first orders of a call', async () => {
    await new Promise(resolve => setImmediate(resolve))
    await carryInTurn(house, row.line, at, orders)
  })
  return { ...at, leg }
}

async function admit(ctx: Ctx, arrival: Arrival): Promise<{ row: CallRow; leg: string; orders: readonly Order[] } | null> {
  const [number, blocked, customer] = await Promise.all([
    numberOf(ctx, arrival.called),
    isNumberBlocked(ctx, arrival.caller),
    identify(ctx, { phone: arrival.caller }),
  ])
  if (!number) return null
  if (blocked) {
    turnAway(ctx, arrival, number)
    return null
  }
  const { id: interactionId } = await openInteraction(ctx, {
    channel: 'phone',
    direction: 'in',
    customerId: customer?.id ?? null,
    queueId: null,
    subject: number.name,
    source: `number:${number.number}`,
    // Served by its flow, by nobody of us yet: it counts for no queue until it waits in one.
    state: 'active',
    unanswered: true,
  })
  const call = newCall(ctx, { ...ofArrival(arrival, number), trunkId: trunkOf(ctx, arrival) ?? number.trunkId })
  const row: CallRow = {
    ...call,
    numberId: number.id,
    flowId: number.flowId,
    flowVersion: number.flowVersion,
    // What happened at the switch is told in the switch's time; it may have waited for us.
    startedAt: arrival.at < ctx.now ? arrival.at : ctx.now,
    interactionId,
    customerId: customer?.id ?? null,
    customerName: customer?.name ?? '',
  }
  await ctx.emit(callArrived, aboutCall(row), { line: row.line, numberId: number.id })
  let orders: readonly Order[] = []
  const began = await stepOf(ctx, row, [{ from: 'house', kind: 'began' }], {
    isNew: true,
    carry: (_, __, given) => {
      orders = given
    },
  })
  return { row: began, leg: row.machine.legs[0]?.id ?? row.id, orders }
}

/** By its own trunk a call goes on; one of another organisation of the installation is not lent. */
const trunkOf = (ctx: Ctx, { trunk }: Arrival): string | null => (trunk?.tenantId === ctx.tenantId ? trunk.id : null)

type Called = NumberRow & { flowVersion: number | null }

/** With the version of its flow that callers hear now. */
const numberOf = (ctx: Ctx, called: string): Promise<Called | undefined> =>
  ctx.db
    .selectFrom('voice.number as n')
    .leftJoin('voice.flow as f', 'f.id', 'n.flowId')
    .selectAll('n')
    .select('f.published as flowVersion')
    .where('n.number', '=', called)
    .where('n.retired', '=', false)
    .executeTakeFirst()

const ofArrival = ({ line, caller, called }: Arrival, { language }: NumberRow) => ({
  id: newId(),
  direction: 'in' as const,
  line,
  language,
  caller,
  called,
})

/** Nobody is disturbed, and it is written down that somebody was turned away. */
function turnAway(ctx: Ctx, arrival: Arrival, number: NumberRow): void {
  const call = newCall(ctx, { ...ofArrival(arrival, number), trunkId: null })
  const stage = { at: 'over', cause: 'blocked' } as const
  const machine = { ...call.machine, legs: [], stage }
  addCall(ctx, { ...call, numberId: number.id, stage: 'over', cause: 'blocked', endedAt: ctx.now, machine })
}

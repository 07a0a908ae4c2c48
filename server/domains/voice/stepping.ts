import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { perform, withParts } from './acting.ts'
import { answerTo } from './asking.ts'
import { carryInTurn } from './carrying.ts'
import { setClock } from './clocks.ts'
import { forward, isElsewhere } from './forwarding.ts'
import { keepLegs, worstTold } from './legs.ts'
import type { CallAt, Order } from './ports.ts'
import { recorded } from './recordings/running.ts'
import { type CallRow, lockCall } from './rows.ts'
import type { Call, Input, Setting, Told } from './rules/call.ts'
import { next } from './rules/machine.ts'
import { addCall, became, isChanged, keep, lesser } from './saving.ts'
import { noSetting, settingOf } from './settings.ts'

/** How many answers one step may ask for: a flow that asks for ever is a fault in it, and ends nobody else's call. */
const mostAsked = 60
const mostStruck = 20

/** One step of a call, told by the switch or by ourselves: one work, and the orders after it. A call that is not there any more is nobody's matter. */
export const step = (house: House, { tenantId, callId }: CallAt, ...inputs: readonly Input[]): Promise<CallRow | null> =>
  asSystem(house, tenantId, async ctx => {
    // Sent together, answered in order: the setting is read once the call is locked.
    const [row, setting] = await Promise.all([lockCall(ctx, callId), settingOf(ctx, { id: callId })])
    return row ? stepOf(ctx, row, inputs, { ...afterCommit, setting }) : null
  })

/** All clocks of a call that have struck, the earliest first. */
export const strike = (house: House, at: CallAt): Promise<CallRow | null> => step(house, at)

type Way = {
  carry: (ctx: Ctx, row: CallRow, orders: readonly Order[]) => void
  /** Its first step: nothing of it is written yet. */
  isNew?: true
  /** Read already. */
  setting?: Setting
}
export const afterCommit: Way = {
  carry: (ctx, row, orders) => {
    if (orders.length === 0) return
    if (isElsewhere(ctx.house, row.line)) return forward(ctx, row, orders)
    const at = { tenantId: ctx.tenantId, callId: row.id }
    ctx.afterCommit('carry orders to a switch', house => carryInTurn(house, row.line, at, orders, row.machine.seq))
  },
}

/** Inside a work that is under way, with the call locked: what routing decided, or what an agent asked for. */
export async function stepOf(
  ctx: Ctx,
  before: CallRow,
  inputs: readonly Input[],
  { carry, isNew, setting: known }: Way = afterCommit,
): Promise<CallRow> {
  const orders: Order[] = []
  let row = before
  let setting = known ?? (isNew || before.stage === 'over' ? noSetting(ctx) : null)
  const take = async (input: Input) => {
    setting ??= await settingOf(ctx, row)
    const turn = await turnOf(ctx, row, setting, input)
    row = await became(ctx, row, turn.row, turn.call, input)
    setting = turn.setting
    orders.push(...turn.orders)
  }
  const strikeDue = async () => {
    for (let due = dueIn(ctx, row.machine), n = 0; due !== null && n < mostStruck; due = dueIn(ctx, row.machine), n++) await take(due)
  }
  for (const input of inputs) {
    // Whose time ran out while nobody was there is not rung again.
    if (input.kind === 'adopted') await strikeDue()
    await take(input)
  }
  if (inputs.length === 0) await strikeDue()
  row = { ...row, worstMos: lesser(row.worstMos, worstTold(inputs)) }
  const changed = isNew || isChanged(before, row)
  if (isNew) addCall(ctx, row)
  else if (changed || inputs.length === 0) keep(ctx, before, row)
  keepLegs(ctx, isNew ? [] : before.machine.legs, row, inputs, isNew ? row.startedAt : ctx.now)
  for (const input of inputs) if (input.from === 'switch' && input.kind === 'recorded') await recorded(ctx, row, input)
  carry(ctx, row, orders)
  if (changed) tell(ctx, before, row)
  setClock(ctx, row)
  return row
}

/** The next clock of the call that has struck. */
function dueIn(ctx: Ctx, call: Call): Input | null {
  const struck = (Object.entries(call.timers) as [keyof Call['timers'], string | undefined][])
    .flatMap(([clock, at]) => (at !== undefined && new Date(at) <= ctx.now ? [{ clock, at }] : []))
    .sort((a, b) => a.at.localeCompare(b.at))[0]
  return struck ? { from: 'house', kind: 'due', clock: struck.clock } : null
}

type Turned = { row: CallRow; call: Call; orders: Order[]; setting: Setting }

/** One input and all that the machine asks on the way, answered in the same transaction. */
async function turnOf(ctx: Ctx, before: CallRow, given: Setting, told: Input): Promise<Turned> {
  const orders: Order[] = []
  let row = before
  let call = before.machine
  let setting = given
  let input: Input = told
  for (let asked = 0; asked < mostAsked; asked++) {
    const taken = next(call, input, setting)
    if ('refused' in taken) {
      // Whoever asked for it is told; what the switch or a clock says too late says nothing.
      if (isAskedFor(input)) throw new Refusal('conflict', taken.refused)
      return { row, call, orders, setting }
    }
    const { customerId } = row
    row = await withParts(ctx, row, call, taken.call, () => perform(ctx, row, taken.call, taken.acts))
    call = taken.call
    orders.push(...taken.orders)
    // Known since this moment.
    if (row.customerId !== customerId) setting = await settingOf(ctx, row)
    if (taken.ask === null) return { row, call, orders, setting }
    const answer: Told = await answerTo(ctx, row, taken.ask, setting.customer)
    input = { from: 'house', ...answer }
  }
  throw new Error(`a flow asked more than ${mostAsked} times in one step`)
}

const isAskedFor = (input: Input): boolean => 'by' in input || input.kind === 'placed' || input.kind === 'accepted'

/** Agents whose call this is or was a moment ago, leaders who listen, and the lists. */
function tell(ctx: Ctx, before: CallRow, after: CallRow): void {
  const agents = new Set<string>()
  for (const row of [before, after]) {
    if (row.agentId !== null) agents.add(row.agentId)
    for (const leg of row.machine.legs) if (leg.agentId !== null) agents.add(leg.agentId)
  }
  for (const agent of agents) ctx.tell(`user:${agent}`, 'call.changed', { callId: after.id })
  if (before.stage !== after.stage || before.agentId !== after.agentId)
    ctx.tell('call', 'call.changed', { name: 'call.changed', about: after.id, id: after.id })
}

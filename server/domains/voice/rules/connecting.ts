import type { Cause } from '#contract/voice.ts'
import type { Leg, Told } from './call.ts'
import { farewell, finish } from './ending.ts'
import { mend, talk } from './talking.ts'
import {
  customerOf,
  dial,
  enter,
  go,
  hangUp,
  holdMusic,
  hush,
  iso,
  isUp,
  keepRecording,
  music,
  play,
  type StageAt,
  said,
  secondsSince,
  set,
  settle,
  type Turn,
} from './turn.ts'
import { waitFirst } from './waiting.ts'

const agentRingSeconds = 10
const customerRingSeconds = 45
/** A switch that says nothing more of a leg it was to dial is not waited for longer than this. */
export const silentSwitchSeconds = 5
/** An agent's phone that asks to be rung while it is being rung is asked for patience. */
export const patienceSeconds = 3

/** The agent has taken it: the phone answers by itself. `again`: it was there already. */
export function callAgent(turn: Turn, agentId: string, queueId: string | null, again = false): undefined {
  hush(turn)
  const leg = dial(turn, 'agent', { kind: 'agent', agentId }, { ringSeconds: agentRingSeconds, atOnce: true })
  const since = iso(turn)
  enter(turn, { at: 'connecting', agentId, leg, queueId, since, ...(again && { again }), ...(again && isRung(turn) && { unheard: true }) })
  set(turn, 'ring', agentRingSeconds + silentSwitchSeconds)
  music(turn, customerOf(turn.call)?.id ?? null, holdMusic(turn, queueId))
}

/** A number outside takes the call; no agent is part of it. */
export function callOutside(
  turn: Turn,
  { number, shown, trunkId }: { number: string; shown: string; trunkId: string | null },
  ringSeconds: number,
  queueId: string | null,
): undefined {
  const leg = dial(turn, 'outside', { kind: 'number', number, shown, trunkId }, { ringSeconds, atOnce: false })
  enter(turn, { at: 'connecting', agentId: null, leg, queueId, since: iso(turn) })
  set(turn, 'ring', ringSeconds + silentSwitchSeconds)
  music(turn, customerOf(turn.call)?.id ?? null, 'ring')
}

/** The agent is there and hears it ring: the customer's own number, showing the number of ours. */
function callCustomer(turn: Turn, agentLeg: string, rings: boolean): undefined {
  const { direction, caller, called, trunkId } = turn.call
  const [number, shown] = direction === 'in' ? [caller, called] : [called, caller]
  if (!rings) dial(turn, 'customer', { kind: 'number', number, shown, trunkId }, { ringSeconds: customerRingSeconds, atOnce: false })
  set(turn, 'ring', customerRingSeconds + silentSwitchSeconds)
  music(turn, agentLeg, 'ring')
}

export const connecting = {
  up(turn: Turn, stage: StageAt<'connecting'>, { party }: Leg): undefined {
    const customer = customerOf(turn.call)
    if (party === 'customer') delete stage.unheard
    // Whoever we called was there before our own phone.
    if (!isUp(turn.call, stage.leg)) return music(turn, customer?.id ?? null, holdMusic(turn, stage.queueId))
    if (customer?.state === 'up') talk(turn, stage)
    else callCustomer(turn, stage.leg, customer !== null)
  },
  played: (turn: Turn, stage: StageAt<'connecting'>): undefined =>
    music(turn, customerOf(turn.call)?.id ?? null, holdMusic(turn, stage.queueId)),
  gone(turn: Turn, stage: StageAt<'connecting'>, leg: Leg, cause: Cause): undefined {
    if (leg.party === 'customer') return isCalledBack(turn, stage) ? notReached(turn, stage, cause) : finish(turn, cause)
    if (leg.id !== stage.leg) return
    const { agentId, queueId } = stage
    // A page that is loaded anew comes back: whom it rings, or talked with, is not given up meanwhile.
    const mayReturn = (cause === 'lost' || cause === 'unreachable') && (isRung(turn) || stage.again)
    if (agentId !== null && mayReturn && customerOf(turn.call)) return mend(turn, agentId, queueId)
    if (isRung(turn)) return finish(turn, cause)
    missed(turn, stage, cause)
  },
  due: {
    ring(turn: Turn, stage: StageAt<'connecting'>): undefined {
      if (stage.agentId !== null && isUp(turn.call, stage.leg))
        return isCalledBack(turn, stage) ? notReached(turn, stage, 'no_answer') : finish(turn, 'no_answer')
      hangUp(turn, stage.leg, 'no_answer')
      missed(turn, stage, 'no_answer')
    },
  },
  told(turn: Turn, stage: StageAt<'connecting'>, told: Told): undefined {
    if (told.kind !== 'back' || stage.agentId === null || secondsSince(turn, stage.since) < patienceSeconds) return
    const again = stage.again === true || isUp(turn.call, stage.leg)
    hangUp(turn, stage.leg, 'lost')
    callAgent(turn, stage.agentId, stage.queueId, again)
  },
}

/** The customer's own phone, or the called one's, is being rung and was not answered yet. */
function isRung({ call }: Turn): boolean {
  const customer = customerOf(call)
  return customer !== null && customer.state !== 'up'
}

/** Their own phone is being rung, and an agent hears it ring. */
const isCalledBack = ({ call }: Turn, stage: StageAt<'connecting'>): boolean =>
  call.direction === 'in' && stage.agentId !== null && stage.queueId !== null && (stage.unheard === true || isUp(call, stage.leg))

/** Whoever was called back did not answer: the agent is free, and it is tried again later, as often as the queue says. */
function notReached(turn: Turn, { agentId, queueId }: StageAt<'connecting'> | StageAt<'mending'>, cause: Cause): undefined {
  const { call, setting, acts } = turn
  const { callbackTries, callbackMinutes } = setting.queue(queueId)
  call.calledBack += 1
  if (agentId === null || queueId === null || call.calledBack >= callbackTries) return finish(turn, cause)
  const customer = customerOf(call)
  if (customer) hangUp(turn, customer.id, cause)
  for (const leg of call.legs) hangUp(turn, leg.id, cause)
  acts.push({ act: 'rest', agentId })
  enter(turn, { at: 'callback', queueId, since: iso(turn) })
  set(turn, 'again', callbackMinutes * 60)
}

export const mending = {
  up(turn: Turn, stage: StageAt<'mending'>, { party }: Leg): undefined {
    if (party !== 'customer') return
    delete stage.unheard
    play(turn, said('reconnecting'))
  },
  played: (turn: Turn, stage: StageAt<'mending'>): undefined =>
    music(turn, customerOf(turn.call)?.id ?? null, holdMusic(turn, stage.queueId)),
  gone: (turn: Turn, stage: StageAt<'mending'>, leg: Leg, cause: Cause): undefined => {
    if (leg.party !== 'customer') return
    if (stage.unheard && turn.call.direction === 'in') notReached(turn, stage, cause)
    else finish(turn, cause)
  },
  due: { mend: (turn: Turn, stage: StageAt<'mending'>): undefined => missed(turn, stage, 'lost') },
  told(turn: Turn, stage: StageAt<'mending'>, told: Told): undefined {
    if (told.kind !== 'back') return
    turn.acts.push({ act: 'said', what: 'mended', by: stage.agentId, to: null })
    callAgent(turn, stage.agentId, stage.queueId, true)
  },
}

/** Whoever was to take the call, or had it, cannot be reached: the customer, if there is one, is not left alone with it. */
function missed(turn: Turn, { agentId, queueId }: StageAt<'connecting'> | StageAt<'mending'>, cause: Cause): undefined {
  const { call, setting, acts } = turn
  const node = setting.flow?.nodes.find(n => n.key === call.flow.node)
  if (agentId !== null) acts.push({ act: 'release', agentId, unreachable: true })
  keepRecording(turn)
  const customer = customerOf(call)
  if (queueId !== null && customer && isRung(turn)) hangUp(turn, customer.id, 'normal')
  if (queueId !== null) waitFirst(turn, queueId)
  else if (node?.kind === 'transfer' && agentId === null) go(turn, node.failed, cause)
  else {
    settle(turn, { act: 'ended' })
    farewell(turn, cause, 'unavailable', 'goodbye')
  }
}

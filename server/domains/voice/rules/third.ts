import type { To, Told } from './call.ts'
import { callOutside } from './connecting.ts'
import { arrange, hold } from './room.ts'
import {
  customerOf,
  dial,
  enter,
  hangUp,
  iso,
  isUp,
  keepRecording,
  music,
  type Refusal,
  type StageAt,
  set,
  settle,
  stop,
  type Turn,
} from './turn.ts'
import { wait } from './waiting.ts'

type Talking = StageAt<'talking'>
type By<K extends Told['kind']> = Extract<Told, { kind: K }>

const ringSeconds = 30

/** A third party is asked, joined, or given the call. */
export const third = {
  up(turn: Turn, stage: Talking): undefined {
    const { other } = stage
    stop(turn, 'ring')
    music(turn, stage.leg, null)
    arrange(turn, stage)
    if (other && !customerOf(turn.call)?.held && !other.together) music(turn, other.leg, 'own')
  },
  /** The customer stays held until the agent is ready. */
  gone(turn: Turn, stage: Talking): undefined {
    stop(turn, 'ring')
    stage.other = null
    music(turn, stage.leg, null)
    arrange(turn, stage)
  },
}

export function consult(turn: Turn, stage: Talking, { by, to }: By<'consult'>): Refusal | undefined {
  if (stage.other) return 'call.already_asking'
  if (to.kind === 'queue') return 'call.queue_not_asked'
  if (to.kind === 'agent' && to.agentId === by) return 'call.to_self'
  if (to.kind === 'agent' && to.agentId === stage.leader?.by) return 'call.already_heard'
  hold(turn, stage, true)
  const party = to.kind === 'agent' ? 'agent' : 'outside'
  const destination = to.kind === 'agent' ? ({ kind: 'agent', agentId: to.agentId } as const) : to
  const leg = dial(turn, party, destination, { ringSeconds, atOnce: false })
  set(turn, 'ring', ringSeconds + 5)
  stage.other = { leg, name: nameOf(to), together: false, since: iso(turn) }
  music(turn, stage.leg, 'ring')
  turn.acts.push({ act: 'said', what: 'consulted', by, to: nameOf(to) })
}

export function together(turn: Turn, stage: Talking, { by }: By<'together'>): Refusal | undefined {
  const { other } = stage
  const customer = customerOf(turn.call)
  if (!other || !customer || !isUp(turn.call, other.leg)) return 'call.nobody_asked'
  if (other.together) return
  other.together = true
  customer.held = false
  arrange(turn, stage)
  turn.acts.push({ act: 'said', what: 'joined', by, to: other.name })
}

export function drop(turn: Turn, stage: Talking): Refusal | undefined {
  if (!stage.other) return 'call.nobody_asked'
  hangUp(turn, stage.other.leg, 'normal')
  stop(turn, 'ring')
  stage.other = null
  music(turn, stage.leg, null)
  if (customerOf(turn.call)?.held) hold(turn, stage, false)
  else arrange(turn, stage)
}

export function transfer(turn: Turn, stage: Talking, { by, to }: By<'transfer'>): Refusal | undefined {
  if (to === null) return handOver(turn, stage, by)
  if (to.kind === 'agent' && to.agentId === by) return 'call.to_self'
  const queueId = to.kind === 'queue' ? to.queueId : stage.queueId
  if (to.kind === 'agent' && queueId === null) return 'call.without_queue'
  turn.acts.push({ act: 'said', what: 'transferred', by, to: nameOf(to) })
  leaveTo(turn, by)
  if (to.kind === 'number') callOutside(turn, to, ringSeconds, queueId)
  if (to.kind === 'number' || queueId === null) return
  turn.acts.push({ act: 'queue', queueId, ahead: to.kind === 'agent', agentId: to.kind === 'agent' ? to.agentId : null })
  wait(turn, queueId)
}

/** Our part is over; the customer goes on with somebody else. */
function leaveTo(turn: Turn, by: string): undefined {
  const customer = customerOf(turn.call)
  turn.acts.push({ act: 'wrap', agentId: by })
  keepRecording(turn)
  for (const leg of turn.call.legs) if (leg.id !== customer?.id) hangUp(turn, leg.id, 'transferred')
  turn.orders.push({ do: 'join', legs: [] })
  if (customer) customer.held = false
}

/** Whoever was asked has it now. */
function handOver(turn: Turn, stage: Talking, by: string): Refusal | undefined {
  const { call, acts } = turn
  const { other } = stage
  const leg = call.legs.find(l => l.id === other?.leg)
  const customer = customerOf(call)
  if (!other || leg?.state !== 'up' || !customer) return 'call.nobody_asked'
  acts.push({ act: 'said', what: 'transferred', by, to: other.name })
  hangUp(turn, stage.leg, 'transferred')
  if (stage.leader) hangUp(turn, stage.leader.leg, 'transferred')
  customer.held = false
  if (leg.agentId === null) {
    acts.push({ act: 'wrap', agentId: by })
    settle(turn, { act: 'ended' })
    keepRecording(turn)
  } else acts.push({ act: 'reassign', fromAgentId: by, agentId: leg.agentId })
  const next: Talking = { ...stage, agentId: leg.agentId, leg: leg.id, since: iso(turn), other: null, leader: null }
  enter(turn, next)
  arrange(turn, next)
}

const nameOf = (to: To) => (to.kind === 'number' ? to.number : to.name)

import type { Cause } from '#contract/voice.ts'
import type { Leg, Told } from './call.ts'
import { callAgent, patienceSeconds } from './connecting.ts'
import { endTalk, finish } from './ending.ts'
import { leading } from './leading.ts'
import { arrange, hold } from './room.ts'
import { consult, drop, third, together, transfer } from './third.ts'
import {
  customerOf,
  enter,
  hangUp,
  holdMusic,
  iso,
  isUp,
  music,
  play,
  type Refusal,
  record,
  restartLimit,
  type StageAt,
  said,
  secondsSince,
  set,
  settle,
  type Turn,
} from './turn.ts'

type Talking = StageAt<'talking'>
type By<K extends Told['kind']> = Extract<Told, { kind: K }>

/** So long an agent whose phone broke off is awaited. */
const mendSeconds = 10

/** Customer and agent, or an outside number, hear each other. */
export function talk(turn: Turn, { agentId, leg, queueId }: StageAt<'connecting'>): undefined {
  const stage: Talking = { at: 'talking', agentId, leg, queueId, since: iso(turn), other: null, leader: null }
  enter(turn, stage)
  restartLimit(turn)
  arrange(turn, stage)
  if (agentId === null) settle(turn, { act: 'ended' })
  else if (turn.setting.queue(queueId).recording === 'on') record(turn, 'talk')
}

export const talking = {
  up(turn: Turn, stage: Talking, leg: Leg): undefined {
    if (leg.id === stage.other?.leg) third.up(turn, stage)
    if (leg.id === stage.leader?.leg) leading.up(turn, stage)
  },
  played: (turn: Turn, stage: Talking): undefined => {
    const customer = customerOf(turn.call)
    if (customer?.held) music(turn, customer.id, holdMusic(turn, stage.queueId))
  },
  gone(turn: Turn, stage: Talking, leg: Leg, cause: Cause): undefined {
    if (leg.party === 'customer') return finish(turn, cause)
    if (leg.id === stage.other?.leg) return third.gone(turn, stage)
    if (leg.id === stage.leader?.leg) return leading.gone(turn, stage)
    if (leg.id !== stage.leg) return
    if (stage.agentId === null) return finish(turn, cause)
    if (cause === 'lost' || cause === 'switch_down') mend(turn, stage.agentId, stage.queueId)
    else endTalk(turn, stage, cause)
  },
  due: {
    ring(turn: Turn, stage: Talking): undefined {
      if (!stage.other || isUp(turn.call, stage.other.leg)) return
      hangUp(turn, stage.other.leg, 'no_answer')
      third.gone(turn, stage)
    },
  },
}

type Wish = Exclude<Extract<Told, { by: string }>['kind'], 'attend' | 'leave' | 'takeOver'>
/** As a method, so that a rule for one wish may stand among those for all. */
type Rule<K extends Wish> = { rule(turn: Turn, stage: Talking, told: By<K>): Refusal | undefined }['rule']
const wishes: { [K in Wish]: Rule<K> } = {
  hold: (turn, stage) => void hold(turn, stage, true),
  resume: (turn, stage) => void hold(turn, stage, false),
  consult,
  together,
  drop,
  transfer,
  recording,
  press,
  end: (turn, stage) => void endTalk(turn, stage, 'normal'),
  /** The browser was loaded anew, and the switch did not notice that its phone is another. */
  back(turn, stage) {
    if (stage.agentId === null || secondsSince(turn, stage.since) < patienceSeconds) return
    cutOff(turn, stage.agentId)
    turn.acts.push({ act: 'said', what: 'mended', by: stage.agentId, to: null })
    callAgent(turn, stage.agentId, stage.queueId, true)
  },
}
/** What the agent whose call it is wants. */
export const wish = (turn: Turn, stage: Talking, told: By<Wish>): Refusal | undefined => {
  const rule: Rule<Wish> = wishes[told.kind]
  return rule(turn, stage, told)
}

function press(turn: Turn, { other }: Talking, { digits }: By<'press'>): undefined {
  const customer = customerOf(turn.call)
  const leg = customer?.held && other && isUp(turn.call, other.leg) ? other.leg : customer?.id
  if (leg !== undefined) turn.orders.push({ do: 'digits', leg, digits })
}

function recording(turn: Turn, stage: Talking, { paused }: By<'recording'>): Refusal | undefined {
  const { call, setting } = turn
  if (!call.recording) {
    if (paused || setting.queue(stage.queueId).recording === 'off') return 'call.not_recorded'
    record(turn, 'talk')
    return
  }
  if ((call.recording.state === 'paused') === paused) return
  call.recording.state = paused ? 'paused' : 'on'
  turn.orders.push({ do: 'pause', recording: call.recording.id, paused })
  turn.acts.push({ act: 'paused', recording: call.recording.id, paused })
}

/** The agent's phone broke off: the customer hears that it goes on, or goes on being rung. */
export function mend(turn: Turn, agentId: string, queueId: string | null): undefined {
  cutOff(turn, agentId)
  const isHeard = customerOf(turn.call)?.state === 'up'
  enter(turn, { at: 'mending', agentId, queueId, since: iso(turn), ...(!isHeard && { unheard: true }) })
  set(turn, 'mend', mendSeconds)
  if (isHeard) play(turn, said('reconnecting'))
}

function cutOff(turn: Turn, agentId: string): undefined {
  const customer = customerOf(turn.call)
  for (const leg of turn.call.legs) if (leg.id !== customer?.id) hangUp(turn, leg.id, 'lost')
  if (customer) customer.held = false
  turn.orders.push({ do: 'join', legs: [] })
  turn.acts.push({ act: 'said', what: 'lost', by: agentId, to: null })
}

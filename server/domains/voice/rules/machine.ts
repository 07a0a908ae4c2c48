import type { Cause } from '#contract/voice.ts'
import type { Language, Signal } from '../ports.ts'
import { sayAgain } from './adopting.ts'
import type { Call, Input, Leg, Refused, Setting, Stage, Step, Told } from './call.ts'
import { callAgent, connecting, mending } from './connecting.ts'
import { finish, inHandOf, rating } from './ending.ts'
import { flow, walk } from './flow.ts'
import { leading } from './leading.ts'
import { talking, wish } from './talking.ts'
import { hangUp, hush, keepRecording, legOf, type Refusal, restartLimit, type StageAt, set, stop, type Turn } from './turn.ts'
import { voicemail } from './voicemail.ts'
import { callback, waiting } from './waiting.ts'

type Recorded = { seconds: number; failed: boolean }
/** What a stage does with what happens. Methods, so that the rules of one stage may stand among those of all. */
type StageRules<S extends Stage> = {
  /** A leg was answered. */
  up?(turn: Turn, stage: S, leg: Leg): void
  /** A leg ended, or its way broke off. */
  gone?(turn: Turn, stage: S, leg: Leg, cause: Cause): void
  /** The customer pressed a key. */
  key?(turn: Turn, stage: S, digit: string): void
  /** What the customer was to hear is over. */
  played?(turn: Turn, stage: S): void
  /** Nothing was pressed in time. */
  silent?(turn: Turn, stage: S): void
  recorded?(turn: Turn, stage: S, recorded: Recorded): void
  due?: {
    tell?(turn: Turn, stage: S): void
    offer?(turn: Turn, stage: S): void
    late?(turn: Turn, stage: S): void
    ring?(turn: Turn, stage: S): void
    mend?(turn: Turn, stage: S): void
    rate?(turn: Turn, stage: S): void
    message?(turn: Turn, stage: S): void
    again?(turn: Turn, stage: S): void
  }
  told?(turn: Turn, stage: S, told: Told): void
}

const stages: { [At in Stage['at']]: StageRules<StageAt<At>> } = {
  flow,
  waiting,
  callback,
  connecting,
  talking,
  mending,
  rating,
  voicemail,
  over: {},
}
const rulesOf = (stage: Stage): StageRules<Stage> => stages[stage.at]

/** A switch answers within this time, or never. */
const answerSeconds = 30

type Beginning = { id: string; language: Language; caller: string; called: string; trunkId: string | null } & (
  | { direction: 'in'; leg: string }
  | { direction: 'out' }
)
/** A call before its first step: `began` for one that came in, `placed` for one of ours. */
export function begin(b: Beginning): Call {
  const { id, direction, language, caller, called, trunkId } = b
  const customer = { party: 'customer', agentId: null, number: caller, state: 'ringing', held: false } as const
  return {
    id,
    direction,
    language,
    caller,
    called,
    trunkId,
    legs: b.direction === 'in' ? [{ id: b.leg, ...customer }] : [],
    flow: { node: null, tries: 0, digits: '', play: null, prompts: [], hushed: null, collected: {} },
    stage: { at: 'flow' },
    timers: {},
    recording: null,
    calledBack: 0,
    settled: false,
    seq: 0,
    path: [],
  }
}

/** One step: what happened, and what comes of it. */
export function next(before: Call, input: Input, setting: Setting): Step | Refused {
  const turn: Turn = { call: structuredClone(before), setting, orders: [], acts: [], ask: null, to: null }
  const refused = input.from === 'switch' ? heard(turn, input) : told(turn, input)
  if (refused) return { refused }
  walk(turn)
  const { call, orders, acts, ask } = turn
  call.seq += 1
  return { call, orders, acts, ask }
}

function heard(turn: Turn, signal: Signal): undefined {
  const { call } = turn
  const { stage } = call
  if (signal.kind === 'recorded') {
    if (call.recording?.id !== signal.recording) return
    if (stage.at === 'voicemail') voicemail.recorded(turn, stage, signal)
    else keepRecording(turn)
    return
  }
  const leg = legOf(call, signal.leg)
  if (!leg) return
  const { state } = leg
  if (signal.kind === 'ringing' && state === 'dialling') leg.state = 'ringing'
  if (signal.kind === 'answered' && state !== 'up') {
    leg.state = 'up'
    rulesOf(stage).up?.(turn, stage, leg)
  }
  if (signal.kind === 'digit' && state === 'up' && leg.party === 'customer') rulesOf(stage).key?.(turn, stage, signal.digit)
  if (signal.kind === 'played' && call.flow.play === signal.play) playedOut(turn)
  if (signal.kind === 'lost') {
    hangUp(turn, leg.id, 'lost')
    gone(turn, leg, 'lost')
  }
  if (signal.kind === 'gone') gone(turn, leg, signal.cause)
}

function gone(turn: Turn, leg: Leg, cause: Cause): undefined {
  const { stage, flow } = turn.call
  leg.state = 'gone'
  if (leg.party === 'customer') flow.play = null
  rulesOf(stage).gone?.(turn, stage, leg, cause)
}

function playedOut(turn: Turn): undefined {
  const { stage, flow } = turn.call
  flow.play = null
  stop(turn, 'key')
  rulesOf(stage).played?.(turn, stage)
}

function told(turn: Turn, input: Told): Refusal | undefined {
  const { call } = turn
  const { stage } = call
  if ('by' in input) return command(turn, input)
  if (input.kind === 'began') return answer(turn)
  if (input.kind === 'placed') return place(turn, input)
  if (input.kind === 'due') return due(turn, input.clock)
  if (input.kind === 'adopted') return sayAgain(turn)
  if (input.kind === 'vanished') {
    const leg = legOf(call, input.leg)
    if (leg) gone(turn, leg, input.cause)
    return
  }
  const waits = stage.at === 'waiting' || stage.at === 'callback'
  if (input.kind === 'accepted' && !waits) {
    // The router was quicker than the end of the wait.
    if (inHandOf(stage) !== input.agentId) turn.acts.push({ act: 'release', agentId: input.agentId, unreachable: false })
    return
  }
  rulesOf(stage).told?.(turn, stage, input)
}

function answer(turn: Turn): undefined {
  const { legs, timers } = turn.call
  const [customer] = legs
  if (customer?.state !== 'ringing' || timers.limit !== undefined) return
  restartLimit(turn)
  set(turn, 'ring', answerSeconds)
  turn.orders.push({ do: 'answer', leg: customer.id })
}

function place(turn: Turn, { agentId, to, shown, trunkId }: Extract<Told, { kind: 'placed' }>): undefined {
  const { call } = turn
  if (call.direction !== 'out' || call.timers.limit !== undefined || call.stage.at === 'over') return
  Object.assign(call, { called: to, caller: shown, trunkId })
  restartLimit(turn)
  callAgent(turn, agentId, null)
}

function due(turn: Turn, clock: keyof Call['timers']): undefined {
  const { call, setting } = turn
  const { stage, timers } = call
  const at = timers[clock]
  if (at === undefined || Date.parse(at) > setting.now.getTime()) return
  delete timers[clock]
  if (clock === 'limit') finish(turn, 'limit')
  else if (clock !== 'key') rulesOf(stage).due?.[clock]?.(turn, stage)
  else if (call.flow.play === null) rulesOf(stage).silent?.(turn, stage)
  else hearNoMore(turn)
}

/** The switch never said that it was heard. */
function hearNoMore(turn: Turn): undefined {
  if (turn.call.flow.play === null) return
  hush(turn)
  playedOut(turn)
}

/** A person's wish: only of whom the call is, or of a leader. */
function command(turn: Turn, input: Extract<Told, { by: string }>): Refusal | undefined {
  const { stage } = turn.call
  if (stage.at === 'over') return 'call.over'
  if (input.kind === 'attend' || input.kind === 'leave' || input.kind === 'takeOver') {
    return stage.at === 'talking' ? leading.command(turn, stage, input) : 'call.not_talking'
  }
  if (inHandOf(stage) !== input.by) return besides(turn, input) ? undefined : 'call.not_yours'
  if (stage.at === 'talking') return wish(turn, stage, input)
  if (input.kind === 'end') finish(turn, 'normal')
  else if (input.kind === 'back') rulesOf(stage).told?.(turn, stage, input)
  else return 'call.not_talking'
}

/** Who was asked, or hears along, may go. */
function besides(turn: Turn, { kind, by }: Extract<Told, { by: string }>): boolean {
  const { stage, legs } = turn.call
  const leg = legs.find(l => l.agentId === by && l.state !== 'gone')
  if (kind !== 'end' || stage.at !== 'talking' || !leg) return false
  hangUp(turn, leg.id, 'normal')
  talking.gone(turn, stage, leg, 'normal')
  return true
}

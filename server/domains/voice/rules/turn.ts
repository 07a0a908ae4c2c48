import type { Cause, LegParty } from '#contract/voice.ts'
import type { Destination, Order, Prompt, SaidKey } from '../ports.ts'
import type { Act, Ask, Call, Clock, Leg, Refused, Setting, Stage } from './call.ts'

/** One step while it is taken: the call as it becomes, and what comes of it. */
export type Turn = {
  call: Call
  setting: Setting
  orders: Order[]
  acts: Act[]
  ask: Ask | null
  /** The node of the flow the caller goes to within this step. */
  to: { node: string | null } | null
}

export type StageAt<At extends Stage['at']> = Extract<Stage, { at: At }>
export type Refusal = Refused['refused']

/** A call lasts no longer than this; whoever is to be called back waits no longer than the other. */
const mostSeconds = { call: 4 * 3600, callback: 24 * 3600 }
/** A switch that says nothing more of a play is not waited for longer than this. */
const longestPlaySeconds = 300

export const said = (...keys: SaidKey[]): Prompt[] => keys.map(key => ({ kind: 'said', key }))

export const iso = (turn: Turn, seconds = 0): string => new Date(turn.setting.now.getTime() + seconds * 1000).toISOString()
export const secondsSince = (turn: Turn, instant: string): number => (turn.setting.now.getTime() - Date.parse(instant)) / 1000

export function set(turn: Turn, clock: Clock, seconds: number): undefined {
  turn.call.timers[clock] = iso(turn, seconds)
}
export function stop(turn: Turn, ...clocks: Clock[]): undefined {
  for (const clock of clocks) delete turn.call.timers[clock]
}
/** Into a stage with no clock but the one that ends every call. */
export function enter(turn: Turn, stage: Stage): undefined {
  turn.call.stage = stage
  const { limit } = turn.call.timers
  turn.call.timers = limit ? { limit } : {}
  if (stage.at === 'callback') set(turn, 'limit', mostSeconds.callback)
}
export const restartLimit = (turn: Turn): undefined => set(turn, 'limit', mostSeconds.call)

export const legOf = (call: Call, id: string): Leg | null => call.legs.find(l => l.id === id && l.state !== 'gone') ?? null
export const customerOf = (call: Call): Leg | null => call.legs.findLast(l => l.party === 'customer' && l.state !== 'gone') ?? null
export const isUp = (call: Call, id: string): boolean => legOf(call, id)?.state === 'up'
/** Whether there is a number to call back; a withheld one is none. */
export const reachable = (call: Call): boolean => /^\+?[0-9]{3,}$/.test(call.caller)

export function dial(
  turn: Turn,
  party: LegParty,
  to: Destination,
  { ringSeconds, atOnce }: { ringSeconds: number; atOnce: boolean },
): string {
  const { call, setting } = turn
  const id = setting.id()
  const leg: Leg = {
    id,
    party,
    agentId: to.kind === 'agent' ? to.agentId : null,
    number: to.kind === 'number' ? to.number : '',
    state: 'dialling',
    held: false,
    rung: { to, ringSeconds, atOnce },
  }
  call.legs.push(leg)
  ring(turn, leg)
  return id
}
/** An agent's phone is told our own number and the name: the other one stands in the console, where it is masked for whoever may not see it. */
export function ring({ call, setting, orders }: Turn, { id, rung }: Leg): undefined {
  if (!rung) return
  const ours = call.direction === 'in' ? call.called : call.caller
  const caller = rung.to.kind === 'number' ? { number: rung.to.shown, name: '' } : { number: ours, name: setting.customer?.name ?? '' }
  orders.push({ do: 'dial', leg: id, caller, ...rung })
}

export function hangUp(turn: Turn, id: string, cause: Cause): undefined {
  const leg = legOf(turn.call, id)
  if (!leg) return
  leg.state = 'gone'
  turn.orders.push({ do: 'hangUp', leg: id, cause })
}

/** Whatever is being played to the customer gives way to this. */
export function play(turn: Turn, prompts: readonly Prompt[]): string | null {
  const customer = customerOf(turn.call)
  if (!customer) return null
  hush(turn)
  const id = turn.setting.id()
  Object.assign(turn.call.flow, { play: id, prompts })
  sayPlay(turn, customer, id)
  return id
}
export function sayPlay(turn: Turn, { id: leg }: Leg, play: string): undefined {
  const { flow, language } = turn.call
  turn.orders.push({ do: 'play', leg, play, prompts: flow.prompts, language })
  set(turn, 'key', longestPlaySeconds)
}

export function hush(turn: Turn): undefined {
  const { flow } = turn.call
  const customer = customerOf(turn.call)
  if (flow.play !== null && customer) turn.orders.push({ do: 'hush', leg: customer.id, play: flow.play })
  flow.hushed = flow.play ?? flow.hushed
  flow.play = null
}

/** On to the next node of the flow; `out` says by which way this one was left. */
export function go(turn: Turn, next: string | null, out: string): undefined {
  const { call } = turn
  if (call.flow.node !== null) call.path.push({ node: call.flow.node, at: iso(turn), out })
  hush(turn)
  enter(turn, { at: 'flow' })
  turn.to = { node: next }
}

export function music(turn: Turn, leg: string | null, what: string | 'own' | 'ring' | null): undefined {
  if (leg !== null && isUp(turn.call, leg)) turn.orders.push({ do: 'music', leg, music: what })
}

/** What the customer hears whose queue, or whose flow, says nothing else. */
export function holdMusic(turn: Turn, queueId: string | null): string {
  const node = turn.setting.flow?.nodes.find(n => n.key === turn.call.flow.node)
  return (node?.kind === 'queue' ? node.musicId : null) ?? turn.setting.queue(queueId).musicId ?? 'own'
}

export function record(turn: Turn, kind: 'talk' | 'voicemail', recording = turn.setting.id()): undefined {
  const customer = customerOf(turn.call)
  if (!customer || turn.call.recording) return
  turn.call.recording = { id: recording, state: 'on' }
  turn.orders.push({ do: 'record', recording, leg: customer.id, kind })
  turn.acts.push({ act: 'record', recording, kind })
}

export function keepRecording(turn: Turn): undefined {
  if (turn.call.recording) turn.orders.push({ do: 'keep', recording: turn.call.recording.id })
  turn.call.recording = null
}

/** The house is told once how it went. */
export function settle(turn: Turn, act: Extract<Act, { act: 'ended' | 'abandoned' | 'left' }>): undefined {
  if (!turn.call.settled) turn.acts.push(act)
  turn.call.settled = true
}

import type { Cause } from '#contract/voice.ts'
import type { Call, Stage } from './call.ts'
import { customerOf, enter, hangUp, keepRecording, play, type StageAt, said, set, settle, stop, type Turn } from './turn.ts'

const ratingTries = 2
const ratingSeconds = 8
const farewellSeconds = 30

/** Everything is over: whoever is on the line goes, and the house knows. */
export function finish(turn: Turn, cause: Cause): undefined {
  const { call, acts } = turn
  const { stage } = call
  if (stage.at === 'over') return
  const agentId = inHandOf(stage)
  if (stage.at === 'waiting' || stage.at === 'callback') acts.push({ act: 'leaveQueue' })
  if (agentId !== null) acts.push({ act: 'wrap', agentId })
  settle(turn, { act: unserved(call) ? 'abandoned' : 'ended' })
  keepRecording(turn)
  call.flow.play = null
  for (const leg of call.legs) hangUp(turn, leg.id, cause)
  call.timers = {}
  call.stage = { at: 'over', cause }
}

/** Whom the router holds busy with this call. */
export const inHandOf = (stage: Stage): string | null =>
  stage.at === 'connecting' || stage.at === 'talking' || stage.at === 'mending' ? stage.agentId : null

/** Nobody of ours was reached: in the flow, or while waiting. */
const unserved = ({ stage, legs }: Call) => stage.at === 'waiting' || stage.at === 'callback' || !legs.some(l => l.party === 'agent')

/** Whoever hangs up before anybody of ours was there gave up; a switch that fails is another matter. */
export const gaveUp = (cause: Cause): Cause => (cause === 'normal' ? 'abandoned' : cause)

/** A last word, and then the line is closed: the flow at no node. */
export function farewell(turn: Turn, cause: Cause, ...keys: Parameters<typeof said>): undefined {
  enter(turn, { at: 'flow' })
  turn.call.flow.node = null
  if (customerOf(turn.call)?.state !== 'up') return finish(turn, cause)
  play(turn, said(...keys))
  set(turn, 'key', farewellSeconds)
}

/** The agent's part ends. The customer stays where the queue wants to know how it was. */
export function endTalk(turn: Turn, stage: StageAt<'talking'>, cause: Cause): undefined {
  const { call, setting } = turn
  const customer = customerOf(call)
  const asks = stage.agentId !== null && customer?.state === 'up' && call.direction === 'in' && setting.queue(stage.queueId).rating
  if (!asks || stage.agentId === null) return finish(turn, cause)
  turn.acts.push({ act: 'wrap', agentId: stage.agentId })
  settle(turn, { act: 'ended' })
  keepRecording(turn)
  for (const leg of call.legs) if (leg.id !== customer.id) hangUp(turn, leg.id, cause)
  turn.orders.push({ do: 'join', legs: [] })
  customer.held = false
  enter(turn, { at: 'rating', agentId: stage.agentId, tries: 0 })
  askRating(turn)
}

function askRating(turn: Turn, ...before: Parameters<typeof said>): undefined {
  play(turn, said(...before, 'rate_the_service'))
}

export const rating = {
  key(turn: Turn, stage: StageAt<'rating'>, digit: string): undefined {
    if (stage.tries >= ratingTries) return
    stop(turn, 'rate')
    if (!/^[1-5]$/.test(digit)) return again(turn, stage, 'wrong_key')
    turn.acts.push({ act: 'rated', score: Number(digit), agentId: stage.agentId })
    thank(turn, stage)
  },
  played(turn: Turn, stage: StageAt<'rating'>): undefined {
    if (stage.tries >= ratingTries) return finish(turn, 'normal')
    set(turn, 'rate', ratingSeconds)
  },
  due: { rate: (turn: Turn, stage: StageAt<'rating'>): undefined => again(turn, stage, 'no_key') },
  gone: (turn: Turn): undefined => finish(turn, 'normal'),
}

function again(turn: Turn, stage: StageAt<'rating'>, why: 'wrong_key' | 'no_key'): undefined {
  stage.tries += 1
  if (stage.tries >= ratingTries) thank(turn, stage)
  else askRating(turn, why)
}

function thank(turn: Turn, stage: StageAt<'rating'>): undefined {
  stage.tries = ratingTries
  play(turn, said('thank_you', 'goodbye'))
  set(turn, 'key', farewellSeconds)
}

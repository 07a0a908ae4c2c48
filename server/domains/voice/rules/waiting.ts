import type { FlowNode } from '#contract/flows.ts'
import type { Cause } from '#contract/voice.ts'
import type { Prompt } from '../ports.ts'
import type { Leg, Told } from './call.ts'
import { callAgent } from './connecting.ts'
import { finish, gaveUp } from './ending.ts'
import { customerOf, enter, go, hangUp, holdMusic, iso, music, play, reachable, type StageAt, said, set, type Turn } from './turn.ts'

type Manners = Pick<Extract<FlowNode, { kind: 'queue' }>, 'tellEvery' | 'callBackAfter' | 'leaveAfter' | 'late'>
/** Where the flow says nothing of it: whoever was transferred or cut off waits like this. */
const usual: Manners = { tellEvery: 45, callBackAfter: 60, leaveAfter: 0, late: null }

const mannersOf = ({ call, setting }: Turn): Manners => {
  const node = setting.flow?.nodes.find(n => n.key === call.flow.node)
  return node?.kind === 'queue' ? node : usual
}

/** The caller hears that it goes on, then music; place and wait are told by the clock. */
export function wait(turn: Turn, queueId: string): undefined {
  const { tellEvery, callBackAfter, leaveAfter } = mannersOf(turn)
  enter(turn, { at: 'waiting', queueId, since: iso(turn), told: 0, offered: false })
  play(turn, said('please_wait'))
  if (tellEvery > 0) set(turn, 'tell', tellEvery)
  if (callBackAfter > 0 && reachable(turn.call)) set(turn, 'offer', callBackAfter)
  if (leaveAfter > 0) set(turn, 'late', leaveAfter)
}

/** Whoever was cut off, or whom nobody took, comes first. */
export function waitFirst(turn: Turn, queueId: string): undefined {
  turn.acts.push({ act: 'queue', queueId, ahead: true, agentId: null })
  if (customerOf(turn.call)) wait(turn, queueId)
  else keepPlace(turn, queueId)
}

/** The line is free, the place in the queue stays. */
export function keepPlace(turn: Turn, queueId: string): undefined {
  turn.call.askedBack ??= iso(turn)
  enter(turn, { at: 'callback', queueId, since: iso(turn) })
  turn.acts.push({ act: 'callback', queueId })
}

export const waiting = {
  key(turn: Turn, stage: StageAt<'waiting'>, digit: string): undefined {
    if (digit !== '1' || !stage.offered) return
    keepPlace(turn, stage.queueId)
    play(turn, said('we_call_back', 'goodbye'))
  },
  played: (turn: Turn, stage: StageAt<'waiting'>): undefined =>
    music(turn, customerOf(turn.call)?.id ?? null, holdMusic(turn, stage.queueId)),
  gone: (turn: Turn, _: StageAt<'waiting'>, __: Leg, cause: Cause): undefined => finish(turn, gaveUp(cause)),
  due: {
    tell(turn: Turn): undefined {
      turn.ask = { ask: 'place' }
      set(turn, 'tell', Math.max(1, mannersOf(turn).tellEvery))
    },
    offer(turn: Turn, stage: StageAt<'waiting'>): undefined {
      stage.offered = true
      play(turn, said('press_1_to_be_called_back'))
    },
    late(turn: Turn): undefined {
      turn.acts.push({ act: 'leaveQueue' })
      go(turn, mannersOf(turn).late, 'late')
    },
  },
  told(turn: Turn, stage: StageAt<'waiting'>, told: Told): undefined {
    if (told.kind === 'accepted') callAgent(turn, told.agentId, told.queueId)
    else if (told.kind === 'moved') stage.queueId = told.queueId
    else if (told.kind === 'expired') turn.acts.push({ act: 'queue', queueId: stage.queueId, ahead: true, agentId: null })
    else if (told.kind === 'place') {
      stage.told += 1
      play(turn, [...placeSaid(told), ...(stage.offered ? said('press_1_to_be_called_back') : [])])
    }
  },
}

function placeSaid({ position, estimate }: { position: number; estimate: number | null }): Prompt[] {
  const place: Prompt[] = [...said('you_are_number'), { kind: 'number', value: position }, ...said('in_the_queue')]
  if (estimate === null) return place
  if (estimate < 60) return [...place, ...said('less_than_a_minute')]
  return [...place, ...said('about'), { kind: 'number', value: Math.ceil(estimate / 60) }, ...said('minutes')]
}

/** We call back. Until the last word is heard the caller may still be there. */
export const callback = {
  played: hangUpCustomer,
  gone: (): undefined => {},
  due: {
    again: (turn: Turn, { queueId }: StageAt<'callback'>): undefined =>
      void turn.acts.push({ act: 'queue', queueId, ahead: true, agentId: null }),
  },
  told(turn: Turn, stage: StageAt<'callback'>, told: Told): undefined {
    if (told.kind === 'accepted') callAgent(turn, told.agentId, told.queueId)
    else if (told.kind === 'moved') stage.queueId = told.queueId
  },
}

function hangUpCustomer(turn: Turn): undefined {
  const customer = customerOf(turn.call)
  if (customer) hangUp(turn, customer.id, 'normal')
}

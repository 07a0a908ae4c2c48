import type { FlowBody, FlowNode, FlowNodeKind } from '#contract/flows.ts'
import type { Cause } from '#contract/voice.ts'
import type { Leg, Told } from './call.ts'
import { farewell, finish, gaveUp } from './ending.ts'
import { callback } from './nodes/callback.ts'
import { customer } from './nodes/customer.ts'
import { digits } from './nodes/digits.ts'
import { hangup } from './nodes/hangup.ts'
import { hours } from './nodes/hours.ts'
import { language } from './nodes/language.ts'
import { menu } from './nodes/menu.ts'
import type { NodeOf, NodeRules } from './nodes/node.ts'
import { progress } from './nodes/progress.ts'
import { queue } from './nodes/queue.ts'
import { say } from './nodes/say.ts'
import { transfer } from './nodes/transfer.ts'
import { voicemail } from './nodes/voicemail.ts'
import { go, iso, type StageAt, stop, type Turn } from './turn.ts'

const kinds: { [K in FlowNodeKind]: NodeRules<NodeOf<K>> } = {
  say,
  menu,
  digits,
  hours,
  customer,
  language,
  progress,
  queue,
  callback,
  voicemail,
  transfer,
  hangup,
}
const rulesOf = (node: FlowNode): NodeRules<FlowNode> => kinds[node.kind]

/** Nobody walks so far through a flow, and nobody so far without waiting for anything; a flow that leads in circles does. */
const mostSteps = { inAll: 150, atOnce: 30 }

const nodeAt = (flow: FlowBody | null, key: string | null): FlowNode | null => flow?.nodes.find(n => n.key === key) ?? null

/** Enters node after node until one waits for something. */
export function walk(turn: Turn): undefined {
  while (turn.to !== null) {
    const { call, setting, to } = turn
    turn.to = null
    const atOnce = call.path.filter(p => p.at === iso(turn)).length
    const endless = call.path.length >= mostSteps.inAll || atOnce >= mostSteps.atOnce
    const node = endless ? null : nodeAt(setting.flow, to.node)
    if (node === null) return farewell(turn, 'limit', 'unavailable', 'goodbye')
    call.flow.node = node.key
    call.flow.tries = 0
    rulesOf(node).enter(turn, node)
  }
}

const here = (turn: Turn) => nodeAt(turn.setting.flow, turn.call.flow.node)

/** The caller walks through the flow; at no node stands whoever hears the last word. */
export const flow = {
  up(turn: Turn, _: StageAt<'flow'>, leg: Leg): undefined {
    if (leg.party !== 'customer') return
    stop(turn, 'ring')
    go(turn, turn.setting.flow?.first ?? null, '')
  },
  gone(turn: Turn, _: StageAt<'flow'>, __: Leg, cause: Cause): undefined {
    finish(turn, turn.call.settled ? cause : gaveUp(cause))
  },
  key(turn: Turn, _: StageAt<'flow'>, digit: string): undefined {
    const node = here(turn)
    if (node) rulesOf(node).key?.(turn, node, digit)
  },
  played(turn: Turn): undefined {
    const node = here(turn)
    if (node) rulesOf(node).played?.(turn, node)
    else finish(turn, 'normal')
  },
  silent(turn: Turn): undefined {
    const node = here(turn)
    if (node) rulesOf(node).silence?.(turn, node)
  },
  due: { ring: (turn: Turn): undefined => finish(turn, 'switch_down') },
  told(turn: Turn, _: StageAt<'flow'>, answer: Told): undefined {
    const node = here(turn)
    if (node) rulesOf(node).told?.(turn, node, answer)
  },
}

import { go } from '../turn.ts'
import type { NodeOf, NodeRules } from './node.ts'

/** Whether the caller is known; with tiers, whether the caller is of one of them. */
export const customer: NodeRules<NodeOf<'customer'>> = {
  enter(turn) {
    turn.ask = { ask: 'customer' }
  },
  told(turn, node, answer) {
    if (answer.kind !== 'customer') return
    const yes = answer.id !== null && (node.tiers.length === 0 || node.tiers.some(tier => tier === answer.tier))
    go(turn, yes ? node.yes : node.no, yes ? 'yes' : 'no')
  },
}

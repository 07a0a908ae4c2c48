import { go } from '../turn.ts'
import type { NodeOf, NodeRules } from './node.ts'

export const hours: NodeRules<NodeOf<'hours'>> = {
  enter(turn, node) {
    turn.ask = { ask: 'hours', calendarId: node.calendarId }
  },
  told(turn, node, answer) {
    if (answer.kind === 'hours') go(turn, answer.open ? node.open : node.closed, answer.open ? 'open' : 'closed')
  },
}

import { go, play } from '../turn.ts'
import type { NodeOf, NodeRules } from './node.ts'

export const progress: NodeRules<NodeOf<'progress'>> = {
  enter(turn) {
    turn.ask = { ask: 'progress' }
  },
  told(turn, node, answer) {
    if (answer.kind !== 'progress') return
    if (answer.prompts === null) go(turn, node.none, 'none')
    else play(turn, answer.prompts)
  },
  key(turn, node, digit) {
    turn.call.flow.digits += digit
    go(turn, node.next, 'key')
  },
  played: (turn, node) => go(turn, node.next, 'next'),
}

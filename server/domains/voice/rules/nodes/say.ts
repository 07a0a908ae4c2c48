import { go, play } from '../turn.ts'
import { heard, type NodeOf, type NodeRules } from './node.ts'

export const say: NodeRules<NodeOf<'say'>> = {
  enter(turn, node) {
    // Keys pressed ahead are for the question that follows.
    if (turn.call.flow.digits !== '') return go(turn, node.next, 'key')
    play(turn, heard(node.sound, turn.call.language))
  },
  key(turn, node, digit) {
    turn.call.flow.digits += digit
    go(turn, node.next, 'key')
  },
  played: (turn, node) => go(turn, node.next, 'next'),
}
